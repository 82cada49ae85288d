"""Cells that a page break cuts: labels forwards and backwards, records with their amounts, and what stays apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.made_fragments import AMOUNT, ITEM, NAME, TEXT, UP, D, H, S, T, fragment

from lanci.document import HeaderRole, Table
from lanci.stitch import stitch

TARGETS = (HeaderRole.PROJECT_NAME, AMOUNT, TEXT, TEXT, TEXT)
HEADER = ["项目名称", "金额", "绩效目标", "指标", "指标值"]
FIRST = [
    ["0-信息系统", "8.00", "运维。", "数量", "1"],
    ["1-办公设备购置", "29.00", "保障运转。", "数量", "18"],
    [UP, UP, UP, "质量", "≥95%"],
    ["2-场所租赁", "30.00", "保障接访。", "时效", "及时"],
    [UP, UP, UP, "成本", "≤30"],
]


def targets(upper: Sequence[Sequence[str]], lower: Sequence[Sequence[str]]) -> Table:
    """The table of two pages of projects; the upper one begins with three whole projects."""
    (table,) = stitch(
        [
            fragment(1, [HEADER, *FIRST, *upper], [H, *[D] * (len(FIRST) + len(upper))], TARGETS, title="甲目标表"),
            fragment(2, [HEADER, *lower], [H, *[D] * len(lower)], TARGETS),
        ]
    )
    return table


def printed(table: Table, row: int) -> list[tuple[str, int]]:
    """Text and row span of the first three cells that cover a row."""
    cells = [table.cell_at(row, col) for col in range(3)]
    return [(cell.text, cell.row_span) for cell in cells if cell is not None]


def test_a_record_goes_on_with_all_its_cells() -> None:
    table = targets(
        [["3-接待费", "", "提高效率，压缩", "数量", "5"], [UP, UP, UP, "质量", "优"]],
        [["", "56.80", "办理时间。", "效益", "好"], ["4-印刷费", "7.00", "印。", "数量", "2"]],
    )
    assert printed(table, 6) == [("3-接待费", 3), ("56.80", 3), ("提高效率，压缩办理时间。", 3)]
    assert printed(table, 9) == [("4-印刷费", 1), ("7.00", 1), ("印。", 1)]
    amount = table.cell_at(6, 1)
    assert amount is not None
    assert (amount.page, [place.page for place in amount.continued]) == (1, [2])


def test_a_record_named_below_the_break_is_named_above_it() -> None:
    table = targets(
        [["", "", "", "数量", "5"]],
        [["3-接待费", "56.80", "提高效率。", "质量", "优"], [UP, UP, UP, "效益", "好"]],
    )
    assert printed(table, 6) == [("3-接待费", 3), ("56.80", 3), ("提高效率。", 3)]


def test_a_torn_name_is_joined_where_the_amount_is_not_repeated() -> None:
    table = targets(
        [["3-接待场所保障类", "56.80", "提高效率，", "数量", "5"], [UP, UP, UP, "质量", "优"]],
        [["项目", "", "压缩时间。", "效益", "好"], [UP, UP, UP, "满意", "好"]],
    )
    assert printed(table, 6) == [("3-接待场所保障类项目", 4), ("56.80", 4), ("提高效率，压缩时间。", 4)]


def test_two_records_with_amounts_stay_two() -> None:
    table = targets(
        [["", "56.80", "提高效率。", "数量", "5"], [UP, UP, UP, "质量", "优"]],
        [["4-印刷费", "7.00", "", "效益", "好"], [UP, UP, UP, "满意", "好"]],
    )
    assert [printed(table, row)[1] for row in (6, 8)] == [("56.80", 2), ("7.00", 2)]


def test_an_amount_below_the_break_is_not_given_to_another_record() -> None:
    table = targets(
        [["3-接待费", "", "提高效率。", "数量", "5"], [UP, UP, UP, "质量", "优"]],
        [["4-印刷费", "7.00", "印。", "效益", "好"], [UP, UP, UP, "满意", "好"]],
    )
    assert printed(table, 6) == [("3-接待费", 2), ("", 2), ("提高效率。", 2)]
    assert printed(table, 8) == [("4-印刷费", 2), ("7.00", 2), ("印。", 2)]


def test_a_page_end_without_name_and_amount_takes_those_below() -> None:
    """No two complete records tell that every one has an amount; a row without any of its cells filled is none."""
    rows = [HEADER, ["1-办公设备购置", "29.00", "保障。", "数量", "18"], ["", "", "", "质量", "优"]]
    lower = [["3-接待费", "56.80", "提高效率。", "效益", "好"], [UP, UP, UP, "满意", "好"]]
    (table,) = stitch(
        [
            fragment(1, rows, [H, D, D], TARGETS, title="甲目标表"),
            fragment(2, [HEADER, *lower], [H, D, D], TARGETS),
        ]
    )
    assert printed(table, 2) == [("3-接待费", 3), ("56.80", 3), ("提高效率。", 3)]


def test_a_record_under_another_label_is_another_record() -> None:
    roles = (NAME, TEXT, AMOUNT, TEXT)
    rows = [["单位", "项目", "金额", "指标"]]
    for n in "123":
        rows += [[f"{n}局", f"{n}项", f"{n}0.00", "数量"], [UP, UP, UP, "质量"]]
    lower = [["5局", "", "", "数量"], [UP, UP, UP, "质量"], [UP, "6项", "60.00", "质量"]]
    (table,) = stitch([fragment(1, rows, [H, *[D] * 6], roles, title="甲目标表"), fragment(2, lower, [D] * 3, roles)])
    cells = [table.cell_at(row, col) for row in (5, 7) for col in (1, 2)]
    assert [(cell.text, cell.row_span) for cell in cells if cell] == [("3项", 2), ("30.00", 2), ("", 2), ("", 2)]


FORM = (TEXT, TEXT, TEXT)
FORM_ROWS = [
    ["网站名称", "名称", "某局"],
    ["信息发布", "总数", "93"],
    [UP, "更新", "30"],
    ["专栏专题", "维护", "0"],
    ["解读回应", "材料", "0"],
]


def form(last: Sequence[str], lower: Sequence[Sequence[str]]) -> tuple[Table, ...]:
    upper_roles = [*[S] * len(FORM_ROWS), T]
    return stitch(
        [
            fragment(1, [*FORM_ROWS, list(last)], upper_roles, FORM, title="年度报表"),
            fragment(2, lower, [*[S] * (len(lower) - 1), H], FORM),
        ]
    )


def test_a_form_goes_on_whose_label_is_printed_below_the_break() -> None:
    """The rows look like a new form with a header at its end, and the last row like a total, but for the label."""
    (table,) = form(["", "服务目录", "否"], [["办事服务", "用户", "0"], [UP, "事项", "0"], ["安全防护", "演练", "是"]])
    label = table.cell_at(5, 0)
    assert label is not None
    assert (label.text, label.row_span, label.page) == ("办事服务", 3, 1)


def test_a_form_that_begins_after_a_labelled_row_stays_apart() -> None:
    tables = form(
        ["创新发展", "方式", "否"], [["办事服务", "用户", "0"], [UP, "事项", "0"], ["安全防护", "演练", "是"]]
    )
    assert len(tables) == 2


def test_a_blank_beside_a_total_takes_no_label_from_below() -> None:
    roles = (NAME, ITEM, AMOUNT)
    upper = [["单位", "科目", "金额"], ["甲局", "办公费", "3"], [UP, "差旅费", "4"], ["乙局", "会议费", "2"]]
    rows = [*upper, ["丙局", "办公费", "1"], ["", "合计", "10"]]
    (table,) = stitch(
        [
            fragment(1, rows, [H, D, D, D, D, T], roles, title="单位支出表"),
            fragment(2, [["单位", "科目", "金额"], ["丁局", "办公费", "1"], [UP, "差旅费", "2"]], [H, D, D], roles),
        ]
    )
    cells = [table.cell_at(row, 0) for row in (5, 6)]
    assert [(cell.text, cell.row_span) for cell in cells if cell] == [("", 1), ("丁局", 2)]


def test_a_label_goes_on_beside_the_tail_of_a_row() -> None:
    roles = (NAME, TEXT, AMOUNT)
    upper = [["甲局", "2080101行政运行", "3"], ["乙局", "2080102一般管理事务", "3"], [UP, "2080199其他人力资", "4"]]
    lower = [["", "源事务支出", ""], [UP, "2080506缴费", "2"], [UP, "2080507补助", "1"]]
    (table,) = stitch([fragment(1, upper, [D, D, D], roles, title="支出表"), fragment(2, lower, [D, D, D], roles)])
    label, text = table.cell_at(2, 0), table.cell_at(2, 1)
    assert label is not None
    assert text is not None
    assert (table.n_rows, label.text, label.row_span) == (5, "乙局", 4)
    assert text.text == "2080199其他人力资源事务支出"
    assert [(part.first_row, part.last_row) for part in table.fragments] == [(0, 2), (2, 4)]


def test_a_grand_total_on_the_next_page_belongs_to_the_table() -> None:
    roles = (ITEM, AMOUNT, ITEM, AMOUNT)
    upper = [
        ["收入", "金额", "支出", "金额"],
        ["一、拨款", "22", "一、支出", "25"],
        ["本年收入合计", "22", "本年支出合计", "25"],
    ]
    lower = [["上年结转", "3", "年末结转", ""], ["收入总计", "25", "支出总计", "25"]]
    parts = [fragment(1, upper, [H, D, T], roles, title="收支总表"), fragment(2, lower, [S, T], roles)]
    assert len(stitch(parts)) == 1


def test_columns_that_hold_two_texts_are_not_folded() -> None:
    """The edge before 5 is near the one before 62, but a column of both would put 总数 and 5 into one cell."""
    upper = fragment(
        1, [["项目", "名称", "内容", "数"], ["甲", "信息", "更新", "30"]], [H, D], (TEXT,) * 4, title="报表",
        edges=[50.0, 150.0, 250.0, 360.0, 450.0],
    )  # fmt: skip
    lower = fragment(
        2, [["乙", "办件", "总数", "5", ""], ["丙", "留言", "收到", "", "62"]], [D, D], (TEXT,) * 5,
        edges=[50.0, 150.0, 250.0, 352.0, 360.0, 450.0],
    )  # fmt: skip
    wide = {(0, 3): 2, (1, 2): 2}
    cells = tuple(
        replace(cell, col_span=wide.get((cell.row, cell.col), 1))
        for cell in lower.fragment.cells
        if (cell.row, cell.col) not in {(0, 4), (1, 3)}
    )
    (table,) = stitch([upper, replace(lower, fragment=replace(lower.fragment, cells=cells))])
    assert [[text for text in row if text] for row in table.to_rows()[1:]] == [
        ["甲", "信息", "更新", "30"],
        ["乙", "办件", "总数", "5"],
        ["丙", "留言", "收到", "62"],
    ]


CODED = [["2026T01-甲", "8.00", "运维。", "数量", "1"], ["2026T02-乙", "9.00", "保障。", "数量", "2"]]


def test_a_torn_name_is_known_by_the_code_that_it_lacks() -> None:
    upper = [*CODED, ["2026T03-接待", "", "1、提高效率。", "数量", "5"], [UP, UP, UP, "质量", "优"]]
    lower = [["场所", "56.80", "2、压缩时间。", "效益", "好"], [UP, UP, UP, "满意", "好"]]
    # Below names without codes nothing tells where a name begins.
    assert printed(targets(upper, lower), 8) == [("2026T03-接待", 2), ("", 2), ("1、提高效率。", 2)]
    (table,) = stitch(
        [
            fragment(1, [HEADER, *CODED[:1], *CODED, *upper[2:]], [H, *[D] * 5], TARGETS, title="甲目标表"),
            fragment(2, [HEADER, *lower], [H, D, D], TARGETS),
        ]
    )
    assert printed(table, 4) == [("2026T03-接待场所", 4), ("56.80", 4), ("1、提高效率。2、压缩时间。", 4)]


def test_a_label_two_pages_below_its_first_row() -> None:
    parts = [
        fragment(1, [HEADER, *FIRST, ["", "56.80", "甲。", "数量", "5"]], [H, *[D] * 6], TARGETS, title="甲目标表"),
        fragment(2, [["", "3.00", "乙。", "质量", "优"], [UP, "4.00", "丙。", "时效", "好"]], [D, D], TARGETS),
        fragment(3, [["3-接待费", "2.00", "丁。", "效益", "好"], [UP, "1.00", "戊。", "满意", "好"]], [D, D], TARGETS),
    ]
    (table,) = stitch(parts)
    label = table.cell_at(6, 0)
    assert label is not None
    assert (label.text, label.row_span, label.page, [p.page for p in label.continued]) == ("3-接待费", 5, 1, [2, 3])


def test_a_label_below_the_break_is_that_of_the_row_beside_a_cut_label() -> None:
    above = [
        ["一级", "二级", "三级", "值"],
        ["产出", "数量", "人数", "130"],
        [UP, "质量", "达标率", "90"],
        ["成本", "经济", "占比", "5"],
        [UP, "", "造价", "9"],
    ]
    upper = fragment(1, above, [H, D, D, D, D], (TEXT,) * 4, title="甲表")
    lower = fragment(2, [["", "社会", "控制率", "8"], [UP, "时效", "及时率", "95"]], [D, D], (TEXT,) * 4)
    (table,) = stitch([upper, lower])
    assert printed(table, 4)[:2] == [("成本", 4), ("社会", 2)]


def test_a_header_again_in_the_middle_of_the_first_part_is_dropped() -> None:
    rows = [HEADER, *FIRST[:1], HEADER, ["1-办公设备购置", "29.00", "保障运转。", "数量", "18"]]
    (table,) = stitch([fragment(1, rows, [H, D, D, D], TARGETS, title="甲目标表")])
    assert [row[1] for row in table.to_rows()] == ["金额", "8.00", "29.00"]


@pytest.mark.parametrize(
    ("amount", "record"),
    [("", [("202603-接待场所", 4), ("56.80", 4)]), ("7.00", [("2026", 2), ("7.00", 2)])],
)
def test_a_code_cut_into_digits(amount: str, record: list[tuple[str, int]]) -> None:
    """The upper part of a code is no number of its own; two amounts are two records all the same."""
    whole = [["202600-丁", *CODED[0][1:]], ["202601-甲", *CODED[0][1:]], ["202602-乙", *CODED[1][1:]]]
    upper = [*whole, ["2026", amount, "1、提高效率。", "数量", "5"], [UP, UP, UP, "质量", "优"]]
    lower = [["03-接待场所", "56.80", "2、压缩时间。", "效益", "好"], [UP, UP, UP, "满意", "好"]]
    (table,) = stitch(
        [
            fragment(1, [HEADER, *upper], [H, *[D] * 5], TARGETS, title="甲目标表"),
            fragment(2, [HEADER, *lower], [H, D, D], TARGETS),
        ]
    )
    assert printed(table, 4)[:2] == record


INNER = ["绩效指标", "指标名称", "性质", "指标值"]


def form_with_table(lower: Sequence[Sequence[str]]) -> Table:
    """A form that ends with a table of indicators, whose next page begins with given rows."""
    upper = [["项目名称", "某专项", "主管部门", "某局"], INNER, [UP, "汽车产量", "≥", "120"], [UP, "节能率", "≥", "97"]]
    (table,) = stitch(
        [
            fragment(29, upper, [S, S, D, D], (TEXT,) * 4, title="专项绩效目标表"),
            fragment(30, lower, [S, *[D] * (len(lower) - 1)], (TEXT,) * 4),
        ]
    )
    return table


def test_the_header_of_a_table_inside_a_form_stands_once_with_its_label() -> None:
    table = form_with_table([INNER, [UP, "工厂数量", "≥", "10"], [UP, "人才数量", "≥", "5"]])
    label = table.cell_at(5, 0)
    assert label is not None
    assert (label.text, label.row, label.row_span, [p.page for p in label.continued]) == ("绩效指标", 1, 5, [30])
    assert [row[1] for row in table.to_rows()[1:]] == ["指标名称", "汽车产量", "节能率", "工厂数量", "人才数量"]
    assert [(part.first_row, part.last_row) for part in table.fragments] == [(0, 3), (4, 5)]


@pytest.mark.parametrize(
    "rows",
    [
        [["项目名称", "某专项", "主管部门", "某局"], ["资金", "12", "其中", "8"]],  # a pair of the form
        [["评价等级", "甲", "乙", "丙"], ["意见", "好", "好", "中"], ["结论", "是", "否", "是"]],  # names over words
    ],
)
def test_a_row_that_names_no_column_of_numbers_is_kept(rows: Sequence[Sequence[str]]) -> None:
    parts = [
        fragment(29, rows, [S] * len(rows), (TEXT,) * 4, title="考核表"),
        fragment(30, [rows[0], ["复核", "好", "中", "好"]], [S, S], (TEXT,) * 4),
    ]
    assert sum(table.n_rows for table in stitch(parts)) == len(rows) + 2
