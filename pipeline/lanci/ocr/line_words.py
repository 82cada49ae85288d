"""Lines that a recogniser found, cut into the texts that stand apart in them.

A detector of text lines gives the cells of a row sometimes as one line, sometimes as several, in boxes that are looser
than the print. The search for tables without rules needs each text by itself, in a box that says where its ink is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Box, Raster, Word
from lanci.ocr.grammar import AMOUNT
from lanci.ocr.line_ink import line_ink
from lanci.page.scan_image import Mask
from lanci.text import is_cjk

_GAP = 0.75
"""Ems without ink that part two texts; between the characters of one there are up to 0.5."""
_NUMBER_GAP = 0.5
"""The same between two characters that are not Chinese."""
_AFTER_MARK = 1.25
"""The same beside a punctuation mark of full width, which fills half of its square."""
_SPREAD = 1.4
"""The same between two lone Chinese characters, which are a word set wide (合 计) rather than two."""
_SPECK = 0.15
"""Ems of width up to which ink that stands alone is a speck: a 1 is wider, a point stands at its number."""
_LONE_SPECK = 0.3
"""The same of ink that a recogniser takes for a text of its own, width and height."""
_BESIDE_SPECK = 0.2
"""Ems without ink beside a speck at the end of a text."""
_LEAST_WIDTH = 0.2
"""Ems of ink for each character, below which a part of a line is so faint that its gaps tell nothing."""
_RULE = 2.5
"""Heights of a line; a stroke longer than this is a rule, not a part of a character."""
_CJK_INK, _LATIN_INK = 0.92, 0.73
"""Height of the ink of a Chinese text, and of digits or capitals, in ems."""
_FONT_BOX = 1.17
"""Height of the box of a line of text in a font, in ems."""
_DOUBTFUL = 0.4
"""Confidence below which a line of other characters than Chinese ones and digits is taken for a smudge."""
_SCARCE = 0.12
"""Share of the fullest row of pixels up to which a row shows nothing but a speck or the tail of a comma."""
_LEAST_INK = 0.45
"""Share of the usual height of ink below which a text (a dash, a dot) does not tell the size of its type."""

_HIGH, _ABOVE = frozenset("*＊"), 0.2
"""Marks that stand above the middle of their line, by this many ems."""
_MARKS = frozenset(",.'·|:;，。、：；’")
"""Marks that stand by no text: what specks are read as."""
_LEADERS, _DOTS = re.compile(r"([.·…]+)(\d{1,3})"), "...."
_DASH = 0.28
"""Ems of height that the ink of a dash has at most; recognisers read one that stands alone as all kinds of letters."""
_OPENING, _CLOSING = frozenset("（《〈「『【〔“‘([<"), frozenset("，。、；：）》〉」』】〕”’！？,;:)]>!?")
"""Marks that fill half of their square at most. Recognisers write the marks of Chinese text in either form."""

Columns = NDArray[np.intp]
"""Numbers of columns of pixels, ascending."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a line's characters and the ink that shows it, in pixels of the raster."""

    text: str
    x0: int
    x1: int
    y0: int
    y1: int


def split_lines(lines: Sequence[Word], raster: Raster) -> tuple[tuple[Word, ...], ...]:
    """The texts of each line that stand apart, from left to right.

    Args:
        lines: one word a line, as :func:`lanci.ocr.outside.read_outside` gives them.
        raster: the page they were read from.

    Returns:
        For each line its texts; a line without wide gaps is one text, what shines through from the back of the sheet
        and what is only a smudge is none. Boxes are as wide as the ink and as high as the
        font would make them, so that they compare with those of a text layer.
    """
    found = [_line_to_parts(line, raster) if _is_sure(line) else [] for line in lines]
    usual = _usual_em([part for parts in found for part in parts])
    return tuple(
        tuple(
            word
            for part in parts
            if not _is_speck(part, usual)
            for word in _without_leaders(_part_to_word(part, line, raster.scale, usual))
        )
        for line, parts in zip(lines, found, strict=True)
    )


def _is_sure(line: Word) -> bool:
    """Whether a line is text: smudges and seals are read as a few odd letters, doubtfully."""
    return line.confidence >= _DOUBTFUL or any(is_cjk(char) or char.isdigit() for char in line.text)


def _line_to_parts(line: Word, raster: Raster) -> list[_Part]:
    x0, y0, x1, y1 = _pixels(line.box, raster)
    ink = _ink_without_rules(raster.image[y0:y1, x0:x1])
    rows = _text_rows(ink)
    if rows is None:
        return []
    top, bottom = rows
    height = bottom - top
    em = height / (_CJK_INK if _has_cjk(line.text) else _LATIN_INK)
    inked = _without_specks(np.flatnonzero(ink[top:bottom].any(axis=0)), em)
    runs = _runs(inked, (_GAP if _is_amount(line.text) else _NUMBER_GAP) * em)
    runs = [run for run in runs if run[1] - run[0] > _SPECK * em] or runs
    texts = _deal(line.text, _centres(line, runs, x1 - x0), runs)
    parts: list[_Part] = []
    for (start, end), text in zip(runs, texts, strict=True):
        before = parts[-1] if parts else None
        if before is not None and start - (before.x1 - x0) <= _widest(before.text, text) * em:
            parts[-1] = _Part(before.text + text, before.x0, x0 + end, y0 + top, y0 + bottom)
        elif text:
            parts.append(_Part(text, x0 + start, x0 + end, y0 + top, y0 + bottom))
    if any(part.x1 - part.x0 < _LEAST_WIDTH * em * len(part.text) for part in parts if part.text not in _MARKS):
        parts = [_Part(line.text, x0 + int(inked[0]), x0 + int(inked[-1]) + 1, y0 + top, y0 + bottom)]
    return [_tight(part, ink[:, part.x0 - x0 : part.x1 - x0], y0 + top, top) for part in parts if part.text]


def _pixels(box: Box, raster: Raster) -> tuple[int, int, int, int]:
    height, width = raster.image.shape
    x0, y0, x1, y1 = (round(v * raster.scale) for v in (box.x0, box.y0, box.x1, box.y1))
    x0, y0 = min(max(x0, 0), width - 1), min(max(y0, 0), height - 1)
    return x0, y0, min(max(x1, x0 + 1), width), min(max(y1, y0 + 1), height)


def _ink_without_rules(patch: Mask) -> Mask:
    ink = line_ink(patch)
    height, width = ink.shape
    run = max(3, round(_RULE * height))
    if run < width:
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
        if rules.any():
            ink = cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 3), np.uint8))).astype(np.uint8, copy=False)
    return ink


def _text_rows(ink: Mask) -> tuple[int, int] | None:
    """The rows from the first to the last ink of the line; what pokes in from its neighbours is left out."""
    filled = (ink > 0).sum(axis=1)
    rows = np.flatnonzero(filled)
    if not len(rows):
        return None
    middle = len(filled) // 2
    reach = max(1, len(filled) // 8)  # dots of i, marks above and below a stroke
    at = int(rows[np.abs(rows - middle).argmin()])
    first = last = at
    for row in rows[rows > at].tolist():
        if row - last > reach:
            break
        last = row
    for row in rows[rows < at][::-1].tolist():
        if first - row > reach:
            break
        first = row
    return first, last + 1


def _without_specks(inked: Columns, em: float) -> Columns:
    """Columns with ink without those of a speck at either end, which would make the text wider than its column.

    A point or a mark that is left off there is missing in the text's box only.
    """
    runs = _runs(inked, _BESIDE_SPECK * em)
    wide = [run for run in runs if run[1] - run[0] > _SPECK * em]
    return inked[(inked >= wide[0][0]) & (inked < wide[-1][1])] if wide else inked


def _runs(inked: Columns, gap: float) -> list[tuple[int, int]]:
    """Stretches of columns with ink, joined over gaps of up to ``gap`` pixels."""
    cuts = np.flatnonzero(np.diff(inked) > gap + 1)
    starts = [int(inked[0]), *(int(inked[c + 1]) for c in cuts)]
    ends = [*(int(inked[c]) + 1 for c in cuts), int(inked[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def _centres(line: Word, runs: Sequence[tuple[int, int]], width: int) -> list[float]:
    """The middle of each character in pixels of the line's picture; guessed from usual widths where not known."""
    if len(line.stops) == len(line.text):
        ends = [*line.stops[1:], 1.0]
        return [width * (a + b) / 2 for a, b in zip(line.stops, ends, strict=True)]
    widths = [1.0 if is_cjk(char) else 0.5 for char in line.text]
    step = sum(end - start for start, end in runs) / sum(widths)
    centres: list[float] = []
    at, used = 0, 0.0  # pixels of ink before this run
    reach = 0.0
    for share in widths:
        middle = reach + share * step / 2
        while at + 1 < len(runs) and middle - used > runs[at][1] - runs[at][0]:
            used += runs[at][1] - runs[at][0]
            at += 1
        centres.append(runs[at][0] + middle - used)
        reach += share * step
    return centres


def _deal(text: str, centres: Sequence[float], runs: Sequence[tuple[int, int]]) -> list[str]:
    """The characters of each run: those whose middles lie nearest to it, in order."""
    dealt = [""] * len(runs)
    at = 0
    for char, centre in zip(text, centres, strict=True):
        while at + 1 < len(runs) and runs[at + 1][0] - centre < centre - runs[at][1]:
            at += 1
        dealt[at] += char
    return [some.strip() for some in dealt]


def _widest(left: str, right: str) -> float:
    """Ems without ink that may stand between two parts of one text."""
    if not left or not right:
        return _GAP
    if not (_has_cjk(left) or _has_cjk(right)):
        return _NUMBER_GAP if any(map(str.isdigit, left)) and any(map(str.isdigit, right)) else _GAP
    if len(left) == len(right) == 1 and is_cjk(left) and is_cjk(right):
        return _SPREAD
    beside_mark = left[-1] in _CLOSING or right[0] in _OPENING or right[0] in _CLOSING
    return _AFTER_MARK if beside_mark else _GAP


def _is_amount(text: str) -> bool:
    """Whether a line is one number with a fraction or groups; of two side by side the marks do not fit."""
    return ("." in text or "," in text) and AMOUNT.fullmatch(text)


def _has_cjk(text: str) -> bool:
    return any(map(is_cjk, text))


def _tight(part: _Part, ink: Mask, y0: int, top: int) -> _Part:
    """The part with the height of its characters, without specks and the tails of commas.

    ``y0`` is where row ``top`` of the line's picture lies on the page.
    """
    counts = (ink[top : top + part.y1 - part.y0] > 0).sum(axis=1)
    rows = np.flatnonzero(counts > _SCARCE * counts.max(initial=0))
    if not len(rows):
        return part
    return _Part(part.text, part.x0, part.x1, y0 + int(rows[0]), y0 + int(rows[-1]) + 1)


def _em(part: _Part) -> float:
    """The size of type that the ink of a text tells, in pixels."""
    n = len(part.text)
    height = (part.y1 - part.y0) / (_CJK_INK if _has_cjk(part.text) else _LATIN_INK)
    return min(height, 1.1 * (part.x1 - part.x0) / n) if all(map(is_cjk, part.text)) and n > 1 else height


def _usual_em(parts: Sequence[_Part]) -> float:
    return median(_em(part) for part in parts) if parts else 0.0


def _is_speck(part: _Part, usual: float) -> bool:
    """Whether a text that stands alone is a mark, or smaller than any other character both ways: a dash is wider."""
    return part.text in _MARKS or max(part.x1 - part.x0, part.y1 - part.y0) < _LONE_SPECK * usual


def _without_leaders(word: Word) -> tuple[Word, ...]:
    """The number of a page apart from the dots that lead to it, of which the detector leaves off most."""
    found = _LEADERS.fullmatch(word.text)
    if found is None:
        return (word,)
    box = word.box
    edge = box.x1 - box.width * len(found[2]) / (len(found[2]) + 0.5 * len(found[1]))
    dots = replace(word, text=_DOTS, box=replace(box, x1=edge))
    return dots, replace(word, text=found[2], box=replace(box, x0=edge))


def _part_to_word(part: _Part, line: Word, scale: float, usual: float) -> Word:
    em = _em(part)
    if em < _LEAST_INK * usual:
        em = usual
    middle, half = (part.y0 + part.y1) / 2, _FONT_BOX * em / 2
    if set(part.text) <= _HIGH:
        em = usual
        middle, half = middle + _ABOVE * em, _FONT_BOX * em / 2
    cjk = _has_cjk(part.text)
    x0 = part.x0 - (0.5 * em if cjk and part.text[0] in _OPENING else 0.0)
    x1 = part.x1 + (0.5 * em if cjk and part.text[-1] in _CLOSING else 0.0)
    sides = (x0, middle - half, x1, middle + half)
    box = Box(*(round(v / scale, 3) for v in sides))
    is_dash = len(part.text) == 1 and part.y1 - part.y0 <= _DASH * em and part.x1 - part.x0 < _LATIN_INK * em
    return Word("-" if is_dash else part.text, box, line.confidence, line.source)
