"""Finding text lines on a picture with the PP-OCR detector, at a size that suits the print."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Box, Image
from lanci.ocr.lines import Quad, quad_to_box, to_tensor
from lanci.ocr.runtime import Model
from lanci.page.components import find_components

_PIXELS_PER_POINT = 1.5
"""Detection at 108 dpi: print of 10 points is 15 pixels high. On 19 pages no line was lost against 200 dpi."""
_MAX_PIXELS = 1_200_000
"""A page of A4 at 108 dpi has 1.13 million; the detector needs about 0.25 GiB for a million."""
_USUAL_SIDE = 1200
"""Longest side in pixels where the size of the print is not known."""
_STEP = 32
"""The network halves its input five times."""


_INK_CONTRAST = 32
"""Grey levels below the paper from which a pixel is ink; at this size strokes are pale."""
_REACH = 0.8
"""Heights of a line over which its ends are looked for. A small detection drops numbers at a line's ends and
characters that are set wide apart."""
_LEVEL = 0.05
"""Slope up to which a line is taken for level."""
_LEAST_INK, _MOST_INK = 0.3, 1.1
"""Height of ink that no line holds, in usual heights of lines, for it to be print: no speck, dash or stroke."""
_LONGEST = 8.0
"""The same in widths: texts that the detector does not see are single digits and marks."""

Ink = NDArray[np.bool_]
"""Where a picture has print, shape (height, width)."""


class LineFinder:
    """Gives the corners of the text lines.

    Args:
        model: a DB text detector.
    """

    def __init__(self, model: Model) -> None:
        from rapidocr.ch_ppocr_det.utils import DBPostProcess

        self._model = model
        self._search = DBPostProcess(thresh=0.3, box_thresh=0.5, unclip_ratio=1.6, use_dilation=True)

    def find(self, image: Image, scale: float | None) -> list[Quad]:
        """Corners of the lines in pixels of ``image``.

        Args:
            image: grey or RGB.
            scale: pixels in a point, if known.
        """
        height, width = image.shape[:2]
        small, shrink = to_detection_size(image, scale)
        output = self._model.run(to_tensor(small))
        found, _scores = self._search(output, small.shape[:2])
        ink = find_ink(small)
        quads = grow_over_ink([np.asarray(quad, dtype=np.float32) for quad in found], ink)
        quads += find_missed(quads, ink)
        limit = np.array([width, height], dtype=np.float32)
        return [np.clip(quad / shrink, 0, limit) for quad in quads]


def to_detection_size(image: Image, scale: float | None) -> tuple[Image, float]:
    """The picture at the detector's size, its sides filled up to what the network takes, and its size to the old.

    Args:
        image: grey or RGB.
        scale: pixels in a point, if known.
    """
    height, width = image.shape[:2]
    wanted = _USUAL_SIDE / max(height, width) if scale is None else _PIXELS_PER_POINT / scale
    shrink = min(wanted, 1.0, math.sqrt(_MAX_PIXELS / (height * width)))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if shrink < 1 else image
    right, below = -size[0] % _STEP, -size[1] % _STEP
    return cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_REPLICATE).astype(np.uint8, copy=False), shrink


def find_ink(image: Image) -> Ink:
    """Where a picture, grey or RGB, is much darker than its paper."""
    grey = image if image.ndim == 2 else image.mean(axis=2)
    return np.asarray(grey < np.median(grey) - _INK_CONTRAST)


def grow_over_ink(quads: Sequence[Quad], ink: Ink) -> list[Quad]:
    """Level lines drawn out to the ink that goes on at their ends, up to the next line.

    Args:
        quads: corners of lines in pixels.
        ink: of the picture, see :func:`find_ink`.
    """
    if not quads:
        return []
    boxes = [quad_to_box(quad) for quad in quads]
    # What belongs to a line that was found, above or below on a neighbouring column, is none of another's ends.
    free = _outside(ink, boxes)
    grown: list[Quad] = []
    for i, (quad, box) in enumerate(zip(quads, boxes, strict=True)):
        level = abs(quad[1, 1] - quad[0, 1]) <= _LEVEL * abs(quad[1, 0] - quad[0, 0])
        beside = [b for k, b in enumerate(boxes) if k != i and b.y0 < box.center[1] < b.y1]
        grown.append(_grow_level(quad, box, beside, ink, free) if level and box.width >= box.height else quad)
    return grown


def find_missed(quads: Sequence[Quad], ink: Ink) -> list[Quad]:
    """Print in the rows of the lines that none of them holds: detectors do not see single digits set far apart.

    Args:
        quads: corners of lines in pixels.
        ink: of the picture, see :func:`find_ink`.
    """
    if not quads:
        return []
    boxes = sorted((quad_to_box(quad) for quad in quads), key=lambda box: box.center[1])
    usual = median(box.height for box in boxes)
    free = _outside(ink, boxes).astype(np.uint8)
    reach = np.ones((1, max(1, round(_REACH * usual / 2))), np.uint8)
    found = find_components(np.asarray(cv2.dilate(free, reach), dtype=np.uint8))
    middles = [box.center[1] for box in boxes]
    missed: list[Quad] = []
    for left, top, width, height in found.stats[1:, :4].tolist():
        if not _LEAST_INK * usual <= height <= _MOST_INK * usual or width > _LONGEST * usual:
            continue
        near = bisect_left(middles, top + height / 2 - usual / 4)
        if near < len(middles) and middles[near] <= top + height / 2 + usual / 4:
            pad = max(0.0, usual - height) / 2
            x0, y0, x1, y1 = left - pad, top - pad, left + width + pad, top + height + pad
            missed.append(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32))
    return missed


def _outside(ink: Ink, boxes: Sequence[Box]) -> Ink:
    """The ink that lies in none of the boxes."""
    free = ink.copy()
    for box in boxes:
        free[max(math.floor(box.y0), 0) : math.ceil(box.y1), max(math.floor(box.x0), 0) : math.ceil(box.x1)] = False
    return free


def _grow_level(quad: Quad, box: Box, beside: Sequence[Box], ink: Ink, free: Ink) -> Quad:
    left = max((b.x1 for b in beside if b.center[0] < box.x0), default=0.0)
    right = min((b.x0 for b in beside if b.center[0] > box.x1), default=float(ink.shape[1]))
    # Between the heights of its print only: marks of the lines above and below are none of its ink.
    inner = box.height / 5
    top, bottom = math.ceil(box.y0 + inner), max(math.floor(box.y1 - inner), 0)
    rule = ink[max(top - round(2 * inner), 0) : bottom + round(2 * inner)].all(axis=0)
    columns: NDArray[np.bool_] = np.asarray(free[top:bottom].any(axis=0) & ~rule)
    reach = max(1, round(_REACH * box.height))
    before = _last_ink(columns[math.ceil(left) : math.floor(box.x0)][::-1], reach)
    after = _last_ink(columns[math.ceil(box.x1) : math.floor(right)], reach)
    wider = quad.copy()
    wider[[0, 3], 0] -= before + inner / 2 if before else 0.0
    wider[[1, 2], 0] += after + inner / 2 if after else 0.0
    return wider


def _last_ink(columns: NDArray[np.bool_], reach: int) -> int:
    """How far ink goes on from the beginning, with no gap wider than ``reach``; 0 for none."""
    last = 0
    for place in np.flatnonzero(columns).tolist():
        if place - last > reach:
            break
        last = place + 1
    return last
