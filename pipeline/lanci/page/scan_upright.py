"""How a scanned page lies: sideways, upside down, skewed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.page.scan_image import Mask, image_to_raster, ink_mask, resize_by

Score = Callable[[Sequence[Image]], list[float]]
"""Tells how readable pictures of text lines are, one number each; higher is better."""

MAX_SKEW = 5.0
"""Degrees; pages skewed more are left alone."""

_ANALYSIS_SCALE = 100 / 72
"""Pixels in a point at which the position is judged: enough for characters, fast."""
_MIN_CHAR, _MAX_CHAR = 2.0, 40.0
"""Sizes of characters in points."""
_N_LINES = 5
"""Lines shown to the scorer: enough to outvote one that reads well both ways, few enough to cost 0.1 s."""


def is_sideways(ink: Mask, scale: float) -> bool:
    """Whether the text lines run from bottom to top or top to bottom, judged without the rules.

    Characters stand closer within a line than between lines, so smearing along the lines joins more of them
    than smearing across.
    """
    text = _text_only(ink, scale)
    reach = max(3, round(5 * scale))
    along = cv2.dilate(text, np.ones((1, reach), np.uint8))
    across = cv2.dilate(text, np.ones((reach, 1), np.uint8))
    return bool(cv2.connectedComponents(across)[0] < cv2.connectedComponents(along)[0])


def ink_to_skew(ink: Mask) -> float:
    """The skew in degrees, positive when lines fall to the right; 0 when nothing tells.

    The angle is the one under which rows and columns of ink are sharpest; only straight pieces count, so rules
    decide where there are any.
    """
    run = 7
    level = _points(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8)))
    upright = _points(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8)))
    if len(level) + len(upright) < 50:
        return 0.0

    def sharpness(degrees: float) -> float:
        slope = math.tan(math.radians(degrees))
        return _profile_power(level[:, 1] - slope * level[:, 0]) + _profile_power(upright[:, 0] + slope * upright[:, 1])

    best = 0.0
    for step, reach in ((0.5, MAX_SKEW), (0.1, 0.5), (0.02, 0.1)):
        count = round(reach / step)
        angles = sorted((best + i * step for i in range(-count, count + 1)), key=abs)
        best = max(angles, key=sharpness)
    return 0.0 if abs(best) > MAX_SKEW else best


def is_upside_down(grey: Image, scale: float, score: Score) -> bool:
    """Whether the lines read better after a half turn.

    Args:
        grey: the page on even paper, its lines level.
        scale: pixels in a point.
        score: see :data:`Score`.
    """
    lines = _find_lines(grey, scale)
    if not lines:
        return False
    turned = [np.ascontiguousarray(line[::-1, ::-1]) for line in lines]
    scores = score([*lines, *turned])
    return sum(scores[len(lines) :]) > sum(scores[: len(lines)])


def analysis_ink(image: Image, scale: float) -> tuple[Mask, float]:
    """The ink at the resolution used for judging, and its scale."""
    factor = min(1.0, _ANALYSIS_SCALE / scale)
    return ink_mask(image_to_raster(resize_by(image, factor), scale * factor).image), scale * factor


def _text_only(ink: Mask, scale: float) -> Mask:
    """Ink without rules and pictures: pieces as large as characters. A grid is one large piece."""
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(ink)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / scale
    keep = (sides.max(axis=1) >= _MIN_CHAR) & (sides.max(axis=1) <= _MAX_CHAR)
    keep[0] = False
    return np.where(keep[labels], 255, 0).astype(np.uint8)


def _points(mask: Mask) -> NDArray[np.float64]:
    """Coordinates (x, y) of the set pixels, thinned evenly to a bounded number."""
    ys, xs = np.nonzero(mask)
    thin = max(1, len(xs) // 60_000)
    return np.stack([xs[::thin], ys[::thin]], axis=1).astype(np.float64)


def _profile_power(offsets: NDArray[np.float64]) -> float:
    if not len(offsets):
        return 0.0
    bins = np.floor(offsets - offsets.min()).astype(np.int64)
    counts = np.bincount(bins).astype(np.float64)
    return float((counts * counts).sum())


def _find_lines(grey: Image, scale: float) -> list[Image]:
    """The largest pictures of single text lines, of three to fifteen times their height."""
    factor = min(1.0, _ANALYSIS_SCALE / scale)
    small = resize_by(grey, factor)
    small_scale = scale * factor
    text = _text_only(ink_mask(small), small_scale)
    joined = cv2.dilate(text, np.ones((1, max(3, round(7 * small_scale))), np.uint8))
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(joined)
    boxes: list[tuple[int, int, int, int]] = []
    for x, y, width, height, _area in stats[1:].tolist():
        if 6 <= height / small_scale <= 24 and 3 <= width / height <= 15:
            boxes.append((x, y, width, height))
    boxes.sort(key=lambda b: (-b[2] * b[3], b[1], b[0]))
    lines: list[Image] = []
    for x, y, width, height in boxes[:_N_LINES]:
        x0, x1 = int(x / factor), math.ceil((x + width) / factor)
        y0, y1 = int((y - 2) / factor), math.ceil((y + height + 2) / factor)
        lines.append(np.ascontiguousarray(grey[max(y0, 0) : y1, x0:x1]))
    return lines
