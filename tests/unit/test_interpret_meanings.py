"""What rows mean beyond their own cells: codes, carried texts, differences; and the tables inside a form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lanci.document import Box, Caption, Cell, Column, HeaderRole, RowMeaning, RowRole, Table
from lanci.interpret import interpret, read_form_sums

CODE, NAME, AMOUNT, UNIT = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT, HeaderRole.UNIT_NAME
PROJECT, TEXT = HeaderRole.PROJECT_NAME, HeaderRole.TEXT


def make_table(roles: list[HeaderRole], rows: list[str], row_role: RowRole = RowRole.DETAIL) -> Table:
    """A table without header rows: a row is its texts between bars.

    ``<`` goes on to the right over the position, ``^`` down over it.
    """
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    cells = []
    for r, row in enumerate(texts):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            width = next((n for n in range(1, len(row) - c) if row[c + n] != "<"), len(row) - c)
            height = next((n for n in range(1, len(texts) - r) if texts[r + n][c] != "^"), len(texts) - r)
            cells.append(Cell(r, c, height, width, text, 1, Box(0, 0, 1, 1)))
    row_roles = tuple(RowRole.TOTAL if "合计" in row else row_role for row in texts)
    columns = tuple(Column(i, role) for i, role in enumerate(roles))
    head = ("t001", "other", "other", "all", "all", "none", 1.0)
    size = (len(rows), len(roles), 0)
    return interpret(Table(*head, Caption(unit="万元"), (), *size, row_roles, columns, (), tuple(cells)))


def meaning(table: Table, row: int) -> RowMeaning:
    return next((meaning for meaning in table.meanings if meaning.row == row), RowMeaning(row))


def within(table: Table) -> list[str]:
    """For each row the carried texts, from the outermost in, joined by slashes."""
    texts = table.to_rows()
    return ["/".join(texts[r][c] for r, c in meaning(table, row).within) for row in range(table.n_rows)]


def test_every_classification_before_the_same_amounts_counts():
    table = make_table(
        [CODE, CODE, CODE, AMOUNT], ["2150701-行政运行 | 50101-工资 | 30101-基本工资 | 5", "合计 | | | 5"]
    )
    found = [(code.code, code.level, code.name, code.classification) for code in meaning(table, 0).codes]
    assert found == [
        ("2150701", 3, "行政运行", "functional"),
        ("50101", 2, "工资", "government_economic"),
        ("30101", 2, "基本工资", "department_economic"),
    ]
    assert meaning(table, 1).codes == ()


def test_each_code_has_the_name_beside_it():
    roles = [CODE, CODE, NAME, CODE, NAME, AMOUNT]
    (row,) = make_table(roles, ["208 | 05 | 养老 | 301 | 工资 | 5"]).meanings
    assert [(code.code, code.name, code.cols) for code in row.codes] == [
        ("20805", "养老", (0, 1)),
        ("301", "工资", (3,)),
    ]


def test_class_and_unit_are_carried_to_the_items_below_them():
    rows = [
        "合计 | | 30 | 4",
        "货物 | | 20 | 1",
        "甲局 | | 8 | 1",
        " | 打印机 | 5 | 1",
        " | 桌子 | 3 |",
        "乙局 | | 12 | ",
        " | 纸 | 12 |",
        "服务 | | 10 | 3",
        "甲局 | | 10 | 3",
        " | 印刷 | 10 | 3",
    ]
    found = within(make_table([TEXT, HeaderRole.ITEM, AMOUNT, AMOUNT], rows))
    assert found[:5] == ["", "", "货物", "货物/甲局", "货物/甲局"]
    assert found[5:] == ["货物", "货物/乙局", "", "服务", "服务/甲局"]


def test_without_sums_a_heading_reaches_to_the_next():
    rows = ["甲局 | | ", " | 项目一 | 5", " | 项目二 | 3", "乙局 | | 9", " | 项目三 | 2", "合计 | | 10", " | 附 | 1"]
    found = within(make_table([UNIT, PROJECT, AMOUNT], rows))
    assert found == ["", "甲局", "甲局", "", "乙局", "", ""]


def test_sums_may_be_off_by_the_rounding_of_their_parts():
    rows = ["类 | | 10.1", "甲 | | 10.0", " | 一 | 5.02", " | 二 | 5.03"]
    assert within(make_table([UNIT, PROJECT, AMOUNT], rows)) == ["", "", "甲", "甲"]
    rows[0] = "类 | | 10.0"
    assert within(make_table([UNIT, PROJECT, AMOUNT], rows))[1:] == ["类", "类/甲", "类/甲"]


def test_a_label_in_the_first_of_its_rows_is_carried_too():
    rows = ["甲局 | 2025年 | 5", " | 2026年 | 7", "乙局 | 2025年 | 1", "^ | 2026年 | 1"]
    assert within(make_table([UNIT, TEXT, AMOUNT], rows)) == ["", "甲局", "", ""]


@pytest.mark.parametrize(
    ("roles", "rows"),
    [
        ([NAME, AMOUNT], ["教育 | 5", "卫生 | 5", " | 2"]),
        ([NAME, AMOUNT, NAME, AMOUNT], ["收入 | 5 | 教育 | 4", " | | 卫生 | 1"]),
        ([CODE, NAME, AMOUNT], ["201 | 教育 | 5", " | 卫生 | 5"]),
        ([UNIT, PROJECT, AMOUNT], ["总局 | | 9", "甲局 | | 4", "乙局 | | 5"]),
    ],
    ids=["one label", "right half", "code", "no items"],
)
def test_what_is_not_carried(roles: list[HeaderRole], rows: list[str]):
    assert not any(within(make_table(roles, rows)))


def test_a_change_is_the_difference_of_the_two_years_above_it():
    rows = ["甲 | 2025年 | 8.00 | 0", " | 2026年 | 7.60 | 0", " | 增减变化金额 | -0.40 | 0", " | 备注 | 1 | 0"]
    table = make_table([UNIT, TEXT, AMOUNT, AMOUNT], rows)
    assert [meaning(table, row).difference_of for row in range(4)] == [None, None, (1, 0), None]


@pytest.mark.parametrize(
    ("labels", "amounts"),
    [
        (("2025年", "2026年", "增减"), ("8", "7", "1")),
        (("2025年", "2026年", "变化"), ("8", "7", "12.5%")),
        (("办公费", "印刷费", "差旅费"), ("3", "5", "2")),
        (("2024年", "2025年", "2026年"), ("3", "5", "2")),
    ],
    ids=["other way round", "share", "items", "years"],
)
def test_what_is_no_difference(labels: tuple[str, ...], amounts: tuple[str, ...]):
    table = make_table([TEXT, AMOUNT], [f"{a} | {b}" for a, b in zip(labels, amounts, strict=True)])
    found = [meaning(table, row).difference_of for row in range(3)]
    assert found == [None, None, (0, 1) if labels[2] == "增减" else None]


FORM = [
    "部门名称 | < | 某某局 | < | < | <",
    "资金 | 总额 | 财政拨款 | < | 其他资金 | <",
    "^ | ^ | 基本支出 | 项目支出 | 基本支出 | 项目支出",
    "^ | 9.00 | 3.00 | 6.00 | | ",
    "目标 | 说明 | 完成全年任务 | < | < | <",
    "^ | 活动 | 指标 | < | 指标值 | 单位",
    "^ | 管理 | 样本数量 | < | 3396 | 人",
    "^ | 管理 | 保障率 | < | 100 | %",
    "备注 | 无 | < | < | < | <",
]


def test_headers_inside_a_form_begin_tables():
    above, below = make_table([TEXT] * 6, FORM, RowRole.SECTION).sub_tables
    assert (above.first_row, above.last_row, above.n_header_rows) == (1, 3, 2)
    assert [(c.first_col, c.path) for c in above.columns] == [
        (1, ("总额",)),
        (2, ("财政拨款", "基本支出")),
        (3, ("财政拨款", "项目支出")),
        (4, ("其他资金", "基本支出")),
        (5, ("其他资金", "项目支出")),
    ]
    assert (below.first_row, below.last_row, below.n_header_rows) == (5, 7, 1)
    assert [(c.first_col, c.last_col, *c.path) for c in below.columns][1] == (2, 3, "指标")


def test_the_header_of_a_table_is_none_inside_it():
    rows = [
        "名称 | 内容 | 数量",
        "桥 | 修 | 1",
        "路 | 建 | 2",
        "说明 | 无 | <",
        "单位 | 地点 | 人数",
        "甲 | 东 | 3",
        "乙 | 西 | 4",
    ]
    for n_header_rows in (0, 1):
        table = replace(make_table([TEXT] * 3, rows), n_header_rows=n_header_rows)
        (part,) = interpret(table).sub_tables
        assert (part.first_row, part.last_row) == (4, 6)


@pytest.mark.parametrize(
    "rows",
    [
        ["项目名称 | 修路 | 主管部门 | 交通局", "负责人 | 张三 | 科室 | 办公室", "起始 | 今年 | 终止 | 明年"],
        ["数量 | 3 | 质量", "时效 | 4 | 成本", "效益 | 5 | 满意"],
        ["指标 | 内容 | ", "一 | 二 | 三", "四 | 五 | 六"],
        ["指标 | 指标 | 数值", "一 | 二 | 3", "四 | 五 | 6"],
        ["年度 | 金额 | 来源", "今年 | 五 | 财政"],
    ],
    ids=["pairs", "values", "blank", "twice", "one record"],
)
def test_what_is_no_table_inside(rows: list[str]):
    n_cols = rows[0].count("|") + 1
    assert make_table([TEXT] * n_cols, rows, RowRole.SECTION).sub_tables == ()


def test_codes_are_not_read_where_columns_are_those_of_a_table_inside():
    form = [row.replace("3396", "500") for row in FORM]
    table = make_table([TEXT, TEXT, TEXT, TEXT, CODE, TEXT], form, RowRole.SECTION)
    detail = replace(table, row_roles=(*table.row_roles[:6], RowRole.DETAIL, RowRole.DETAIL, RowRole.SECTION))
    assert not any(entry.codes for entry in interpret(detail).meanings)
    records = make_table([CODE, TEXT, TEXT], ["500 | 样本 | 人", "501 | 人 | 家"])
    assert [len(entry.codes) for entry in records.meanings] == [1, 1]


MONEY = [
    "项目名称 | 修路 | < | < | <",
    "资金情况（万元） | 资金总额 | < | 745.00 | <",
    "^ | 财政拨款 | < | 700.00 | <",
    "^ | 其他资金 | < | 45.00 | <",
    "预算数 | 9.5 | 其中：财政拨款 | 9.5 | 24%",
    "受益人数 | 300 | 培训费 | 12 | <",
]


def form_amounts(table: Table) -> list[tuple[str, str, str, str]]:
    """Text, label, last measure and unit of each amount of a form."""
    texts = table.to_rows()
    return [(texts[a.row][a.col], texts[a.label[0]][a.label[1]], a.measures[-1], a.unit) for a in table.form_amounts]


def test_amounts_beside_the_labels_of_a_form():
    table = make_table([TEXT] * 5, MONEY, RowRole.SECTION)
    assert form_amounts(table) == [
        ("745.00", "资金总额", "total", "万元"),
        ("700.00", "财政拨款", "fiscal_appropriation", "万元"),
        ("45.00", "其他资金", "other_funds", "万元"),
        ("9.5", "预算数", "total", "万元"),
        ("9.5", "其中：财政拨款", "fiscal_appropriation", "万元"),
    ]
    assert [cell.text for cell in table.cells if cell.value is not None] == ["745.00", "700.00", "45.00", "9.5", "9.5"]
    sums = read_form_sums(table)
    assert [(found.total, found.parts) for found in sums] == [((1, 3), ((2, 3), (3, 3)))]  # 其中 alone is not all


def test_amounts_in_a_table_inside_a_form():
    table = make_table([TEXT] * 6, [*FORM[:3], "^ | 9.00 | 3.00 | 5.50 | 0.50 | ", *FORM[4:]], RowRole.SECTION)
    assert form_amounts(table) == [
        ("9.00", "资金", "total", "万元"),
        ("3.00", "资金", "basic_expenditure", "万元"),
        ("5.50", "资金", "project_expenditure", "万元"),
        ("0.50", "资金", "basic_expenditure", "万元"),
        ("", "资金", "project_expenditure", "万元"),
    ]
    assert table.form_amounts[1].path == ("财政拨款", "基本支出")
    assert [(found.total, found.parts) for found in read_form_sums(table)] == [
        ((3, 1), ((3, 2), (3, 3), (3, 4), (3, 5)))
    ]


def test_sources_named_by_a_header_row_or_left_blank_are_parts_too():
    rows = [
        "资金情况 | 资金总额 | 其中：财政拨款 | 上年结转 | 其他来源",
        "^ | 8.00 | 5.00 | 3.00 | ",
        "资金执行 | 年初预算数 | < | 全年执行数 | 执行率",
        "^ | 9.00 | < | 8.00 | 88%",
        "预算数 | 7.00 | 其中：财政资金 | 7.00 | <",
        "其他资金 | - | 目标 | 完成 | <",
    ]
    table = make_table([TEXT] * 5, rows, RowRole.SECTION)
    assert [(found.total, found.parts) for found in read_form_sums(table)] == [
        ((1, 1), ((1, 2), (1, 3), (1, 4))),
        ((4, 1), ((4, 3), (5, 1))),
    ]
    assert [a.measures[-1] for a in table.form_amounts if a.row == 3] == ["total", "executed"]


def test_a_table_without_lines_of_a_form_has_no_amounts_of_one():
    assert make_table([TEXT, TEXT], ["资金总额 | 745.00", "财政拨款 | 745.00"]).form_amounts == ()
