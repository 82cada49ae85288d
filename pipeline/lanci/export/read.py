"""From a document to its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from operator import attrgetter
from pathlib import PurePath
from typing import Any

from lanci.bulk import LedgerEntry
from lanci.document import Cell, CellRef, Document, Finding, Measure, PageKind, Table
from lanci.errors import LanciError
from lanci.export.origin import Origin, document_to_origin
from lanci.export.relations import Relation
from lanci.export.rows import (
    DOCUMENTS,
    FINDING_PLACES,
    FINDINGS,
    RECORDS,
    STATEMENTS,
    TABLES,
    AmountRow,
    Direction,
    DocumentRow,
    FindingPlaceRow,
    FindingRow,
    Phase,
    SourceRow,
    StatementRow,
    TableRow,
)
from lanci.interpret.vocabulary import text_to_measures
from lanci.records import COLUMNS, TidyRecord, tidy_records
from lanci.text import squash
from lanci.validate.summary import summarize_amounts

_FUNCTIONAL = "functional"
_JOINT = " / "
_NO_SIDE = frozenset({"fixed_assets", "organization", "performance_targets", "overall_performance", "other"})
"""Kinds of tables whose amounts are no budget of their own."""


@dataclass(frozen=True)
class ReadDocument:
    """A document with the names by which it came, and its rows."""

    document: Document
    names: tuple[str, ...] = ()

    @property
    def named(self) -> Document:
        """The document with the first of its files' names: a store names it by its content."""
        if not self.names:
            return self.document
        return replace(self.document, source=replace(self.document.source, name=PurePath(self.names[0]).name))

    @cached_property
    def origin(self) -> Origin:
        """Where and of which year it is."""
        return document_to_origin(self.document, self.names)

    def rows(self) -> Iterator[tuple[Relation, list[Any]]]:
        """The rows of every relation but the sources, in the order of the relations."""
        yield DOCUMENTS, [_document_row(self.document, self.origin)]
        yield TABLES, [_table_row(self.document, table) for table in self.document.tables]
        yield RECORDS, [_amount_row(record, self.origin) for record in tidy_records(self.document, self.origin.entity)]
        yield from _findings(self.document)
        yield STATEMENTS, _statements(self.document)


def entry_to_rows(entry: LedgerEntry, unread: LanciError | None = None) -> list[SourceRow]:
    """What the ledger says of a content: a row for each name by which it came, or one without a name.

    Args:
        entry: of the ledger.
        unread: why its result could not be taken, where that is so.
    """
    return [
        SourceRow(
            path=path,
            document=entry.sha256 or "",
            state=entry.state,
            has_result=bool(entry.key) and unread is None,
            outdated=entry.outdated,
            category=entry.category if unread is None else unread.category,
            message=entry.message if unread is None else str(unread),
            page=entry.page if unread is None else unread.page,
        )
        for path in entry.paths or ("",)
    ]


def _document_row(document: Document, origin: Origin) -> DocumentRow:
    entity = origin.entity
    status = summarize_amounts(document.tables)
    scanned = (PageKind.SCANNED, PageKind.MIXED)
    return DocumentRow(
        document=document.source.sha256,
        file=document.source.name,
        media_type=document.source.media_type,
        entity=entity.printed,
        department=entity.department,
        budget_year=origin.year,
        budget_year_from=origin.year_from,
        province=origin.province,
        city=entity.city,
        county=entity.county,
        division_code=entity.division_code,
        place_score=entity.score,
        place_basis=entity.basis,
        place_candidates="; ".join(f"{one.code} {one.name}" for one in entity.candidates),
        n_pages=document.source.n_pages,
        n_scanned=sum(page.kind in scanned for page in document.pages),
        n_tables=len(document.tables),
        n_proven=status.proven,
        n_unchecked=status.unchecked,
        n_conflict=status.conflict,
        n_to_review=sum(cell.needs_review for table in document.tables for cell in table.cells),
        n_findings=len(document.all_findings),
        software="; ".join(f"{name} {version}" for name, version in document.software),
    )


def _table_row(document: Document, table: Table) -> TableRow:
    status = summarize_amounts((table,))
    return TableRow(
        document=document.source.sha256,
        table=table.id,
        type=table.type,
        kind=table.kind,
        fund=table.fund,
        scope=table.scope,
        classification=table.classification,
        type_probability=round(table.type_probability, 4),
        title=table.title,
        entity=table.caption.entity,
        entity_code=table.caption.entity_code,
        fiscal_year=table.caption.fiscal_year,
        unit=table.caption.unit,
        first_page=table.fragments[0].page,
        last_page=table.fragments[-1].page,
        n_rows=table.n_rows,
        n_cols=table.n_cols,
        n_header_rows=table.n_header_rows,
        link_probability=round(min(part.probability for part in table.fragments), 4),
        companion=table.companion or "",
        notes="\n".join(table.notes),
        n_proven=status.proven,
        n_unchecked=status.unchecked,
        n_conflict=status.conflict,
        n_to_review=sum(cell.needs_review for cell in table.cells),
    )


_record_values = attrgetter(*COLUMNS)
_make_row: Callable[..., AmountRow] = AmountRow


def _amount_row(record: TidyRecord, origin: Origin) -> AmountRow:
    functional = record.code_classification == _FUNCTIONAL
    added = (  # in the order of the fields
        record.fiscal_year or origin.year,
        origin.province,
        record.code if functional else "",
        "" if functional else record.code,
        _direction(record.kind, record.header),
        _phase(record.title, record.measure_groups, record.measure),
    )
    return _make_row(*_record_values(record), *added)


@lru_cache(maxsize=4096)
def _direction(kind: str, header: str) -> Direction:
    """In summaries income and expenditure stand side by side, each under its word."""
    if kind == "income":
        return Direction.REVENUE
    if kind != "summary":
        return Direction.UNKNOWN if kind in _NO_SIDE else Direction.EXPENDITURE
    words = squash(header)
    sides = [side for side, word in ((Direction.REVENUE, "收入"), (Direction.EXPENDITURE, "支出")) if word in words]
    return sides[0] if len(sides) == 1 else Direction.UNKNOWN


@lru_cache(maxsize=4096)
def _phase(title: str, groups: str, measure: Measure) -> Phase:
    measures = {*groups.split(_JOINT), measure}
    if not measures.isdisjoint({Measure.EXECUTED, Measure.FINAL}) or Measure.FINAL in text_to_measures(title):
        return Phase.EXECUTED
    if Measure.ADJUSTED in measures:
        return Phase.ADJUSTED
    # The year before may be told as it was budgeted or as it was spent.
    return Phase.UNKNOWN if Measure.PRIOR_YEAR in measures else Phase.APPROVED


def _findings(document: Document) -> Iterator[tuple[Relation, list[Any]]]:
    cells = {(table.id, cell.row, cell.col): cell for table in document.tables for cell in table.cells}
    owners = [table.id for table in document.tables for _ in table.findings]
    owners += [""] * len(document.findings)
    rows: list[FindingRow] = []
    places: list[FindingPlaceRow] = []
    for number, (owner, finding) in enumerate(zip(owners, document.all_findings, strict=True), start=1):
        found = list(_places(document, number, finding, cells))
        places += found
        rows.append(
            FindingRow(
                document=document.source.sha256,
                finding=number,
                rule=finding.rule,
                severity=finding.severity,
                message=finding.message,
                table=owner,
                page=found[0].page if found else None,
                expected=finding.expected or "",
                found=finding.found or "",
                proposal=finding.proposal or "",
                verdict=finding.verdict,
            )
        )
    yield FINDINGS, rows
    yield FINDING_PLACES, places


def _places(
    document: Document, number: int, finding: Finding, cells: dict[tuple[str, int, int], Cell]
) -> Iterator[FindingPlaceRow]:
    known = ((ref, cells.get((ref.table, ref.row, ref.col)) or _covering(document, ref)) for ref in finding.cells)
    spots = [(ref.table, ref.row, ref.col, cell.page, cell.box) for ref, cell in known if cell is not None]
    spots_of_text = [("", None, None, place.page, place.box) for place in finding.places]
    for index, (table, row, col, page, box) in enumerate((*spots, *spots_of_text), start=1):
        corners = [round(value, 2) for value in (box.x0, box.y0, box.x1, box.y1)]
        yield FindingPlaceRow(document.source.sha256, number, index, table, row, col, page, *corners)


def _covering(document: Document, ref: CellRef) -> Cell | None:
    """The spanning cell that a reference points into."""
    return document.table(ref.table).cell_at(ref.row, ref.col)


def _statements(document: Document) -> list[StatementRow]:
    return [
        StatementRow(
            document=document.source.sha256,
            statement=number,
            page=statement.places[0].page,
            heading=statement.heading,
            text=statement.text,
            confidence=round(statement.confidence, 4),
        )
        for number, statement in enumerate(document.statements, start=1)
    ]
