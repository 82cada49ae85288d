"""Finding things in a parsed document: what a page shows of its tables, which texts stand in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lanci.document import Cell, Document, RowRole, Table, TableFragment
from lanci.text import squash

_HEADERS = (RowRole.HEADER, RowRole.COLUMN_NUMBER)
_SHOWN = 100
"""Most characters of a text that a message shows."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one page shows of a table."""

    table: Table
    fragment: TableFragment

    @property
    def rows(self) -> range:
        """The rows of the table on the page, header rows included."""
        return range(self.fragment.first_row, self.fragment.last_row + 1)

    @property
    def cells(self) -> Iterator[Cell]:
        """Cells that cover one of the rows, also when the page shows only their lower end."""
        first, end = self.rows.start, self.rows.stop
        return (cell for cell in self.table.cells if cell.row < end and cell.row + cell.row_span > first)

    @property
    def data_rows(self) -> list[int]:
        """Rows on the page that are no headers."""
        return [row for row in self.rows if is_data(self.table, row)]


def is_data(table: Table, row: int) -> bool:
    """Whether a row is neither a header row, wherever it stands, nor one of column numbers."""
    return row >= table.n_header_rows and table.row_roles[row] not in _HEADERS


def parts_on(document: Document, page: int) -> list[Part]:
    """The parts of tables on a page, from the top; those beside each other from the left."""
    parts = [Part(table, f) for table in document.tables for f in table.fragments if f.page == page]
    return sorted(parts, key=lambda part: (part.fragment.box.y0, part.fragment.box.x0))


def texts_of_row(table: Table, row: int) -> list[str]:
    """The texts of all cells that cover a row, left to right, without empty ones."""
    cells = [cell for cell in table.cells if row in cell.rows and cell.text]
    return [cell.text for cell in sorted(cells, key=lambda cell: cell.col)]


def prints(pattern: str, text: str) -> bool:
    """Whether a text is the expected one, white space and width forms aside; ``…`` at its end leaves the rest open."""
    if pattern.endswith("…"):
        return squash(text).startswith(squash(pattern[:-1]))
    return squash(text) == squash(pattern)


def holds(patterns: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether texts hold the expected ones in their order, with others before, between and after them."""
    rest = iter(texts)
    return all(any(prints(pattern, text) for text in rest) for pattern in patterns)


def shorten(text: str) -> str:
    """A text for a message."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
