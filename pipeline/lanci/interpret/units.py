"""Units of amounts: which one is printed where, and exact factors to 元."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from lanci.document import HeaderRole, Measure, Table
from lanci.interpret.vocabulary import text_to_measures
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
_MONEY_WORDS = "(?:人民币)?(?:[十百千]?[万亿]|[十百千]|)元"
_MONEY = re.compile(r"(?:人民币)?([十百千]?[万亿]|[十百千]|)元(?:人民币)?")
_COUNTED = "%|‰|平方米|㎡|m2|公里|万?[吨人户]|[辆台个套件次项批栋间亩家宗名张册]"
_IN_TEXT = re.compile(rf"(?:单位[:：]?|[（(])(?:金额单位[:：])?({_MONEY_WORDS}|{_COUNTED})(?:[)）]|$)")
_SEVERAL = re.compile("[、,，;；和]")
_NO_MONEY = frozenset({Measure.QUANTITY, Measure.CHANGE_RATE, Measure.SHARE})


@lru_cache(maxsize=256)
def unit_factor(unit: str) -> Decimal | None:
    """How many 元 one ``unit`` is (``万元`` → 10000), or None when it is no unit of money (``万吨``, "")."""
    plain = squash(unit).rpartition(":")[2].strip("()")
    match = _MONEY.fullmatch(plain)
    return _FACTORS.get(match.group(1)) if match else None


@lru_cache(maxsize=4096)
def text_to_unit(text: str) -> str:
    """The unit that a header or a label prints of its amounts: ``价值（金额单位：万元）`` → ``万元``; "" for none."""
    match = _IN_TEXT.search(squash(text)) if "(" in text or "（" in text or "单位" in text else None
    return match.group(1) if match else ""


def column_unit(table: Table, col: int) -> str:
    """The unit of a column: that in its own header, else the table's; counts and percentages have none of the table.

    Where the table names several units (``万元、辆``) amounts are in the one that is money.
    """
    column = table.columns[col]
    for text in reversed(column.path):
        if unit := text_to_unit(text):
            return unit
    if column.role is HeaderRole.QUANTITY or (column.path and _NO_MONEY & {*text_to_measures(column.path[-1])}):
        return ""
    return _money_of(table.caption.unit)


@lru_cache(maxsize=256)
def _money_of(unit: str) -> str:
    """The unit of a table; of several the only one that is money."""
    money = [part for part in _SEVERAL.split(unit) if unit_factor(part) is not None]
    return money[0] if len(money) == 1 else unit


def column_factor(table: Table, col: int) -> Decimal | None:
    """The factor from a column's unit to 元, None where that is no money."""
    return unit_factor(column_unit(table, col))
