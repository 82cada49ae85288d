"""Scanned pages: upright, level and straight, on even paper."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lanci.document import IDENTITY, Image, Raster, Transform
from lanci.page.scan_image import clean_raster, even_raster
from lanci.page.scan_seals import wash_seals
from lanci.page.scan_sketch import rotate, sketch_page, with_grey
from lanci.page.scan_upright import Score, is_sideways, is_upside_down
from lanci.page.scan_warp import Posture, find_posture, straighten
from lanci.page.scan_watermark import lift_watermark, may_have_watermark

__all__ = ["PreparedScan", "Score", "prepare_scan"]


@dataclass(frozen=True, slots=True)
class PreparedScan:
    """A scanned page turned upright and made straight.

    Attributes:
        raster: the upright picture on even paper, without seals; its frame is the page's working frame.
        to_page: from the working frame to the displayed page, both in points.
        remarks: sentences for the user about what was done.
    """

    raster: Raster
    to_page: Transform
    remarks: tuple[str, ...]


def prepare_scan(image: Image, dpi: float, score: Score | None = None) -> PreparedScan | None:
    """Turn a page upright, level and straight.

    Args:
        image: the page as displayed, rendered at ``dpi``; grey or RGB.
        dpi: pixels in an inch.
        score: tells how readable line pictures are; without it a page is never taken to be upside down, and a
            page on its side is turned clockwise.

    Returns:
        The upright page with the way back to the displayed one; None when nothing is printed on it.
    """
    scale = dpi / 72
    even = even_raster(image, scale)
    raster = clean_raster(even)
    sketch = sketch_page(raster)
    if sketch is None:
        return None
    height, width = image.shape[:2]
    turns = 3 if is_sideways(sketch) else 0
    sketch = sketch.rotate(turns)
    marked = may_have_watermark(even)
    # Taking off the sheet's back takes pale rules with a watermark: how the page lies is told by the page before.
    posture = find_posture(with_grey(sketch, rotate(even.image, turns)) if marked else sketch)
    level, back = straighten(rotate(even.image if marked else raster.image, turns), posture, scale)
    ink, _ = straighten(sketch.text, posture, sketch.scale, paper=0)
    flip = score is not None and is_upside_down(replace(sketch, text=ink), level, scale, score)
    masks = [
        straighten(rotate(mask, turns), posture, scale, paper=0)[0] if mask is not None else None
        for mask in (raster.seals, raster.filled)
    ]
    evened = even.evened
    if evened is not None:
        evened = level if marked else straighten(rotate(evened, turns), posture, scale)[0]
    to_page = _unturn(turns, width / scale, height / scale).after(back)
    if flip:
        to_page = to_page.after(_unturn(2, level.shape[1] / scale, level.shape[0] / scale))
        level = rotate(level, 2)
        masks = [rotate(mask, 2) if mask is not None else None for mask in masks]
        evened = rotate(evened, 2) if evened is not None else None
        turns = (turns + 2) % 4
    upright = Raster(np.ascontiguousarray(level), scale, seals=masks[0], filled=masks[1], evened=evened)
    if marked:
        upright = clean_raster(lift_watermark(upright))
    return PreparedScan(wash_seals(upright), to_page, _remarks(turns, posture))


def _remarks(turns: int, posture: Posture) -> tuple[str, ...]:
    remarks: list[str] = []
    if turns:
        remarks.append(f"turned clockwise by {360 - 90 * turns} degrees to stand upright")
    if not posture.is_straight and not posture.is_rotation:
        remarks.append(f"straightened along its rules (perspective) and deskewed by {posture.skew:.2f} degrees")
    elif not posture.is_straight:
        remarks.append(f"deskewed by {posture.skew:.2f} degrees")
    return tuple(remarks)


def _unturn(turns: int, width: float, height: float) -> Transform:
    """From a page turned by ``numpy.rot90(page, turns)`` back to the page of ``width`` x ``height`` points."""
    return (
        IDENTITY,
        Transform(0, 1, -1, 0, width, 0),
        Transform(-1, 0, 0, -1, width, height),
        Transform(0, -1, 1, 0, 0, height),
    )[turns]
