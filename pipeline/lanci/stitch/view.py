"""Looking at labelled fragments: cells by position, body rows, columns by role."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lanci.document import Cell, HeaderRole, LabelledFragment, RowRole
from lanci.numbers import looks_numeric
from lanci.text import squash

_NAMED = 0.7
"""A header names at least this share of the columns."""
HEADER_ROLES = (RowRole.HEADER, RowRole.COLUMN_NUMBER)


@dataclass(frozen=True)
class FragmentView:
    """A labelled fragment with its cells by position; made once per fragment, never handed on."""

    labelled: LabelledFragment
    _at: dict[tuple[int, int], Cell] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        covered = {(r, c): cell for cell in self.labelled.fragment.cells for r in cell.rows for c in cell.cols}
        object.__setattr__(self, "_at", covered)

    @property
    def n_rows(self) -> int:
        return self.labelled.fragment.n_rows

    @property
    def n_cols(self) -> int:
        return self.labelled.fragment.n_cols

    @property
    def roles(self) -> tuple[RowRole, ...]:
        return self.labelled.row_roles

    def cell(self, row: int, col: int) -> Cell | None:
        """The cell that covers the position, or None where nothing is printed."""
        return self._at.get((row, col))

    def text(self, row: int, col: int) -> str:
        """The text for comparing of the cell that covers the position; "" where there is none."""
        cell = self._at.get((row, col))
        return squash(cell.text) if cell else ""

    def row_cells(self, row: int) -> tuple[Cell, ...]:
        """The cells that begin in the row, from left to right."""
        return tuple(
            cell
            for col in range(self.n_cols)
            if (cell := self._at.get((row, col))) is not None and cell.row == row and cell.col == col
        )

    def row_text(self, row: int) -> str:
        """The row's texts for comparing in one string."""
        return "|".join(text for cell in self.row_cells(row) if (text := squash(cell.text)))

    def is_blank(self, row: int) -> bool:
        """Whether the row has no text at all."""
        return not any(self.text(row, col) for col in range(self.n_cols))

    @cached_property
    def body(self) -> tuple[int, ...]:
        """The rows below the header that are data: neither header rows nor notes."""
        start = min(self.labelled.n_header_rows, self.n_rows)
        return tuple(
            row
            for row in range(start, self.n_rows)
            if self.roles[row] not in HEADER_ROLES and self.roles[row] is not RowRole.NOTE
        )

    @property
    def header(self) -> tuple[int, ...]:
        """The header and column-number rows at the top, without the key/value rows among them."""
        return tuple(r for r in range(self.labelled.n_header_rows) if self.roles[r] in HEADER_ROLES)

    @cached_property
    def header_is_plausible(self) -> bool:
        """Whether the rows labelled header name most columns, and not with numbers, as headers do.

        A data row at the top of a part without a header is easily mislabelled.
        """
        rows = [row for row in self.header if self.roles[row] is RowRole.HEADER]
        if any(looks_numeric(cell.text) for row in rows for cell in self.row_cells(row)):
            return False
        named = sum(1 for col in range(self.n_cols) if any(self.text(row, col) for row in rows))
        return named >= _NAMED * self.n_cols

    def columns_of(self, role: HeaderRole) -> tuple[int, ...]:
        """The columns with this role, from left to right."""
        return tuple(c for c, (found, _) in enumerate(self.labelled.column_roles) if found is role)

    @cached_property
    def numeric_shares(self) -> tuple[float | None, ...]:
        """The share of numbers among the printed texts of each column's body; None for an empty column."""
        shares: list[float | None] = []
        for col in range(self.n_cols):
            texts = [text for row in self.body if (text := self.text(row, col))]
            shares.append(sum(map(looks_numeric, texts)) / len(texts) if texts else None)
        return tuple(shares)
