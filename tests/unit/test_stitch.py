"""Stitching on fragments made by hand: each sign, each kind of break, and what must stay apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.made_fragments import AMOUNT, CODE, ITEM, NAME, SERIAL, TEXT, UP, D, H, N, S, T, fragment

from lanci.document import (
    HeaderRole,
    LabelledFragment,
    RowRole,
    Table,
    TextSource,
)
from lanci.stitch import StitchOptions, stitch

CODES = (SERIAL, CODE, NAME, AMOUNT)
HEADER = ["序号", "科目编码", "科目名称", "合计"]
NUMBERS = ["栏次", "1", "2", "3"]


def coded(page: int, rows: Sequence[Sequence[str]], *, header: bool = True, **more: object) -> LabelledFragment:
    top = [HEADER, NUMBERS] if header else []
    roles = [H, N] if header else []
    return fragment(
        page,
        [*top, *rows],
        [*roles, *(T if row[2] == "合计" else D for row in rows)],
        CODES,
        **more,  # type: ignore[arg-type]
    )


FIRST = [["1", "", "合计", "30"], ["2", "201", "一般公共服务支出", "10"], ["3", "20103", "政府办公厅", "10"]]
NEXT = [["4", "208", "社会保障和就业支出", "20"], ["5", "20805", "养老支出", "20"]]


def pages(tables: Sequence[Table]) -> list[list[int]]:
    return [[part.page for part in table.fragments] for table in tables]


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("title", ["支出总表", "支出总表（续）", ""])
def test_a_table_goes_on(header: bool, title: str) -> None:
    (table,) = stitch([coded(4, FIRST, title="支出总表"), coded(5, NEXT, header=header, title=title)])
    assert table.to_rows() == [HEADER, NUMBERS, *FIRST, *NEXT]
    assert table.title == "支出总表"
    assert table.n_header_rows == 2
    assert [(f.page, f.first_row, f.last_row) for f in table.fragments] == [(4, 0, 4), (5, 5, 6)]
    assert [c.page for c in table.cells if c.col == 0] == [4, 4, 4, 4, 4, 5, 5]
    assert table.fragments[1].probability > 0.9
    assert "序号 continues: 3 → 4" in table.fragments[1].evidence
    assert [(c.role, c.path, c.column_number) for c in table.columns][2:] == [
        (NAME, ("科目名称",), 2),
        (AMOUNT, ("合计",), 3),
    ]


def test_drifted_header_wording_still_repeats() -> None:
    upper = coded(1, FIRST, title="支出总表")
    lower = fragment(2, [["序 号", "科目 编码", "科目名祢", "合 计"], NUMBERS, *NEXT], [H, N, D, D], CODES)
    (table,) = stitch([upper, lower])
    assert table.to_rows() == [HEADER, NUMBERS, *FIRST, *NEXT]


def test_another_title_never_joins() -> None:
    upper = coded(1, FIRST, title="一般公共预算财政拨款支出表")
    lower = coded(2, NEXT, title="一般公共预算财政拨款基本支出表")
    assert pages(stitch([upper, lower])) == [[1], [2]]


def test_equal_tables_with_their_own_totals_stay_apart() -> None:
    tables = stitch([coded(1, FIRST, title="预算表"), coded(2, FIRST, title="预算表")])
    assert pages(tables) == [[1], [2]]


def test_pages_must_be_neighbours_and_the_page_end_free() -> None:
    assert pages(stitch([coded(1, FIRST), coded(3, NEXT)])) == [[1], [3]]
    between = fragment(1, [["单位", "性质"], ["甲", "行政"]], [H, D], (TEXT, TEXT), index=1, title="机构")
    assert pages(stitch([coded(1, FIRST), between, coded(2, NEXT)])) == [[1], [1], [2]]


def test_fragments_of_one_page_never_join() -> None:
    tables = stitch([coded(1, FIRST), coded(1, NEXT, header=False, index=1)])
    assert pages(tables) == [[1], [1]]


def test_order_is_checked() -> None:
    with pytest.raises(ValueError, match="page order"):
        stitch([coded(2, NEXT), coded(1, FIRST)])


def test_header_alone_at_the_page_end_vanishes() -> None:
    (table,) = stitch([coded(1, [], title="支出总表"), coded(2, FIRST)])
    assert table.to_rows() == [HEADER, NUMBERS, *FIRST]
    assert [(f.page, f.first_row, f.last_row) for f in table.fragments] == [(1, 0, 1), (2, 2, 4)]


def test_two_empty_tables_stay_two() -> None:
    noted = coded(1, [], title="政府性基金预算支出表", notes=("注：空表列示。",))
    assert pages(stitch([noted, coded(2, [])])) == [[1], [2]]


TARGETS = (TEXT, TEXT, TEXT, TEXT)
TARGET_HEADER = ["一级指标", "二级指标", "三级指标", "指标值"]


def test_a_cut_label_regains_its_span() -> None:
    upper = fragment(
        1, [TARGET_HEADER, ["产出指标", "数量指标", "次数", "≥5次"]], [H, D], TARGETS, title="甲绩效目标表"
    )
    lower = fragment(
        2,
        [TARGET_HEADER, ["", "质量指标", "合格率", "100%"], [UP, "时效指标", "完成率", "98%"],
         ["效益指标", "社会效益", "满意", "95%"]],
        [H, D, D, D],
        TARGETS,
    )  # fmt: skip
    (table,) = stitch([upper, lower])
    label = table.cell_at(3, 0)
    assert label is not None
    assert (label.row, label.row_span, label.text) == (1, 3, "产出指标")
    assert [place.page for place in label.continued] == [2]
    assert table.cell_at(4, 0) == replace(lower.fragment.cells[-4], row=4, role=TEXT)


def test_a_label_is_not_grown_into_a_two_sided_table() -> None:
    roles = (ITEM, AMOUNT, ITEM, AMOUNT)
    upper = fragment(1, [["收入", "金额", "支出", "金额"], ["九、其他收入", "5", "十七、金融支出", "3"]], [H, D], roles)
    lower = fragment(2, [["", "", "十八、援助支出", "2"], ["收入总计", "5", "支出总计", "5"]], [D, T], roles)
    (table,) = stitch([upper, lower])
    assert table.to_rows()[1:3] == [
        ["九、其他收入", "5", "十七、金融支出", "3"],
        ["", "", "十八、援助支出", "2"],
    ]
    assert len(table.cells) == 16


PURCHASES = (TEXT, TEXT, AMOUNT, TEXT)
PURCHASE_ROWS = [
    ["采购类别", "采购名称", "金额", "资金来源"],
    ["货物", "计算机", "12.00", "财政拨款"],
    ["服务", "其他生态环境保护和治", "2,975.70", "市级生态保护和污染防治"],
]


def test_the_tail_of_a_cut_row_goes_up() -> None:
    upper = fragment(25, PURCHASE_ROWS, [H, D, D], PURCHASES, title="公开13表")
    lower = fragment(26, [["", "理服务", "", "资金"]], [D], PURCHASES)
    (table,) = stitch([upper, lower])
    assert table.n_rows == 3
    assert table.to_rows()[2] == ["服务", "其他生态环境保护和治理服务", "2,975.70", "市级生态保护和污染防治资金"]
    cut = table.cell_at(2, 1)
    assert cut is not None
    assert [(place.page, place.box.y0) for place in cut.continued] == [(26, 100.0)]
    assert [(f.page, f.first_row, f.last_row) for f in table.fragments] == [(25, 0, 2), (26, 2, 2)]


def test_rows_after_a_tail_follow() -> None:
    upper = fragment(25, PURCHASE_ROWS, [H, D, D], PURCHASES, title="公开13表")
    lower = fragment(26, [["", "理服务", "", "资金"], ["工程", "装修", "3.00", "财政拨款"]], [D, D], PURCHASES)
    (table,) = stitch([upper, lower])
    assert [(f.first_row, f.last_row) for f in table.fragments] == [(0, 2), (2, 3)]
    assert table.to_rows()[3] == ["工程", "装修", "3.00", "财政拨款"]


def test_a_lost_blank_side_column_does_not_shift_the_others() -> None:
    roles = (ITEM, AMOUNT, AMOUNT, TEXT)
    upper = fragment(
        4, [["科目", "合计", "基本支出", ""], ["行政运行", "5", "5", ""]], [H, D], roles,
        title="支出表", edges=[50, 200, 300, 400, 420],
    )  # fmt: skip
    lower = fragment(5, [["事业运行", "7", "6"]], [D], roles[:3], edges=[50, 200, 300, 400])
    (table,) = stitch([upper, lower])
    assert table.to_rows() == [["科目", "合计", "基本支出"], ["行政运行", "5", "5"], ["事业运行", "7", "6"]]


def test_a_blank_column_that_a_text_reaches_over_is_kept() -> None:
    edges = [50.0, 150.0, 250.0, 350.0, 450.0]
    upper = fragment(4, [["名称", "热线", "编码", "P1"]], [S], (TEXT,) * 4, title="热线目标表", edges=edges)
    wide = replace(upper.fragment.cells[1], col_span=3)
    upper = replace(upper, fragment=replace(upper.fragment, cells=(upper.fragment.cells[0], wide)))
    lower = fragment(5, [["预算数", "57.25", "其他资金"]], [S], (TEXT,) * 3, edges=edges[:4])
    (table,) = stitch([upper, lower])
    assert table.to_rows() == [["名称", "热线", "", ""], ["预算数", "57.25", "其他资金", ""]]


def test_a_page_without_the_outer_columns_is_matched_by_place_though_a_total_is_labelled_among_codes() -> None:
    roles = (HeaderRole.UNIT_CODE, HeaderRole.UNIT_NAME, *(AMOUNT,) * 9)
    names = ["部门代码", "部门名称", "合计", "本年", "拨款", "基金", "事业", "上级", "下级", "其他", "结转"]
    edges = [40.0, 75.0, 135.0, 182.0, 229.0, 264.0, 324.0, 371.0, 418.0, 453.0, 513.0, 560.0]
    upper = fragment(1, [names, ["合计", "", "5", "5", *[""] * 7]], [H, T], roles, title="收入表", edges=edges)
    lower = fragment(2, [["327", "统计局", "5", "5"]], [D], roles[:4], edges=edges[:5])
    (table,) = stitch([upper, lower])
    assert table.to_rows()[2] == ["327", "统计局", "5", "5", *[""] * 7]
    assert not any(cell.needs_review for cell in table.cells)


def test_a_column_that_one_page_lacks_is_matched_by_place() -> None:
    roles = (ITEM, AMOUNT, TEXT)
    upper = fragment(
        4, [["科目", "合计", "备注"], ["行政运行", "5", "见附件"]], [H, D], roles,
        title="支出表", edges=[50, 200, 300, 400],
    )  # fmt: skip
    lower = fragment(5, [["事业运行", "7"]], [D], roles[:2], edges=[50, 200, 300])
    (table,) = stitch([upper, lower])
    assert table.to_rows()[2] == ["事业运行", "7", ""]
    assert {(r, c) for cell in table.cells for r in cell.rows for c in cell.cols} == {
        (r, c) for r in range(3) for c in range(3)
    }


def test_stacked_grids_name_each_other() -> None:
    profile = fragment(3, [["项目编码", "P001"], ["项目名称", "热线"]], [S, S], (TEXT, TEXT), title="热线绩效目标表")
    targets = fragment(3, [TARGET_HEADER, ["产出指标", "数量指标", "次数", "≥5次"]], [H, D], TARGETS, index=1)
    above, below = stitch([profile, targets])
    assert (above.companion, below.companion) == (below.id, above.id) == ("t002", "t001")
    assert below.title == above.title == "热线绩效目标表"


def test_doubt_is_marked() -> None:
    upper, lower = coded(1, FIRST, title="支出总表"), coded(2, NEXT)
    sure = stitch([upper, lower])[0].fragments[1]
    assert not sure.evidence[0].startswith("doubtful")
    probability = sure.probability
    strict = StitchOptions(threshold=0.5, doubtful_to=1.0)
    marked = stitch([upper, lower], strict)[0].fragments[1]
    assert marked.evidence[0] == f"doubtful: joined with probability {probability:.2f}"


def test_ocr_may_misread_a_title_but_not_a_digit() -> None:
    def scanned(labelled: LabelledFragment) -> LabelledFragment:
        cells = tuple(replace(cell, source=TextSource.OCR) for cell in labelled.fragment.cells)
        return replace(labelled, fragment=replace(labelled.fragment, cells=cells))

    upper = scanned(coded(1, FIRST, title="部门预算收支总表2021"))
    assert pages(stitch([upper, scanned(coded(2, NEXT, title="部门预算收攴总表2021"))])) == [[1, 2]]
    assert pages(stitch([upper, scanned(coded(2, NEXT, title="部门预算收支总表2022"))])) == [[1], [2]]


def test_forms_with_equal_labels_stay_apart() -> None:
    def form(page: int, name: str) -> LabelledFragment:
        rows = [["项目名称", name], ["主管部门", "民政局"], ["年度目标", "完成"]]
        return fragment(page, rows, [D, D, D], (TEXT, TEXT), title="项目绩效目标表")

    assert pages(stitch([form(page, f"项目{page}") for page in (28, 29, 30)])) == [[28], [29], [30]]


@pytest.mark.parametrize(
    ("edges", "title", "role", "joined"),
    [
        ((52.0, 190.0, 468.0), "", S, True),  # rows of a form have columns of their own
        ((52.0, 190.0, 468.0), "", D, True),  # a few rows alone do not tell that they are of a form
        ((52.0, 190.0, 468.0), "", T, False),
        ((52.0, 190.0, 400.0), "", S, False),  # not between the same outer edges
        ((52.0, 190.0, 468.0), "申报表", S, False),
    ],
)
def test_a_form_goes_on_with_fewer_columns(edges: tuple[float, ...], title: str, role: RowRole, joined: bool) -> None:
    rows = [["企业名称", "", "职务", ""], ["联系人", "", "手机", ""]]
    upper = fragment(5, rows, [S, S], (TEXT,) * 4, edges=[50.0, 120.0, 250.0, 320.0, 470.0])
    lower = fragment(6, [["财政局意见", "签字"]], [role], (TEXT, TEXT), title=title, edges=edges)
    assert pages(stitch([upper, lower])) == ([[5, 6]] if joined else [[5], [6]])


def test_three_pages_and_a_header_in_the_middle() -> None:
    first = coded(1, FIRST, title="支出总表")
    second = coded(2, NEXT[:1], header=False)
    third = fragment(3, [NEXT[1], HEADER, ["6", "20806", "补助", "0"]], [D, D, D], CODES)
    (table,) = stitch([first, second, third])
    assert [row[0] for row in table.to_rows()] == ["序号", "栏次", "1", "2", "3", "4", "5", "6"]
    assert [(f.first_row, f.last_row) for f in table.fragments] == [(0, 4), (5, 5), (6, 7)]


def test_nothing_gives_nothing() -> None:
    assert stitch([]) == ()


def test_a_complete_row_without_labels_is_no_tail() -> None:
    upper = fragment(
        25, [TARGET_HEADER, ["成本指标", "经济成本指标", "投入控制率", "≤100%"]], [H, D], TARGETS, title="甲目标表"
    )
    lower = fragment(26, [["", "", "物业控制率", "≤100%"], ["产出指标", "数量指标", "站点数", "=5座"]], [D, D], TARGETS)
    (table,) = stitch([upper, lower])
    assert [(f.first_row, f.last_row) for f in table.fragments] == [(0, 1), (2, 3)]
    assert table.to_rows()[2][2:] == ["物业控制率", "≤100%"]


def test_a_form_cut_inside_its_first_value() -> None:
    """Two columns on the first page, four on the next; the header comes on the second page only."""
    upper = fragment(
        26, [["项目名称", "医疗服务与保障能力提升补助资"]], [S], (TEXT, TEXT), title="甲目标表", edges=[50, 110, 290]
    )
    rows = [["", "金", "", ""], TARGET_HEADER, ["产出指标", "数量指标", "次数", "≥5次"]]
    lower = fragment(27, rows, [S, H, D], TARGETS)
    cells = tuple(
        replace(cell, col_span=3, box=replace(cell.box, x1=290.0)) if cell.text == "金" else cell
        for cell in lower.fragment.cells
        if cell.row or cell.col < 2
    )
    roles = ((TEXT, 1.0),) * sum(1 for cell in cells if cell.row < 2)
    lower = replace(lower, fragment=replace(lower.fragment, cells=cells), n_header_rows=2, header_roles=roles)
    (table,) = stitch([upper, lower])
    assert table.to_rows() == [
        ["项目名称", "医疗服务与保障能力提升补助资金", "", ""],
        TARGET_HEADER,
        ["产出指标", "数量指标", "次数", "≥5次"],
    ]
    assert table.n_header_rows == 2
    assert [(f.page, f.first_row, f.last_row) for f in table.fragments] == [(26, 0, 0), (27, 0, 2)]


def test_a_data_row_taken_for_a_header_does_not_tear_the_table() -> None:
    roles = (ITEM, AMOUNT, ITEM, AMOUNT)
    upper = fragment(
        13, [["收入", "金额", "支出", "金额"], ["一、拨款", "5", "一、公共服务", "3"]], [H, D], roles, title="收支总表"
    )
    lower = fragment(14, [["", "", "二、外交支出", ""], ["收入总计", "5", "支出总计", "5"]], [H, T], roles)
    (table,) = stitch([upper, lower])
    assert table.row_roles == (H, D, D, T)
    tail = fragment(26, [["", "理服务", "", "资金"]], [H], PURCHASES)
    (joined,) = stitch([fragment(25, PURCHASE_ROWS, [H, D, D], PURCHASES, title="公开13表"), tail])
    assert joined.n_rows == 3
