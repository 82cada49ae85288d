"""Sums of printed amounts: do they hold, by how much not, and which misreading would explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

from lanci.document import Cell, CellRef, TextSource
from lanci.interpret import is_nothing
from lanci.numbers import parse_amount

_ZERO = Decimal(0)
_MAX_PRINTED_TERMS = 8


@dataclass(frozen=True, slots=True)
class Term:
    """One printed amount with its place, ready for being summed many times.

    ``value`` is 0 for a blank, which counts as nothing in a sum; ``slack`` the most by which rounding can have
    moved the amount; ``is_unreadable`` tells that something is printed that is no number, so that nothing can be
    said of the sum.
    """

    ref: CellRef
    cell: Cell
    value: Decimal
    slack: Decimal
    is_blank: bool
    is_unreadable: bool


def cell_to_term(ref: CellRef, cell: Cell, places: int) -> Term:
    """The amount of a cell that its source rounds to ``places`` decimals: by half a unit of the last at most."""
    if cell.value is None:
        return Term(ref, cell, _ZERO, _ZERO, is_blank=True, is_unreadable=not is_nothing(cell.text))
    return Term(ref, cell, cell.value, _half_unit(places), is_blank=False, is_unreadable=False)


@cache
def _half_unit(places: int) -> Decimal:
    return Decimal(5).scaleb(-places - 1)


@dataclass(frozen=True)
class SumCheck:
    """The claim that a printed total is the sum of printed parts."""

    total: Term
    parts: tuple[Term, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        return (self.total, *self.parts)

    @property
    def is_meaningful(self) -> bool:
        """Whether there is anything to check: parts, all of them readable, and not everything blank or zero."""
        terms = self.terms
        if not self.parts or any(term.is_unreadable for term in terms):
            return False
        return any(term.value for term in terms)

    @property
    def expected(self) -> Decimal:
        return sum([part.value for part in self.parts], _ZERO)

    @property
    def difference(self) -> Decimal:
        """Printed total minus sum of the parts."""
        return self.total.value - self.expected

    @property
    def tolerance(self) -> Decimal:
        """What rounding can explain: it grows with the number of terms."""
        return sum([term.slack for term in self.terms], _ZERO)

    @cached_property
    def holds(self) -> bool:
        difference = self.difference
        # Most sums hold to the last place, and then it need not be known how far rounding could go.
        return not difference or abs(difference) <= self.tolerance

    @property
    def printed_sum(self) -> str:
        """The parts as an addition, blanks left out and long ones cut in the middle."""
        texts = [part.cell.text for part in self.parts if not part.is_blank]
        if len(texts) > _MAX_PRINTED_TERMS:
            half = _MAX_PRINTED_TERMS // 2
            texts = [*texts[:half], f"… ({len(texts) - 2 * half}) …", *texts[-half:]]
        return f"{' + '.join(texts)} = {self.expected}" if len(texts) > 1 else str(self.expected)


@dataclass(frozen=True, slots=True)
class Repair:
    """Another reading of one term under which a sum holds."""

    ref: CellRef
    text: str


def find_repair(check: SumCheck) -> Repair | None:
    """The only alternative reading of a single OCR cell that satisfies a broken sum, or None.

    Text that was not read by OCR is what the source says and is never doubted.
    """
    repairs: dict[tuple[CellRef, Decimal], Repair] = {}
    for term, sign in ((check.total, 1), *((part, -1) for part in check.parts)):
        if term.cell.source is not TextSource.OCR:
            continue
        for alternative in term.cell.alternatives:
            value = parse_amount(alternative.text)
            if value is None or value == term.value:
                continue
            if abs(check.difference + sign * (value - term.value)) <= check.tolerance:
                repairs.setdefault((term.ref, value), Repair(term.ref, alternative.text))
    return next(iter(repairs.values())) if len(repairs) == 1 else None


def most_hold(checks: Sequence[SumCheck]) -> bool:
    """Whether more than half of the checks hold: evidence that the relation is meant."""
    return 2 * sum(check.holds for check in checks) > len(checks)
