"""Which amounts may be misread or wrong in the source where constraints do not hold, by odds.

A set of changes that makes every constraint around it hold is an *explanation*. Explanations are found best first, so
that the search can stop when what is left is too unlikely to matter.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from lanci.document import CellRef, TextSource
from lanci.validate.certainty import DOUBTFUL, count_digits
from lanci.validate.constraints import CERTAIN, PROSE, Constraint, Relation, Term
from lanci.validate.graph import Graph, is_excused, value_that_mends
from lanci.validate.misreading.readings import Reading, other_readings, reading_of

_WRONG_IN_PRINT = 5e-4
"""Odds that an amount is wrong in the source, or a claim about it: 4 of 16,536 amounts under constraints in 46 digital
documents of 2026 are, at most 10 with 95 % certainty."""
_SLIP, _ANY_VALUE = 0.3, 1e-3
"""How probable one wrong value is in print: one that a slip of a digit makes, to be shared by the digits; any other."""

_MOVED = 1e-6
"""Odds that the amounts of a row were read one column off."""

_LEAST_SHARE = 1e-3
"""Explanations less likely than this share of the best one are left out."""
_LEAST_ODDS = 1e-16
_SEVERAL = 2
_MOST_CHANGES = 4
_MOST_NODES = 500
_MOST_BRANCHES = 20_000
_MOST_ROUNDING = 3
"""Units of the last place by which rounding may have moved what a sum tells of one of its terms."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another value for a printed amount.

    Attributes:
        ref: where it is printed.
        value: what it should be, in its own unit.
        text: how that would be printed, where it was read otherwise; None where that is not known.
        misread: it was misread; otherwise the source has it wrong.
    """

    ref: CellRef
    value: Decimal
    text: str | None
    misread: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Changes under which all constraints hold, but for those that are waived.

    Attributes:
        changes: they, at most one for a cell.
        waived: constraints that are taken not to be meant, or to miss a part that was not read.
        odds: in units of the probability that all is as it was read.
        moved: how many of the changes are one: a row that was read one column off.
    """

    changes: tuple[Change, ...]
    waived: frozenset[ConstraintKey]
    odds: float
    moved: int = 0


ConstraintKey = tuple[str, tuple[CellRef, ...]]


def key_of(one: Constraint) -> ConstraintKey:
    """What names a constraint in its document: its rule and its cells."""
    return one.rule, one.cells


def is_violated(one: Constraint) -> bool:
    """Whether a constraint that is more likely meant than not is broken, or open for a single amount."""
    if one.certainty < DOUBTFUL or is_excused(one):
        return False
    return one.is_broken or (one.is_open and sum(term.is_unreadable for term in one.terms) == 1)


@dataclass(frozen=True, slots=True)
class Search:
    """The search in one document.

    Attributes:
        graph: its constraints.
        inexact: the share of the sums that hold only by rounding.
    """

    graph: Graph
    inexact: float

    def explain(self, violated: Sequence[Constraint]) -> tuple[Explanation, ...]:
        """The likely explanations of violated constraints, best first; none where the search is given up.

        It is given up after a fixed number of steps, so that the same document always gives the same.
        """
        starts = [Explanation((), frozenset(), 1.0), *self._moves(violated)]
        heap = [(-start.odds, number - len(starts), start) for number, start in enumerate(starts)]
        seen: set[tuple[frozenset[Change], frozenset[ConstraintKey]]] = set()
        found: list[Explanation] = []
        nodes = branches = 0
        while heap:
            _, _, node = heapq.heappop(heap)
            if found and node.odds < found[0].odds * _LEAST_SHARE:
                break
            names = (frozenset(node.changes), node.waived)
            if names in seen:
                continue
            seen.add(names)
            still = self._still_violated(violated, node)
            if not still:
                found.append(node)
                found.sort(key=lambda one: -one.odds)
                continue
            nodes += 1
            # Of amounts that share a sum each is told by another one: at first all are tried.
            chosen = still if not node.changes else [min(still, key=lambda one: len(one.terms))]
            for child in self._branch(chosen, node):
                branches += 1
                heapq.heappush(heap, (-child.odds, branches, child))
            if nodes > _MOST_NODES or branches > _MOST_BRANCHES:
                return ()
        return tuple(found)

    def _still_violated(self, violated: Sequence[Constraint], node: Explanation) -> list[Constraint]:
        values = {change.ref: change.value for change in node.changes}
        around = {key_of(one): one for one in violated}
        for ref in values:
            around.update((key_of(one), one) for one in self.graph.around(ref) if _binds(one))
        return [one for key, one in around.items() if key not in node.waived and not one.holds_with(values)]

    def _branch(self, still: Sequence[Constraint], node: Explanation) -> Iterator[Explanation]:
        values = {change.ref: change.value for change in node.changes}
        for one in still:
            waiver = _WRONG_IN_PRINT if one.certainty >= CERTAIN else 1 - one.certainty
            if (odds := node.odds * waiver * _ANY_VALUE) > _LEAST_ODDS:
                yield replace(node, waived=node.waived | {key_of(one)}, odds=odds)
            if len(node.changes) - node.moved == _MOST_CHANGES:
                continue
            for term in one.terms:
                if term.ref not in values:
                    # Of the amount at the end from which a row's amounts moved away nothing was read.
                    is_lost = node.moved > 0 and _row_of(term.ref) == _row_of(node.changes[0].ref)
                    lost = (Change(term.ref, value_that_mends(one, term, values), None, True), _ANY_VALUE)
                    for change, factor in [lost] if is_lost else self._changes(one, term, values):
                        if (odds := node.odds * factor) > _LEAST_ODDS:
                            yield replace(node, changes=(*node.changes, change), odds=odds)

    def _moves(self, violated: Sequence[Constraint]) -> Iterator[Explanation]:
        """Each row that several of the constraints share, read one column off to either side."""
        rows: dict[tuple[str, int], dict[int, Term]] = {}
        times = Counter(place for one in violated for place in dict.fromkeys(map(_row_of, one.cells)))
        for one in violated:
            for ref in one.cells:
                around = (term for other in self.graph.around(ref) for term in other.terms)
                same = {term.ref.col: term for term in around if _row_of(term.ref) == _row_of(ref)}
                rows.setdefault(_row_of(ref), {}).update(same)
        for place, count in times.items():
            row = [rows[place][col] for col in sorted(rows[place])]
            if count < _SEVERAL or place[0] == PROSE or any(term.cell.source is not TextSource.OCR for term in row):
                continue
            for pairs in (pairwise(row), pairwise(row[::-1])):
                moved = tuple(Change(a.ref, b.value, None, True) for a, b in pairs if a.value != b.value)
                yield Explanation(moved, frozenset(), _MOVED, len(moved))

    def _changes(
        self, one: Constraint, term: Term, values: Mapping[CellRef, Decimal]
    ) -> Iterator[tuple[Change, float]]:
        """What a term may be instead, with the odds: values that mend the constraint, and what was nearly read."""
        best: dict[Decimal, Reading] = {reading.value: reading for reading in other_readings(term)}
        meant = value_that_mends(one, term, values)
        slip = reading_of(term, meant)
        for value, likelihood in self._near(one, term, meant):
            reading = slip if value == meant else reading_of(term, value)
            if reading is not None and (value not in best or reading.odds * likelihood > best[value].odds):
                best[value] = Reading(value, reading.text, reading.odds * likelihood)
        for reading in best.values():
            yield Change(term.ref, reading.value, reading.text, True), reading.odds
        # A blank, or an amount in its place, is no slip of a digit.
        is_slip = slip is not None and slip.text is not None
        likelihood = _SLIP / max(count_digits(term.value), 1) if is_slip else _ANY_VALUE
        yield Change(term.ref, meant, None, False), _WRONG_IN_PRINT * likelihood

    def _near(self, one: Constraint, term: Term, meant: Decimal) -> Iterator[tuple[Decimal, float]]:
        """The values that a sum leaves open for one of its terms: that which mends it, and those near by rounding."""
        if one.relation is Relation.AT_LEAST:
            return
        yield meant, 1.0
        unit = 2 * term.slack
        if unit:
            room = one.tolerance * one.scale(one.total) / one.scale(term)
            for step in range(1, min(int(room / unit), _MOST_ROUNDING) + 1):
                yield meant + step * unit, self.inexact / 2
                yield meant - step * unit, self.inexact / 2


def _binds(one: Constraint) -> bool:
    """Whether a change must leave a constraint whole: it is likely meant and holds, or would be asked to."""
    return one.certainty >= DOUBTFUL and not is_excused(one) and (one.holds or is_violated(one))


def _row_of(ref: CellRef) -> tuple[str, int]:
    return ref.table, ref.row
