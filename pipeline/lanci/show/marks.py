"""What is to be drawn on one page: boxes with the reason for each, and the findings that concern it."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.document import Box, Cell, Document, Finding, HeaderRole, Table, TableFragment
from lanci.override import REASONS


@dataclass(frozen=True, slots=True)
class CellMark:
    """One printed part of a cell; ``header`` cells are tinted, others framed."""

    box: Box
    role: HeaderRole | None
    header: bool
    needs_review: bool


@dataclass(frozen=True, slots=True)
class TableMark:
    """The part of a table on the page, with a label: its place as overrides name it, its id and type."""

    box: Box
    label: str


@dataclass(frozen=True, slots=True)
class FindingMark:
    """A finding with its number in the document and its cells on the page (none: it is only listed)."""

    number: int
    finding: Finding
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class PageMarks:
    """Everything to draw on one page."""

    tables: tuple[TableMark, ...]
    cells: tuple[CellMark, ...]
    findings: tuple[FindingMark, ...]


def page_to_marks(document: Document, page: int) -> PageMarks:
    """The marks of one page (from 1)."""
    return PageMarks(
        tables=tuple(
            TableMark(fragment.box, _label(document, table, fragment))
            for table in document.tables
            for fragment in table.fragments
            if fragment.page == page
        ),
        cells=tuple(
            CellMark(box, cell.role, cell.row < table.n_header_rows, cell.needs_review)
            for table in document.tables
            for cell in table.cells
            for box in _boxes_on_page(cell, page)
        ),
        findings=tuple(_finding_marks(document, page)),
    )


def _label(document: Document, table: Table, fragment: TableFragment) -> str:
    label = f"{fragment.place}  {table.id} {table.type} ({table.type_probability:.2f})"
    for override in document.overrides:
        if (override.page, override.table) == (fragment.page, fragment.number):
            label += f"  {REASONS[override.action]}"
    return label


def _finding_marks(document: Document, page: int) -> list[FindingMark]:
    marks = []
    homes = [table.fragments[0].page for table in document.tables for _ in table.findings]
    first = document.pages[0].number if document.pages else 1
    homes += [finding.places[0].page if finding.places else first for finding in document.findings]
    for number, (finding, home) in enumerate(zip(document.all_findings, homes, strict=True), start=1):
        cells = [cell for ref in finding.cells if (cell := document.table(ref.table).cell_at(ref.row, ref.col))]
        prose = [place.box for place in finding.places if place.page == page]
        boxes = (*(box for cell in cells for box in _boxes_on_page(cell, page)), *prose)
        if boxes or (not cells and page == home):
            marks.append(FindingMark(number, finding, boxes))
    return marks


def _boxes_on_page(cell: Cell, page: int) -> list[Box]:
    boxes = [cell.box] if cell.page == page else []
    return boxes + [place.box for place in cell.continued if place.page == page]
