"""What a document claims of its own amounts: totals that are sums, quantities that are printed twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property

from lanci.document import Cell, CellRef, Severity
from lanci.interpret import is_nothing

CERTAIN = 0.8
"""Certainty from which on a constraint that holds is a proof, and a broken one a conflict."""

PROSE = ""
"""What stands for the id of a table in the place of an amount in prose; its row and column are those of the statement
and of the figure in it."""

_ZERO = Decimal(0)
_ONE = Decimal(1)
_MAX_PRINTED_TERMS = 8
_PAIR = 2


class Relation(StrEnum):
    """How a total stands to the sum of its parts."""

    EQUAL = "equal"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Term:
    """One printed amount with its place, ready for being summed many times.

    Attributes:
        ref: where it is printed; of an amount in prose see :data:`PROSE`.
        cell: as it is printed.
        value: in the printed unit; 0 for a blank, which counts as nothing in a sum.
        slack: the most by which rounding can have moved the amount, in the printed unit.
        is_blank: nothing or a mark for nothing is printed, or what is printed is no number.
        is_unreadable: something is printed that is no number, so that nothing can be said of a sum with it.
        factor: from the printed unit to 元; None where the unit is not known.
    """

    ref: CellRef
    cell: Cell
    value: Decimal
    slack: Decimal
    is_blank: bool
    is_unreadable: bool
    factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A term of the right-hand side; ``sign`` is 1 or -1."""

    term: Term
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Wording:
    """How a finding speaks of a constraint: its parts in both languages; ``label`` where that is not the row's name."""

    parts_zh: str
    parts_en: str
    label: str = ""


@dataclass(frozen=True)
class Constraint:
    """The claim that a printed total is the signed sum of printed parts, up to the rounding of every term.

    Amounts are compared in the printed unit where all terms share it or one is not known, else in 元.

    Attributes:
        rule: the name of the rule that found it.
        total: the left-hand side.
        parts: the right-hand side; one part claims that two printed amounts are equal.
        certainty: the probability, 0 to 1, that the document means the claim.
        severity: of the finding when it is broken.
        wording: for that finding.
        relation: whether the total is the sum or no less than it (其中).
        may_miss_parts: further parts may stand on pages that were not read: a total that is too large is a remark.
        proves: whether it says something of its amounts when it holds; the balance of a table does not, as both
            of its sides are made to agree.
        apart: whether the terms were rounded each for itself, one perhaps further than the other.
    """

    rule: str
    total: Term
    parts: tuple[Part, ...]
    certainty: float
    severity: Severity
    wording: Wording
    relation: Relation = Relation.EQUAL
    may_miss_parts: bool = False
    proves: bool = True
    apart: bool = False

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The total, then the parts."""
        return (self.total, *(part.term for part in self.parts))

    @property
    def cells(self) -> tuple[CellRef, ...]:
        """Where the terms are printed, the total first."""
        return tuple(term.ref for term in self.terms)

    @cached_property
    def is_open(self) -> bool:
        """Whether a term is unreadable, so that the claim neither holds nor is broken."""
        return any(term.is_unreadable for term in self.terms)

    @cached_property
    def _in_yuan(self) -> bool:
        factors = {term.factor for term in self.terms}
        return len(factors) > 1 and None not in factors

    def scale(self, term: Term) -> Decimal:
        """What the term's printed unit is worth in the unit in which the claim is judged."""
        return term.factor if self._in_yuan and term.factor is not None else _ONE

    @cached_property
    def expected(self) -> Decimal:
        """The signed sum of the parts in the unit of the total."""
        if not self._in_yuan:
            return sum([part.term.value if part.sign > 0 else -part.term.value for part in self.parts], _ZERO)
        in_yuan = sum((part.sign * part.term.value * self.scale(part.term) for part in self.parts), _ZERO)
        return in_yuan / self.scale(self.total)

    @property
    def difference(self) -> Decimal:
        """Printed total minus sum of the parts, in the unit of the total."""
        return self.total.value - self.expected

    @cached_property
    def tolerance(self) -> Decimal:
        """What rounding can explain, in the unit of the total: it grows with the number of terms.

        An amount that is printed twice in one unit, as with parts of which only one is not zero, was rounded once.
        """
        if self.apart:
            return max(term.slack * self.scale(term) for term in self.terms) / self.scale(self.total)
        if self._in_yuan:
            return sum((term.slack * self.scale(term) for term in self.terms), _ZERO) / self.scale(self.total)
        shown = [term for term in self.terms if term.value]
        return sum([term.slack for term in shown], _ZERO) if len(shown) > _PAIR else _ZERO

    def _fits(self, difference: Decimal) -> bool:
        if self.relation is Relation.AT_LEAST and difference >= 0:
            return True
        # Most sums hold to the last place, and then it need not be known how far rounding could go.
        return not difference or abs(difference) <= self.tolerance

    @cached_property
    def holds(self) -> bool:
        """Whether the claim is true of what is printed; False when it is open."""
        return not self.is_open and self._fits(self.difference)

    @property
    def is_broken(self) -> bool:
        """Whether the claim is false of what is printed."""
        return not self.is_open and not self.holds

    def holds_with(self, values: Mapping[CellRef, Decimal]) -> bool:
        """Whether the claim would be true if these cells printed these values (in their own unit)."""
        if any(term.is_unreadable and term.ref not in values for term in self.terms):
            return False
        return self._fits(self.difference_with(values))

    def difference_with(self, values: Mapping[CellRef, Decimal]) -> Decimal:
        """The difference if these cells printed these values (in their own unit)."""
        change = _ZERO
        for term, sign in ((self.total, 1), *((part.term, -part.sign) for part in self.parts)):
            if term.ref in values:
                change += sign * (values[term.ref] - term.value) * self.scale(term)
        return self.difference + change / self.scale(self.total)

    @property
    def printed_sum(self) -> str:
        """The parts as an addition, blanks left out and long ones cut in the middle."""
        shown = [part for part in self.parts if not part.term.is_blank]
        texts = [f"{'+' if part.sign > 0 else '-'} {part.term.cell.text}" for part in shown]
        if len(texts) > _MAX_PRINTED_TERMS:
            half = _MAX_PRINTED_TERMS // 2
            texts = [*texts[:half], f"+ … ({len(texts) - 2 * half}) …", *texts[-half:]]
        return f"{' '.join(texts).removeprefix('+ ')} = {self.expected}" if len(texts) > 1 else str(self.expected)


def make_parts(terms: Iterable[Term]) -> tuple[Part, ...]:
    """Terms that are added up."""
    return tuple(Part(term) for term in terms)


def cell_to_term(ref: CellRef, cell: Cell, places: int, factor: Decimal | None = None) -> Term:
    """The amount of a cell that its source rounds to ``places`` decimals: by half a unit of the last at most."""
    if cell.value is None:
        return Term(ref, cell, _ZERO, _ZERO, True, not is_nothing(cell.text), factor)
    return Term(ref, cell, cell.value, _half_unit(places), False, False, factor)


@cache
def _half_unit(places: int) -> Decimal:
    return Decimal(5).scaleb(-places - 1)
