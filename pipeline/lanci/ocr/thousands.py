"""Amounts without decimals whose thousands commas were read as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.document import Alternative
from lanci.numbers import decimal_places, is_in_threes, prints_whole_thousands
from lanci.ocr.columns import NumberColumn, plain_number
from lanci.ocr.grammar import AMOUNT
from lanci.ocr.numeric import SURE, Reading

_MISREAD = 0.1
"""So many amounts of a column may have lost a digit."""


def find_whole(columns: Sequence[NumberColumn], readings: Sequence[Reading]) -> frozenset[int]:
    """The cells of the columns of whole amounts, if points in them are commas.

    Args:
        columns: of one grid.
        readings: of all its cells.
    """
    cells = [i for column in columns if _may_be_whole(column, readings) for i in column.cells]
    sure = [plain_number(readings[i].text) for i in cells if readings[i].confidence >= SURE]
    is_whole = prints_whole_thousands([plain_number(readings[i].text) for i in cells], sure)
    return frozenset(cells if is_whole else ())


def restore_commas(reading: Reading) -> Reading:
    """An amount of such a grid with commas for its points; what was read becomes an alternative."""
    text = plain_number(reading.text)
    if "." not in text or not is_in_threes(text):
        return reading
    own = Alternative(text, round(reading.confidence, 4))
    return replace(reading, text=text.replace(".", ","), alternatives=(own, *reading.alternatives))


def _may_be_whole(column: NumberColumn, readings: Sequence[Reading]) -> bool:
    """Whether a column holds amounts of which hardly any is printed to other than three places, as shares are."""
    texts = [plain_number(readings[i].text) for i in column.cells]
    n_other = sum(decimal_places(text) > 0 and not is_in_threes(text) for text in texts)
    return column.grammar is AMOUNT and n_other <= _MISREAD * len(texts)
