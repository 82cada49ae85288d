"""Strokes among the texts of a scanned page that are none of their characters.

Between upright ones stands a drawing rather than a table; what rules leave of themselves beside texts is taken for
their ink.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from lanci.document import Box, Raster, Rule
from lanci.page.scan_image import ink_mask

_LENGTH = 16.0
"""Points; longer than any stroke of the characters in a table, shorter than the side of a box in a flow chart."""
_LEAST = 2
"""Strokes of a drawing; a single one may be a fold or a streak of the scanner."""
_LONG = 60.0
"""Points from which a level rule is taken off the picture; shorter ones may be strokes of characters."""
_FRINGE = 1
"""Pixels beside a rule that are grey of it."""


def without_rules(raster: Raster, rules: Sequence[Rule]) -> Raster:
    """The page without its long level rules and the characters of seals.

    Args:
        raster: the upright page.
        rules: those of the page, in points of the working frame.
    """
    long = [rule for rule in rules if rule.horizontal and rule.length >= _LONG]
    if not long and raster.signs is None:
        return raster
    image, scale = raster.image.copy(), raster.scale
    if raster.signs is not None:
        image[raster.signs > 0] = 255
    for rule in long:
        half = rule.thickness / 2
        top = math.floor((rule.position - half) * scale) - _FRINGE
        bottom = math.ceil((rule.position + half) * scale) + _FRINGE
        image[max(top, 0) : max(bottom, 0), max(math.floor(rule.start * scale), 0) : math.ceil(rule.end * scale)] = 255
    return replace(raster, image=image, signs=None)


def is_drawing(raster: Raster, box: Box) -> bool:
    """Whether strokes run upwards inside a part of a page where text in columns but no grid was found.

    The sides of a box in a flow chart or the bars and axes of a chart are such strokes; the rules of a grid would
    have been found as such.

    Args:
        raster: the upright page.
        box: the part, in points of the working frame.
    """
    scale = raster.scale
    height, width = raster.image.shape
    x0, x1 = max(0, math.floor(box.x0 * scale)), min(width, math.ceil(box.x1 * scale))
    y0, y1 = max(0, math.floor(box.y0 * scale)), min(height, math.ceil(box.y1 * scale))
    run = round(_LENGTH * scale)
    if x1 <= x0 or y1 - y0 < run:
        return False
    ink = ink_mask(np.ascontiguousarray(raster.image[y0:y1, x0:x1]))
    if raster.seals is not None:
        ink = cv2.subtract(ink, raster.seals[y0:y1, x0:x1]).astype(np.uint8, copy=False)
    strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    return bool(cv2.connectedComponents(strokes)[0] - 1 >= _LEAST)
