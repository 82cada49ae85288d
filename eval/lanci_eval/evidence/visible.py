"""The characters that a reader of the page sees, as words.

Dropped are characters that are not painted (text render mode 3, no opacity), clipped away as a whole or off the
page, smaller than can be read, white with nothing but paper under them, or painted over later by an opaque fill
or picture. Not noticed are characters of which a clip hides a part, that have the colour of the fill under them, or
that several fills cover of which none does alone. Of a number of which a clip hides some characters the others are
left. Text drawn as outlines has no characters and is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from lanci.document import Box, Transform, boxes_to_hull
from lanci_eval.evidence.records import PrintedWord

_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_CLIP
_SMALLEST = 1.0  # points; smaller type is no reading matter
_WHITE = 0.98
_COVER_MARGIN = 0.5
_IGNORED = 3  # kind of a text span that is laid out and not painted
_SAME_PLACE = 0.6  # overlap of two printings of one word (bold by printing twice)

_Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Paint:
    """A filled rectangle or an opaque picture; ``order`` is its place in the order of drawing."""

    box: Box
    order: int
    white: bool


@dataclass(frozen=True, slots=True)
class _Char:
    char: str
    box: Box


def is_white(color: Sequence[float] | None) -> bool:
    """Whether a colour of 1 (grey), 3 (RGB) or 4 (CMYK) components is the paper's."""
    if color is None or not len(color):
        return False
    if len(color) == 4:
        return max(color) <= 1 - _WHITE
    return min(color) >= _WHITE


def read_words(page: pymupdf.Page, drawings: Sequence[dict[str, Any]]) -> tuple[PrintedWord, ...]:
    """The visible words, in the order of the file; one that is printed twice at one place counts once.

    ``drawings`` are ``page.get_cdrawings()``.
    """
    hidden = _hidden_keys(page, _paints(page, drawings))
    to_page = Transform(*page.rotation_matrix)
    bounds = Box(*page.rect)
    words: list[PrintedWord] = []
    for block in page.get_text("rawdict", flags=_FLAGS)["blocks"]:
        for line in block.get("lines", ()):
            level = _is_level(line["dir"], to_page)
            for chars in _split(_visible(line, hidden, to_page, bounds)):
                text = "".join(c.char for c in chars)
                glyphs = tuple(c.box for c in chars)
                words.append(PrintedWord(text, boxes_to_hull(glyphs), level, glyphs))
    return _once(words)


def _is_level(direction: tuple[float, float], to_page: Transform) -> bool:
    x0, y0 = to_page.point(0, 0)
    x1, y1 = to_page.point(*direction)
    return x1 - x0 > abs(y1 - y0)


def _visible(line: dict[str, Any], hidden: set[_Key], to_page: Transform, bounds: Box) -> Iterator[_Char]:
    """The visible characters of a line; white space stands for itself and has no meaningful box."""
    for span in line["spans"]:
        for char in span["chars"]:
            text, raw = char["c"], Box(*char["bbox"])
            if text.isspace() or not text.isprintable():
                yield _Char(" ", raw)
                continue
            box = to_page.box(raw)
            small = span["size"] < _SMALLEST or max(box.width, box.height) < _SMALLEST
            if not small and bounds.contains(*box.center) and _key(text, char["origin"]) not in hidden:
                yield _Char(text, box)


def _split(chars: Iterator[_Char]) -> Iterator[list[_Char]]:
    word: list[_Char] = []
    for char in chars:
        if char.char != " ":
            word.append(char)
        elif word:
            yield word
            word = []
    if word:
        yield word


def _once(words: Sequence[PrintedWord]) -> tuple[PrintedWord, ...]:
    kept: dict[str, list[PrintedWord]] = {}
    result: list[PrintedWord] = []
    for word in words:
        twins = kept.setdefault(word.text, [])
        if not any(_same_place(word.box, twin.box) for twin in twins):
            twins.append(word)
            result.append(word)
    return tuple(result)


def _same_place(a: Box, b: Box) -> bool:
    common = a.intersect(b).area
    return common > 0 and common >= _SAME_PLACE * max(a.area, b.area)


def _key(char: str, origin: Sequence[float]) -> _Key:
    return ord(char[0]), round(origin[0] * 8), round(origin[1] * 8)


def _hidden_keys(page: pymupdf.Page, paints: Sequence[Paint]) -> set[_Key]:
    """The characters, by place, that are laid out and not to be seen; frame of the page before rotation."""
    hidden: set[_Key] = set()
    seen: set[_Key] = set()
    boxes = np.array([(p.box.x0, p.box.y0, p.box.x1, p.box.y1) for p in paints], dtype=np.float64).reshape(-1, 4)
    for span in page.get_texttrace():
        near = [paints[i] for i in _touching(boxes, span["bbox"])]
        unpainted = span["type"] == _IGNORED or not span["opacity"]
        white = is_white(span["color"])
        for code, _, origin, bbox in span["chars"]:
            if 0 < code < 0x110000:
                gone = unpainted or _is_hidden(Box(*bbox), span["seqno"], white, near)
                (hidden if gone else seen).add(_key(chr(code), origin))
    return hidden - seen


def _touching(boxes: NDArray[np.float64], place: Sequence[float]) -> list[int]:
    x0, y0, x1, y1 = place
    hit = (boxes[:, 0] <= x1) & (boxes[:, 2] >= x0) & (boxes[:, 1] <= y1) & (boxes[:, 3] >= y0)
    return [int(i) for i in np.flatnonzero(hit)]


def _is_hidden(box: Box, order: int, white: bool, paints: Sequence[Paint]) -> bool:
    """Whether something opaque is painted over a character, or nothing but paper is under a white one."""
    inner = box.grow(-min(_COVER_MARGIN, box.width / 4, box.height / 4))
    if any(p.order > order and _encloses(p.box, inner) for p in paints):
        return True
    under = [p for p in paints if p.order < order and p.box.contains(*box.center)]
    return white and (not under or max(under, key=lambda p: p.order).white)


def _encloses(outer: Box, inner: Box) -> bool:
    return outer.x0 <= inner.x0 and outer.y0 <= inner.y0 and outer.x1 >= inner.x1 and outer.y1 >= inner.y1


def _paints(page: pymupdf.Page, drawings: Sequence[dict[str, Any]]) -> list[Paint]:
    """What hides or backs text; frame of the page before rotation. Thin rules are left out."""
    paints: list[Paint] = []
    for path in drawings:
        if "f" not in path.get("type", "") or path.get("fill_opacity", 1) != 1:
            continue
        for item in path["items"]:
            if item[0] == "re":
                box = Box(*item[1][:4])
                if min(box.width, box.height) > 2:
                    paints.append(Paint(box, path["seqno"], is_white(path.get("fill"))))
    return paints + _pictures(page)


def _pictures(page: pymupdf.Page) -> list[Paint]:
    places = [Box(*info["bbox"]) for info in page.get_image_info() if not info.get("has-mask")]
    if not places:
        return []
    found: list[Paint] = []
    for order, (what, bbox, *_) in enumerate(page.get_bboxlog()):
        if what == "fill-image" and any(_same_place(Box(*bbox), place) for place in places):
            found.append(Paint(Box(*bbox), order, white=False))
    return found
