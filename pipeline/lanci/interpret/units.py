"""Units of money as exact factors to 元."""

from __future__ import annotations

import re
from decimal import Decimal

from lanci.document import Table
from lanci.text import squash

_FACTORS = {
    "": Decimal(1),
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1_000),
    "万": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
}
_MONEY = re.compile(r"(?:人民币)?([十百千]?[万亿]|[十百千]|)元")
_IN_HEADER = re.compile(r"(?:单位[:：]|[（(])\s*((?:人民币)?(?:[十百千]?[万亿]|[十百千]|)元)")


def unit_factor(unit: str) -> Decimal | None:
    """How many 元 one ``unit`` is (``万元`` → 10000), or None when it is no unit of money (``万吨``, "")."""
    plain = squash(unit).rpartition(":")[2].strip("()")
    match = _MONEY.fullmatch(plain)
    return _FACTORS.get(match.group(1)) if match else None


def column_factor(table: Table, col: int) -> Decimal | None:
    """The factor to 元 of a column: the unit in its own header (``价值（金额单位：万元）``), else the table's."""
    for text in reversed(table.columns[col].path):
        if match := _IN_HEADER.search(squash(text)):
            return unit_factor(match.group(1))
    return unit_factor(table.caption.unit)
