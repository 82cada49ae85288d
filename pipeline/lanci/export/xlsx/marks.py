"""Which cells of a document a reader should look at twice, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from lanci.document import AmountStatus, Cell, CellRef, Document, Finding, Severity


class Doubt(IntEnum):
    """How a marked cell is coloured; of several the greatest wins."""

    FINDING = 1
    REVIEW = 2
    CONFLICT = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """The doubt about a cell and its reasons, sentences for the user."""

    doubt: Doubt
    reasons: tuple[str, ...]


class CellIndex:
    """The cells of a document by their place."""

    def __init__(self, document: Document) -> None:
        self._tables = {table.id: table for table in document.tables}
        self._cells = {CellRef(table.id, cell.row, cell.col): cell for table in document.tables for cell in table.cells}

    def find(self, ref: CellRef) -> Cell | None:
        """The cell that a finding names, also by a place that it only covers."""
        cell = self._cells.get(ref)
        if cell is not None:
            return cell
        table = self._tables.get(ref.table)
        return None if table is None else table.cell_at(ref.row, ref.col)


def document_to_marks(document: Document, index: CellIndex) -> Mapping[CellRef, Mark]:
    """The marks of all doubtful cells: in conflict, to review, or named by an error or warning."""
    reasons: dict[CellRef, list[str]] = defaultdict(list)
    for finding in document.all_findings:
        if finding.severity is not Severity.INFO:
            places = ((ref.table, index.find(ref)) for ref in finding.cells)
            for ref in dict.fromkeys(CellRef(table, cell.row, cell.col) for table, cell in places if cell):
                reasons[ref].append(finding_to_reason(finding))
    marks: dict[CellRef, Mark] = {}
    for table in document.tables:
        for cell in table.cells:
            ref = CellRef(table.id, cell.row, cell.col)
            found = [*_own_reasons(cell), *reasons.get(ref, ())]
            if found:
                marks[ref] = Mark(_doubt(cell), tuple(found))
    return marks


def finding_to_reason(finding: Finding) -> str:
    """A finding as one line of a comment."""
    proposal = f"; may read {finding.proposal}" if finding.proposal else ""
    return f"{finding.severity.value} {finding.rule}: {finding.message}{proposal}"


def _doubt(cell: Cell) -> Doubt:
    if cell.status is AmountStatus.CONFLICT:
        return Doubt.CONFLICT
    return Doubt.REVIEW if cell.needs_review else Doubt.FINDING


def _own_reasons(cell: Cell) -> list[str]:
    reasons: list[str] = []
    if cell.status is AmountStatus.CONFLICT:
        reasons.append("in conflict with other amounts of the document")
    if cell.needs_review:
        others = ", ".join(f"{one.text or 'blank'} ({one.probability:.2f})" for one in cell.alternatives)
        reasons.append(f"to review: read with confidence {cell.confidence:.2f}" + (f"; or: {others}" if others else ""))
    return reasons
