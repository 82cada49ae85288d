"""Pixels of scanned pages: grey without seals, paper made even, ink told from paper."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image, Raster
from lanci.page.scan_paper import clean_paper
from lanci.page.scan_seals import find_seals

Mask = NDArray[np.uint8]
"""Shape (height, width), 255 where something is and 0 elsewhere."""

INK_SHARE = 0.75
"""A pixel darker than this share of the paper around it is ink. Strokes of print lie below it, thin ones at
150 dpi just so (a faded minus at 8 points had 0.62 to 0.75); paper noise and pale backgrounds lie above 0.8."""

_FILL, _FILL_REACH, _FILL_SIDE = 0.05, 60.0, 2.0
"""Filled cells are darker than the whitest paper within the second by this share of it, points; the third is how far
their sides reach."""

_RED_EXCESS = 30
"""Grey levels by which red ink's red channel exceeds its green and blue ones, faded seals included."""


def red_mask(image: Image) -> Mask | None:
    """Where the picture has red ink (seals, red headings); None where there is none, as on a grey picture."""
    if image.ndim == 2:
        return None
    red, green, blue = cv2.split(image)
    mask = cv2.threshold(cv2.subtract(red, cv2.max(green, blue)), _RED_EXCESS, 255, cv2.THRESH_BINARY)[1]
    return np.asarray(mask, dtype=np.uint8) if mask.any() else None


def to_grey(image: Image, red: Mask | None = None) -> Image:
    """A grey picture on which red ink vanishes: there the red channel is taken, elsewhere the luminance.

    Args:
        image: grey or RGB.
        red: see :func:`red_mask`.
    """
    if image.ndim == 2:
        return image
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    if red is None:
        return grey
    # Colour is coarser than brightness in a JPEG: the fringe of a seal must change channel with it.
    wide = cv2.dilate(red, np.ones((3, 3), np.uint8))
    cv2.copyTo(cv2.max(cv2.extractChannel(image, 0), grey), wide, grey)
    return grey


def image_to_raster(image: Image, scale: float) -> Raster:
    """The picture on even paper without red seals and shine-through; the places of all seals are kept.

    Grey seals and watermarks can be told from rules only on a level page: see
    :func:`lanci.page.scan_seals.wash_seals` and :func:`lanci.page.scan_watermark.lift_watermark`.

    Args:
        image: grey or RGB.
        scale: pixels in a point.
    """
    return clean_raster(even_raster(image, scale))


def even_raster(image: Image, scale: float) -> Raster:
    """The picture on even paper without red seals; see :func:`image_to_raster`."""
    red = red_mask(image)
    flat, filled = flatten_paper(to_grey(image, red), scale)
    evened = flat if filled is not None else None
    return Raster(flat, scale, find_seals(flat, scale, red), filled=filled, evened=evened)


def clean_raster(raster: Raster) -> Raster:
    """The page, which is on even paper, without what shines through."""
    return replace(raster, image=clean_paper(raster.image, raster.scale, covered(raster), raster.filled))


def covered(raster: Raster) -> Mask | None:
    """Where seals lay and a watermark was taken off: what is left there tells nothing of the sheet."""
    masks = [mask for mask in (raster.seals, raster.lifted) if mask is not None]
    return np.asarray(np.maximum.reduce(masks), dtype=np.uint8) if masks else None


def flatten_paper(grey: Image, scale: float) -> tuple[Image, Mask | None]:
    """Divide by the brightness of the paper: shadows, yellowed sheets and filled cells become white.

    Args:
        grey: shape (height, width).
        scale: pixels in a point.

    Returns:
        The even picture, and where its paper was much darker than that nearby; None for nowhere.
    """
    step = max(1, round(scale * 1.5))
    height, width = grey.shape
    small_size = (max(1, width // step), max(1, height // step))
    small = cv2.resize(grey, small_size, interpolation=cv2.INTER_AREA)
    # Wider than any stroke of print, narrower than a filled cell (points over the step's 1.5).
    reach = max(3, round(14 * scale / step))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    filled = _find_fills(paper, scale / step)
    paper = cv2.blur(paper, (reach, reach))
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    flat = np.asarray(cv2.divide(grey, cv2.max(paper, 1), scale=255), dtype=np.uint8)
    if filled is None:
        return flat, None
    return flat, np.asarray(cv2.resize(filled, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _find_fills(paper: Image, scale: float) -> Mask | None:
    """Where paper is darker than the whitest of its surroundings, as in filled cells; with their sides."""
    around, side = (2 * max(1, round(v * scale)) + 1 for v in (_FILL_REACH, _FILL_SIDE))
    white = cv2.blur(cv2.dilate(paper, np.ones((around, around), np.uint8)), (around, around))
    filled = np.where(paper < (1 - _FILL) * white, 255, 0).astype(np.uint8)
    return np.asarray(cv2.dilate(filled, np.ones((side, side), np.uint8)), dtype=np.uint8) if filled.any() else None


def ink_mask(flat: Image) -> Mask:
    """Where a flattened picture has ink."""
    return np.asarray(cv2.threshold(flat, round(255 * INK_SHARE) - 1, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)


def resize_by(image: Image, factor: float) -> Image:
    """The picture enlarged or reduced, never to nothing."""
    height, width = image.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=method), dtype=np.uint8)
