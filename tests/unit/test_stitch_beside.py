"""Tables that are two pages wide, look-alikes that are not, and grids stacked under one title over page breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.made_fragments import AMOUNT, ITEM, NAME, TEXT, UP, D, H, N, S, T, fragment

from lanci.document import HeaderRole, LabelledFragment, Table
from lanci.override import Override, OverrideAction
from lanci.stitch import StitchOptions, stitch

LEFT_HEADER, LEFT_NUMBERS = ["科目名称", "合计", "基本支出"], ["栏次", "1", "2"]
RIGHT_HEADER, RIGHT_NUMBERS = ["项目支出", "上缴支出"], ["3", "4"]
NAMES = ["一般公共服务支出", "教育支出", "卫生健康支出", "住房保障支出"]


def left(page: int, names: Sequence[str], *, title: str = "支出表") -> LabelledFragment:
    rows = [[name, f"{index}5.00", f"{index}1.00"] for index, name in enumerate(names, 1)]
    return fragment(
        page, [LEFT_HEADER, LEFT_NUMBERS, *rows], [H, N, *[D] * len(rows)], (NAME, AMOUNT, AMOUNT), title=title
    )


def right(page: int, names: Sequence[str], *, labels: bool = False, title: str = "") -> LabelledFragment:
    """The columns from the third number on, with the labels printed again or without."""
    rows = [[f"{index}3.00", f"{index}1.00"] for index, _ in enumerate(names, 1)]
    lines = [RIGHT_HEADER, RIGHT_NUMBERS, *rows]
    roles: tuple[HeaderRole, ...] = (AMOUNT, AMOUNT)
    if labels:
        lines = [[label, *line] for label, line in zip([LEFT_HEADER[0], "栏次", *names], lines, strict=True)]
        roles = (NAME, *roles)
    return fragment(page, lines, [H, N, *[D] * len(rows)], roles, title=title)


def shown(table: Table) -> list[tuple[int, int, int, int, int | None]]:
    return [(f.page, f.first_row, f.last_row, f.first_col, f.last_col) for f in table.fragments]


WIDE = [
    [*LEFT_HEADER, *RIGHT_HEADER],
    [*LEFT_NUMBERS, *RIGHT_NUMBERS],
    *([name, f"{i}5.00", f"{i}1.00", f"{i}3.00", f"{i}1.00"] for i, name in enumerate(NAMES, 1)),
]


@pytest.mark.parametrize("labels", [False, True])
def test_the_right_half_is_on_the_next_page(labels: bool) -> None:
    (table,) = stitch([left(3, NAMES), right(4, NAMES, labels=labels)])
    assert table.to_rows() == WIDE
    assert shown(table) == [(3, 0, 5, 0, 2), (4, 0, 5, 3, 4)]
    assert [column.column_number for column in table.columns] == [None, 1, 2, 3, 4]
    assert {cell.page for cell in table.cells if cell.col > 2} == {4}
    assert "the row of column numbers counts on" in table.fragments[1].evidence


def test_over_then_down() -> None:
    more = ["农林水支出", "其他支出", "债务支出"]
    (table,) = stitch([left(1, NAMES), right(2, NAMES), left(3, more, title=""), right(4, more)])
    assert [row[0] for row in table.to_rows()] == ["科目名称", "栏次", *NAMES, *more]
    assert [row[3] for row in table.to_rows()] == [
        "项目支出",
        "3",
        "13.00",
        "23.00",
        "33.00",
        "43.00",
        "13.00",
        "23.00",
        "33.00",
    ]
    assert shown(table) == [(1, 0, 5, 0, 2), (2, 0, 5, 3, 4), (3, 6, 8, 0, 2), (4, 6, 8, 3, 4)]


def test_down_then_over() -> None:
    more = ["农林水支出", "其他支出", "债务支出"]
    (table,) = stitch([left(1, NAMES), left(2, more, title=""), right(3, NAMES), right(4, more)])
    assert [row[4] for row in table.to_rows()] == [
        "上缴支出",
        "4",
        "11.00",
        "21.00",
        "31.00",
        "41.00",
        "11.00",
        "21.00",
        "31.00",
    ]
    assert shown(table) == [(1, 0, 5, 0, 2), (2, 6, 8, 0, 2), (3, 0, 5, 3, 4), (4, 6, 8, 3, 4)]


def test_a_header_cell_cut_by_the_edge_of_the_page() -> None:
    roles = (NAME, AMOUNT, AMOUNT)
    rows = [["科目", "资金来源", ""], [UP, "合计", "财政拨款"], *([name, "5", "3"] for name in NAMES)]
    upper = fragment(1, rows, [H, H, D, D, D, D], roles, title="来源表")
    rows = [["", ""], ["专户", "其他"], *(["1", "1"] for _ in NAMES)]
    lower = fragment(2, rows, [H, H, D, D, D, D], roles[1:])
    (table,) = stitch([_spanning(upper, 1), _spanning(lower, 0)])
    group = table.cell_at(0, 4)
    assert group is not None
    assert (group.text, group.col, group.col_span, [place.page for place in group.continued]) == ("资金来源", 1, 4, [2])
    assert table.columns[4].path == ("资金来源", "其他")


def _spanning(labelled: LabelledFragment, col: int) -> LabelledFragment:
    """The first row's cell of a column grown over the next one."""
    kept = [cell for cell in labelled.fragment.cells if (cell.row, cell.col) != (0, col + 1)]
    cells = tuple(replace(cell, col_span=2) if (cell.row, cell.col) == (0, col) else cell for cell in kept)
    fragment_ = replace(labelled.fragment, cells=cells)
    return replace(labelled, fragment=fragment_, header_roles=((AMOUNT, 1.0),) * sum(cell.row < 2 for cell in cells))


def test_two_lists_of_one_length_stay_two() -> None:
    incomes = fragment(
        1, [["收入项目", "预算数"], *([f"{name}收入", "5"] for name in "甲乙丙丁")], [H, D, D, D, D], (ITEM, AMOUNT)
    )
    expenses = fragment(
        2, [["支出项目", "本年数"], *([f"{name}支出", "5"] for name in "戊己庚辛")], [H, D, D, D, D], (ITEM, AMOUNT)
    )
    assert len(stitch([incomes, expenses])) == 2


@pytest.mark.parametrize("change", ["title", "rows", "heights", "header", "numbers", "between"])
def test_what_contradicts_keeps_halves_apart(change: str) -> None:
    one, two = left(3, NAMES), right(4, NAMES, labels=True)
    if change == "title":
        two = right(4, NAMES, labels=True, title="收入表")
    elif change == "rows":
        two = right(4, NAMES[:3], labels=True)
    elif change == "heights":
        grown = [replace(c, box=replace(c.box, y0=c.box.y0 + 9)) if c.row > 3 else c for c in two.fragment.cells]
        two = replace(two, fragment=replace(two.fragment, cells=tuple(grown)))
    elif change == "header":
        two = left(4, [f"{name}二" for name in NAMES], title="")
    elif change == "numbers":
        roles = (NAME, AMOUNT, AMOUNT)
        rows = [["项目", *RIGHT_HEADER], ["栏次", "1", "2"], *([f"{name}项目", "3", "1"] for name in NAMES)]
        two = fragment(4, rows, [H, N, D, D, D, D], roles)
    else:
        two = right(5, NAMES, labels=True)
    assert all(part.last_col is None for table in stitch([one, two]) for part in table.fragments)


def test_the_user_may_forbid_it() -> None:
    options = StitchOptions(overrides=(Override(OverrideAction.SPLIT, 4, 1),))
    assert len(stitch([left(3, NAMES), right(4, NAMES)], options)) == 2


def test_stacked_grids_name_each_other_over_page_breaks() -> None:
    targets = (TEXT, TEXT, TEXT)
    header = ["一级指标", "二级指标", "指标值"]
    profile = fragment(3, [["项目编码", "P001"], ["项目名称", "热线"]], [S, S], (TEXT, TEXT), title="热线绩效目标表")
    grids = [
        fragment(3, [header, ["产出指标", "数量指标", "≥5次"]], [H, D], targets, index=1),
        fragment(4, [header, ["", "质量指标", "优"], [UP, "时效指标", "及时"]], [H, D, D], targets),
        fragment(5, [header, ["效益指标", "社会效益", "好"], ["满意度指标", "对象", "≥90%"]], [H, D, D], targets),
    ]
    after = fragment(6, [["项目编码", "P002"], ["合计", "5"]], [S, T], (TEXT, TEXT), title="车辆绩效目标表")
    above, below, other = stitch([profile, *grids, after])
    assert (above.companion, below.companion, other.companion) == (below.id, above.id, None)
    assert [part.page for part in below.fragments] == [3, 4, 5]
    assert (below.title, other.title) == ("热线绩效目标表", "车辆绩效目标表")
