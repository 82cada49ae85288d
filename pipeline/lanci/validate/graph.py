"""All constraints of a document as one graph over its amounts: what is proven, what is in conflict, who is to blame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from lanci.document import AmountStatus, CellRef
from lanci.validate.certainty import DOUBTFUL
from lanci.validate.constraints import CERTAIN, Constraint, Relation, Term

_AS_PRINTED: Mapping[CellRef, Decimal] = MappingProxyType({})

_COPIES = 2
_MORE_PROOFS = 2
"""By how many the exact proofs of an amount must outnumber what disputes it where no single culprit is found."""

_FEW_ROUNDED = 3
_SHARE_ROUNDED = 0.01
"""Fewer sums that are off in the last place, or a smaller share of them, are no rounding."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the constraints say of one amount: ``proofs`` counts the independent ones that confirm it."""

    status: AmountStatus
    proofs: int = 0


@dataclass(frozen=True)
class Graph:
    """The constraints of a document in the order of the rules, and those that each printed cell takes part in."""

    constraints: tuple[Constraint, ...]
    _by_cell: dict[CellRef, list[Constraint]] = field(default_factory=dict, repr=False)
    _proofs: dict[CellRef, int] = field(default_factory=dict, repr=False)
    _exact: dict[CellRef, int] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(constraints: Iterable[Constraint]) -> Graph:
        """The graph of constraints; those that say nothing (all blank or zero) must be left out before."""
        graph = Graph(tuple(constraints))
        rounds = _do_sums_round(graph.constraints)
        seen: set[frozenset[CellRef]] = set()
        copied: set[CellRef] = set()
        for one in graph.constraints:
            for ref in one.cells:
                graph._by_cell.setdefault(ref, []).append(one)
            if not is_proof(one) or (one.difference and not rounds):
                continue
            shown = frozenset(term.ref for term in one.terms if not term.is_blank)
            # Two rules that add up the same amounts are one proof.
            if len(shown) > 1 and shown not in seen:
                seen.add(shown)
                lost = _lost_in_rounding(one)
                confirmed = shown - lost - (copied if _is_copy(one) else set())
                copied |= shown if _is_copy(one) else set()
                for counts in (graph._proofs, graph._exact) if not one.difference else (graph._proofs,):
                    for ref in confirmed:
                        counts[ref] = counts.get(ref, 0) + 1
        return graph

    def around(self, ref: CellRef) -> Sequence[Constraint]:
        """The constraints that a cell takes part in."""
        return self._by_cell.get(ref, ())

    def proofs(self, ref: CellRef) -> int:
        """How many independent constraints confirm an amount."""
        return self._proofs.get(ref, 0)

    def broken(self) -> tuple[Constraint, ...]:
        """The constraints that are certain and do not hold."""
        return tuple(one for one in self.constraints if is_conflict(one))

    def suspects(self, broken: Constraint) -> tuple[Term, ...]:
        """The terms of a broken constraint, the likeliest culprit first.

        That is the one whose change alone would mend most of the broken constraints around it, less those that
        confirm it as it is; of equals the one without which the rest adds up, then the total, then the parts in their
        order. A whole that is less than what it includes comes first always.
        """
        terms = [term for term in broken.terms if term is broken.total or not term.is_blank]
        if broken.relation is Relation.AT_LEAST:
            return tuple(terms)
        return tuple(sorted(terms, key=lambda term: (-self._blame(broken, term), value_that_mends(broken, term) != 0)))

    def _blame(self, broken: Constraint, term: Term) -> int:
        wanted = {term.ref: value_that_mends(broken, term)}
        around = [one for one in self.around(term.ref) if is_conflict(one)]
        return sum(one is broken or one.holds_with(wanted) for one in around) - self._exact.get(term.ref, 0)

    def _is_explained(self, broken: Constraint) -> bool:
        """Whether one amount alone can be what is wrong: another value of it contradicts nothing."""
        return any(self._mends_all(term, value_that_mends(broken, term)) for term in broken.terms)

    def _mends_all(self, term: Term, value: Decimal) -> bool:
        wanted = {term.ref: value}
        return all(one.holds_with(wanted) for one in self.around(term.ref) if is_proof(one) or is_dispute(one))

    def _moved(self, broken: Constraint) -> Iterator[CellRef]:
        """The amounts that a broken constraint misses in a blank of their row: they may have been read columns off."""
        for blank in broken.terms:
            if blank.is_blank and not blank.is_unreadable:
                missed = value_that_mends(broken, blank)
                beside = (term for one in self.around(blank.ref) for term in one.terms if term.ref not in broken.cells)
                yield from (term.ref for term in beside if _row(term) == _row(blank) and term.value == missed)

    def _is_above_doubt(self, ref: CellRef) -> bool:
        """Whether so much confirms an amount that what disputes it must be wrong elsewhere."""
        disputes = sum(is_dispute(one) for one in self.around(ref))
        return self._exact.get(ref, 0) >= disputes + _MORE_PROOFS

    def verdicts(self) -> dict[CellRef, Verdict]:
        """The verdict on every amount that some constraint proves or disputes; all others are unchecked.

        Of a broken constraint the likeliest culprit is in conflict, and whatever nothing else confirms. Of two amounts
        that should be one and differ, both are where nothing tells them apart.
        """
        doubted = self._doubted()
        found = {
            ref: Verdict(AmountStatus.UNCHECKED if ref in doubted else AmountStatus.PROVEN, count)
            for ref, count in self._proofs.items()
        }
        for one in self.broken():
            first, *others = self.suspects(one)
            open_pair = len(others) == 1 and self._blame(one, first) == self._blame(one, others[0])
            for term in (first, *(other for other in others if open_pair or not self.proofs(other.ref))):
                found[term.ref] = Verdict(AmountStatus.CONFLICT, self.proofs(term.ref))
        return found

    def _doubted(self) -> set[CellRef]:
        """The amounts that count as proven only if much more confirms than disputes them, and are not.

        Those are the terms of a broken constraint that nothing confirms to the last place, or for which no single
        amount can be to blame (two are wrong, or one has moved to another column), an amount that would mend such a
        constraint if it stood in a blank beside it, and all of a row in which something is printed that is no number:
        two rows may have been read as one.
        """
        disputes = [one for one in self.constraints if is_dispute(one)]
        disputed = {ref for one in disputes for ref in one.cells if ref not in self._exact}
        disputed.update(ref for one in disputes if not self._is_explained(one) for ref in one.cells)
        disputed.update(ref for one in disputes for ref in self._moved(one))
        unread = {_row(term) for one in self.constraints if one.is_open for term in one.terms if _is_garbled(term)}
        beside = {ref for ref in self._proofs if (ref.table, ref.row) in unread}
        return beside | {ref for ref in disputed if not self._is_above_doubt(ref)}


def _lost_in_rounding(one: Constraint) -> set[CellRef]:
    """The terms of a sum that it says nothing of when it holds by rounding only.

    What is no larger than that rounding could be anything, and of an amount that is printed to more places than others
    the last place could.
    """
    if not one.difference:
        return set()
    coarsest = max(term.slack for term in one.terms)
    return {term.ref for term in one.terms if abs(term.value) <= one.tolerance or term.slack < coarsest}


def _row(term: Term) -> tuple[str, int]:
    return term.ref.table, term.ref.row


def _is_garbled(term: Term) -> bool:
    """Whether digits are printed that are no number, and not only words."""
    return term.is_unreadable and any(map(str.isdigit, term.cell.text))


def _is_copy(one: Constraint) -> bool:
    """Whether a constraint says no more than that a row prints an amount twice: one reader misreads both alike."""
    shown = [term for term in one.terms if term.value]
    return len(shown) == _COPIES and len({_row(term) for term in shown}) == 1


def _do_sums_round(constraints: Iterable[Constraint]) -> bool:
    """Whether rounding is seen in a document: else a sum that only rounding could explain is no proof.

    A wrong last digit looks like rounding. Where amounts were rounded one by one, several sums show it.
    """
    exact = Counter(not one.difference for one in constraints if len(one.parts) > 1 and is_proof(one))
    return exact[False] >= max(_FEW_ROUNDED, _SHARE_ROUNDED * exact.total())


def is_proof(one: Constraint) -> bool:
    """Whether a constraint confirms its amounts: certain, no mere bound or balance, and it holds."""
    return one.proves and one.relation is Relation.EQUAL and one.certainty >= CERTAIN and one.holds


def is_conflict(one: Constraint) -> bool:
    """Whether a constraint disputes its amounts: certain, no part of it unread, and it does not hold."""
    return one.certainty >= CERTAIN and one.is_broken and not is_excused(one)


def is_dispute(one: Constraint) -> bool:
    """Whether a constraint that is more likely meant than not speaks against its amounts."""
    return one.certainty >= DOUBTFUL and one.relation is Relation.EQUAL and one.is_broken and not is_excused(one)


def is_excused(one: Constraint) -> bool:
    """Whether parts on pages that were not read may explain that the total is the larger one."""
    return one.may_miss_parts and abs(one.total.value) > abs(one.expected)


def value_that_mends(one: Constraint, term: Term, values: Mapping[CellRef, Decimal] = _AS_PRINTED) -> Decimal:
    """The value of a term, in its own unit, with which a constraint would hold to the last place.

    Other cells may be taken to print other ``values`` (in their own unit).
    """
    difference = one.difference_with(values) if values else one.difference
    if term is one.total:
        return term.value - difference
    sign = next(part.sign for part in one.parts if part.term is term)
    return term.value + sign * difference * one.scale(one.total) / one.scale(term)
