"""The figures that are counted of documents and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from lanci.document import Table
from lanci.validate.summary import summarize_amounts


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of documents, or of tables; ``to_review`` counts ``cells``, the others of a status ``amounts``."""

    documents: int = 0
    pages: int = 0
    tables: int = 0
    cells: int = 0
    to_review: int = 0
    amounts: int = 0
    proven: int = 0
    conflict: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(mine + theirs for mine, theirs in zip(_counts(self), _counts(other), strict=True)))

    @property
    def unchecked(self) -> int:
        return self.amounts - self.proven - self.conflict


_counts = attrgetter(*Tally.__dataclass_fields__)


def tables_to_tally(tables: Sequence[Table], pages: int = 0) -> Tally:
    """The counts of one document, or of some of its tables."""
    status = summarize_amounts(tables)
    cells = [cell for table in tables for cell in table.cells]
    return Tally(
        documents=1,
        pages=pages,
        tables=len(tables),
        cells=len(cells),
        to_review=sum(cell.needs_review for cell in cells),
        amounts=status.amounts,
        proven=status.proven,
        conflict=status.conflict,
    )
