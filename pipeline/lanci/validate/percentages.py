"""Printed percentages beside what the amounts make: how far rounding may part them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from lanci.validate.constraints import Term

_HUNDRED = Decimal(100)
_SHOWN = Decimal("0.0001")


def share_of(part: Term, whole: Term) -> tuple[Decimal, Decimal] | None:
    """What percentage one amount is of another, and by how much rounding of both may have moved it.

    None where the units are not known, the whole is nothing or no larger than its rounding.
    """
    if part.factor is None or whole.factor is None:
        return None
    top, bottom = part.value * part.factor, abs(whole.value * whole.factor)
    room = whole.slack * whole.factor
    if bottom <= room:
        return None
    share = _HUNDRED * top / bottom
    return share, (_HUNDRED * part.slack * part.factor + abs(share) * room) / (bottom - room)


def fits(printed: Decimal, share: tuple[Decimal, Decimal]) -> bool:
    """Whether a percentage is printed as it should be, up to its last place: digits may be cut off, not rounded."""
    exponent = printed.as_tuple().exponent
    last_place = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)
    return abs(printed - share[0]) <= last_place + share[1]


def to_shown(percent: Decimal) -> Decimal:
    """A percentage as findings give it."""
    return percent.quantize(_SHOWN, ROUND_HALF_EVEN).normalize() + 0
