"""Sums of lines that nothing ranks: what some columns tell of them, all columns should bear out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lanci.interpret import ItemList
from lanci.validate.certainty import IMPLIED, count_holding, discover, most_hold, rate
from lanci.validate.constraints import Constraint, Term
from lanci.validate.context import Frame, TableContext
from lanci.validate.structure.nesting import find_parents, find_short_line

_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class NestedSums:
    """The sums that lines of a list make of each other, one column after the other.

    Attributes:
        context: the table.
        items: the list.
        cols: its columns that add up.
        frame: of the constraints.
    """

    context: TableContext
    items: ItemList
    cols: Sequence[int]
    frame: Frame

    def claim(self, head: int, parts: Sequence[int], col: int) -> Constraint | None:
        """That a line is the sum of others, by their indices in the list."""
        lines, total = self.items.items, self.items.items[head]
        return self.context.claim((total.row, col), [(lines[i].row, col) for i in parts], self.frame, total.label)

    def find(self, lines: Sequence[int]) -> Iterator[Constraint]:
        """The sums among some lines that are no chance, and those that they are in other columns and do not hold.

        A line that is lost or misread breaks the sum in some columns; where the others still tell of it, it is not
        forgotten. Which lines are meant is what most columns say.
        """
        told: dict[int, list[tuple[int, ...]]] = {}
        known: set[tuple[int, int]] = set()
        for col in self.cols:
            for head, parts in self._nested(lines, col):
                # The amounts can have agreed at each of the parts.
                for one in discover(self.claim(head, parts, col), len(parts)):
                    told.setdefault(head, []).append(parts)
                    known.add((head, col))
                    yield one
            yield from self.find_short(lines, col)
        for head, choices in told.items():
            options = [[sum_ for col in self.cols if (sum_ := self.claim(head, parts, col))] for parts in choices]
            meant = max(options, key=count_holding)
            # An amount that is printed again on the next line is no part of the line above it.
            shown = [one for one in meant if sum(bool(part.term.value) for part in one.parts) >= _SEVERAL]
            for one in rate(shown, IMPLIED) if most_hold(shown) else ():
                if one.is_broken and (head, one.total.ref.col) not in known:
                    yield one

    def find_short(self, lines: Sequence[int], col: int) -> Iterator[Constraint]:
        """A line of which the lines under it miss something, and the sum above it that tells so.

        Where there are codes, they say what stands under what.
        """
        short = None if self.context.trees else find_short_line(self._terms(lines, col))
        if short is None:
            return
        above = self.claim(lines[short.above], [lines[place] for place in short.beside], col)
        for told in discover(above, short.n_tried):
            yield told
            broken = self.claim(lines[short.line], [lines[place] for place in short.parts], col)
            if broken is not None:
                yield replace(broken, certainty=told.certainty)

    def _terms(self, lines: Sequence[int], col: int) -> list[Term | None]:
        return [self.context.term(self.items.items[line].row, col) for line in lines]

    def _nested(self, lines: Sequence[int], col: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The lines that are sums in a column, with their direct parts, from top to bottom."""
        parents = find_parents(self._terms(lines, col))
        parts: dict[int, list[int]] = {}
        for place, parent in enumerate(parents):
            if parent is not None:
                parts.setdefault(parent, []).append(lines[place])
        for head in sorted(parts):
            yield lines[head], tuple(parts[head])
