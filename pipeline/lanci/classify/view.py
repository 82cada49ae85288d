"""A fragment laid out for feature extraction: which cell covers each position, and what its text looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lanci.document import Fragment
from lanci.text import squash

BLANK, INTEGER, CODE, LONG_CODE, AMOUNT, STARS, SHORT, LONG = range(8)
"""The shapes that a cell's text can have; see :func:`text_to_shape`."""

SHORT_TEXT = 10
"""Texts up to this many characters are labels, longer ones sentences."""

_PATTERNS = (
    (re.compile(r"[235]\d{2}(?:\d{2}){0,2}"), CODE),
    (re.compile(r"\d{1,4}"), INTEGER),
    (re.compile(r"[*＊×Xx—\-]{1,4}"), STARS),
    (re.compile(r"(?=.*\d)[0-9A-Za-z]{6,}"), LONG_CODE),
    (re.compile(r"[-−－(]?[\d,]*\.?\d+[)%‰]?"), AMOUNT),
)
"""The first pattern that a whole text matches gives its shape."""

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def text_to_shape(text: str) -> int:
    """The shape of a squashed text.

    A number of 3, 5 or 7 digits that starts like a budget subject (2 function, 3 and 5 economic class) is a
    ``CODE``; whether it is one is for the column to say, a single cell cannot.
    """
    if not text:
        return BLANK
    for pattern, shape in _PATTERNS:
        if pattern.fullmatch(text):
            return shape
    return SHORT if len(text) <= SHORT_TEXT else LONG


@lru_cache(maxsize=65536)
def _read_text(text: str) -> tuple[str, int, str]:
    """A printed text squashed, its shape, and the squashed text with every number as 0."""
    squashed = squash(text)
    return squashed, text_to_shape(squashed), _DIGITS.sub("0", squashed)


@dataclass(frozen=True, slots=True)
class FragmentView:
    """The cells of a fragment by position.

    ``owner`` has ``n_rows`` tuples of ``n_cols`` indices into ``fragment.cells`` (-1 where no cell is), ``rows`` for
    each row the cells that cover it, from left to right and each once. ``texts`` has one squashed text a cell,
    ``shapes`` its shape, ``words`` the text with every number as 0: amounts are not to be learnt by heart.
    """

    fragment: Fragment
    owner: tuple[tuple[int, ...], ...]
    rows: tuple[tuple[int, ...], ...]
    texts: tuple[str, ...]
    shapes: tuple[int, ...]
    words: tuple[str, ...]

    def row_cells(self, row: int) -> tuple[int, ...]:
        """The cells that cover the row, from left to right, each once."""
        return self.rows[row]

    def starting_cells(self, row: int) -> list[int]:
        """The cells whose top row this is, from left to right."""
        cells = self.fragment.cells
        return [i for i in self.rows[row] if cells[i].row == row]

    def column_cells(self, col: int, first_row: int) -> list[int]:
        """The cells that cover the column at or below ``first_row``, from the top, each once."""
        return [i for i in dict.fromkeys(row[col] for row in self.owner[first_row:]) if i >= 0]


def fragment_to_view(fragment: Fragment) -> FragmentView:
    """Lay the cells of ``fragment`` out; cells beyond its rows or columns are cut off."""
    owner = [[-1] * fragment.n_cols for _ in range(fragment.n_rows)]
    for index, cell in enumerate(fragment.cells):
        for row in range(cell.row, min(cell.row + cell.row_span, fragment.n_rows)):
            line = owner[row]
            for col in range(cell.col, min(cell.col + cell.col_span, fragment.n_cols)):
                line[col] = index
    read = [_read_text(cell.text) for cell in fragment.cells]
    return FragmentView(
        fragment=fragment,
        owner=tuple(map(tuple, owner)),
        rows=tuple(tuple(i for i in dict.fromkeys(line) if i >= 0) for line in owner),
        texts=tuple(text for text, _, _ in read),
        shapes=tuple(shape for _, shape, _ in read),
        words=tuple(words for _, _, words in read),
    )


def integer_run(values: list[int]) -> int:
    """The length of the longest stretch of ``values`` in which each is one more than the one before."""
    best = run = 1 if values else 0
    for left, right in pairwise(values):
        run = run + 1 if right == left + 1 else 1
        best = max(best, run)
    return best


def share_to_bin(part: float, whole: float) -> str:
    """A share as one of ``n`` (nothing there), ``0``, ``a`` (to 1/3), ``b`` (to 2/3), ``c``, ``1`` (all)."""
    if whole <= 0:
        return "n"
    share = part / whole
    if share <= 0 or share >= 1:
        return "0" if share <= 0 else "1"
    return "a" if share <= 1 / 3 else "b" if share <= 2 / 3 else "c"


def count_to_bin(count: float) -> str:
    """A count as itself to 4, then in coarser steps."""
    if count <= 4:
        return str(int(count))
    return "5-6" if count <= 6 else "7-9" if count <= 9 else "10-14" if count <= 14 else "15+"
