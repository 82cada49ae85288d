"""Printed amounts as numbers that show exactly what is printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lanci.numbers import MINUS

_MOST_DIGITS = 15
"""So many significant decimal digits a spreadsheet's numbers (IEEE doubles) keep exactly."""

_MOST_DECIMALS = 6
"""With every minus sign that is in use this makes 210 number formats; a workbook can hold about 250."""

_BRACKETS = frozenset({("(", ")"), ("（", "）")})


@dataclass(frozen=True, slots=True)
class SheetNumber:
    """A number with the number format under which it looks as printed."""

    value: float
    number_format: str


def amount_to_number(text: str, value: Decimal | None) -> SheetNumber | None:
    """The number that a cell with this print holds; None where a number could not show the same characters.

    Then the cell is text: amounts of more than 15 digits, full-width digits, ``.5``, ``007`` and ``-0.00``.

    Args:
        text: what is printed.
        value: its exact value.
    """
    if value is None or not value.is_finite():
        return None
    exponent = value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if not 0 <= decimals <= _MOST_DECIMALS or len(value.as_tuple().digits) > _MOST_DIGITS:
        return None
    for grouped in ("", ","):
        digits = f"{abs(value):{grouped}.{decimals}f}"
        before, found, after = text.partition(digits)
        if not found or not _is_sign(before, after, value):
            continue
        shown = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")
        if value < 0 and (before, after) != ("-", ""):
            shown = f'{shown};"{before}"{shown}"{after}"' if after else f'{shown};"{before}"{shown}'
        return SheetNumber(float(value), shown)
    return None


def _is_sign(before: str, after: str, value: Decimal) -> bool:
    """Whether what stands around the digits is the sign of the value and nothing else."""
    if not value.is_signed():
        return not before and not after
    return value != 0 and ((len(before) == 1 and before in MINUS and not after) or (before, after) in _BRACKETS)
