"""Does a page's text stand in columns? A cheap test before a slow detector is asked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lanci.document import Word
from lanci.numbers import looks_numeric
from lanci.page.text import words_to_lines

_COLUMN_GAP = 1.5  # in line heights; wider than any gap between words of a sentence
_MIN_ROWS = 4
_MIN_COLUMNS = 3


def looks_tabular(words: Sequence[Word]) -> bool:
    """Whether at least four lines have three or more pieces set apart, most of them with a number.

    Contents pages have two pieces a line (title and page number) and prose has one.
    """
    rows = 0
    for line in words_to_lines(words):
        pieces = 1
        for left, right in pairwise(line):
            gap = right.box.x0 - left.box.x1
            pieces += gap > _COLUMN_GAP * min(left.box.height, right.box.height)
        if pieces >= _MIN_COLUMNS and any(looks_numeric(w.text) for w in line):
            rows += 1
    return rows >= _MIN_ROWS
