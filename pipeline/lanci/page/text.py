"""The visible text of a digital page as words that are never torn inside a number.

Characters come from MuPDF with their boxes and baselines. A word is a run of characters of one text line
without white space or a wide gap. Characters outside the page, fully transparent ones, white ones on white
ground and the second copy of text that is drawn twice for boldness are not content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pymupdf

from lanci.document import Box, Transform, Word, boxes_to_hull

# ACCURATE_BBOXES is left out on purpose: ink boxes of 一 or , are so flat that lines would fall apart.
# INHIBIT_SPACES: only spaces that are really printed count; gaps are judged here.
_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_CLIP | pymupdf.TEXT_INHIBIT_SPACES
# A gap of this share of the font size ends a word. Digits drawn one by one may stand a little further apart.
_WORD_GAP = 0.2
_DIGIT_GAP = 0.35
NUMBER_CHARS = frozenset("0123456789,.")
_WHITE = 0xF8
_NEAR = 0.12  # two equal glyphs closer than this share of the font size are one glyph drawn twice


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of a page in displayed coordinates, and what the trust test needs to know of them.

    ``direction`` is the writing direction of most characters as (dx, dy): (1, 0) for upright text.
    """

    words: tuple[Word, ...]
    n_chars: int
    n_unreadable: int
    direction: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Char:
    text: str
    box: Box
    size: float


def read_text_layer(page: pymupdf.Page, dark_fills: Sequence[Box] = ()) -> TextLayer:
    """Read the visible words of a page.

    Args:
        page: the page; boxes come back in displayed points.
        dark_fills: filled areas on which white text is visible.
    """
    bounds = Box(0.0, 0.0, page.rect.width, page.rect.height)
    to_display = page.rotation_matrix
    words: list[Word] = []
    directions: Counter[tuple[int, int]] = Counter()
    seen: set[tuple[str, int, int]] = set()
    n_chars = n_unreadable = 0
    for line in _lines(page):
        direction = _display_direction(line["dir"], to_display)
        chars: list[_Char] = []
        for char in _visible_chars(line, to_display, bounds, dark_fills):
            if not char.text.isspace():
                if _drawn_before(char, seen):
                    continue
                n_chars += 1
                n_unreadable += _is_unreadable(char.text)
            chars.append(char)
        directions[direction] += len(chars)
        words.extend(_chars_to_words(chars, direction))
    main = max(directions, key=lambda d: (directions[d], d)) if directions else (1, 0)
    return TextLayer(tuple(words), n_chars, n_unreadable, main)


def _lines(page: pymupdf.Page) -> Iterator[dict[str, Any]]:
    for block in page.get_text("rawdict", flags=_FLAGS)["blocks"]:
        yield from block.get("lines", ())


def _display_direction(direction: tuple[float, float], matrix: pymupdf.Matrix) -> tuple[int, int]:
    dx = direction[0] * matrix.a + direction[1] * matrix.c
    dy = direction[0] * matrix.b + direction[1] * matrix.d
    return (round(dx), 0) if abs(dx) >= abs(dy) else (0, round(dy))


def _visible_chars(
    line: dict[str, Any], matrix: pymupdf.Matrix, bounds: Box, dark_fills: Sequence[Box]
) -> Iterator[_Char]:
    for span in line["spans"]:
        if span.get("alpha", 255) == 0:
            continue
        white = _is_white(span["color"])
        for char in span["chars"]:
            rect = pymupdf.Rect(char["bbox"]) * matrix
            box = Box(rect.x0, rect.y0, rect.x1, rect.y1)
            x, y = box.center
            if not bounds.contains(x, y):
                continue
            if white and not any(fill.contains(x, y) for fill in dark_fills):
                continue
            yield _Char(char["c"], box, span["size"])


def _is_white(colour: int) -> bool:
    return min(colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF) >= _WHITE


def _is_unreadable(char: str) -> bool:
    """No Unicode value known (U+FFFD), private use, or a control character."""
    code = ord(char[0])
    return code == 0xFFFD or 0xE000 <= code <= 0xF8FF or code >= 0xF0000 or code < 0x20


def _drawn_before(char: _Char, seen: set[tuple[str, int, int]]) -> bool:
    step = max(char.size * _NEAR, 0.2)
    x, y = round(char.box.x0 / step), round(char.box.y0 / step)
    if any((char.text, x + i, y + j) in seen for i in (-1, 0, 1) for j in (-1, 0, 1)):
        return True
    seen.add((char.text, x, y))
    return False


def _chars_to_words(chars: Sequence[_Char], direction: tuple[int, int]) -> Iterator[Word]:
    run: list[_Char] = []
    spaced = False
    for char in chars:
        is_space = char.text.isspace()
        if run and (is_space or _gap(run[-1].box, char.box, direction) > _allowed_gap(run[-1], char)):
            yield _run_to_word(run, direction, spaced)
            run, spaced = [], False
        if is_space:
            spaced = True
        else:
            run.append(char)
    if run:
        yield _run_to_word(run, direction, spaced)


def _allowed_gap(left: _Char, right: _Char) -> float:
    digits = left.text in NUMBER_CHARS and right.text in NUMBER_CHARS
    return (_DIGIT_GAP if digits else _WORD_GAP) * right.size


def _gap(left: Box, right: Box, direction: tuple[int, int]) -> float:
    """Empty space between two boxes along the writing direction; jumping back counts as a gap."""
    dx, dy = direction
    if dx:
        ahead = (right.x0 - left.x1) if dx > 0 else (left.x0 - right.x1)
        return ahead if ahead > -left.width else abs(ahead)
    ahead = (right.y0 - left.y1) if dy > 0 else (left.y0 - right.y1)
    return ahead if ahead > -left.height else abs(ahead)


def _run_to_word(run: Sequence[_Char], direction: tuple[int, int], spaced: bool) -> Word:
    text = "".join(c.text for c in run)
    box = boxes_to_hull([c.box for c in run])
    stops = tuple(_share(c.box, box, direction) for c in run) if len(text) == len(run) else ()
    return Word(text, box, stops=stops, after_space=spaced)


def _share(char: Box, word: Box, direction: tuple[int, int]) -> float:
    """Where a character begins along its word, as a share of the word's length."""
    dx, dy = direction
    if dx:
        ahead = char.x0 - word.x0 if dx > 0 else word.x1 - char.x1
        return ahead / (word.width or 1.0)
    ahead = char.y0 - word.y0 if dy > 0 else word.y1 - char.y1
    return ahead / (word.height or 1.0)


def turn_words(words: Sequence[Word], turn: Transform) -> tuple[Word, ...]:
    """The words with their boxes mapped by ``turn``."""
    return tuple(replace(word, box=turn.box(word.box)) for word in words)


def words_to_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Group words into text lines, top to bottom, each from left to right.

    Two words share a line when they overlap vertically by more than half of the lower one's height; digits that
    sit a little lower than the Chinese characters beside them stay on their line.
    """
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box.center[1], w.box.x0)):
        for line in reversed(lines[-3:]):
            if _same_line(line, word):
                line.append(word)
                break
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda w: w.box.x0)
    lines.sort(key=lambda line: min(w.box.y0 for w in line))
    return lines


def _same_line(line: Sequence[Word], word: Word) -> bool:
    y0, y1 = min(w.box.y0 for w in line), max(w.box.y1 for w in line)
    overlap = min(y1, word.box.y1) - max(y0, word.box.y0)
    return overlap > 0.5 * min(y1 - y0, word.box.height)


def line_to_text(line: Sequence[Word]) -> str:
    """The words of one line, with a space where one is printed or the page leaves a visible gap."""
    text = line[0].text if line else ""
    for left, right in pairwise(line):
        gap = right.box.x0 - left.box.x1
        em = min(left.box.height, right.box.height)
        text += (" " if right.after_space or gap > _SPACE_GAP * em else "") + right.text
    return text


# Wider than the gaps of justified Chinese text and of digits drawn one by one.
_SPACE_GAP = 0.35
