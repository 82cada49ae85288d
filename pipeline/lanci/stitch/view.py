"""Looking at labelled fragments: cells by position, body rows, columns by role."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from lanci.document import Cell, HeaderRole, LabelledFragment, RowRole
from lanci.numbers import looks_numeric, parse_amount
from lanci.stitch.leaves import Leaves, join_leaves, row_to_leaves
from lanci.stitch.row_codes import Levels, RowCodes, read_row_codes
from lanci.text import squash

_NAMED = 0.7
"""A header names at least this share of the columns."""
_MIN_NAMES = 3
"""So many names in a row of a form are no key with its value."""
HEADER_ROLES = (RowRole.HEADER, RowRole.COLUMN_NUMBER)
TOTAL_ROLES = (RowRole.TOTAL, RowRole.SUBTOTAL)

Labels = tuple[str, str]
"""What a row is called: its first two texts that are no numbers, "" where there are fewer."""


@dataclass(frozen=True)
class FragmentView:
    """A labelled fragment with its cells by position; made once per fragment, never handed on.

    A part is compared with its neighbours by many signs, so all that is derived from its cells is worked out
    once. ``open_above`` are the levels of a code that the part before leaves open (see :meth:`below`). ``is_misfit``
    tells that the part was brought onto the columns of another one without being sure which are its own.
    """

    labelled: LabelledFragment
    open_above: Levels = ()
    is_misfit: bool = False

    @property
    def n_rows(self) -> int:
        return self.labelled.fragment.n_rows

    @property
    def n_cols(self) -> int:
        return self.labelled.fragment.n_cols

    @property
    def roles(self) -> tuple[RowRole, ...]:
        return self.labelled.row_roles

    @cached_property
    def owners(self) -> tuple[tuple[Cell | None, ...], ...]:
        """By row and column the cell that covers the position, or None where nothing is printed."""
        n_cols = self.n_cols
        owners: list[list[Cell | None]] = [[None] * n_cols for _ in range(self.n_rows)]
        for cell in self.labelled.fragment.cells:
            for line in owners[cell.row : cell.row + cell.row_span]:
                for col in range(cell.col, min(cell.col + cell.col_span, n_cols)):
                    line[col] = cell
        return tuple(map(tuple, owners))

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """By row and column the text for comparing of the cell that covers the position; "" where there is none."""
        return tuple(
            tuple(squash(cell.text) if cell is not None and cell.text else "" for cell in line) for line in self.owners
        )

    @cached_property
    def _begun(self) -> tuple[tuple[Cell, ...], ...]:
        return tuple(
            tuple(cell for col, cell in enumerate(line) if cell is not None and cell.col == col and cell.row == row)
            for row, line in enumerate(self.owners)
        )

    @cached_property
    def _row_texts(self) -> tuple[str, ...]:
        return tuple(
            "|".join(text for cell in cells if (text := line[cell.col]))
            for cells, line in zip(self._begun, self.lines, strict=True)
        )

    def cell(self, row: int, col: int) -> Cell | None:
        """The cell that covers the position, or None where nothing is printed."""
        return self.owners[row][col] if 0 <= row < self.n_rows and 0 <= col < self.n_cols else None

    def text(self, row: int, col: int) -> str:
        """The text for comparing of the cell that covers the position; "" where there is none."""
        return self.lines[row][col] if 0 <= row < self.n_rows and 0 <= col < self.n_cols else ""

    def row_cells(self, row: int) -> tuple[Cell, ...]:
        """The cells that begin in the row, from left to right."""
        return self._begun[row]

    def row_text(self, row: int) -> str:
        """The row's texts for comparing in one string."""
        return self._row_texts[row]

    def is_blank(self, row: int) -> bool:
        """Whether the row has no text at all."""
        return not any(self.lines[row])

    @cached_property
    def body(self) -> tuple[int, ...]:
        """The rows below the header that are data: neither header rows nor notes."""
        start = min(self.labelled.n_header_rows, self.n_rows)
        return tuple(
            row
            for row in range(start, self.n_rows)
            if self.roles[row] not in HEADER_ROLES and self.roles[row] is not RowRole.NOTE
        )

    @cached_property
    def merged_columns(self) -> frozenset[int]:
        """The columns that hold a cell of several rows below or between the header rows."""
        return frozenset(
            cell.col
            for cell in self.labelled.fragment.cells
            if cell.row_span > 1 and self.roles[cell.row] not in HEADER_ROLES
        )

    @cached_property
    def complete_cells(self) -> tuple[tuple[int, int], ...]:
        """By column how many cells that touch neither end of the part have a text, and how many there are.

        Header rows are left out; a cell counts for the column where it begins.
        """
        rows = [row for row, role in enumerate(self.roles) if role not in HEADER_ROLES]
        counts = [[0, 0] for _ in range(self.n_cols)]
        for row in rows[1:]:
            for cell in self._begun[row]:
                if row + cell.row_span < self.n_rows:
                    counts[cell.col][0] += bool(cell.text)
                    counts[cell.col][1] += 1
        return tuple((filled, total) for filled, total in counts)

    @cached_property
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
        named = sum(1 for col in range(self.n_cols) if any(self.lines[row][col] for row in rows))
        return named >= _NAMED * self.n_cols

    @cached_property
    def _columns(self) -> Mapping[HeaderRole, tuple[int, ...]]:
        found: dict[HeaderRole, tuple[int, ...]] = {}
        for col, (role, _) in enumerate(self.labelled.column_roles):
            found[role] = (*found.get(role, ()), col)
        return found

    def columns_of(self, role: HeaderRole) -> tuple[int, ...]:
        """The columns with this role, from left to right."""
        return self._columns.get(role, ())

    @cached_property
    def numeric_shares(self) -> tuple[float | None, ...]:
        """The share of numbers among the printed texts of each column's body; None for an empty column.

        The label of a total, which may stand among codes or serial numbers, says nothing of its column.
        """
        shares: list[float | None] = []
        for col in range(self.n_cols):
            printed = ((self.lines[row][col], self.roles[row] in TOTAL_ROLES) for row in self.body)
            found = [(looks_numeric(text), is_total) for text, is_total in printed if text]
            counted = [numeric for numeric, is_total in found if numeric or not is_total]
            shares.append(sum(counted) / len(counted) if counted else None)
        return tuple(shares)

    @cached_property
    def cell_roles(self) -> tuple[HeaderRole, ...]:
        """The role of each cell, in the order of the fragment's cells; one written to the cell itself stands."""
        labelled = self.labelled
        header_roles = iter(labelled.header_roles)
        roles = []
        for cell in labelled.fragment.cells:
            role = labelled.column_roles[cell.col][0]
            if cell.row < labelled.n_header_rows:
                role = next(header_roles, (role, 0.0))[0]
            roles.append(cell.role or _role_in_row(self.roles[cell.row], role))
        return tuple(roles)

    @cached_property
    def labels(self) -> tuple[Labels, ...]:
        """The labels of each row, without 序号; of a key/value row its key only."""
        serial = self.columns_of(HeaderRole.ROW_NUMBER)
        return tuple(
            _line_to_labels(line, serial, with_second=role is not RowRole.SECTION)
            for line, role in zip(self.lines, self.roles, strict=True)
        )

    @cached_property
    def body_labels(self) -> tuple[Labels, ...]:
        """The labels of the body's rows."""
        return tuple(self.labels[row] for row in self.body)

    @cached_property
    def data_labels(self) -> tuple[Labels, ...]:
        """The labels of the body's rows without key/value rows."""
        return tuple(self.labels[row] for row in self.body if self.roles[row] is not RowRole.SECTION)

    @cached_property
    def _row_codes(self) -> RowCodes:
        columns = self.columns_of(HeaderRole.SUBJECT_CODE)
        rows = [
            ["" if role is RowRole.COLUMN_NUMBER else line[col] for col in columns]
            for line, role in zip(self.lines, self.roles, strict=True)
        ]
        return read_row_codes(rows, self.open_above)

    @property
    def codes(self) -> tuple[str, ...]:
        """By row the subject code, "" for none; 类, 款 and 项 in columns of their own are put together."""
        return self._row_codes.codes

    def below(self, upper: FragmentView) -> FragmentView:
        """The part as it reads where it goes on with ``upper``, with the levels of codes that are open there."""
        if not self._row_codes.leans_above or upper._row_codes.open_below == self.open_above:
            return self
        return replace(self, open_above=upper._row_codes.open_below)

    @cached_property
    def leaves(self) -> Leaves | None:
        """The coded rows of the body with their amounts."""
        return self.leaves_of(self.body)

    def leaves_of(self, rows: Iterable[int]) -> Leaves | None:
        """The coded ones of some rows with their first amounts, a blank being 0; None without codes or amounts."""
        return join_leaves(
            row_to_leaves(self.codes[row], parse_amount(self.lines[row][col]) or Decimal(0))
            for col in self.columns_of(HeaderRole.AMOUNT)[:1]
            for row in rows
            if self.codes[row]
        )

    @cached_property
    def detail_sums(self) -> tuple[tuple[Decimal, int], ...]:
        """By column the sum of the amounts of the body's details, and how many amounts there are."""
        sums = []
        for col in range(self.n_cols):
            texts = (self.lines[row][col] for row in self.body if self.roles[row] is RowRole.DETAIL)
            amounts = [amount for text in texts if text and (amount := parse_amount(text)) is not None]
            sums.append((sum(amounts, Decimal(0)), len(amounts)))
        return tuple(sums)

    @cached_property
    def coded_amounts(self) -> tuple[tuple[str, Decimal], ...]:
        """The coded rows of the body with their first amounts, a blank being 0; empty without a column of amounts."""
        return tuple(
            (self.codes[row], parse_amount(self.lines[row][col]) or Decimal(0))
            for col in self.columns_of(HeaderRole.AMOUNT)[:1]
            for row in self.body
            if self.codes[row]
        )

    @cached_property
    def header_texts(self) -> tuple[tuple[RowRole, str], ...]:
        """Role and text of all rows that a next page may print again.

        Header rows come with and without the cells that reach into them from above, for a copy may begin with any of
        them; key/value rows count above the body, or where they are the header of a table inside a form.
        """
        in_header = [
            (role, self.row_text(row))
            for row, role in enumerate(self.roles)
            if role in HEADER_ROLES or (role is RowRole.SECTION and row < self.labelled.n_header_rows)
        ]
        whole = [(self.roles[row], self._line_text(row)) for row in self.header]
        inner = [
            (role, self.row_text(row))
            for row, role in enumerate(self.roles)
            if role is RowRole.SECTION and row >= self.labelled.n_header_rows and self._names_columns(row)
        ]
        return (*in_header, *whole, *inner)

    def _line_text(self, row: int) -> str:
        """The texts of all cells that cover the row, each once, in one string."""
        owners, line = self.owners[row], self.lines[row]
        begun = [col for col, cell in enumerate(owners) if not col or cell is not owners[col - 1]]
        return "|".join(text for col in begun if (text := line[col]))

    def _names_columns(self, row: int) -> bool:
        """Whether the row, labelled like any other of a form, names columns, one of them of nothing but numbers."""
        names = [cell for cell in self.row_cells(row) if cell.text]
        if len(names) < _MIN_NAMES or any(looks_numeric(cell.text) for cell in names):
            return False
        below = range(row + 1, self.n_rows)
        columns = [[self.text(other, cell.col) for other in below] for cell in names if cell.row_span == 1]
        return len(below) > 1 and any(all(map(looks_numeric, texts)) for texts in columns)


def _role_in_row(row_role: RowRole, role: HeaderRole) -> HeaderRole:
    if row_role in (RowRole.SECTION, RowRole.NOTE):
        return HeaderRole.TEXT
    return HeaderRole.COLUMN_NUMBER if row_role is RowRole.COLUMN_NUMBER else role


def _line_to_labels(line: Sequence[str], serial: Collection[int], *, with_second: bool) -> Labels:
    first = ""
    for col, text in enumerate(line):
        if text and text != first and col not in serial and parse_amount(text) is None:
            if first:
                return first, text
            if not with_second:
                return text, ""
            first = text
    return first, ""
