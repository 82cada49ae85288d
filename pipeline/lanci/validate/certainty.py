"""How sure it is that a document means a relation: what its structure says, and how many of its like hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lanci.document import Severity
from lanci.validate.constraints import CERTAIN, Constraint

DOUBTFUL = 0.5
"""Below this certainty a relation is as likely not meant: nothing is said when it is broken."""

_MOST_CHANCE = 0.01
"""Above this probability that random amounts agree, a relation that only the amounts tell is no proof."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What the structure alone says of a relation: a probability, and how many observations that is worth."""

    certainty: float
    weight: float

    def update(self, n_holding: float, n_all: int) -> float:
        """The certainty after so many of the constraints of one kind were seen to hold."""
        return (self.certainty * self.weight + n_holding) / (self.weight + n_all)


STATED = Prior(0.97, 8)
"""The print says what the parts are: codes, ordinals, a spanning header."""
TOTALLED = Prior(0.98, 12)
"""A total row over all rows that carry codes."""
IMPLIED = Prior(0.9, 4)
"""Names and places suggest it; the amounts must bear it out."""

OPEN = Prior(0.5, 2)
"""Nothing is printed that says so; that others of its kind hold is all that speaks for it."""


def rate(constraints: Iterable[Constraint], prior: Prior) -> list[Constraint]:
    """The constraints of one relation with the certainty that all of them together give it.

    What is less than certain is a warning when it is broken.
    """
    judged = list(constraints)
    # What is amiss with a row shows in all its columns: the same rows in another column are the same observation.
    seen: dict[tuple[tuple[str, int], ...], list[bool]] = {}
    for one in judged:
        if not one.is_open:
            seen.setdefault(tuple((ref.table, ref.row) for ref in one.cells), []).append(one.holds)
    certainty = prior.update(sum(sum(held) / len(held) for held in seen.values()), len(seen))
    if certainty >= CERTAIN:
        return [replace(one, certainty=certainty) for one in judged]
    return [replace(one, certainty=certainty, severity=min_severity(one.severity)) for one in judged]


def min_severity(severity: Severity) -> Severity:
    """The severity of a finding that is less than certain."""
    return Severity.WARNING if severity is Severity.ERROR else severity


def count_holding(constraints: Sequence[Constraint]) -> int:
    """How many of them hold."""
    return sum(one.holds for one in constraints)


def most_hold(constraints: Sequence[Constraint]) -> bool:
    """Whether more than half of them hold: evidence that the relation is meant."""
    return 2 * count_holding(constraints) > len(constraints)


def discover(constraint: Constraint | None, n_candidates: int) -> Iterator[Constraint]:
    """A relation that only the amounts tell, if it holds and is no chance.

    Random amounts agree once in as many times as the total has values with its number of digits, and as often as
    candidates are tried and rounding leaves room. Zeros at the end tell nothing: round amounts are frequent.
    """
    if constraint is None or not constraint.holds:
        return
    places = constraint.total.slack * 2 or Decimal(1)
    room = 1 + 2 * float(constraint.tolerance / places)
    chance = n_candidates * room / 10.0 ** count_digits(constraint.total.value)
    if chance <= _MOST_CHANCE:
        yield replace(constraint, certainty=1 - chance)


def count_digits(value: Decimal) -> int:
    """The significant digits of an amount without the zeros at its end."""
    return len(value.normalize().as_tuple().digits) if value else 0
