"""Expectations of what a row means: its role, its codes, what is carried to it, its values with their unit."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lanci.document import RowMeaning, Table
from lanci.interpret import column_factor
from lanci_eval.cases.lookup import Part, holds, prints, texts_of_row
from lanci_eval.cases.records import Problem
from lanci_eval.cases.tables import OfTable


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRow(OfTable):
    """What is expected of the row on the page that holds these texts from left to right; of several, of one."""

    row: tuple[str, ...]

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`lanci_eval.cases.tables.OfTable`."""
        rows = [row for row in part.rows if holds(self.row, texts_of_row(part.table, row))]
        if not rows:
            return self.differ(f"a row {self.name}", "none")
        found = [self.check_row(part.table, row) for row in rows]
        return min(found, key=len)

    @property
    def name(self) -> str:
        return " | ".join(self.row)

    @abstractmethod
    def check_row(self, table: Table, row: int) -> list[Problem]:
        """What is not as expected in the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRoleIs(OfRow):
    """The row is ``role``: header, column_number, total, subtotal, detail, section or note."""

    role: str

    def check_row(self, table: Table, row: int) -> list[Problem]:
        """See :class:`OfRow`."""
        found = table.row_roles[row].value
        return [] if found == self.role else self.differ(f"row {self.name} as {self.role}", found)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCodes(OfRow):
    """The subject codes of the row from left to right, each with its name behind a space, and their ``levels``."""

    codes: tuple[str, ...]
    levels: tuple[int, ...] = ()

    def check_row(self, table: Table, row: int) -> list[Problem]:
        """See :class:`OfRow`."""
        codes = _meaning(table, row).codes
        found = [f"{code.code} {code.name}" for code in codes]
        problems = _compare(self, f"codes of {self.name}", self.codes, found)
        levels = tuple(code.level for code in codes)
        if self.levels and levels != self.levels:
            problems += self.differ(f"levels {self.levels} of {self.name}", str(levels))
        return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWithin(OfRow):
    """The texts that are carried to the row from rows above, from the outermost to the innermost."""

    texts: tuple[str, ...]

    def check_row(self, table: Table, row: int) -> list[Problem]:
        """See :class:`OfRow`."""
        cells = [table.cell_at(*place) for place in _meaning(table, row).within]
        found = [cell.text for cell in cells if cell is not None]
        return _compare(self, f"{self.name} within", self.texts, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDifference(OfRow):
    """The row is the difference of two others, which hold the texts ``later`` and ``earlier``."""

    later: str
    earlier: str

    def check_row(self, table: Table, row: int) -> list[Problem]:
        """See :class:`OfRow`."""
        expected = f"{self.name} as the difference of {self.later} and {self.earlier}"
        rows = _meaning(table, row).difference_of
        if rows is None:
            return self.differ(expected, "no difference")
        pairs = zip((self.later, self.earlier), rows, strict=True)
        right = all(holds((text,), texts_of_row(table, other)) for text, other in pairs)
        return [] if right else self.differ(expected, f"that of rows {rows[0]} and {rows[1]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueIs(OfRow):
    """The value of the row, with the decimals that are printed, in the ``column`` with this header path.

    Texts of the path are joined by ``/``. ``yuan`` is the value times the unit of the column or table.
    """

    column: str
    value: Decimal
    yuan: Decimal | None = None

    def check_row(self, table: Table, row: int) -> list[Problem]:
        """See :class:`OfRow`."""
        cols = _columns(table, self.column)
        if len(cols) != 1:
            return self.differ(f"one column {self.column}", str(len(cols)))
        cell = table.cell_at(row, cols[0])
        value = None if cell is None else cell.value
        if value is None or format(value, "f") != format(self.value, "f"):
            return self.differ(
                f"{self.value} in {self.column} of {self.name}", "no value" if value is None else str(value)
            )
        factor = column_factor(table, cols[0])
        yuan = None if factor is None else value * factor
        if self.yuan is not None and yuan != self.yuan:
            return self.differ(f"{self.value} as {self.yuan} yuan", "no unit of money" if yuan is None else f"{yuan:f}")
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusIs(OfRow):
    """The status of the amount of the row in the ``column`` with this header path: proven, unchecked or conflict."""

    column: str
    status: str

    def check_row(self, table: Table, row: int) -> list[Problem]:
        """See :class:`OfRow`."""
        cols = _columns(table, self.column)
        if len(cols) != 1:
            return self.differ(f"one column {self.column}", str(len(cols)))
        cell = table.cell_at(row, cols[0])
        found = "no cell" if cell is None else "no status" if cell.status is None else cell.status.value
        return [] if found == self.status else self.differ(f"{self.status}: {self.column} of {self.name}", found)


def _columns(table: Table, path: str) -> list[int]:
    return [column.index for column in table.columns if prints(path, "/".join(column.path))]


def _meaning(table: Table, row: int) -> RowMeaning:
    return next((meaning for meaning in table.meanings if meaning.row == row), RowMeaning(row))


def _compare(of: OfRow, what: str, expected: Sequence[str], found: Sequence[str]) -> list[Problem]:
    if len(expected) == len(found) and all(prints(a, b) for a, b in zip(expected, found, strict=True)):
        return []
    return of.differ(f"{what}: {' | '.join(expected) or 'none'}", " | ".join(found) or "none")
