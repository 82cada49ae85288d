"""Which characters of a page can be seen.

Most pages hide nothing, and that is decided for whole spans; only where something may hide text is every
character looked at. Coordinates are those of MuPDF's page before its /Rotate is applied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pymupdf

from lanci.page.paint import Area, Bands, Paint, are_alike, is_white
from lanci.page.pictures import read_pictures

RawChar = dict[str, Any]
"""A character of MuPDF's ``rawdict``; an empty ``c`` stands for one that is not to be seen."""

_Glyph = tuple[str, tuple[float, float]]  # a character and its origin

_MIN_ALPHA = 13  # of 255; MuPDF gives 0 to text that is laid out and not painted (render modes 3 and 7)
_MIN_SIZE = 1.0  # points; smaller type cannot be read
_MARGIN = 0.5  # points by which a glyph's box may reach beyond what covers it
_FULL_PAGE = 0.5  # share of the page; white text on a picture of this size is the hidden text of a scan

_NOT_PAINTED = 3  # type of such spans in ``page.get_texttrace()``; ``rawdict`` gives them an alpha of 0

_GONE: RawChar = {"c": "", "bbox": (0.0, 0.0, 0.0, 0.0), "origin": (0.0, 0.0)}


class Visibility:
    """Sorts out the characters that cannot be seen, span by span, and counts them.

    Attributes:
        n_hidden: characters that are transparent, not painted, too small, covered, or of the colour of their
            ground; those off the page are not counted.
        n_covered: those of them that are covered or have the colour of their ground.
        pictures: the pictures of the page, once they have been looked for.
    """

    def __init__(self, page: pymupdf.Page, width: float, height: float, paint: Paint) -> None:
        """``width`` and ``height`` are those of the page before its /Rotate is applied."""
        self.n_hidden = 0
        self.n_covered = 0
        self._page = page
        self._width = width
        self._height = height
        self._areas = Bands(paint.areas, height)
        self._colours = {area.colour for area in paint.areas}
        self._doubtful: dict[int, bool] = {}
        self.pictures = read_pictures(page) if page.get_images() else None
        self._covered = self._covered_glyphs(paint)

    def visible(self, span: dict[str, Any]) -> list[RawChar]:
        """The characters of a span of MuPDF's ``rawdict``, those not to be seen replaced by an empty one."""
        chars: list[RawChar] = span["chars"]
        if span["alpha"] < _MIN_ALPHA or span["size"] < _MIN_SIZE:
            self.n_hidden += sum(not char["c"].isspace() for char in chars)
            return []
        x0, y0, x1, y1 = span["bbox"]
        if x0 < 0.0 or y0 < 0.0 or x1 > self._width or y1 > self._height:
            chars = [char if self._is_on_page(char["bbox"]) else _GONE for char in chars]
        if self._covered:
            chars = [self._drop(char) if self._is_next_covered(char) else char for char in chars]
        colour = span["color"]
        doubtful = self._doubtful.get(colour)
        if doubtful is None:
            doubtful = self._doubtful[colour] = is_white(colour) or any(are_alike(colour, c) for c in self._colours)
        if doubtful:
            chars = [self._drop(char) if self._has_colour_of_ground(char["bbox"], colour) else char for char in chars]
        return chars

    def _drop(self, char: RawChar) -> RawChar:
        if not char["c"] or char["c"].isspace():
            return char
        self.n_hidden += 1
        self.n_covered += 1
        return _GONE

    def _is_next_covered(self, char: RawChar) -> bool:
        """Whether a character is covered; what is printed once more at its place, on top, comes later."""
        glyph = char["c"], char["origin"]
        left = self._covered.get(glyph, 0)
        if left:
            self._covered[glyph] = left - 1
        return left > 0

    def _is_on_page(self, bbox: Sequence[float]) -> bool:
        x0, y0, x1, y1 = bbox
        return 0.0 <= x0 + x1 <= 2 * self._width and 0.0 <= y0 + y1 <= 2 * self._height

    def _has_colour_of_ground(self, bbox: Sequence[float], colour: int) -> bool:
        """Whether the last area painted at a character has its colour; painted before or after, it hides it."""
        x, y = (bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2
        for area in self._areas.near(y):
            if area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1:
                return are_alike(colour, area.colour)
        return is_white(colour) and not self._is_on_picture(x, y)

    def _is_on_picture(self, x: float, y: float) -> bool:
        if self.pictures is None:
            self.pictures = read_pictures(self._page)
        most = _FULL_PAGE * self._width * self._height
        return any(
            x0 <= x <= x1 and y0 <= y <= y1 and (x1 - x0) * (y1 - y0) < most for x0, y0, x1, y1 in self.pictures.places
        )

    def _covered_glyphs(self, paint: Paint) -> Counter[_Glyph]:
        """How many times a character is printed at a place and something opaque is painted over it later."""
        covers = [area for area in paint.areas if area.late and area.opaque]
        if self.pictures is not None:
            covers.extend(self.pictures.covers)
        covered: Counter[_Glyph] = Counter()
        if not covers:
            return covered
        bands = Bands(covers, self._height)
        for span in self._page.get_texttrace():
            if span["type"] == _NOT_PAINTED:
                continue
            for code, _, origin, bbox in span["chars"]:
                if _is_covered(bbox, span["seqno"], bands.near((bbox[1] + bbox[3]) / 2)) and 0 < code < 0x110000:
                    covered[chr(code), origin] += 1
        return covered


def _is_covered(bbox: Sequence[float], order: int, near: Sequence[Area]) -> bool:
    x0, y0, x1, y1 = bbox
    across, down = min(_MARGIN, (x1 - x0) / 4), min(_MARGIN, (y1 - y0) / 4)
    for area in near:
        if area.order < order:
            return False
        if area.x0 <= x0 + across and area.x1 >= x1 - across and area.y0 <= y0 + down and area.y1 >= y1 - down:
            return True
    return False
