"""Pictures on pages that have a text layer: which may show a table, and such a picture read as a scan of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from lanci.document import Box, Image, PageEvidence, PageKind, Raster, Transform, Word, boxes_to_hull
from lanci.page.scan import prepare_scan
from lanci.page.scan_image import image_to_raster, ink_mask
from lanci.page.scan_rules import scan_to_rules
from lanci.page.scan_sketch import sketch_page
from lanci.source import SourcePage

_LEAST_SIDE, _LEAST_AREA = 5.0, 50.0
"""Points and square points of the smallest picture that can show a character."""
_MOST = 200
"""Pictures on one page; a drawing made of small pictures has more, and none of them is a table."""
_TABLE_WIDTH, _TABLE_HEIGHT = 100.0, 36.0
"""Points of the smallest picture that can show a table: two rows of three columns."""
_TOUCH = 1.5
"""Points between two strips of one picture at most, and by which their sides may differ."""
_FEW_CHARS = 60
"""Characters of the text layer over a picture, from which that is the ground of a page and not a page of its own."""

_SIDE = 1.5
"""Points at the sides of a cell in which its rules are."""
_PIECE, _LARGE_PIECE = 3.0, 40.0
"""Points; the size of pieces of characters."""

_LOOK_DPI = 72.0
_RULE = 60.0
"""Points; a straight line as long may be a rule."""
_MIN_RULES = 5
"""Rules, of either direction, below which a picture without much text shows no table."""
_MIN_PIECES = 40
"""Pieces of ink as large as characters: three columns of five rows have as many."""
_TEXT_SHARE = 0.4
"""Share of a picture's ink, rules aside, that such pieces have where it shows text; photographs are large blots."""


def picture_places(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[Box, ...]:
    """The places of pictures large enough to show text, strips of one put together; none when there are too many."""
    places = [Box(*box) for box in boxes]
    places = [box for box in places if min(box.width, box.height) >= _LEAST_SIDE and box.area >= _LEAST_AREA]
    if len(places) > _MOST:
        return ()
    joined: list[Box] = []
    for place in sorted(places, key=lambda box: (box.y0, box.x0)):
        for index, other in enumerate(joined):
            if _are_strips(other, place):
                joined[index] = boxes_to_hull((other, place))
                break
        else:
            joined.append(place)
    return tuple(joined)


def _are_strips(one: Box, other: Box) -> bool:
    stacked = abs(one.x0 - other.x0) <= _TOUCH and abs(one.x1 - other.x1) <= _TOUCH
    beside = abs(one.y0 - other.y0) <= _TOUCH and abs(one.y1 - other.y1) <= _TOUCH
    shared = one.grow(_TOUCH).intersect(other)
    return (stacked or beside) and shared.area > 0


def may_show_table(place: Box, words: Sequence[Word]) -> bool:
    """Whether a picture is large enough for a table, and no text layer lies over it."""
    if place.width < _TABLE_WIDTH or place.height < _TABLE_HEIGHT:
        turned = place.height >= _TABLE_WIDTH and place.width >= _TABLE_HEIGHT
        if not turned:
            return False
    return sum(len(word.text) for word in words if place.contains(*word.box.center)) < _FEW_CHARS


def read_picture(
    page: SourcePage,
    place: Box,
    words: Sequence[Word],
    dpi: float,
    line_score: Callable[[Sequence[Image]], list[float]] | None = None,
) -> PageEvidence | None:
    """Read a picture on a page as a scan of its own.

    Args:
        page: the page of an open source.
        place: where the picture lies on the displayed page.
        words: the words of the page's text layer, with boxes of the displayed page; what of them lies over the picture
            is not read again.
        dpi: resolution.
        line_score: see :func:`lanci.page.read_page`.

    Returns:
        The evidence with the raster and rules in the picture's own upright frame; None when a quick look shows neither
        rules nor text.
    """
    place = place.intersect(Box(0.0, 0.0, page.width, page.height))
    if place.area <= 0:
        return None
    sample, sample_dpi = page.render(_LOOK_DPI, grey=True, area=place)
    if not _shows_text(image_to_raster(sample, sample_dpi / 72)):
        return None
    image, dpi = page.render(dpi, area=place)
    scale = dpi / 72
    place = Box(math.floor(place.x0 * scale) / scale, math.floor(place.y0 * scale) / scale, place.x1, place.y1)
    for word in words:
        if place.contains(*word.box.center):
            _erase(image, word.box, place, scale)
    prepared = prepare_scan(image, dpi, line_score)
    if prepared is None:
        return None
    return PageEvidence(
        number=page.number,
        width=page.width,
        height=page.height,
        rotation=page.rotation,
        kind=PageKind.SCANNED,
        rules=scan_to_rules(prepared.raster),
        raster=prepared.raster,
        to_page=Transform(e=place.x0, f=place.y0).after(prepared.to_page),
        remarks=prepared.remarks,
    )


def read_patch(page: SourcePage, place: Box, dpi: float) -> Raster | None:
    """The picture in a cell, at ``place`` on the displayed page; None when it shows nothing like characters."""
    inner = place.grow(-_SIDE)
    if inner.width < _LEAST_SIDE or inner.height < _LEAST_SIDE:
        return None
    image, used = page.render(dpi, area=inner)
    raster = image_to_raster(image, used / 72)
    stats = cv2.connectedComponentsWithStats(ink_mask(raster.image))[2][1:]
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) / raster.scale
    return raster if ((sides >= _PIECE) & (sides <= _LARGE_PIECE)).any() else None


def _erase(image: Image, box: Box, place: Box, scale: float) -> None:
    x0, x1 = (max(0, round((x - place.x0) * scale)) for x in (box.x0, box.x1))
    y0, y1 = (max(0, round((y - place.y0) * scale)) for y in (box.y0, box.y1))
    image[y0:y1, x0:x1] = 255


def _shows_text(raster: Raster) -> bool:
    """A quick look: are there rules that may be a grid's, or text that may stand in columns?"""
    sketch = sketch_page(raster)
    if sketch is None:
        return False
    run = max(3, round(_RULE * sketch.scale))
    level = cv2.morphologyEx(sketch.ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    upright = cv2.morphologyEx(sketch.ink, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    pieces = cv2.connectedComponents(sketch.text)[0] - 1
    n_rules = cv2.connectedComponents(level)[0] + cv2.connectedComponents(upright)[0] - 2
    crossing = cv2.bitwise_and(cv2.dilate(level, np.ones((3, 3), np.uint8)), upright).any()
    if n_rules >= _MIN_RULES and crossing and pieces >= _MIN_RULES:
        return True
    rest = cv2.countNonZero(sketch.ink) - cv2.countNonZero(cv2.bitwise_or(level, upright))
    return pieces >= _MIN_PIECES and cv2.countNonZero(sketch.text) >= _TEXT_SHARE * rest
