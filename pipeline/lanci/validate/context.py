"""What the rules look at: a table or a document with everything that interpretation says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from lanci.document import Cell, CellRef, HeaderRole, PageSummary, Table
from lanci.interpret import (
    CodeTree,
    ColumnSum,
    ItemList,
    TableView,
    read_code_trees,
    read_column_sums,
    read_item_lists,
)
from lanci.validate.reach import Reach, find_reach
from lanci.validate.sums import SumCheck, Term, cell_to_term

_SHARE_OF_PRECISION = 20
"""One amount in so many must show a decimal place before the whole table is taken to print to it."""


class TableContext:
    """One table for the rules: its cells by position and its structure, each worked out at most once."""

    def __init__(self, table: Table, reach: Reach | None = None) -> None:
        self.table = table
        self.reach = reach or Reach()
        self.view = TableView(table)
        self._terms: dict[tuple[int, int], Term | None] = {}

    @cached_property
    def trees(self) -> tuple[CodeTree, ...]:
        return read_code_trees(self.view)

    @cached_property
    def column_sums(self) -> tuple[ColumnSum, ...]:
        return read_column_sums(self.table)

    @cached_property
    def item_lists(self) -> tuple[ItemList, ...]:
        return read_item_lists(self.view)

    @cached_property
    def places(self) -> int:
        """The decimal places to which the table's amounts are rounded (trailing zeros are often left out).

        The largest number that at least two amounts show, and at least one in twenty; a single long amount
        does not speak for the others.
        """
        amounts = self.view.columns(HeaderRole.AMOUNT)
        cells = (self.view.alone(row, col) for row in self.view.data_rows for col in amounts)
        counts = Counter(_decimal_places(c.value) for c in cells if c is not None and c.value is not None)
        total, seen = sum(counts.values()), 0
        for places in sorted(counts, reverse=True):
            seen += counts[places]
            if seen >= min(2, total) and seen * _SHARE_OF_PRECISION >= total:
                return places
        return 0

    def ref(self, cell: Cell) -> CellRef:
        return CellRef(self.table.id, cell.row, cell.col)

    def term(self, row: int, col: int) -> Term | None:
        """The amount at a position as a term of sums; None where no cell of its own is printed."""
        place = (row, col)
        if place not in self._terms:
            self._terms[place] = self._make_term(row, col)
        return self._terms[place]

    def _make_term(self, row: int, col: int) -> Term | None:
        cell = self.view.alone(row, col)
        if cell is None:
            return None
        own_places = 0 if cell.value is None else _decimal_places(cell.value)
        return cell_to_term(self.ref(cell), cell, max(self.places, own_places))

    def check(self, total: tuple[int, int], parts: Iterable[tuple[int, int]]) -> SumCheck | None:
        """The sum over positions (row, column), or None where it cannot be checked or all is blank or zero."""
        head = self.term(*total)
        if head is None:
            return None
        terms: list[Term] = []
        for part in parts:
            term = self.term(*part)
            if term is None:
                return None
            terms.append(term)
        check = SumCheck(head, tuple(terms))
        return check if check.is_meaningful else None


def _decimal_places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """All tables of a document, in order."""

    tables: tuple[TableContext, ...]

    @staticmethod
    def of(tables: Sequence[Table], pages: Sequence[PageSummary] = ()) -> DocumentContext:
        return DocumentContext(tuple(TableContext(table, find_reach(table, pages)) for table in tables))
