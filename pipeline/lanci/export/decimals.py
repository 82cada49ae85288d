"""Exact decimals of a fixed number of digits, as Parquet and DuckDB have them."""

from __future__ import annotations

from decimal import Context, Decimal

DIGITS = 38
"""Most digits of such a decimal."""

DECIMALS = 18
"""So many of them are after the point: what programs print of a binary fraction has no more."""

_EXACT = Context(prec=1000)
_STEP = Decimal(1).scaleb(-DECIMALS)


def fit(value: Decimal | None) -> Decimal | None:
    """The same number with ``DECIMALS`` decimals, None where that cannot hold it exactly."""
    if value is None or value.adjusted() >= DIGITS - DECIMALS:
        return None
    fitted = value.quantize(_STEP, context=_EXACT)
    return fitted if fitted == value else None
