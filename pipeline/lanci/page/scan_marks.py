"""Pale marks of a scanned page: what lies between paper and print, counted by its darkness."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image

Mask = NDArray[np.uint8]
"""Shape (height, width), 255 where something is and 0 elsewhere."""

# Darkness is 255 minus the grey level, of pixels averaged over 3 x 3. Lengths are in points.
FAINTEST = 14
"""Darkness of the faintest marks; below lies the grain of the paper."""
_SPACING = 3.2
"""One mark is counted within this distance."""
_ARM, _ARM_SHARE = 2.2, 0.5
_NEAR, _FAR = 2, 5
"""A mark that goes on for so many arms both ways, or for so many one way, at no less than this share of its
darkness, is a rule."""
_SHARPEST, _GRAIN = 1.5, 4
"""How much darker than its surroundings a blurred mark's darkest pixel may be: a share, and the paper's grain."""


@dataclass(frozen=True, slots=True)
class PaleMarks:
    """The darkness of marks, those of text and those on rules; each of shape (marks,)."""

    text: NDArray[np.int64]
    rules: NDArray[np.int64]


def find_pale_marks(flat: Image, soft: Image, seals: Mask | None, scale: float, darkest: int) -> PaleMarks:
    """The pale marks that stand alone, one for each darkest pixel; no specks, no seals.

    Args:
        flat: an evened page, shape (height, width), paper at 255.
        soft: the same, averaged over 3 x 3 pixels.
        seals: where seals lie or lay.
        scale: pixels in a point.
        darkest: darkness of the darkest marks asked for.
    """
    reach = 2 * max(1, round(_SPACING * scale)) + 1
    lowest = cv2.erode(soft, np.ones((reach, reach), np.uint8))
    pale = cv2.inRange(soft, (255 - darkest,), (255 - FAINTEST,))
    pale = cv2.bitwise_and(cv2.compare(soft, lowest, cv2.CMP_EQ), pale)
    if seals is not None:
        pale = cv2.bitwise_and(pale, cv2.bitwise_not(cv2.dilate(seals, np.ones((reach, reach), np.uint8))))
    places = cv2.findNonZero(pale)
    if places is None:
        none = np.zeros(0, dtype=np.int64)
        return PaleMarks(none, none)
    x, y = np.asarray(places).reshape(-1, 2).T
    darkness = 255 - soft[y, x].astype(np.int64)
    # The back is blurred; a speck on the front is sharp, and its one pixel much darker than those around it.
    sharp = (255 - flat[y, x].astype(np.int64)) > _SHARPEST * darkness + _GRAIN
    on_rule = _on_rules(soft, x, y, scale)
    return PaleMarks(darkness[~sharp & ~on_rule], darkness[on_rule])


def _on_rules(soft: Image, x: NDArray[np.int32], y: NDArray[np.int32], scale: float) -> NDArray[np.bool_]:
    """Which of these pixels lie on a rule: it goes on to both sides, or far to one from its end or corner."""
    darkness = 255 - soft[y, x].astype(np.int64)
    # A rule that slopes leaves its row by a pixel.
    wide = 255 - cv2.erode(soft, np.ones((3, 3), np.uint8))
    height, width = soft.shape
    found = np.zeros(len(x), dtype=bool)
    for along_x, along_y in ((1, 0), (0, 1)):
        runs: list[NDArray[np.bool_]] = []
        for side in (-1, 1):
            goes_on = [np.ones(len(x), dtype=bool)]
            for step in range(1, _FAR + 1):
                move = round(side * step * _ARM * scale)
                column = np.clip(x + along_x * move, 0, width - 1)
                row = np.clip(y + along_y * move, 0, height - 1)
                goes_on.append(goes_on[-1] & (wide[row, column] >= _ARM_SHARE * darkness))
            found |= goes_on[_FAR]
            runs.append(goes_on[_NEAR])
        found |= runs[0] & runs[1]
    return found
