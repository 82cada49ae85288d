"""Words put together to pieces of text lines: what stands together without a gap as wide as between columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lanci.document import Word
from lanci.numbers import looks_numeric
from lanci.text import is_cjk

_GAP = 0.9  # ems; wider than the gaps between words of a sentence
_NUMBER_GAP = 0.4  # ems; two numbers this far apart are two; digits drawn one by one stand closer
_CJK_GAP = 0.45  # ems without a printed space; Chinese text has none, so that this is the gap between two cells
_SAME_LINE = 0.4  # ems by which the centres of words of one line may differ
_MIXED_GAP = 0.6  # ems; the same between Chinese text and digits, which programs set a little apart
_MARKS = frozenset("*-—–－/…·—")  # what stands for no amount, or in a row of column numbers
_ABSENT = frozenset({"n.a.", "n/a", "na", "n.d."})  # amounts that are not there
_LEADERS = ("....", "……", "····", "．．．．", "…...")
_DOTS = frozenset(".…·．")
_LEAST_DOTS = 4  # single dots in a line that are leaders
_CURRENCY_GAP = 20.0  # ems; currency signs stand at the left side of their cell, amounts at the right


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one text line; ``numeric`` are amounts, serial numbers, codes and marks for no amount."""

    x0: float
    y0: float
    x1: float
    y1: float
    numeric: bool
    words: tuple[Word, ...]

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """A text line: its pieces from left to right. ``em`` is the size of its type in points.

    ``has_leaders``: dots lead from a text to a number, as in a table of contents; words of dots are in no piece.
    """

    pieces: tuple[Piece, ...]
    y0: float
    y1: float
    em: float
    has_leaders: bool = False

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return self.pieces[-1].x1


def word_em(word: Word) -> float:
    """The type size of a word in points: exact for Chinese text, about right for the rest."""
    n = len(word.text)
    if n and is_cjk(word.text[0]) and is_cjk(word.text[-1]):
        return min(word.box.width / n, word.box.y1 - word.box.y0)
    return 0.85 * (word.box.y1 - word.box.y0)


def is_number_like(text: str) -> bool:
    """Whether a word is a number or stands for one that is not there."""
    return looks_numeric(text) or all(char in _MARKS for char in text) or text.lower() in _ABSENT


def is_currency_sign(text: str) -> bool:
    """Whether a word is nothing but the sign of a currency."""
    return len(text) == 1 and unicodedata.category(text) == "Sc"


def words_to_pieced_lines(words: Sequence[Word]) -> list[Line]:
    """The lines of the words from top to bottom, cut into pieces."""
    rows: list[tuple[float, float, list[Word]]] = []
    for word in sorted(words, key=lambda w: (w.box.y0 + w.box.y1, w.box.x0)):
        middle = (word.box.y0 + word.box.y1) / 2
        if rows:
            y, em, row = rows[-1]
            if middle - y <= _SAME_LINE * max(em, word_em(word)):
                row.append(word)
                continue
        rows.append((middle, word_em(word), [word]))
    return [_row_to_line(sorted(row, key=lambda w: w.box.x0)) for _, _, row in rows]


def _row_to_line(row: Sequence[Word]) -> Line:
    em = max(word_em(word) for word in row)
    dots = [word for word in row if all(char in _DOTS for char in word.text)]
    has_leaders = sum(len(word.text) for word in dots) >= _LEAST_DOTS
    if has_leaders:
        row = [word for word in row if word not in dots] or row
    else:
        has_leaders = any(mark in word.text for word in row for mark in _LEADERS)
    pieces: list[Piece] = []
    run: list[Word] = [row[0]]
    reach, number = row[0].box.x1, is_number_like(row[0].text)
    for word in row[1:]:
        word_number = is_number_like(word.text)
        allowed = _NUMBER_GAP if number and word_number else _GAP
        if word_number and len(run) == 1 and is_currency_sign(run[0].text):
            allowed = _CURRENCY_GAP
        elif is_currency_sign(word.text) and number:
            allowed = _NUMBER_GAP
        elif not word.after_space:
            n_cjk = is_cjk(word.text[0]) + is_cjk(run[-1].text[-1])
            allowed = _CJK_GAP if n_cjk == 2 else min(allowed, _MIXED_GAP) if n_cjk else allowed
        if word.box.x0 - reach > allowed * em:
            pieces.append(words_to_piece(run))
            run = []
        run.append(word)
        reach, number = max(reach, word.box.x1), word_number
    pieces.append(words_to_piece(run))
    return Line(tuple(pieces), min(p.y0 for p in pieces), max(p.y1 for p in pieces), em, has_leaders)


def words_to_piece(words: Iterable[Word]) -> Piece:
    """One piece of all the words, in their order."""
    run = tuple(words)
    return Piece(
        min(w.box.x0 for w in run),
        min(w.box.y0 for w in run),
        max(w.box.x1 for w in run),
        max(w.box.y1 for w in run),
        is_number_like(run[-1].text) and all(is_number_like(w.text) or is_currency_sign(w.text) for w in run[:-1]),
        run,
    )
