"""Scanned pages: upright and level, their rules, and whether there is anything on them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from lanci.document import IDENTITY, Image, Raster, Transform
from lanci.page.scan_image import image_to_raster, ink_mask
from lanci.page.scan_rules import scan_to_rules
from lanci.page.scan_upright import Score, analysis_ink, ink_to_skew, is_sideways, is_upside_down

__all__ = ["PreparedScan", "Score", "is_blank", "prepare_scan", "scan_to_rules"]

_LEVEL = 0.04
"""Degrees of skew that are left alone: half a point over the length of a page."""
_PAGE_SIDE = 595.0
"""Short side of a page in points, where only pixels are known."""
_MARGIN_SHARE = 0.04
"""Outer strip of a page in which shadows and punch holes lie."""
_BLANK_PIECES = 8
"""Pieces of ink as large as character parts, below which a page is blank."""


@dataclass(frozen=True, slots=True)
class PreparedScan:
    """A scanned page turned upright and deskewed.

    Attributes:
        raster: the upright picture on even paper, without seals; its frame is the page's working frame.
        to_page: from the working frame to the displayed page, both in points.
        remarks: sentences for the user about what was done.
    """

    raster: Raster
    to_page: Transform
    remarks: tuple[str, ...]


def prepare_scan(image: Image, dpi: float, score: Score | None = None) -> PreparedScan:
    """Turn a page upright and level.

    Args:
        image: the page as displayed, rendered at ``dpi``.
        dpi: pixels in an inch.
        score: tells how readable line pictures are; without it a page is never taken to be upside down, and a
            page on its side is turned clockwise.

    Returns:
        The upright page with the way back to the displayed one.
    """
    scale = dpi / 72
    ink, ink_scale = analysis_ink(image, scale)
    turns = 3 if is_sideways(ink, ink_scale) else 0
    ink = np.ascontiguousarray(np.rot90(ink, turns))
    skew = ink_to_skew(ink)
    raster = image_to_raster(image, scale)
    grey = np.ascontiguousarray(np.rot90(raster.image, turns))
    level, back = _level(grey, skew, scale)
    if score is not None and is_upside_down(level, scale, score):
        turns = (turns + 2) % 4
        level, back = _level(np.ascontiguousarray(np.rot90(grey, 2)), skew, scale)
    seals = None
    if raster.seals is not None:
        seals = _level(np.ascontiguousarray(np.rot90(raster.seals, turns)), skew, scale, paper=0)[0]
    height, width = image.shape[:2]
    to_page = _compose(_unturn(turns, width / scale, height / scale), back)
    remarks: list[str] = []
    if turns:
        remarks.append(f"turned clockwise by {360 - 90 * turns} degrees to stand upright")
    if abs(skew) >= _LEVEL:
        remarks.append(f"deskewed by {skew:.2f} degrees")
    return PreparedScan(Raster(level, scale, seals), to_page, tuple(remarks))


def is_blank(image: Image) -> bool:
    """Whether a page picture shows nothing printed: speckle, edge shadows and shine-through do not count."""
    height, width = image.shape[:2]
    scale = min(height, width) / _PAGE_SIDE
    ink = ink_mask(image_to_raster(image, scale).image)
    top, left = round(height * _MARGIN_SHARE), round(width * _MARGIN_SHARE)
    inner = np.ascontiguousarray(ink[top : height - top, left : width - left])
    if not inner.size:
        return True
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(inner)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / scale
    if (sides.max(axis=1, initial=0) > _PAGE_SIDE / 4).any():
        return False
    return int(((sides.max(axis=1) >= 4) & (sides.min(axis=1) >= 1)).sum()) < _BLANK_PIECES


def _level(image: Image, skew: float, scale: float, paper: int = 255) -> tuple[Image, Transform]:
    """Rotate by the skew on a canvas that holds everything; the transform leads back, in points."""
    if abs(skew) < _LEVEL:
        return image, IDENTITY
    height, width = image.shape[:2]
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    new_width = math.ceil(width * cosine + height * abs(sine))
    new_height = math.ceil(width * abs(sine) + height * cosine)
    # Back: p = R(skew) (q - centre of the new canvas) + centre of the old one; pixel centres lie at halves.
    x = width / 2 - cosine * new_width / 2 + sine * new_height / 2
    y = height / 2 - sine * new_width / 2 - cosine * new_height / 2
    half = 0.5 * (cosine - sine - 1), 0.5 * (sine + cosine - 1)
    matrix = np.array([[cosine, -sine, x + half[0]], [sine, cosine, y + half[1]]])
    turned = cv2.warpAffine(
        image,
        matrix,
        (new_width, new_height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(paper,),
    )
    return np.asarray(turned, dtype=np.uint8), Transform(cosine, sine, -sine, cosine, x / scale, y / scale)


def _unturn(turns: int, width: float, height: float) -> Transform:
    """From a page turned by ``numpy.rot90(page, turns)`` back to the page of ``width`` x ``height`` points."""
    return (
        IDENTITY,
        Transform(0, 1, -1, 0, width, 0),
        Transform(-1, 0, 0, -1, width, height),
        Transform(0, -1, 1, 0, 0, height),
    )[turns]


def _compose(outer: Transform, inner: Transform) -> Transform:
    """First ``inner``, then ``outer``."""
    return Transform(
        a=outer.a * inner.a + outer.c * inner.b,
        b=outer.b * inner.a + outer.d * inner.b,
        c=outer.a * inner.c + outer.c * inner.d,
        d=outer.b * inner.c + outer.d * inner.d,
        e=outer.a * inner.e + outer.c * inner.f + outer.e,
        f=outer.b * inner.e + outer.d * inner.f + outer.f,
    )
