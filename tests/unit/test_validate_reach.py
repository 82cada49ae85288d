"""What is said of tables of which some pages were left out: nothing that the missing pages may explain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.test_validate_rules import AMOUNT, ITEM, NUMBER, make_table

from lanci.document import Box, Finding, HeaderRole, PageKind, PageSummary, Severity, Table, TableFragment
from lanci.validate import validate
from lanci.validate.reach import find_reach

LIST = [(ITEM, "项目"), (AMOUNT, "预算数")]


def on_page(table: Table, number: int, top: float, bottom: float) -> Table:
    return replace(table, fragments=(TableFragment(number, Box(50, top, 500, bottom), 0, table.n_rows - 1),))


def page(number: int) -> PageSummary:
    return PageSummary(number, 595, 842, 0, PageKind.DIGITAL)


def findings_of(table: Table, number: int) -> list[Finding]:
    """Those of a table that fills a page, when only this page was read."""
    (checked,), _ = validate([on_page(table, number, 100, 800)], [page(number)])
    return list(checked.findings)


@pytest.mark.parametrize(
    ("number", "top", "title", "above"),
    [
        (3, 100, "", True),  # goes on from the page before, without a word
        (3, 200, "支出总表", True),  # the title may be repeated on each page
        (3, 200, "", False),  # what stands above it is no part of a table
        (3, 400, "支出总表", False),  # begins in the middle of the page
        (1, 100, "支出总表", False),  # no file begins with a repeated title
        (1, 100, "", True),  # the file is itself a part
    ],
)
def test_a_table_may_begin_on_a_page_that_was_left_out(number: int, top: float, title: str, above: bool):
    table = on_page(make_table(LIST, ["甲 | 1.00"]), number, top, 500)
    table = replace(table, caption=replace(table.caption, title=title))
    assert find_reach(table, [page(number)]).above is above
    assert not find_reach(table, [page(number - 1), page(number)]).above


def test_a_numbered_line_may_have_more_parts_on_the_next_page():
    rows = ["一、本年支出 | 9.00", "（一）教育 | 4.00", "（二）国防 | 3.00"]
    assert [(f.rule, f.severity) for f in findings_of(make_table(LIST, rows), 1)] == [("item-sum", Severity.INFO)]
    # The block of 一、 ends on the page.
    rows += ["二、结转 | 2.00", "（一）教育 | 2.00"]
    assert [f.severity for f in findings_of(make_table(LIST, rows), 1)] == [Severity.WARNING]
    rows[0] = "一、本年支出 | 6.00"  # less than its parts: no missing line explains that
    assert [f.severity for f in findings_of(make_table(LIST, rows[:3]), 1)] == [Severity.WARNING]


def test_lines_at_the_start_may_stand_under_one_that_was_left_out():
    rows = ["行政单位医疗 | 104.86", "四、住房保障支出 | 1194.32", "五、其他支出 | 7647.43"]
    assert findings_of(make_table(LIST, rows), 2) == []
    (finding,) = (f for f in findings_of(make_table(LIST, ["上年结转 | 5.00", *rows[1:]]), 1) if f.rule == "item-sum")
    assert finding.found == "5.00"


def test_row_numbers_go_on_from_a_page_that_was_left_out():
    table = make_table([(NUMBER, "序号"), *LIST], ["9 | 甲 | 1.00", "10 | 乙 | 2.00", "12 | 丙 | 3.00"])
    assert [(f.expected, f.found) for f in findings_of(table, 2)] == [("11", "12")]
    assert [f.found for f in findings_of(table, 1)] == ["9", "12"]


def test_weights_may_begin_on_a_page_that_was_left_out():
    table = make_table([(ITEM, "指标"), (HeaderRole.TEXT, "权重")], ["甲 | 20", "乙 | 15"])
    ends_here = on_page(table, 2, 100, 300)
    assert validate([ends_here], [page(2)])[0][0].findings == ()
    (finding,) = validate([ends_here], [page(1), page(2)])[0][0].findings
    assert (finding.rule, finding.found) == ("weights", "35")
