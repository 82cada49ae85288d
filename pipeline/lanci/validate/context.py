"""What the rules look at: a table or a document with everything that interpretation says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from lanci.document import Cell, CellRef, HeaderRole, Table
from lanci.interpret import (
    CodeTree,
    ColumnSum,
    ItemList,
    TableView,
    read_code_trees,
    read_column_sums,
    read_item_lists,
)
from lanci.numbers import decimal_places
from lanci.validate.sums import SumCheck, Term

_SHARE_OF_PRECISION = 20
"""One amount in so many must show a decimal place before the whole table is taken to print to it."""


class TableContext:
    """One table for the rules: its cells by position and its structure, each worked out at most once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.view = TableView(table)

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
        counts = Counter(decimal_places(c.text) for c in cells if c is not None and c.value is not None)
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
        cell = self.view.alone(row, col)
        if cell is None:
            return None
        return Term(self.ref(cell), cell, max(self.places, decimal_places(cell.text)))

    def check(self, total: tuple[int, int], parts: Iterable[tuple[int, int]]) -> SumCheck | None:
        """The sum over positions (row, column), or None where it cannot be checked or all is blank or zero."""
        head = self.term(*total)
        terms = [self.term(*part) for part in parts]
        if head is None or any(term is None for term in terms):
            return None
        check = SumCheck(head, tuple(term for term in terms if term is not None))
        return check if check.is_meaningful else None


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """All tables of a document, in order."""

    tables: tuple[TableContext, ...]

    @staticmethod
    def of(tables: Sequence[Table]) -> DocumentContext:
        return DocumentContext(tuple(TableContext(table) for table in tables))
