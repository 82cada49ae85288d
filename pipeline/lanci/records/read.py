"""From a document to its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Context
from functools import partial

from lanci.document import Cell, Document, Measure, RowRole, Table
from lanci.entities import EntityMatch, normalise
from lanci.interpret import DATA_ROWS, NUMERIC_ROLES, Printed, text_to_printed, text_to_unit, unit_factor
from lanci.numbers import parse_amount
from lanci.records.record import TidyRecord
from lanci.records.rows import RowFacts, RowReader

_CHANGES = frozenset({Measure.CHANGE, Measure.CHANGE_RATE})
_SHARES = frozenset({Measure.CHANGE_RATE, Measure.SHARE})
_EXACT = Context(prec=1000)
_JOINT = " / "


@dataclass(frozen=True, slots=True)
class _Amount:
    """What column or form say of an amount; ``budget_year`` is that of the table."""

    header: str
    measures: tuple[Measure, ...]
    unit: str
    year: int | None
    budget_year: int | None


def tidy_records(document: Document, place: EntityMatch | None = None) -> Iterator[TidyRecord]:
    """The amounts of a document, table by table in the order of the cells.

    Whatever is printed where an amount belongs has a record, also a mark for nothing and a text that is no number;
    blank cells have none.

    Args:
        document: the document.
        place: whose document it is; None for what the document itself tells.
    """
    division_code = (normalise(document) if place is None else place).division_code
    source = document.source
    make_any = partial(TidyRecord, document=source.sha256, file=source.name, division_code=division_code)
    entities = {table.caption.entity for table in document.tables if table.caption.entity}
    years = {table.caption.fiscal_year for table in document.tables if table.caption.fiscal_year is not None}
    entity = entities.pop() if len(entities) == 1 else ""
    year = years.pop() if len(years) == 1 else None
    for table in document.tables:
        known_year = table.caption.fiscal_year or year
        make = _record_of_table(make_any, table, table.caption.entity or entity, known_year)
        yield from _records_of_table(table, make, known_year)


def _record_of_table(
    make: Callable[..., TidyRecord], table: Table, entity: str, year: int | None
) -> Callable[..., TidyRecord]:
    """The record with all that the amounts of a table have in common."""
    return partial(
        make,
        table=table.id,
        type=table.type,
        kind=table.kind,
        fund=table.fund,
        scope=table.scope,
        classification=table.classification,
        title=table.caption.title,
        entity=entity,
        entity_code=table.caption.entity_code,
        fiscal_year=year,
    )


def _records_of_table(table: Table, make: Callable[..., TidyRecord], year: int | None) -> Iterator[TidyRecord]:
    columns = {
        column.index: _Amount(
            _JOINT.join(column.path), column.meaning.measures, column.meaning.unit, column.meaning.year, year
        )
        for column in table.columns
        if column.role in NUMERIC_ROLES
    }
    in_form = {(amount.row, amount.col): amount for amount in table.form_amounts}
    if not columns and not in_form:
        return
    reader = RowReader(table)
    for cell in table.cells:
        if not cell.text:
            continue
        role = table.row_roles[cell.row]
        if (found := in_form.get((cell.row, cell.col))) is not None:
            amount = _Amount(_JOINT.join(found.path), found.measures, found.unit, None, year)
            yield _to_record(make, cell, role, amount, reader.form_facts(found))
        elif cell.col in columns and role in DATA_ROWS and cell.row >= table.n_header_rows:
            yield _to_record(make, cell, role, columns[cell.col], reader.facts(cell.row, cell.col))


def _measures(amount: _Amount, facts: RowFacts) -> tuple[Measure, ...]:
    """The measures of the column with what its row adds: 增减变化, or a year before the budget year."""
    measures = amount.measures or (Measure.OTHER,)
    if facts.is_change:
        return (*measures, Measure.CHANGE)
    year, budget_year = facts.year, amount.budget_year
    if year is None or budget_year is None or year >= budget_year or Measure.PRIOR_YEAR in measures:
        return measures
    return (Measure.PRIOR_YEAR,) if measures == (Measure.TOTAL,) else (Measure.PRIOR_YEAR, *measures)


def _to_record(
    make: Callable[..., TidyRecord], cell: Cell, role: RowRole, amount: _Amount, facts: RowFacts
) -> TidyRecord:
    measures = _measures(amount, facts)
    unit = text_to_unit(facts.name) or amount.unit
    printed, value = Printed.NUMBER, cell.value
    if value is None:
        printed = text_to_printed(cell.text)
        if measures[-1] in _SHARES and cell.text[-1] in "%％":
            value = parse_amount(cell.text[:-1])
            printed, unit = (printed, unit) if value is None else (Printed.NUMBER, "%")
    factor = None if value is None else unit_factor(unit)
    first, *others = facts.codes or (None,)
    return make(
        row=cell.row,
        col=cell.col,
        row_role=role,
        spending_unit=facts.spending_unit,
        spending_unit_code=facts.spending_unit_code,
        project=facts.project,
        project_code=facts.project_code,
        code="" if first is None else first.code,
        code_classification="" if first is None else first.classification,
        other_codes=_JOINT.join(f"{code.code} {code.name}".rstrip() for code in others if code is not None),
        name=facts.name,
        within=_JOINT.join(facts.within),
        measure=measures[-1],
        measure_groups=_JOINT.join(measures[:-1]),
        header=amount.header,
        year=None if not _CHANGES.isdisjoint(measures) else facts.year or amount.year or amount.budget_year,
        text=cell.text,
        printed=printed,
        value=value,
        unit=unit,
        yuan=None if factor is None or value is None else _EXACT.multiply(value, factor),
        page=cell.page,
        x0=round(cell.box.x0, 2),
        y0=round(cell.box.y0, 2),
        x1=round(cell.box.x1, 2),
        y1=round(cell.box.y1, 2),
        source=cell.source,
        confidence=round(cell.confidence, 4),
        needs_review=cell.needs_review,
        status=cell.status,
        proofs=cell.proofs,
    )
