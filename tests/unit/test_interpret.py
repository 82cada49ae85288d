"""Interpretation: values, units, codes, column groups, item lists."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from lanci.document import Box, Caption, Cell, Column, HeaderRole, RowRole, Table
from lanci.interpret import (
    ItemKind,
    Measure,
    Printed,
    TableView,
    column_factor,
    column_measures,
    interpret,
    is_nothing,
    read_code_trees,
    read_column_sums,
    read_item_lists,
    text_to_printed,
    text_to_unit,
    unit_factor,
)
from lanci.interpret.vocabulary import VOCABULARY

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
    ("text", "printed"),
    [
        ("0", Printed.NUMBER),
        ("0.00", Printed.NUMBER),
        (" ", Printed.BLANK),
        ("——", Printed.DASH),
        ("／", Printed.SLASH),
        ("无", Printed.NONE),
        ("1,23.4", Printed.TEXT),
    ],
)
def test_zero_blank_and_the_marks_for_nothing_are_kept_apart(text: str, printed: Printed):
    assert text_to_printed(text) is printed


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("元", 1),
        ("百元", 100),
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


def test_amounts_have_the_unit_of_money_of_several_and_counts_have_none_of_the_table():
    columns = [(AMOUNT, "金额"), (HeaderRole.QUANTITY, "数量"), (AMOUNT, "车辆（辆）"), (AMOUNT, "增长率")]
    table = interpret(make_table(columns, ["1 | 2 | 3 | 4"], unit="亿元、%"))
    assert [column.meaning.unit for column in table.columns] == ["亿元", "", "辆", ""]
    assert [column_factor(table, col) for col in range(4)] == [100_000_000, None, None, None]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("资金总额（万元）", "万元"),
        ("单位：人民币万元", "人民币万元"),
        ("金额单位: 元", "元"),
        ("公务用车（辆）", "辆"),
        ("因公出国（境）费", ""),
        ("某单位（本级）", ""),
        ("事业单位经营收入", ""),
    ],
)
def test_units_printed_in_labels(text: str, unit: str):
    assert text_to_unit(text) == unit


def meanings_of(columns: list[ColumnSpec], year: int = 2022, **facets: str) -> list[str]:
    """For each column of amounts its measures, from the widest on, and its year if it has one."""
    table = replace(make_table(columns, [" | ".join("1" for _ in columns)], year=year), **facets)
    told = [column.meaning for column in interpret(table).columns if column.meaning.measures]
    return [" > ".join(m.measures) + (f" {m.year}" if m.year else "") for m in told]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["基本支出/小计", "基本支出/人员经费"], ["basic_expenditure", "basic_expenditure > personnel"]),
        (["合计", "本年收入/小计", "本年收入/基金预算"], ["total", "current_year", "current_year > government_fund"]),
        (["上年结转结余/小计", "上年结转结余/单位资金"], ["carry_over", "carry_over > own_funds"]),
        (["总额", "其中：/财政资金"], ["total", "of_which > fiscal_appropriation"]),
        (["公务用车购置及运行费", "其中/购置费"], ["official_vehicles", "of_which > vehicle_purchase"]),
        (["小计", "其中：预留给中小企业的项目资金规模"], ["total", "of_which"]),
        (["2021年预算数", "2022年预算数"], ["prior_year 2021", "total 2022"]),
        (["上年预算数", "本年预算数", "增减额", "增减%"], ["prior_year 2021", "current_year", "change", "change_rate"]),
        (["2021年决算数", "比2021年增减"], ["prior_year > final_account 2021", "change"]),
        (["物流业增加值", "占增加值比重"], ["other", "share"]),
        (["结转下年", "年终结转结余", "上年结转"], ["carry_forward", "carry_forward", "carry_over"]),
        (["预算数"], ["total"]),
        ([""], ["total"]),
    ],
)
def test_measures_follow_from_all_levels_of_the_header(paths: list[str], expected: list[str]):
    assert meanings_of([(AMOUNT, path) for path in paths]) == expected


def test_what_the_type_says_of_all_columns_is_not_repeated():
    columns = [(AMOUNT, f"本年一般公共预算基本支出/{leaf}") for leaf in ("合计", "人员经费")]
    assert meanings_of(columns, fund="general_public", scope="basic") == ["total", "personnel"]
    assert meanings_of(columns, scope="basic") == ["general_public_budget", "general_public_budget > personnel"]


def test_every_measure_of_the_vocabulary_is_explained_once():
    assert [entry.measure for entry in VOCABULARY if entry.pattern or entry.measure is Measure.OTHER] == [
        entry.measure for entry in VOCABULARY
    ]
    assert sorted(entry.measure for entry in VOCABULARY) == sorted(Measure)


def test_quantities_are_none_of_the_measures_of_money():
    columns = [(HeaderRole.QUANTITY, "1季度"), (HeaderRole.QUANTITY, "占比"), (NAME, "名称")]
    assert meanings_of(columns) == ["quantity", "share"]


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
    table = interpret(make_table([(AMOUNT, name) for name in names], ["1 | 1 | 1 | 1 | 0"]))
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
