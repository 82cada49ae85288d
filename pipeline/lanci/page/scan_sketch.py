"""A scanned page at low resolution: its ink, and what of it may be characters. Its position is judged on this."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image, Raster
from lanci.page.components import find_components
from lanci.page.scan_image import Mask, ink_mask, resize_by

SKETCH_SCALE = 100 / 72
"""Pixels in a point: enough to tell characters from rules and dust, fast."""

_MIN_CHAR, _MAX_CHAR = 2.0, 40.0
"""Sizes of characters in points."""
_MARGIN_SHARE = 0.04
"""Outer strip of a page in which shadows and punch holes lie."""
_BLANK_PIECES = 8
"""Pieces of ink as large as character parts, below which a page is blank."""
_PIECE_LENGTH, _PIECE_BREADTH = 4.0, 1.0
"""Sides in points from which a piece is as large as a part of a character."""
_LARGE_SHARE = 0.25
"""Share of the page's short side from which one piece of ink is enough for a page not to be blank."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """The ink of a page at :data:`SKETCH_SCALE` or less.

    Attributes:
        grey: the picture on even paper.
        ink: everything that is darker than paper.
        text: the pieces as large as characters; a grid is one large piece and is left out, as pictures are.
        scale: pixels in a point.
    """

    grey: Image
    ink: Mask
    text: Mask
    scale: float

    def rotate(self, turns: int) -> Sketch:
        """The sketch turned as by ``numpy.rot90(page, turns)``."""
        if turns % 4 == 0:
            return self
        return Sketch(rotate(self.grey, turns), rotate(self.ink, turns), rotate(self.text, turns), self.scale)


def sketch_page(raster: Raster) -> Sketch | None:
    """Reduce a page; None when nothing is printed on it: speckle, edge shadows and shine-through do not count."""
    factor = min(1.0, SKETCH_SCALE / raster.scale)
    scale = raster.scale * factor
    grey = resize_by(raster.image, factor) if factor < 1 else raster.image
    ink = ink_mask(grey)
    pieces = find_components(ink)
    stats = pieces.stats
    if _is_blank(ink, stats, scale):
        return None
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / scale
    longest = sides.max(axis=1)
    keep = (longest >= _MIN_CHAR) & (longest <= _MAX_CHAR)
    keep[0] = False
    text = (keep.astype(np.uint8) * 255)[pieces.labels]
    return Sketch(grey, ink, text, scale)


def with_grey(sketch: Sketch, image: Image) -> Sketch:
    """The sketch with the grey of another picture of the page, which stands as the sketch does."""
    height, width = sketch.grey.shape
    grey = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return replace(sketch, grey=np.asarray(grey, dtype=np.uint8))


def rotate(image: Image, turns: int) -> Image:
    """As ``numpy.rot90(image, turns)``, in its own memory."""
    codes = (cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE)
    return np.asarray(cv2.rotate(image, codes[turns % 4 - 1]), dtype=np.uint8) if turns % 4 else image


def _is_blank(ink: Mask, stats: NDArray[np.int32], scale: float) -> bool:
    height, width = ink.shape
    top, left = round(height * _MARGIN_SHARE), round(width * _MARGIN_SHARE)
    x0, y0 = stats[1:, cv2.CC_STAT_LEFT], stats[1:, cv2.CC_STAT_TOP]
    x1, y1 = x0 + stats[1:, cv2.CC_STAT_WIDTH], y0 + stats[1:, cv2.CC_STAT_HEIGHT]
    inside = (x0 >= left) & (x1 <= width - left) & (y0 >= top) & (y1 <= height - top)
    if _shows_print(stats[1:][inside], scale, min(height, width)):
        return False
    # What reaches into the margin counts as far as it lies inside: a shadow along the edges is one piece with what
    # it touches.
    inner = np.ascontiguousarray(ink[top : height - top, left : width - left])
    if not inner.size:
        return True
    return not _shows_print(find_components(inner).stats[1:], scale, min(height, width))


def _shows_print(stats: NDArray[np.int32], scale: float, short_side: int) -> bool:
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    if (sides > short_side * _LARGE_SHARE).any():
        return True
    pieces = (sides.max(axis=1, initial=0) >= _PIECE_LENGTH * scale) & (
        sides.min(axis=1, initial=1 << 30) >= _PIECE_BREADTH * scale
    )
    return int(pieces.sum()) >= _BLANK_PIECES
