"""Misread or wrong in the source: small tables of which cells were read by OCR."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from lanci.document import (
    Alternative,
    AmountStatus,
    Box,
    Caption,
    Cell,
    CellRef,
    Column,
    ConflictVerdict,
    Finding,
    HeaderRole,
    RowRole,
    Table,
    TextSource,
)
from lanci.interpret import interpret
from lanci.validate import build_graph, validate
from lanci.validate.constraints import cell_to_term
from lanci.validate.context import DocumentContext
from lanci.validate.misreading.judgements import find_misreadings
from lanci.validate.misreading.readings import other_readings, reading_of

AMOUNT = HeaderRole.AMOUNT
CODED = [(HeaderRole.SUBJECT_CODE, "编码"), (HeaderRole.SUBJECT_NAME, "名称")]
CODED += [(AMOUNT, "合计"), (AMOUNT, "基本支出"), (AMOUNT, "项目支出")]
MISREADING, SOURCE, OPEN = ConflictVerdict.MISREADING, ConflictVerdict.SOURCE, ConflictVerdict.OPEN
ROWS = (
    " | 合计 | 2157.25 | 1203.15 | 954.10",
    "201 | 服务 | 1234.50 | 900.00 | 334.50",
    "208 | 社保 | 601.45 | 201.45 | 400.00",
    "210 | 卫生 | 321.30 | 101.70 | 219.60",
)
BY_OCR = 0.998


def make_table(*rows: str, doubts: dict[tuple[int, int], float] | None = None, table_id: str = "t001") -> Table:
    """A coded table read by OCR, sure of all but the cells in ``doubts``."""
    texts = [[text.strip() for text in row.split("|")] for row in rows]
    cells = tuple(
        Cell(r, c, 1, 1, text, 1, Box(0, 0, 1, 1), TextSource.OCR, (doubts or {}).get((r, c), BY_OCR), role=CODED[c][0])
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    )
    columns = tuple(Column(index, role, (path,)) for index, (role, path) in enumerate(CODED))
    roles = tuple(RowRole.TOTAL if "合计" in row else RowRole.DETAIL for row in texts)
    head = (table_id, "expenditure_summary", "expenditure", "all", "all", "functional", 1.0)
    caption = Caption(title=f"表 {table_id}", unit="万元")
    return interpret(Table(*head, caption, (), len(rows), len(columns), 0, roles, columns, (), cells))


def misread(old: str, new: str, rows: tuple[str, ...] = ROWS) -> tuple[str, ...]:
    assert sum(row.count(old) for row in rows) == 1
    return tuple(row.replace(old, new) for row in rows)


def with_others(table: Table, place: tuple[int, int], *texts: str) -> Table:
    others = tuple(Alternative(text, 0.1) for text in texts)
    cells = (replace(c, alternatives=others) if (c.row, c.col) == place else c for c in table.cells)
    return replace(table, cells=tuple(cells))


def findings_of(*tables: Table) -> list[Finding]:
    checked, across = validate(tables)
    return [finding for table in checked for finding in table.findings] + list(across)


def brief(findings: list[Finding]) -> list[tuple[str | None, ConflictVerdict | None, tuple[int, int]]]:
    return [(f.proposal, f.verdict, (f.cells[0].row, f.cells[0].col)) for f in findings]


@pytest.mark.parametrize(
    ("printed", "read", "place"),
    [
        ("201.45", "207.45", (2, 3)),
        ("201.45", "20145", (2, 3)),
        ("201.45", "2011.45", (2, 3)),
        ("201.45", "21.45", (2, 3)),
        ("1203.15", "1203.65", (0, 3)),
    ],
)
def test_a_misreading_under_two_sums_is_mended_in_both_findings(printed: str, read: str, place: tuple[int, int]):
    table = make_table(*misread(printed, read), doubts={place: 0.6})
    assert brief(findings_of(table)) == [(printed, MISREADING, place)] * 2
    (checked,), _ = validate([table])
    cell = checked.cell_at(*place)
    assert cell is not None
    assert (cell.text, cell.status, cell.needs_review) == (read, AmountStatus.CONFLICT, True)


def test_another_reading_of_the_recogniser_needs_no_usual_mistake():
    table = with_others(make_table(*misread("201.45", "9.99"), doubts={(2, 3): 0.9}), (2, 3), "201.45", "1.00")
    assert brief(findings_of(table)) == [("201.45", MISREADING, (2, 3))] * 2


def test_what_is_no_number_gets_the_reading_that_the_sums_ask_for():
    rows = misread("1234.50", "1,234.50", misread("601.45", "6.01.45"))
    (finding,) = findings_of(make_table(*rows, doubts={(2, 2): 0.4}))
    assert (finding.rule, finding.proposal, finding.verdict) == ("unreadable-amount", "601.45", MISREADING)


def test_two_misreadings_in_one_row_are_told_apart_by_their_columns():
    rows = misread("201.45", "207.45", misread("400.00", "480.00"))
    findings = findings_of(make_table(*rows, doubts={(2, 3): 0.6, (2, 4): 0.5}))
    assert {(f.proposal, f.cells[0].col) for f in findings} == {("201.45", 3), ("400.00", 4)}
    assert {f.verdict for f in findings} == {MISREADING}


def test_two_cells_that_would_both_mend_a_sum_are_a_misreading_without_proposal():
    """Only one sum holds them: 3.00 + 8.00 = 10.00 asks for 2.00 or for 7.00."""
    rows = (" | 合计 | 10.00 ||", "201 | 服务 | 3.00 ||", "208 | 社保 | 8.00 ||")
    (finding,) = findings_of(make_table(*rows, doubts={(1, 2): 0.5, (2, 2): 0.5}))
    assert (finding.proposal, finding.verdict) == (None, MISREADING)


def test_a_sure_reading_that_no_usual_mistake_explains_is_what_the_source_prints():
    findings = findings_of(make_table(*misread("201.45", "350.10")))
    assert {(f.proposal, f.verdict) for f in findings} == {(None, SOURCE)}


def test_a_sure_reading_one_digit_off_is_not_mended():
    findings = findings_of(make_table(*misread("201.45", "207.45")))
    assert len(findings) == 2
    assert {f.proposal for f in findings} == {None}


def test_text_is_never_doubted():
    table = with_others(make_table(*misread("201.45", "207.45"), doubts={(2, 3): 0.1}), (2, 3), "201.45")
    text = replace(table, cells=tuple(replace(cell, source=TextSource.TEXT) for cell in table.cells))
    assert {(f.proposal, f.verdict) for f in findings_of(text)} == {(None, SOURCE)}


def test_a_text_beside_doubtful_cells_is_not_what_is_mended():
    """The wrong amount is text; the doubtful total would mend its column but break its row."""
    table = make_table(*misread("201.45", "207.45"), doubts={(0, 3): 0.3})
    cells = (replace(c, source=TextSource.TEXT) if (c.row, c.col) == (2, 3) else c for c in table.cells)
    assert {f.proposal for f in findings_of(replace(table, cells=tuple(cells)))} == {None}


def test_a_chain_over_two_tables_tells_which_amount_is_meant():
    """Within the first table 321.30 or the total could be wrong; the second prints both again."""
    plain = tuple(row.rsplit("|", 2)[0] + "||" for row in ROWS)
    table = make_table(*misread("321.30", "321.80", plain), doubts={(3, 2): 0.5, (0, 2): 0.5})
    other = make_table(*ROWS, table_id="t002")
    findings = [f for f in findings_of(table, other) if f.verdict is not None]
    assert {f.rule for f in findings} == {"column-sum", "same-quantity"}
    assert {(f.proposal, f.cells[0]) for f in findings} == {("321.30", CellRef("t001", 3, 2))}


def test_a_source_error_elsewhere_hides_no_misreading():
    rows = misread("201.45", "207.45", misread("219.60", "871.05"))
    findings = findings_of(make_table(*rows, doubts={(2, 3): 0.6}))
    assert {(f.proposal, f.verdict) for f in findings if f.cells[0].col == 3} == {("201.45", MISREADING)}
    assert {(f.proposal, f.verdict) for f in findings if f.cells[0].col == 4} == {(None, SOURCE)}


def test_a_row_that_was_read_one_column_off_is_a_misreading_without_proposals():
    rows = (ROWS[0], ROWS[1], "208 | 社保 || 601.45 | 201.45", ROWS[3])
    findings = findings_of(make_table(*rows))
    assert len(findings) == 4
    assert {(f.proposal, f.verdict, f.cells[0].row) for f in findings} == {(None, MISREADING, 2)}


def test_what_is_too_much_to_search_is_open():
    rows = [f"{code} | 科目 | {code}.11 | 7.35 | 8.91" for code in range(201, 230)]
    table = make_table(*(" | 合计 | 99.00 | 98.00 | 1.00", *rows), doubts=dict.fromkeys(((0, 2), (0, 3)), 0.5))
    graph = build_graph(DocumentContext.of([table]))
    first = find_misreadings(graph)
    assert first == find_misreadings(graph)
    assert first.proposals == {}


@pytest.mark.parametrize(
    ("read", "value", "text"),
    [
        ("1,284.50", "1234.50", "1,234.50"),
        ("1284.5", "1234.50", "1234.5"),
        ("12.50", "-12.50", "-12.50"),
        ("0.80", "0.00", "0.00"),
        ("", "3.00", None),
        ("0.80", "0.93", "0.93"),
    ],
)
def test_readings_are_written_as_the_table_writes(read: str, value: str, text: str | None):
    (cell,) = (c for c in make_table(f"201 | 服务 | {read} ||").cells if c.col == 2)
    reading = reading_of(cell_to_term(CellRef("t001", 0, 2), cell, 2), Decimal(value))
    assert reading is not None
    assert reading.text == text
    assert 0 < reading.odds < 1


def test_look_alikes_are_likelier_and_other_amounts_no_readings():
    (cell,) = (c for c in make_table("201 | 服务 | 8.00 ||").cells if c.col == 2)
    term = cell_to_term(CellRef("t001", 0, 2), cell, 2)
    alike, other = reading_of(term, Decimal("3.00")), reading_of(term, Decimal("7.00"))
    assert alike is not None
    assert other is not None
    assert alike.odds > other.odds
    assert [reading_of(term, Decimal(value)) for value in ("8.00", "512.40", "123.00")] == [None, None, None]
    faint = replace(cell, alternatives=(Alternative("5.00", 1e-6), Alternative("8.0", 0.5), Alternative("x", 0.5)))
    (reading,) = other_readings(replace(term, cell=faint))
    assert (reading.text, reading.odds < 1e-5) == ("5.00", True)
