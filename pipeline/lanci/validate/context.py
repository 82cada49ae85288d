"""What the rules look at: a table or a document with everything that interpretation says of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import permutations

from lanci.document import Cell, CellRef, HeaderRole, PageSummary, RowRole, Severity, Statement, Table
from lanci.interpret import (
    NUMERIC_ROLES,
    CodeTree,
    ColumnSum,
    Item,
    ItemKind,
    ItemList,
    TableView,
    column_factor,
    is_ratio,
    read_code_trees,
    read_column_sums,
    read_item_lists,
    unit_factor,
)
from lanci.text import squash
from lanci.validate.constraints import Constraint, Term, Wording, cell_to_term, make_parts
from lanci.validate.reach import Reach, find_reach

_CHANGE = re.compile(r"增减|增长|变动|变化|较上年|比上年")
_NEAR = 4
"""Columns away from a change where its two amounts are looked for."""

_SHARE_OF_PRECISION = 20
"""One amount in so many must show a decimal place before the whole table is taken to print to it."""


Place = tuple[int, int]
"""Row and column of a cell."""


class TableContext:
    """One table for the rules: its cells by position and its structure, each worked out at most once."""

    def __init__(self, table: Table, reach: Reach | None = None) -> None:
        self.table = table
        self.reach = reach or Reach()
        self.view = TableView(table)
        self._terms: dict[Place, Term | None] = {}
        self._factors: dict[int, Decimal | None] = {}

    @cached_property
    def trees(self) -> tuple[CodeTree, ...]:
        return read_code_trees(self.view)

    @cached_property
    def column_sums(self) -> tuple[ColumnSum, ...]:
        return read_column_sums(self.table)

    @cached_property
    def item_lists(self) -> tuple[ItemList, ...]:
        """The lists of named items; a table without any, and without codes, is one list of its rows."""
        found = read_item_lists(self.view)
        if self.trees or len(found) > 1 or any(item.is_total for items in found for item in items.items):
            return found
        rows = self._row_list()
        return rows if any(item.is_total for items in rows for item in items.items) else found or rows

    def _row_list(self) -> tuple[ItemList, ...]:
        label = next((column.index for column in self.table.columns if column.role not in NUMERIC_ROLES), None)
        if label is None or not self.amount_cols:
            return ()
        kinds = {RowRole.TOTAL: ItemKind.TOTAL, RowRole.SUBTOTAL: ItemKind.TOTAL}
        items = []
        for row in self.view.data_rows:
            text = self.view.label(row)
            # A row of amounts that names nothing is a total without the word.
            kind = kinds.get(self.table.row_roles[row], ItemKind.PLAIN if text else ItemKind.TOTAL)
            if text or any(self.view.text(row, col) for col in self.amount_cols):
                items.append(Item(row, text, text, kind))
        return (ItemList(label, self.amount_cols, "", tuple(items)),)

    @cached_property
    def form_units(self) -> dict[Place, str]:
        """The amounts of a form with their units as printed."""
        return {(amount.row, amount.col): amount.unit for amount in self.table.form_amounts}

    @property
    def amount_cols(self) -> tuple[int, ...]:
        return self.view.columns(HeaderRole.AMOUNT)

    def additive(self, cols: Iterable[int]) -> list[int]:
        """Those of some columns that add up: no shares and rates."""
        return [col for col in cols if not is_ratio(self.table.columns[col])]

    @cached_property
    def total_rows(self) -> tuple[int, ...]:
        """The rows of totals over all others (合计), from top to bottom."""
        return tuple(row for row in self.view.data_rows if self.table.row_roles[row] is RowRole.TOTAL)

    @property
    def total_row(self) -> int | None:
        """The row of the only 合计, None when there are none or several."""
        return self.total_rows[0] if len(self.total_rows) == 1 else None

    @cached_property
    def changes(self) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
        """The columns that are named a change, with the columns (later, earlier) of which each may be one."""
        found = []
        for col in self.additive(self.amount_cols):
            if _CHANGE.search(squash(self.view.column_name(col))):
                others = [other for other in self.amount_cols if abs(other - col) <= _NEAR and other != col]
                found.append((col, tuple(permutations(others, 2))))
        return tuple(found)

    @cached_property
    def places(self) -> int:
        """The decimal places to which the table's amounts are rounded (trailing zeros are often left out).

        The largest number that at least two amounts show, and at least one in twenty; a single long amount
        does not speak for the others.
        """
        amounts = self.view.columns(HeaderRole.AMOUNT)
        cells = (self.view.alone(row, col) for row in self.view.data_rows for col in amounts)
        counts = Counter(decimal_places(c.value) for c in cells if c is not None and c.value is not None)
        total, seen = sum(counts.values()), 0
        for places in sorted(counts, reverse=True):
            seen += counts[places]
            if seen >= min(2, total) and seen * _SHARE_OF_PRECISION >= total:
                return places
        return 0

    def label(self, row: int, col: int) -> str:
        """What a reader would call the row of an amount: in a table of two halves the line of its half."""
        if len(self.item_lists) > 1:
            for items in self.item_lists:
                if col in items.amount_cols:
                    return self.view.text(row, items.label_col)
        return self.view.label(row)

    def ref(self, cell: Cell) -> CellRef:
        return CellRef(self.table.id, cell.row, cell.col)

    def is_amount(self, cell: Cell) -> bool:
        """Whether a cell prints an amount, in a column of amounts or in a form."""
        in_place = cell.role is HeaderRole.AMOUNT or (cell.row, cell.col) in self.form_units
        return in_place and cell.value is not None

    def term(self, row: int, col: int) -> Term | None:
        """The amount at a position as a term of sums; None where no cell of its own is printed."""
        place = (row, col)
        if place not in self._terms:
            self._terms[place] = self._make_term(row, col)
        return self._terms[place]

    def _make_term(self, row: int, col: int) -> Term | None:
        cell = self.view.at(row, col)
        if cell is None or (cell.row, cell.col) != (row, col):
            return None
        form = self.form_units.get((row, col))
        if form is not None:
            own = 0 if cell.value is None else decimal_places(cell.value)
            return cell_to_term(self.ref(cell), cell, own, unit_factor(form))
        # Of an amount over several columns it is not known to which it belongs.
        if cell.col_span > 1:
            return None
        own_places = 0 if cell.value is None else decimal_places(cell.value)
        return cell_to_term(self.ref(cell), cell, max(self.places, own_places), self.factor(col))

    def factor(self, col: int) -> Decimal | None:
        """From the unit of a column to 元; None where it is not known."""
        if col not in self._factors:
            self._factors[col] = column_factor(self.table, col)
        return self._factors[col]

    def terms(self, places: Iterable[Place]) -> tuple[Term, ...] | None:
        """The amounts at positions (row, column), or None where one is no cell of its own."""
        found = [self.term(*place) for place in places]
        return tuple(term for term in found if term is not None) if None not in found else None

    def claim(self, total: Place, parts: Iterable[Place], frame: Frame, label: str = "") -> Constraint | None:
        """The sum over positions, or None where it cannot be checked or all is blank or zero."""
        head, terms = self.term(*total), self.terms(parts)
        if head is None or not terms or not any(term.value or term.is_unreadable for term in (head, *terms)):
            return None
        wording = replace(frame.wording, label=label) if label else frame.wording
        return Constraint(frame.rule, head, make_parts(terms), frame.certainty, frame.severity, wording)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the constraints of a rule have in common."""

    rule: str
    severity: Severity
    wording: Wording
    certainty: float


def decimal_places(value: Decimal) -> int:
    """The digits after the point as printed."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """All tables of a document, in order, and the statements of its prose."""

    tables: tuple[TableContext, ...]
    statements: tuple[Statement, ...] = ()

    @staticmethod
    def of(
        tables: Sequence[Table], pages: Sequence[PageSummary] = (), statements: Sequence[Statement] = ()
    ) -> DocumentContext:
        contexts = tuple(TableContext(table, find_reach(table, pages)) for table in tables)
        return DocumentContext(contexts, tuple(statements))
