"""Sums of printed amounts: do they hold, by how much not, and which misreading would explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lanci.document import Cell, CellRef, TextSource
from lanci.interpret import is_nothing
from lanci.numbers import parse_amount

_ZERO = Decimal(0)
_MAX_PRINTED_TERMS = 8


@dataclass(frozen=True, slots=True)
class Term:
    """One printed amount with its place; ``places`` is the decimal to which the source rounds it."""

    ref: CellRef
    cell: Cell
    places: int

    @property
    def value(self) -> Decimal:
        """The amount; a blank counts as nothing in a sum."""
        return self.cell.value if self.cell.value is not None else _ZERO

    @property
    def is_blank(self) -> bool:
        return self.cell.value is None

    @property
    def is_unreadable(self) -> bool:
        """Whether something is printed that is no number, so that nothing can be said of the sum."""
        return self.cell.value is None and not is_nothing(self.cell.text)

    @property
    def slack(self) -> Decimal:
        """The most by which rounding can have moved the amount: half a unit of its last place."""
        return _ZERO if self.is_blank else Decimal(5).scaleb(-self.places - 1)


@dataclass(frozen=True, slots=True)
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
        if not self.parts or any(term.is_unreadable for term in self.terms):
            return False
        return any(term.value != 0 for term in self.terms)

    @property
    def expected(self) -> Decimal:
        return sum((part.value for part in self.parts), _ZERO)

    @property
    def difference(self) -> Decimal:
        """Printed total minus sum of the parts."""
        return self.total.value - self.expected

    @property
    def tolerance(self) -> Decimal:
        """What rounding can explain: it grows with the number of terms."""
        return sum((term.slack for term in self.terms), _ZERO)

    @property
    def holds(self) -> bool:
        return abs(self.difference) <= self.tolerance

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
