"""The skew of a scanned page from its text lines, for pages whose rules do not tell it."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.page.scan_image import Mask

Vector = NDArray[np.float64]

_STRIP = 8
"""Pixels of the sketch in a strip of the page; within it a line is taken for level."""
_SOFT = 1.5
"""Pixels of the sketch by which the edges of lines are softened; those of a page that is moved by parts of a pixel
are soft anyway, and level pages would else look sharper than they are."""
_COARSE, _FINE = 0.25, 0.05
"""Degrees between the angles that are tried, at first and around the best of them."""
_PEAK = 3
"""Fine steps to either side of the best angle over which a parabola tells where the top is."""
_FINER = 2
"""Places in a pixel of the sketch that strips are moved by: moved by parts of a place they would lose sharpness, and
level pages would look sharpest."""
_PARTS, _TRUST = 6, 2
"""Parts side by side whose rows are looked at by themselves as well, and the power to which they count. Rows of the
whole page tell more finely, but the texts of a row may stand at heights that together feign a slope."""
_LEAST_INK = 150
"""Pixels of the sketch with text, below which nothing tells."""
_SURE = 1.1
"""How many times as sharp as usual lines must be under the right angle."""


def find_text_skew(grey: Image, text: Mask, reach: float) -> float:
    """The skew in degrees, positive when lines fall to the right; 0 when nothing tells.

    Under the right angle the rows of the page are dark where lines of characters stand and white between them, and
    change from one to the other within a pixel: the angle is the one with the steepest changes. Darkness is used
    rather than a mask, since the steps of a mask, on lines that are almost level, look level themselves.

    Args:
        grey: a page on even paper.
        text: what of it may be characters, same shape.
        reach: largest skew in degrees.
    """
    if cv2.countNonZero(text) < _LEAST_INK:
        return 0.0
    sharpness = _measure(_to_strips(grey, text))
    coarse = np.arange(-math.floor(reach / _COARSE), math.floor(reach / _COARSE) + 1) * _COARSE
    powers = np.array([sharpness(angle) for angle in coarse])
    if powers.max() < _SURE * float(np.median(powers)):
        return 0.0
    around = 2 * _PEAK
    fine = float(coarse[powers.argmax()]) + np.arange(-around, around + 1) * _FINE
    powers = np.array([sharpness(angle) for angle in fine])
    top = min(max(int(powers.argmax()), _PEAK), len(fine) - 1 - _PEAK)
    near = slice(top - _PEAK, top + _PEAK + 1)
    _, rise, bend = np.polynomial.polynomial.polyfit(fine[near] - fine[top], powers[near] / powers.max(), 2)
    best = float(fine[top]) + (float(-rise / (2 * bend)) if bend < 0 else 0.0)
    return best if abs(best - fine[top]) <= _PEAK * _FINE and abs(best) <= reach else 0.0


def _to_strips(grey: Image, text: Mask) -> Vector:
    """Darkness of the characters, summed over strips from top to bottom.

    Shape (strips, height times :data:`_FINER`).
    """
    near = cv2.dilate(text, np.ones((3, 3), np.uint8))
    dark = cv2.GaussianBlur(cv2.bitwise_and(cv2.bitwise_not(grey), near), (1, 9), sigmaX=1, sigmaY=_SOFT)
    height, width = dark.shape
    dark = cv2.copyMakeBorder(dark, 0, 0, 0, -width % _STRIP, cv2.BORDER_CONSTANT, value=0)
    sums = dark.reshape(height, -1, _STRIP).sum(axis=2, dtype=np.float64)
    finer = cv2.resize(sums, (sums.shape[1], height * _FINER), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(finer.T)


def _measure(strips: Vector) -> Callable[[float], float]:
    """A function that tells how steeply the rows of the page change when it is sheared by an angle."""
    count, height = strips.shape
    along = (np.arange(count) - (count - 1) / 2) * _STRIP * _FINER
    margin = math.ceil(float(np.abs(along).max(initial=0.0)) * 0.12) + 2
    used = [i for i in range(count) if strips[i].any()]

    def sharpness(degrees: float) -> float:
        slope = math.tan(math.radians(degrees))
        profiles = np.zeros((_PARTS, height + 2 * margin))
        for i in used:
            start = margin + round(-slope * float(along[i]))
            profiles[i * _PARTS // count, start : start + height] += strips[i]
        parts = np.diff(profiles, axis=1)
        rows = parts.sum(axis=0)
        return float(rows @ rows) * float((parts * parts).sum()) ** _TRUST

    return sharpness
