"""Ties: sums inside found tables."""

import pytest
from tests.unit.eval.builders import LEFT, UP, figures_of, make_table, set_text

from lanci_eval.metrics.base import Case
from lanci_eval.metrics.plain_table import PlainTable
from lanci_eval.metrics.ties import Ties, find_sums
from lanci_eval.records import Extraction

ROWS = (
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("栏次", "", "1", "2", "3"),
    ("", "合计", "30.00", "20.00", "10.00"),
    ("201", "服务", "30.00", "20.00", "10.00"),
    ("20101", "人大", "18", "12", "6"),
    ("2010101", "行政", "12.00", "12.00", ""),
    ("2010102", "机关", "6.00", "", "6.00"),
    ("20103", "政府", "12.00", "8.00", "4.00"),
)
PERFECT = {
    "row_ties": 1.0,
    "rows_checked": 6.0,
    "code_ties": 1.0,
    "codes_checked": 6.0,
    "split_ties": None,
    "splits_checked": 0.0,
}


def figures(*tables):
    return figures_of(Ties, Case(Extraction(tables)))


def test_sums_that_hold() -> None:
    assert figures(make_table(ROWS)) == PERFECT


def test_altered_digit_breaks_its_row_and_its_parent() -> None:
    broken = set_text(make_table(ROWS), 5, 3, "13.00")
    assert figures(broken) == pytest.approx(PERFECT | {"row_ties": 5 / 6, "code_ties": 5 / 6})


def test_lost_row_breaks_its_parent_only() -> None:
    table = make_table((*ROWS[:6], *ROWS[7:]))
    assert figures(table) == pytest.approx(PERFECT | {"rows_checked": 5.0, "code_ties": 4 / 6})


def test_columns_pasted_together_leave_less_to_check() -> None:
    rows = tuple((row[0] + row[1], "", *row[2:4], row[4]) for row in ROWS)
    assert figures(make_table(rows)) == PERFECT  # a code before its name is still one
    torn = tuple((row[0], row[1], f"{row[2]} {row[3]}", "", row[4]) for row in ROWS)
    assert figures(make_table(torn))["rows_checked"] == 0.0


def test_parents_over_two_pages_are_counted_apart() -> None:
    joined = make_table(ROWS, pages=((1, 0, 5), (2, 6, 7)))
    assert figures(joined) == PERFECT | {"split_ties": 1.0, "splits_checked": 6.0}
    apart = (make_table(ROWS[:6]), make_table(ROWS[6:], "t002", ((2, 0, 1),)))
    assert figures(*apart)["code_ties"] == 1 / 6
    assert figures(*apart)["splits_checked"] == 0.0


def test_codes_in_three_columns() -> None:
    rows = (
        ("类", "款", "项", "科目名称", "预算数"),
        ("208", "", "", "a", "50,000"),
        ("208", "05", "", "b", "50,000"),
        ("208", "05", "01", "c", "20,000"),
        ("208", "05", "02", "d", "30,000"),
        ("221", "", "", "e", "7,000"),
    )
    assert (figures(make_table(rows))["code_ties"], figures(make_table(rows))["codes_checked"]) == (1.0, 2.0)
    assert figures(set_text(make_table(rows), 4, 4, "31,000"))["code_ties"] == 0.5


def test_rounding_is_tolerated_and_grows_with_the_terms() -> None:
    def table(total: str, parts: int):
        children = tuple((f"302{number:02}", "1.00") for number in range(1, parts + 1))
        return make_table((("科目编码", "预算数"), ("302", total), *children))

    assert figures(table("3.01", 3))["code_ties"] == 1.0
    assert figures(table("3.03", 3))["code_ties"] == 0.0
    assert figures(table("9.03", 9))["code_ties"] == 1.0


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ([["名称", "合计", "基本支出", "项目支出"]], [(1, (2, 3))]),
        ([["名称", "基本支出", "项目支出", "合计"]], [(3, (1, 2))]),
        ([["合计", "基本支出", "项目支出", "上缴上级支出", "对附属单位补助支出"]], [(0, (1, 2, 3, 4))]),
        ([["合计", "基本支出", LEFT, LEFT, "项目支出"], [UP, "小计", "人员", "公用", UP]], [(0, (1, 4))]),
        (
            [["总计", "2025", LEFT, LEFT, "2026", LEFT, LEFT], [UP, *("小计", "基本支出", "项目支出") * 2]],
            [(1, (2, 3)), (4, (5, 6))],
        ),
        ([["总计", "2025", LEFT, "2026", LEFT], [UP, *("基本支出", "项目支出") * 2]], []),
        ([["名称", "合计", "预算数"]], []),
    ],
)
def test_sums_are_found_by_header(header, expected) -> None:
    body = [f"{n}.50" for n in range(len(header[0]))]
    paths = PlainTable(make_table((*header, body))).header_paths
    assert [(each.total, each.terms) for each in find_sums(paths)] == expected


def test_nothing_to_check_is_undefined() -> None:
    assert figures() == {name: 0.0 if name.endswith("checked") else None for name in PERFECT}
    assert set(Ties().summary().values()) == {None}
    prose = make_table((("第一条", "365"), ("第二条", "目标")))
    assert figures(prose)["codes_checked"] == 0.0
