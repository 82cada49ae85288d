"""What a check of the ground truth reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that contradicts itself; ``row`` and ``col`` are those of the cell to blame, if one is."""

    document: str
    table: str
    message: str
    row: int | None = None
    col: int | None = None

    def __str__(self) -> str:
        place = [self.document] + ([f"table {self.table}"] if self.table else [])
        if self.row is not None:
            place.append(f"row {self.row}" if self.col is None else f"cell ({self.row}, {self.col})")
        elif self.col is not None:
            place.append(f"column {self.col}")
        return f"{', '.join(place)}: {self.message}"


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem before it knows its document and table."""

    message: str
    row: int | None = None
    col: int | None = None

    def at(self, document: str, table: str) -> Problem:
        """The problem that this is in a table of a document."""
        return Problem(document, table, self.message, self.row, self.col)
