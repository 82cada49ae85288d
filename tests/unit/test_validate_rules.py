"""The rules on small tables made for them, and the promise that no planted error goes unnoticed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanci.document import (
    Alternative,
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    Facets,
    Finding,
    HeaderRole,
    PageKind,
    PageSummary,
    RowRole,
    Severity,
    Table,
    TableFragment,
    TextSource,
)
from lanci.interpret import interpret
from lanci.validate import ALL_RULES, rules_to_markdown, validate

NUMBER, CODE, NAME = HeaderRole.ROW_NUMBER, HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME
AMOUNT, ITEM = HeaderRole.AMOUNT, HeaderRole.ITEM
CODED = [(CODE, "编码"), (NAME, "名称"), (AMOUNT, "合计"), (AMOUNT, "基本支出"), (AMOUNT, "项目支出")]
SUMMARY = [(ITEM, "收入/项目"), (AMOUNT, "收入/预算数"), (ITEM, "支出/项目"), (AMOUNT, "支出/预算数")]
THREE = [(ITEM, "项目"), (AMOUNT, "合计")]


def make_table(
    columns: list[tuple[HeaderRole, str]], rows: list[str], table_id: str = "t001", kind: str = "other"
) -> Table:
    """A table without header rows; a row is its texts between bars, a column's path is joined by slashes."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    roles = tuple(RowRole.TOTAL if "合计" in row else RowRole.DETAIL for row in texts)
    cells = tuple(
        Cell(r, c, 1, 1, text, 1, Box(0, 0, 1, 1), role=columns[c][0])
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )
    described = tuple(Column(i, role, tuple(path.split("/"))) for i, (role, path) in enumerate(columns))
    caption = Caption(title=f"表 {table_id}", unit="万元")
    head = (table_id, kind, kind, "all", "all", "none", 1.0)
    return interpret(Table(*head, caption, (), len(rows), len(columns), 0, roles, described, (), cells))


def as_ocr(table: Table, row: int, col: int, *readings: str) -> Table:
    """The same table with one cell read by OCR, with other readings."""
    alternatives = tuple(Alternative(text, 0.1) for text in readings)
    cells = tuple(
        replace(cell, source=TextSource.OCR, alternatives=alternatives) if (cell.row, cell.col) == (row, col) else cell
        for cell in table.cells
    )
    return replace(table, cells=cells)


def find(*tables: Table) -> list[Finding]:
    checked, findings = validate(tables)
    return [finding for table in checked for finding in table.findings] + list(findings)


def brief(findings: list[Finding]) -> list[tuple[str, tuple[int, int], str | None, str | None]]:
    return [(f.rule, (f.cells[0].row, f.cells[0].col), f.expected, f.found) for f in findings]


def test_a_broken_parent_is_reported_with_the_whole_sum():
    rows = [" | 合计 | 9.00 ||", "201 | 服务 | 9.00 ||", "20103 | 政府办 | 9.00 ||"]
    rows += ["2010301 | 行政 | 4.00 ||", "2010350 | 事业 | 3.50 ||"]
    (finding,) = find(make_table(CODED, rows))
    assert (finding.rule, finding.severity) == ("children-sum", Severity.ERROR)
    # The parent is confirmed by its own parent, the children by nothing.
    assert finding.cells == (CellRef("t001", 3, 2), CellRef("t001", 4, 2), CellRef("t001", 2, 2))
    assert (finding.expected, finding.found, finding.proposal) == ("7.50", "9.00", None)
    chinese, english = finding.message.split(" / ")
    for text in ("20103 政府办", "合计", "4.00 + 3.50 = 7.50", "9.00", "1.50"):
        assert text in chinese
        assert text in english


@pytest.mark.parametrize(("total", "broken"), [("30.03", False), ("30.04", True), ("29.97", False), ("29.96", True)])
def test_tolerance_grows_with_the_number_of_terms(total: str, broken: bool):
    # Five printed parts and the total, each rounded to 0.01: 6 * 0.005 = 0.03 can be rounding.
    rows = [f"302 | 商品 | {total} ||", *(f"3020{n} | 某费 | 6.00 ||" for n in range(1, 6)), "301 | 工资 | 1.25 ||"]
    assert bool(find(make_table(CODED, rows))) == broken


def test_trimmed_zeros_are_no_coarser_rounding():
    rows = [
        "201 | 服务 | 21.6 ||",
        "20103 | 政府 | 3.6 ||",
        "20126 | 档案 | 18 ||",
        "208 | 社保 | 0.05 ||",
        "210 | 卫生 | 7.35 ||",
    ]
    assert find(make_table(CODED, rows)) == []
    rows[0] = "201 | 服务 | 21.7 ||"
    assert brief(find(make_table(CODED, rows))) == [("children-sum", (0, 2), "21.6", "21.7")]


def test_total_of_the_classes_stands_anywhere():
    rows = ["201 | 服务 | 5.00 | 5.00 |", "208 | 社保 | 4.00 | 1.00 | 3.00", " | 合计 | 8.00 | 6.00 | 3.00"]
    found = brief(find(make_table(CODED, rows)))
    assert ("column-sum", (2, 2), "9.00", "8.00") in found
    assert ("row-sum", (2, 2), "9.00", "8.00") in found


def test_information_columns_take_no_part():
    columns = [
        (NAME, "名称"),
        *((AMOUNT, name) for name in ("合计", "基本", "项目", "其中：政府采购", "上年预算数", "增减%")),
    ]
    rows = [f"甲{n} | {n + 2}.50 | {n}.00 | 2.50 | 1.00 | 7.00 | 3.00" for n in range(4)]
    assert find(make_table(columns, rows)) == []


def test_information_columns_without_a_sign_are_told_by_the_values():
    columns = [(NAME, "名称"), *((AMOUNT, name) for name in ("合计", "基本支出", "项目支出", "政府采购"))]
    rows = ["甲 | 3.00 | 1.00 | 2.00 | 1.50", "乙 | 7.00 | 4.00 | 3.00 | 2.00", "丙 | 9.00 | 4.00 | 4.00 | 1.00"]
    rows += ["丁 | 2.00 | 1.00 | 1.00 | 1.00"]
    assert brief(find(make_table(columns, rows))) == [("row-sum", (2, 1), "8.00", "9.00")]


def test_an_information_column_with_one_amount_is_told_where_nothing_was_misread():
    columns = [*CODED, (AMOUNT, "政府采购")]
    rows = ["201 | 服务 | 9.00 | 4.00 | 5.00 | 2.50", "208 | 社保 | 7.00 | 4.00 | 3.00 | 0.00"]
    table = make_table(columns, [*rows, "210 | 卫生 | 6.00 | 1.00 | 5.00 | 0.00"])
    assert find(table) == []
    # By OCR the amount may be a zero that was misread.
    assert brief(find(as_ocr(table, 0, 5)))[0] == ("row-sum", (0, 5), "11.50", "9.00")


def test_parts_named_as_such_only_are_not_the_whole():
    names = ["支出总计", "基本支出", "项目支出", "采购/小计", "采购/其中：中小企业", "采购/其中：小微企业"]
    columns = [(NAME, "名称"), *((AMOUNT, name) for name in names)]
    rows = ["甲 | 9.00 | 4.00 | 5.00 | 2.00 | 1.00 | 0.50", "乙 | 8.00 | 4.00 | 4.00 | 3.00 | 3.00 |"]
    rows += ["丙 | 7.00 | 3.00 | 4.00 | 2.00 | 1.50 |", "丁 | 6.00 | 3.00 | 3.00 | 1.00 | 1.00 |"]
    assert find(make_table(columns, rows)) == []


def test_lines_without_codes_or_ordinals_are_nested_by_their_amounts():
    # The 类, 款 and 项 of a summary one under the other; both totals agree and both are wrong.
    lines = [("文化", "2.00"), ("文旅", "2.00"), ("运行", "1.25"), ("其他", "0.75"), ("社保", "3.50"), ("养老", "3.50")]
    rows = [f"{'财政拨款 | 5.50' if not n else ' | '} | {name} | {text}" for n, (name, text) in enumerate(lines)]
    assert find(make_table(SUMMARY, [*rows, "收入总计 | 5.50 | 支出总计 | 5.50"])) == []
    rows[0] = rows[0].replace("5.50", "4.50")
    found = find(make_table(SUMMARY, [*rows, "收入总计 | 4.50 | 支出总计 | 4.50"]))
    assert brief(found) == [("column-sum", (6, 3), "5.50", "4.50")]
    assert found[0].severity is Severity.WARNING


def test_a_printed_total_with_empty_parts_is_reported():
    columns = [(ITEM, "项目"), (AMOUNT, "性质/合计"), (AMOUNT, "性质/一般公共"), (AMOUNT, "性质/基金")]
    rows = ["一、出国 | 6.00 | 6.00 |", "二、用车 | 20.00 | |", "三、接待 | 5.00 | 4.00 | 1.00"]
    (finding,) = find(make_table(columns, rows))
    assert finding.cells == tuple(CellRef("t001", 1, col) for col in (1, 2, 3))
    assert (finding.expected, finding.found) == ("0", "20.00")


def test_summary_lines_subtotal_and_carry_over():
    rows = [
        "一、拨款 | 5.00 | 一、服务 | 6.00",
        "其中：本级 | 4.00 | 二、社保 | 1.00",
        "本年收入合计 | 5.00 | 本年支出合计 | 7.00",
    ]
    rows += ["上年结转结余 | 2.00 | 年终结转结余 |", "收入总计 | 7.00 | 支出总计 | 7.00"]
    assert find(make_table(SUMMARY, rows)) == []
    rows[-1] = "收入总计 | 8.00 | 支出总计 | 7.00"
    found = brief(find(make_table(SUMMARY, rows)))
    assert found == [("column-sum", (4, 1), "7.00", "8.00"), ("balance", (4, 1), "7.00", "8.00")]


def test_equal_totals_that_both_miss_the_lines_are_found():
    rows = [
        "一、拨款 | 38.21 | 一、服务 | 64.76",
        "本年收入合计 | 38.21 | 本年支出合计 | 38.21",
        "收入总计 | 38.21 | 支出总计 | 38.21",
    ]
    (finding,) = find(make_table(SUMMARY, rows))
    assert {(ref.row, ref.col) for ref in finding.cells} == {(0, 3), (1, 3)}
    assert (finding.rule, finding.expected, finding.found) == ("column-sum", "64.76", "38.21")


def test_year_sums_may_differ_when_the_totals_agree():
    rows = [
        "一、拨款 | 5.00 | 一、服务 | 6.00",
        "本年收入合计 | 5.00 | 本年支出合计 | 6.00",
        "上年结转 | 2.00 | 年终结转 | 1.00",
    ]
    assert find(make_table(SUMMARY, [*rows, "收入总计 | 7.00 | 支出总计 | 7.00"])) == []


def test_items_after_the_three_stay_outside_their_total():
    rows = [
        "合计 | 7.00",
        "一、出国 | 2.00",
        "二、接待 | 1.00",
        "三、用车 | 4.00",
        "四、会议费 | 1.40",
        "五、培训费 | 7.32",
    ]
    assert find(make_table(THREE, rows)) == []
    rows[0] = "合计 | 6.50"
    assert brief(find(make_table(THREE, rows))) == [("column-sum", (0, 1), "15.72", "6.50")]


def test_a_part_larger_than_its_whole():
    rows = ["合计 | 6.00", "一、出国 | 2.00", "二、用车 | 4.00", "其中：购置 | 1.00", "运行 | 3.50"]
    assert brief(find(make_table(THREE, rows))) == [("part-of-whole", (2, 1), "4.50", "4.00")]


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ("1 2 3 4", []),
        ("1 2 4 5", [("3", "4")]),
        ("1 2 8 4", [("3", "8")]),
        ("1 2 2 3", [("3", "2")]),
        ("1 2 1 2", []),
        ("1 2 1 4", [("3", "1")]),
        ("3 4 5 6", [("1", "3")]),
    ],
)
def test_row_numbers(numbers: str, found: list[tuple[str, str]]):
    table = make_table([(NUMBER, "序号"), (NAME, "名称")], [f"{number} | 甲" for number in numbers.split()])
    assert [(f.expected, f.found) for f in find(table)] == found


def test_column_numbers_skip_the_row_number_but_no_column():
    table = make_table([(NUMBER, "序号"), (NAME, "名称"), (AMOUNT, "a"), (AMOUNT, "b")], ["1 | 甲 | 1 | 2"])
    numbered = [
        replace(column, column_number=number) for column, number in zip(table.columns, (None, 1, 2, 3), strict=True)
    ]
    assert find(replace(table, columns=tuple(numbered))) == []
    numbered[3] = replace(numbered[3], column_number=4)
    assert [(f.rule, f.expected, f.found) for f in find(replace(table, columns=tuple(numbered)))] == [
        ("column-number-sequence", "3", "4")
    ]


def number_row(texts: str, spans: dict[int, int] | None = None) -> Table:
    """A table of amounts under a row of column numbers; ``spans`` has how many columns a number stands over."""
    numbers = texts.split()
    table = make_table([(AMOUNT, text) for text in numbers], [" | ".join(numbers), " | ".join("0" for _ in numbers)])
    columns = tuple(replace(c, column_number=int(n)) for c, n in zip(table.columns, numbers, strict=True))
    covered = {col + step for col, span in (spans or {}).items() for step in range(1, span)}
    cells = tuple(
        replace(cell, col_span=(spans or {}).get(cell.col, 1)) if cell.row == 0 else cell
        for cell in table.cells
        if cell.row or cell.col not in covered
    )
    return replace(table, columns=columns, cells=cells, row_roles=(RowRole.COLUMN_NUMBER, RowRole.DETAIL))


def test_a_column_number_over_several_columns_is_one_number():
    assert [(f.expected, f.found) for f in find(number_row("1 2 2 3"))] == [("3", "2")]
    assert find(number_row("1 2 2 3", {1: 2})) == []
    (finding,) = find(number_row("1 4 4 5", {1: 2}))
    assert ((finding.cells[0].row, finding.cells[0].col), finding.expected) == ((0, 1), "2")


def test_a_garbled_row_of_column_numbers_is_one_finding():
    (finding,) = find(number_row("8 88 3 88 5 7"))
    assert finding.expected is None and [ref.col for ref in finding.cells] == [0, 1, 2, 3, 4, 5]


def test_an_amount_that_is_no_number_is_flagged_and_sums_with_it_are_not_judged():
    rows = [" | 合计 | 9.00 ||", "201 | 服务 | 4.0O ||", "208 | 社保 | 5.00 ||", "210 | 卫生 | - ||"]
    table = as_ocr(make_table(CODED, rows), 1, 2)
    (checked,), _ = validate([table])
    assert brief(list(checked.findings)) == [("unreadable-amount", (1, 2), None, "4.0O")]
    assert [(c.row, c.col) for c in checked.cells if c.needs_review] == [(1, 2)]
    assert [c.text for c in checked.cells] == [c.text for c in table.cells]


def test_a_percentage_among_amounts_is_legible():
    rows = ["甲 | 4.00", "乙 | 9.50%", "丙 | ９％", "丁 | 9.5.0%", "戊 | 3.00", "己 | 2.00"]
    assert brief(find(make_table(THREE, rows))) == [("unreadable-amount", (3, 1), None, "9.5.0%")]


def test_an_amount_over_two_columns_is_reported():
    rows = ["201 | 服务 | 4.00 | 4.00 |", "208 | 社保 | 9.00 | 9.00 |", "210 | 卫生 | 2.00 | 2.00 |"]
    table = make_table(CODED, rows)
    wide = tuple(
        replace(cell, col_span=2) if (cell.row, cell.col) == (1, 3) else cell
        for cell in table.cells
        if (cell.row, cell.col) != (1, 4)
    )
    assert brief(find(replace(table, cells=wide))) == [("amount-over-columns", (1, 3), None, "9.00")]
    assert find(table) == []


def related(total: str, one: str, table_id: str, kind: str) -> Table:
    rows = [f" | 合计 | {total} ||", f"201 | 服务 | {one} ||", "208 | 社保 | 2.00 ||", "210 | 卫生 | 3.00 ||"]
    return make_table(CODED, rows, table_id, kind)


def test_one_subject_printed_differently_in_two_tables():
    findings = [
        f
        for f in find(related("9.00", "5.00", "t1", "income"), related("9.00", "4.00", "t2", "expenditure"))
        if f.rule == "same-quantity"
    ]
    assert [{*f.cells} for f in findings] == [{CellRef("t1", 1, 2), CellRef("t2", 1, 2)}]


def test_tables_with_other_totals_are_not_compared():
    assert find(related("10.00", "5.00", "t1", "income"), related("9.00", "4.00", "t2", "expenditure")) == []


def test_a_table_total_that_the_summary_does_not_print():
    rows = ["一、拨款 | 9.00 | 一、其他 | 9.00", "本年收入合计 | 9.00 | 本年支出合计 | 9.00"]
    summary = make_table(SUMMARY, rows, "t0", "summary")
    assert find(summary, related("9.00", "4.00", "t1", "income")) == []
    found = find(summary, related("10.00", "5.00", "t1", "income"))
    assert [(f.rule, f.cells) for f in found] == [("same-total", (CellRef("t1", 0, 2), CellRef("t0", 1, 1)))]


@st.composite
def budget(draw: st.DrawFn) -> list[list[str]]:
    """A consistent coded table: code, name, total, basic and project amounts, zeros blank."""
    cents = st.integers(min_value=0, max_value=999_999)
    leaves = {
        f"{cls}{kuan:02d}{xiang:02d}": (draw(cents), draw(cents))
        for cls in draw(st.lists(st.sampled_from([201, 205, 208, 210, 221]), min_size=1, max_size=3, unique=True))
        for kuan in range(1, draw(st.integers(2, 4)))
        for xiang in range(1, draw(st.integers(2, 4)))
    }
    amounts: dict[str, tuple[int, int]] = {}
    for code, (basic, project) in leaves.items():
        for key in (code[:3], code[:5], code, ""):
            before = amounts.get(key, (0, 0))
            amounts[key] = (before[0] + basic, before[1] + project)
    rows = []
    for code in sorted(amounts):
        basic, project = amounts[code]
        texts = [str(Decimal(value).scaleb(-2)) if value else "" for value in (basic + project, basic, project)]
        rows.append([code, "名称" if code else "合计", *texts])
    return rows


def to_lines(rows: list[list[str]], width: int) -> list[str]:
    return [" | ".join(row[:width]) for row in rows]


@settings(max_examples=40, deadline=None)
@given(budget())
def test_consistent_tables_give_no_finding(rows: list[list[str]]):
    tables = [make_table(CODED, to_lines(rows, 5), f"t{n}", kind) for n, kind in enumerate(("income", "expenditure"))]
    # The names are made up: remarks on codes and names are to be expected.
    assert [finding for finding in find(*tables) if finding.severity is not Severity.INFO] == []


@settings(max_examples=80, deadline=None)
@given(budget(), st.booleans(), st.data())
def test_every_planted_digit_is_found(rows: list[list[str]], with_parts: bool, data: st.DataObject):
    width = 5 if with_parts else 3  # without part columns only the tree and the total row can tell
    places = [(r, c) for r, row in enumerate(rows) for c in range(2, width) if row[c]]
    if not places or sum(len(row[2].partition(".")[2]) == 2 for row in rows) < 2:
        return
    row, col = data.draw(st.sampled_from(places))
    text = rows[row][col]
    digits = [i for i, char in enumerate(text) if char.isdigit() and (i < text.index(".") + 2)]
    place = data.draw(st.sampled_from(digits))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[place]]))
    rows[row][col] = text[:place] + digit + text[place + 1 :]
    named = {ref for finding in find(make_table(CODED[:width], to_lines(rows, width))) for ref in finding.cells}
    assert CellRef("t001", row, col) in named


def test_the_rules_page_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == rules_to_markdown()


def test_rule_names_are_unique_and_described_in_both_languages():
    rules = ALL_RULES
    assert len({rule.name for rule in rules}) == len(rules)
    assert all(rule.describes.english.endswith(".") and rule.describes.chinese.endswith("。") for rule in rules)


def _on_page(table: Table, top: float, bottom: float) -> Table:
    return replace(table, fragments=(TableFragment(1, Box(50, top, 500, bottom), 0, table.n_rows - 1),))


@pytest.mark.parametrize(
    ("bottom", "parts", "severity"),
    [
        (800, ("4.00", "3.50"), Severity.INFO),  # cut by the end of the page: the rest may stand on the next
        (300, ("4.00", "3.50"), Severity.ERROR),  # ends in the middle of the page
        (800, ("4.00", "9.50"), Severity.ERROR),  # more than the total: no missing row explains that
    ],
)
def test_sums_of_a_table_that_may_go_on_are_remarks(bottom: float, parts: tuple[str, str], severity: Severity):
    rows = [" | 合计 | 9.00 ||", f"201 | 服务 | {parts[0]} ||", f"203 | 国防 | {parts[1]} ||"]
    page = PageSummary(1, 595, 842, 0, PageKind.SCANNED)
    (checked,), _ = validate([_on_page(make_table(CODED, rows), 100, bottom)], [page])
    assert [(f.rule, f.severity) for f in checked.findings] == [("column-sum", severity)]
    # The next page was read as well, and the table did not go on there.
    (checked,), _ = validate([_on_page(make_table(CODED, rows), 100, bottom)], [page, replace(page, number=2)])
    assert [f.severity for f in checked.findings] == [Severity.ERROR]


def test_only_the_last_family_of_a_cut_table_may_miss_children():
    rows = [" | 合计 | 9.00 ||", "201 | 服务 | 5.00 ||", "20103 | 政府办 | 4.00 ||"]
    rows += ["203 | 国防 | 4.00 ||", "20306 | 动员 | 3.00 ||"]
    page = PageSummary(1, 595, 842, 0, PageKind.SCANNED)
    (checked,), _ = validate([_on_page(make_table(CODED, rows), 100, 800)], [page])
    assert [(f.cells[0].row, f.severity) for f in checked.findings] == [(2, Severity.WARNING), (4, Severity.INFO)]


def test_a_table_whose_type_is_unsure_waits_for_a_person():
    table = replace(make_table(THREE, ["甲 | 1.00"]), type_probability=0.48)
    ranked = (("all", 0.9),), (("all", 0.95),), (("none", 0.9),)
    budget = Facets((("income", 0.48), ("expenditure", 0.4)), *ranked)
    (finding,) = find(replace(table, guesses=budget))
    assert (finding.rule, finding.severity, finding.found) == ("unnamed-table", Severity.WARNING, "income_summary")
    assert "0.48" in finding.message and finding.cells == ()
    (remark,) = find(replace(table, guesses=Facets((("other", 0.48),), *ranked)))
    assert remark.severity is Severity.INFO
    assert find(table) == []
