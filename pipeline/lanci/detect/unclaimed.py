"""Numbers in columns that belong to no table: a table may have been missed there."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import Word
from lanci.numbers import parse_amount

_LEAST = 4
"""Amounts under each other that a table is suspected from; lists and prose have fewer."""
_SAME_EDGE = 4.0
"""Points by which the right edges of the amounts of a column lie apart at most, each from the next."""
_SAME_LINE = 0.5
"""Share of a word's height within which another stands on the same line."""


def has_amounts_in_columns(words: Sequence[Word]) -> bool:
    """Whether amounts stand under each other.

    Page numbers of a list of contents, years and serial numbers are no amounts: what counts has a fraction or
    groups of digits.

    Args:
        words: those of a page that no table holds.
    """
    amounts = sorted((w for w in words if _is_amount(w.text)), key=lambda w: (w.box.x1, w.box.y0))
    column: list[Word] = []
    edge = float("-inf")
    for word in amounts:
        if word.box.x1 - edge > _SAME_EDGE:
            column = []
        edge = word.box.x1
        if all(abs(word.box.center[1] - other.box.center[1]) > _SAME_LINE * word.box.height for other in column):
            column.append(word)
        if len(column) >= _LEAST:
            return True
    return False


def _is_amount(text: str) -> bool:
    return ("." in text or "," in text or "，" in text) and parse_amount(text) is not None
