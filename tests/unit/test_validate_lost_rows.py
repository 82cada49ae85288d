"""Rows that were lost and amounts that moved: what tells of them, and what they must not prove."""

from decimal import Decimal

import pytest

from lanci.document import (
    AmountStatus,
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    Finding,
    HeaderRole,
    RowRole,
    Severity,
    Table,
)
from lanci.interpret import interpret
from lanci.validate import validate
from lanci.validate.constraints import Constraint, Term, Wording, cell_to_term, make_parts
from lanci.validate.graph import Graph
from lanci.validate.structure.nesting import find_parents, find_short_line

CODE, NAME, ITEM, AMOUNT = HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME, HeaderRole.ITEM, HeaderRole.AMOUNT
BOX = Box(0, 0, 1, 1)
NESTED = [
    "局本级 | 812.37",
    "工资 | 512.11",
    "基本工资 | 300.05",
    "津贴 | 150.02",
    "奖金 | 62.04",
    "商品 | 300.26",
    "办公费 | 100.13",
    "差旅费 | 200.13",
]
HEADED = [
    "甲单位 | | 30.07",
    " | 修路 | 10.03",
    " | 架桥 | 20.04",
    "乙单位 | | 7.19",
    " | 植树 | 7.00",
    " | 浇水 | 0.19",
]
CODED = [
    " | 合计 | 96.31",
    "201 | 一般 | 96.31",
    "20103 | 办公 | 61.17",
    "2010301 | 行政 | 61.17",
    "20108 | 审计 | 35.14",
    "2010801 | 行政 | 30.10",
    "2010804 | 业务 | 5.04",
]


def make_table(
    columns: list[tuple[HeaderRole, str]], rows: list[str], table_id: str = "t1", kind: str = "other"
) -> Table:
    """A table without header rows; a row is its texts between bars, a column's path is joined by slashes."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    cells = tuple(
        Cell(r, c, 1, 1, text, 1, BOX, role=columns[c][0]) for r, row in enumerate(texts) for c, text in enumerate(row)
    )
    roles = tuple(RowRole.TOTAL if "合计" in row else RowRole.DETAIL for row in texts)
    described = tuple(Column(i, role, tuple(path.split("/"))) for i, (role, path) in enumerate(columns))
    head = (table_id, kind, kind, "all", "all", "functional", 1.0)
    return interpret(
        Table(*head, Caption(title=table_id, unit="万元"), (), len(rows), len(columns), 0, roles, described, (), cells)
    )


def findings_of(*tables: Table) -> list[Finding]:
    checked, across = validate(tables)
    return [finding for table in checked for finding in table.findings] + list(across)


def plain(rows: list[str]) -> Table:
    return make_table([(ITEM, "项目"), (AMOUNT, "金额")], rows)


def without(rows: list[str], lost: int) -> list[str]:
    return [*rows[:lost], *rows[lost + 1 :]]


@pytest.mark.parametrize("lost", [2, 3, 4])
def test_a_line_without_codes_that_lost_a_part_is_told_by_the_sums_above(lost: int):
    assert findings_of(plain(NESTED)) == []
    (finding,) = findings_of(plain(without(NESTED, lost)))
    assert (finding.found, CellRef("t1", 1, 1) in finding.cells) == ("512.11", True)


@pytest.mark.parametrize(
    ("amounts", "parents"),
    [
        (["5.00", "2.00", "3.01"], [None, 0, 0]),  # three roundings
        (["5.00", "5.01"], [None, None]),  # printed twice, rounded once
        (["5.00", "5.00", "0.00"], [None, 0, None]),
    ],
)
def test_lines_are_parts_up_to_rounding(amounts: list[str], parents: list[int | None]):
    assert find_parents([term(row, text) for row, text in enumerate(amounts)]) == parents


def test_no_line_is_short_where_nothing_adds_up():
    assert find_short_line([term(row, text) for row, text in enumerate(("9.00", "5.00", "3.00", "1.50"))]) is None


@pytest.mark.parametrize("lost", [1, 2, 4, 5])
def test_rows_stand_under_the_row_whose_label_is_left_of_theirs(lost: int):
    columns = [(ITEM, "单位"), (ITEM, "项目"), (AMOUNT, "金额")]
    assert findings_of(make_table(columns, HEADED)) == []
    told = {ref.row for finding in findings_of(make_table(columns, without(HEADED, lost))) for ref in finding.cells}
    assert (0 if lost < 3 else 3) in told


def test_a_total_over_a_single_line_is_that_line():
    (finding,) = findings_of(plain(["货物 | 5.13", "合计 | 7.20"]))
    assert (finding.rule, finding.severity) == ("column-sum", Severity.WARNING)
    assert findings_of(plain(["货物 | 7.20", "合计 | 7.20"])) == []


@pytest.mark.parametrize(("lost", "told"), [(2, True), (4, True), (5, True), (None, False)])
def test_a_subject_that_another_table_prints_may_have_lost_its_row(lost: int | None, told: bool):
    columns = [(CODE, "编码"), (NAME, "名称"), (AMOUNT, "合计")]
    rows = CODED if lost is None else without(CODED, lost)
    tables = make_table(columns, CODED, "t1", "income"), make_table(columns, rows, "t2", "expenditure")
    found = [finding for finding in findings_of(*tables) if finding.rule == "missing-subject"]
    assert bool(found) == told
    assert all(finding.cells[0].table == "t2" and finding.cells[1] == CellRef("t1", lost, 2) for finding in found)


def test_an_amount_beside_the_blank_that_misses_it_is_not_proven():
    columns = [(AMOUNT, path) for path in ("合计", "出国", "接待", "用车/小计", "用车/购置", "用车/运行")]

    def statuses(row: str) -> list[AmountStatus | None]:
        (checked,), _ = validate([make_table([(ITEM, "单位"), *columns], [f"局 | {row}"])])
        return [cell.status for cell in checked.cells[1:]]

    assert statuses("27.09 | | | 27.09 | 18.69 | 8.40")[3] is AmountStatus.PROVEN
    assert statuses("27.09 | | 27.09 | | 18.69 | 8.40")[2] is not AmountStatus.PROVEN


def term(row: int, text: str, places: int = 2) -> Term:
    cell = Cell(row, 0, 1, 1, text, 1, BOX, role=AMOUNT, value=Decimal(text))
    return cell_to_term(CellRef("t1", row, 0), cell, places)


def test_a_sum_that_only_rounding_explains_does_not_confirm_a_finer_amount():
    def make_sum(row: int, last: Term) -> Constraint:
        parts = make_parts([term(row + 1, "1.00"), last])
        return Constraint("sum", term(row, "3.01"), parts, 0.95, Severity.ERROR, Wording("各项", "its parts"))

    rounded = [make_sum(row, term(row + 2, "2.00")) for row in (0, 10, 20)]
    finer = make_sum(30, term(32, "2.001", 3))
    graph = Graph.of([*rounded, finer])
    assert [graph.proofs(CellRef("t1", row, 0)) for row in (2, 30, 31, 32)] == [1, 1, 1, 0]


@pytest.mark.parametrize(("wrong", "told"), [({3}, True), ({3, 7}, True), ({3, 7, 9}, False)])
def test_few_rows_of_many_may_disagree_where_no_header_says_what_the_parts_are(wrong: set[int], told: bool):
    columns = [(ITEM, "项目"), (AMOUNT, "合计"), (AMOUNT, "其中/人员"), (AMOUNT, "其中/公用")]
    rows = [f"项 | {3 * row + 4 + (row in wrong)}.00 | {row + 1}.00 | {2 * row + 3}.00" for row in range(20)]
    found = {finding.cells[0].row for finding in findings_of(make_table(columns, rows)) if finding.rule == "row-sum"}
    assert found == (wrong if told else set())
