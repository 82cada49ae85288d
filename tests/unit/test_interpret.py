"""Interpretation: values, units, codes, column groups, item lists."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lanci.document import Box, Caption, Cell, Column, HeaderRole, RowRole, Table
from lanci.interpret import (
    ItemKind,
    Measure,
    TableView,
    column_factor,
    column_measures,
    interpret,
    is_nothing,
    read_code_trees,
    read_column_sums,
    read_item_lists,
    unit_factor,
)

CODE, NAME, AMOUNT, ITEM = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT, HeaderRole.ITEM
ColumnSpec = tuple[HeaderRole, str]


def make_table(columns: list[ColumnSpec], rows: list[str], unit: str = "万元", year: int = 2022) -> Table:
    """A table without header rows; a row is its texts between bars, a column's path is joined by slashes."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    roles = tuple(RowRole.TOTAL if any(t in ("合计", "总计") for t in row) else RowRole.DETAIL for row in texts)
    cells = tuple(
        Cell(r, c, 1, 1, text, 1, Box(0, 0, 1, 1), role=columns[c][0])
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )
    described = tuple(Column(i, role, tuple(path.split("/")) if path else ()) for i, (role, path) in enumerate(columns))
    caption = Caption(title="表", unit=unit, fiscal_year=year)
    head = ("t001", "other", "other", "all", "all", "none", 1.0)
    return Table(*head, caption, (), len(rows), len(columns), 0, roles, described, (), cells)


def codes_of(table: Table) -> list[tuple[str, int, str]]:
    (tree,) = read_code_trees(TableView(table))
    return [(code.code, code.level, code.name) for code in tree.codes]


def test_values_are_exact_and_blank_is_not_zero():
    rows = ["1,234.50 | 0.00", " | -", "－3.6 | /", "1,23.4 | 无"]
    table = interpret(make_table([(AMOUNT, "合计"), (HeaderRole.QUANTITY, "数量")], rows))
    values = [cell.value for cell in table.cells]
    assert values == [Decimal("1234.50"), Decimal("0.00"), None, None, Decimal("-3.6"), None, None, None]
    assert str(values[0]) == "1234.50"


def test_only_numeric_columns_and_data_rows_get_values():
    from dataclasses import replace

    table = make_table([(CODE, "编码"), (AMOUNT, "合计")], ["201 | 5", "202 | 6"])
    table = replace(table, row_roles=(RowRole.SECTION, RowRole.DETAIL))
    assert [cell.value for cell in interpret(table).cells] == [None, None, None, Decimal(6)]


@pytest.mark.parametrize("text", ["", " ", "-", "—", "－－", "/", "无", "……"])
def test_marks_for_nothing(text: str):
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["0", "无锡", "-1", "l2"])
def test_other_texts_are_something(text: str):
    assert not is_nothing(text)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("元", 1),
        ("千元", 1000),
        ("万元", 10_000),
        ("单位：万元", 10_000),
        ("亿元", 100_000_000),
        ("人民币百万元", 1_000_000),
    ],
)
def test_units_of_money(unit: str, factor: int):
    assert unit_factor(unit) == factor


@pytest.mark.parametrize("unit", ["", "万吨", "元/吨", "台", "万吨/年"])
def test_what_is_no_money_has_no_factor(unit: str):
    assert unit_factor(unit) is None


def test_unit_in_the_header_goes_before_that_of_the_table():
    table = make_table([(AMOUNT, "价值（金额单位：万元）"), (AMOUNT, "原值")], ["1 | 2"], unit="元")
    assert (column_factor(table, 0), column_factor(table, 1)) == (10_000, 1)


def test_codes_in_one_column_make_a_tree():
    rows = [
        " | 合计 | 9",
        "201 | 一般公共服务支出 | 9",
        "20103 | 政府办 | 9",
        "2010301 | 行政运行 | 4",
        "2010350 | 事业运行 | 5",
    ]
    (tree,) = read_code_trees(TableView(make_table([(CODE, ""), (NAME, ""), (AMOUNT, "合计")], rows)))
    assert tree.parents == (None, 0, 1, 1)
    assert tree.codes[0].name == "一般公共服务支出"
    assert [(p.code, [c.code for c in cs]) for p, cs in tree.families()][1] == ("20103", ["2010301", "2010350"])


@pytest.mark.parametrize(
    "rows",
    [
        ["208 | | | 社保 | 3", "208 | 05 | | 养老 | 3", "208 | 05 | 02 | 离退休 | 3"],
        ["208 | | | 社保 | 3", " | 05 | | 养老 | 3", " | | 02 | 离退休 | 3"],
        ["208 | | | 社保 | 3", "208 | 20805 | | 养老 | 3", "208 | 20805 | 2080502 | 离退休 | 3"],
    ],
    ids=["repeated", "blank", "whole"],
)
def test_codes_split_over_three_columns(rows: list[str]):
    columns = [(CODE, "编码/类"), (CODE, "编码/款"), (CODE, "编码/项"), (NAME, "名称"), (AMOUNT, "合计")]
    found = codes_of(make_table(columns, rows))
    assert found == [("208", 1, "社保"), ("20805", 2, "养老"), ("2080502", 3, "离退休")]


def test_a_new_class_ends_the_carried_parts():
    rows = ["208 | 05 | 社保 | 3", "210 | | 卫生 | 4", " | 11 | 医疗 | 4"]
    columns = [(CODE, "类"), (CODE, "款"), (NAME, ""), (AMOUNT, "")]
    assert [code for code, _, _ in codes_of(make_table(columns, rows))] == ["20805", "210", "21011"]


def test_code_and_name_in_one_cell():
    rows = ["2150701-行政运行 | 3", "2070199其他文化和旅游支出 | 4", "3021101-差旅费 | 1", "434001 某单位 | 1"]
    found = codes_of(make_table([(CODE, "科目"), (AMOUNT, "合计")], rows))
    assert found == [("2150701", 3, "行政运行"), ("2070199", 3, "其他文化和旅游支出"), ("3021101", 3, "差旅费")]


def test_two_lists_side_by_side_are_two_trees():
    columns = [(CODE, ""), (NAME, ""), (AMOUNT, "a"), (CODE, ""), (NAME, ""), (AMOUNT, "b")]
    trees = read_code_trees(TableView(make_table(columns, ["301 | 工资 | 5 | 501 | 机关工资 | 6"])))
    assert [(tree.codes[0].code, tree.amount_cols) for tree in trees] == [("301", (2,)), ("501", (5,))]


def test_two_classifications_of_the_same_rows_are_one_tree():
    columns = [(CODE, "功能科目"), (CODE, "部门经济"), (AMOUNT, "合计")]
    trees = read_code_trees(TableView(make_table(columns, ["2010301 | 30101 | 5", "2010301 | 30102 | 6"])))
    assert [[code.code for code in tree.codes] for tree in trees] == [["2010301", "2010301"]]


def test_parts_of_a_total_end_with_its_group():
    names = ["合计", "本年收入/小计", "本年收入/财政拨款", "本年收入/事业收入", "上年结转", "比上年增减%"]
    sums = read_column_sums(make_table([(AMOUNT, name) for name in names], ["1 | 1 | 1 | 1 | 1 | 1"]))
    assert [(s.total, s.candidates[0], s.grouped) for s in sums] == [(0, (1, 4), False), (1, (2, 3), True)]


def test_parts_end_at_the_next_total_and_stay_in_their_year():
    names = ["2021年/合计", "2021年/基本支出", "2022年/合计", "2022年/基本支出", "2022年/项目支出"]
    table = make_table([(AMOUNT, name) for name in names], ["1 | 1 | 1 | 1 | 0"])
    assert [(s.total, s.candidates[0]) for s in read_column_sums(table)] == [(0, (1,)), (2, (3, 4))]
    assert dict(column_measures(table))[2] is Measure.TOTAL
    assert dict(column_measures(table))[0] is Measure.OTHER


def test_halves_of_a_summary():
    columns = [
        (ITEM, "收入/项目"),
        (AMOUNT, "收入/预算数"),
        (ITEM, "支出/项目"),
        (AMOUNT, "支出/合计"),
        (AMOUNT, "支出/其中"),
    ]
    rows = ["一、财政拨款 | 5 | 一、一般公共服务支出 | 5 |", "其中：本级 | 4 | （一）行政 | 5 |", "补助 | 1 | | |"]
    rows += ["本年收入合计 | 5 | 本年支出合计 | 5 |", "收入总计 | 5 | 支出总计 | 5 |"]
    income, spending = read_item_lists(TableView(make_table(columns, rows)))
    assert (income.side, income.amount_cols) == ("income", (1,))
    assert (spending.side, spending.amount_cols) == ("expenditure", (3, 4))
    kinds = [ItemKind.ITEM, ItemKind.PART, ItemKind.PART, ItemKind.TOTAL, ItemKind.GRAND]
    assert [item.kind for item in income.items] == kinds
    assert spending.items[0].name == "一般公共服务支出"
