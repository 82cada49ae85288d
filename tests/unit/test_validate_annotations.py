"""The findings on the annotated documents: the true errors of the sources, each of them, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tests.seeds import SEEDS

from lanci.annotation import load_annotation
from lanci.document import AmountStatus, CellRef, ConflictVerdict, Finding, HeaderRole, Table
from lanci.interpret import TableView, interpret
from lanci.validate import build_graph, validate
from lanci.validate.constraints import CERTAIN, Relation
from lanci.validate.context import DocumentContext
from lanci.validate.graph import is_dispute

FOLDER = Path(__file__).parents[2] / "annotations" / "documents"

Key = tuple[str, str, str, str | None, str | None]


@cache
def tables_of(name: str) -> tuple[Table, ...]:
    document = load_annotation(FOLDER / f"{name}.json")
    return tuple(interpret(annotated.table) for annotated in document.tables)


def keys_of(name: str) -> list[Key]:
    """Rule, table type, label of the row to be doubted, sum and print of every finding of a document."""
    tables, across = validate(tables_of(name))
    by_id = {table.id: table for table in tables}

    def key(finding: Finding) -> Key:
        first = finding.cells[0]
        table = by_id[first.table]
        return finding.rule, table.type, TableView(table).label(first.row), finding.expected, finding.found

    return [key(finding) for table in tables for finding in table.findings] + [key(f) for f in across]


@pytest.mark.parametrize("name", ["linxi-2021", "gaoyi-2021", "xushui-2024"])
def test_sound_documents_have_no_findings(name: str):
    # 徐水 prints 706.36 + 231.44 = 937.79 and 61.36 + 644.99 = 706.36: rounding.
    assert keys_of(name) == []


def test_a_line_with_a_total_and_an_empty_part_is_reported():
    line = "二、公务用车购置及运维费"
    assert keys_of("pingxiang-2023") == [
        ("row-sum", "three_public_expenses", line, "0", "20.00"),
        ("part-of-whole", "three_public_expenses", line, "20.00", ""),
    ]


def test_the_true_errors_of_julu_are_all_found_and_nothing_else():
    offices = "党委办公厅（室）及相关机构事务"
    classes = "一般公共服务支出"
    # Another amount of the offices would mend both the sum above it and that below.
    spending = [("1231.6", "1225.6"), ("461.54", "455.54"), ("1204.00", "1210"), ("451.94", "457.94")]
    vehicles = ("part-of-whole", "three_public_expenses", "二、公务用车购置及运维费", "50.00", "")
    running = "行政运行"  # 1210.00 is confirmed by its class, the lines under it by nothing but their own rows
    expected = [
        ("column-sum", "income_summary", classes, "1385.53", "1379.53"),  # the class is odd among the tables as well
        *[("column-sum", "income_summary", "合计", "1385.53", "1379.53")] * 2,
        *[("children-sum", "income_summary", running, "1204.00", "1210.00")] * 3,
        *[("children-sum", "expenditure_summary", offices, e, f) for e, f in spending],
        *[("children-sum", "general_public_expenditure", offices, e, f) for e, f in spending],
        *[vehicles] * 2,
        ("same-quantity", "income_summary", classes, "1225.6", "1231.60"),
    ]
    assert keys_of("julu-2022") == expected


def test_the_odd_table_out_leads_and_all_printings_are_named():
    _, found = validate(tables_of("julu-2022"))
    (finding,) = (one for one in found if one.rule == "same-quantity")
    types = {table.id: table.type for table in tables_of("julu-2022")}
    assert [types[ref.table] for ref in finding.cells] == [
        "income_summary",
        "budget_summary",
        "expenditure_summary",
        "fiscal_appropriation_summary",
        "general_public_expenditure",
    ]
    assert "1231.60" in finding.message
    assert "1225.6" in finding.message


def test_the_findings_of_julu_name_the_amounts_that_contradict_each_other():
    tables, _ = validate(tables_of("julu-2022"))
    cells = {CellRef(table.id, cell.row, cell.col): cell.text for table in tables for cell in table.cells}
    named = [
        (finding.cells[0].table, finding.cells[0].col, *sorted(cells[ref] for ref in finding.cells))
        for table in tables
        for finding in table.findings
    ]
    classes = ("1231.60", "1379.53", "45.25", "45.50", "63.18")
    items = ("10.08", "1210.00", "143.3", "146.50", "15.00", "889.12")
    trimmed = ("10.08", "1210", "143.3", "146.5", "15", "889.12")
    spending = [
        (table, *rest)
        for table in ("t003", "t005")
        for rest in (
            (3, "1210", "1225.6", "18", "3.6"),
            (4, "3.6", "455.54", "457.94"),
            (3, *trimmed),
            (4, "451.94", "457.94"),
        )
    ]
    assert named == [
        *(("t002", col, *classes) for col in (3, 4, 5)),
        *(("t002", col, *items) for col in (3, 4, 5)),
        *spending,
        *(("t009", col, "", "50.00") for col in (2, 3)),
    ]


@pytest.mark.parametrize("name", SEEDS)
def test_a_text_layer_is_not_misread(name: str):
    tables, across = validate(tables_of(name))
    verdicts = [finding.verdict for finding in (*(f for t in tables for f in t.findings), *across)]
    assert set(verdicts) <= {ConflictVerdict.SOURCE}


@pytest.mark.parametrize(
    ("name", "count"), [("julu-2022", 224), ("linxi-2021", 108), ("pingxiang-2023", 158), ("xushui-2024", 221)]
)
def test_an_amount_is_proven_where_all_that_is_claimed_of_it_holds(name: str, count: int):
    tables, _ = validate(tables_of(name))
    graph = build_graph(DocumentContext.of(tables_of(name)))
    covered = []
    for table in tables:
        for cell in table.cells:
            around = graph.around(CellRef(table.id, cell.row, cell.col))
            claims = [c for c in around if c.certainty >= CERTAIN and c.proves and c.relation is Relation.EQUAL]
            if cell.value and claims and not any(map(is_dispute, around)):
                covered.append(cell)
    assert len(covered) >= count
    assert [cell for cell in covered if cell.status is not AmountStatus.PROVEN] == []


def main_amounts(name: str) -> list[tuple[str, int, int]]:
    """Every amount that is printed in the main tables of a document."""
    kinds = {"summary", "income", "expenditure"}
    return [
        (table.id, cell.row, cell.col)
        for table in tables_of(name)
        if table.kind in kinds
        for cell in table.cells
        if cell.value and cell.role is HeaderRole.AMOUNT
    ]


@pytest.mark.parametrize("name", ["linxi-2021", "xushui-2024", "pingxiang-2023"])
def test_an_error_planted_in_any_main_amount_is_found(name: str):
    """The leading digit of each amount in turn is misread; some finding names the cell."""
    missed = []
    for place in main_amounts(name):
        planted = tuple(plant(table, place) for table in tables_of(name))
        tables, across = validate(planted)
        findings = [finding for table in tables for finding in table.findings] + list(across)
        if not any(place == (ref.table, ref.row, ref.col) for finding in findings for ref in finding.cells):
            missed.append(place)
    assert missed == []


def plant(table: Table, place: tuple[str, int, int]) -> Table:
    if table.id != place[0]:
        return table
    cells = tuple(
        replace(cell, text=("7" if cell.text[0] != "7" else "1") + cell.text[1:])
        if (cell.row, cell.col) == place[1:]
        else cell
        for cell in table.cells
    )
    return interpret(replace(table, cells=cells))
