"""Where a word that crosses a vertical rule is two texts that touch, and where it is one that overflows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from lanci.document import Box, Grid, Word
from lanci.grid.lookup import GridLookup
from lanci.numbers import MINUS, parse_amount
from lanci.text import is_cjk

CROSSING = 0.5
"""Points; a word that reaches over a rule by less does not cross it."""

_DIGITS = frozenset("0123456789,.")
_UNSIGNED = _DIGITS | frozenset("%％")
_APART = 1.15  # times the widest step between two digits of a number, which all have the same width
_OUT_OF_STEP = 0.06  # share of the usual step by which two Chinese characters of one text never miss it


def cut_at_rules(word: Word, grid: Grid, lookup: GridLookup) -> Iterator[Word]:
    """Cut a word where it runs on into the next cell: texts of two cells may touch without a gap.

    It is cut only at a rule, and only where a number meets Chinese text (``2010301行政运行``), two amounts meet that
    are no amount together (``441.81154,304.22``) or stand apart (``4.82 2026``), or Chinese characters are out of
    step; a number is never cut, and text that overflows its cell stays whole. Digits set apart that have rules between
    them are the numbers of narrow columns.
    """
    start = 0
    row = lookup.row_at((word.box.y0 + word.box.y1) / 2)
    first, last = lookup.col_at(word.box.x0), lookup.col_at(word.box.x1)
    for col in range(first + 1, last + 1) if word.stops else ():
        edge = grid.col_edges[col]
        if not word.box.x0 + CROSSING < edge < word.box.x1 - CROSSING:
            continue
        if lookup.owner(row, col - 1) == lookup.owner(row, col):
            continue  # a spanning cell has no side here
        cut = _nearest_seam(word, edge)
        if cut is not None and cut > start:
            yield _slice(word, start, cut)
            start = cut
    yield _slice(word, start, len(word.text)) if start else word


def _nearest_seam(word: Word, edge: float) -> int | None:
    """The character index nearest to ``edge`` at which two texts meet, at most one character away from it."""
    width = word.box.x1 - word.box.x0
    reach = max(word.box.height, 1.0)
    best: tuple[float, int] | None = None
    for i in range(1, len(word.text)):
        distance = abs(word.box.x0 + word.stops[i] * width - edge)
        if distance > reach or (best is not None and distance >= best[0]):
            continue
        if _is_seam(word, i) or _is_gap(word, i, edge):
            best = (distance, i)
    return best[1] if best else None


def _is_seam(word: Word, i: int) -> bool:
    """Whether two texts can meet before character ``i``."""
    text = word.text
    left_counts, right_counts = _counts(text, i - 1), _counts(text, i)
    if left_counts != right_counts:
        return is_cjk(text[i - 1]) or is_cjk(text[i])
    if not left_counts:
        return is_cjk(text[i - 1]) and is_cjk(text[i]) and _is_out_of_step(word, i)
    if text[i] not in _DIGITS and "." not in text[:i]:
        return False  # the middle of ``2021-2022`` or ``010-12345678``
    start, end = i, i
    while start and _counts(text, start - 1):
        start -= 1
    while end < len(text) and _counts(text, end):
        end += 1
    if parse_amount(text[start:i]) is None or parse_amount(text[i:end]) is None:
        return False
    return parse_amount(text[start:end]) is None or _stands_apart(word, start, i, end)


def _is_gap(word: Word, i: int, edge: float) -> bool:
    """Whether a rule runs between two characters that stand apart."""
    width = word.box.x1 - word.box.x0
    left, right = (word.box.x0 + word.stops[k] * width for k in (i - 1, i))
    return word.spread and left + 0.5 * (right - left) <= edge <= right


def _counts(text: str, i: int) -> bool:
    """Whether a character belongs to a number: digits and their points, per cent, a minus sign before a digit."""
    if text[i] in MINUS:
        return i + 1 < len(text) and text[i + 1].isdigit()
    return text[i] in _UNSIGNED


def _stands_apart(word: Word, start: int, i: int, end: int) -> bool:
    """Whether the digits before and after ``i`` stand further apart than those of the two numbers do."""
    steps = [word.stops[k] - word.stops[k - 1] for k in range(start + 1, end) if k != i and word.text[k - 1].isdigit()]
    return bool(steps) and word.stops[i] - word.stops[i - 1] > _APART * max(steps)


def _is_out_of_step(word: Word, i: int) -> bool:
    """Whether the step to character ``i`` is not that of the other Chinese characters, which all are equally wide."""
    chinese = [is_cjk(char) for char in word.text]
    steps = [word.stops[k] - word.stops[k - 1] for k in range(1, len(chinese)) if k != i and chinese[k - 1]]
    if len(steps) < 3:
        return False
    usual = median(steps)
    others_keep_step = all(abs(step - usual) <= _OUT_OF_STEP * usual for step in steps)
    return others_keep_step and abs(word.stops[i] - word.stops[i - 1] - usual) > _OUT_OF_STEP * usual


def _slice(word: Word, start: int, end: int) -> Word:
    """A part of a word; its first character keeps the word's ``after_space``."""
    stops: Sequence[float] = word.stops
    width = word.box.x1 - word.box.x0
    x0 = word.box.x0 + stops[start] * width
    x1 = word.box.x0 + stops[end] * width if end < len(stops) else word.box.x1
    box = Box(x0, word.box.y0, x1, word.box.y1)
    return replace(word, text=word.text[start:end], box=box, stops=(), after_space=word.after_space and start == 0)
