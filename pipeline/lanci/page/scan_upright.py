"""How a scanned page lies: sideways or upside down."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from lanci.document import Image
from lanci.page.components import find_components
from lanci.page.scan_sketch import Sketch

Score = Callable[[Sequence[Image]], list[float]]
"""Tells how readable pictures of text lines are, one number from 0 to 1 each; higher is better."""

_REACH = 5.0
"""Points by which characters are smeared to find the lines that they stand in."""
_JOIN = 7.0
"""Points between characters of one line, at most."""
_MIN_HEIGHT, _MAX_HEIGHT = 4.0, 24.0
"""Heights of lines in points; wide tables are printed small."""
_MIN_ASPECT, _CUT_ASPECT = 3.0, 4.0
"""Lines are at least so many times as long as high; of longer ones so much of the beginning is shown to the scorer."""
_N_LINES = 3
"""Lines shown to the scorer at first: enough to outvote one that reads well both ways."""
_MORE_LINES = 6
"""Further lines shown to it where the first leave a doubt."""
_CLEAR = 0.2
"""Difference of the mean scores of both ways from which there is no doubt."""
_BETTER = 0.1
"""Difference of the mean scores from which the other way is believed: few pages are scanned upside down."""
_READS_WELL, _READS_SURELY = 0.9, 0.995
"""Mean score of the lines from which a page is upright without a look at them upside down, and score of the largest
line from which no other is asked: of 228 lines upside down five reached the first, and none more than 0.986."""


def is_sideways(sketch: Sketch) -> bool:
    """Whether the text lines run from bottom to top or top to bottom, judged without the rules.

    Characters stand closer within a line than between lines, so smearing along the lines joins more of them
    than smearing across.
    """
    reach = max(3, round(_REACH * sketch.scale))
    along = cv2.dilate(sketch.text, np.ones((1, reach), np.uint8))
    across = cv2.dilate(sketch.text, np.ones((reach, 1), np.uint8))
    return bool(cv2.connectedComponents(across)[0] < cv2.connectedComponents(along)[0])


def is_upside_down(sketch: Sketch, grey: Image, scale: float, score: Score) -> bool:
    """Whether the lines read better after a half turn.

    Args:
        sketch: of the same page, level.
        grey: the page on even paper, its lines level.
        scale: pixels in a point of ``grey``.
        score: see :data:`Score`.
    """
    lines = _find_lines(sketch, grey, scale)
    if not lines:
        return False
    upright = score(lines[:1])
    if sum(upright) >= _READS_SURELY:
        return False
    upright += score(lines[1:_N_LINES])
    if sum(upright) >= _READS_WELL * len(upright):
        return False
    turned = _score_turned(lines[:_N_LINES], score)
    more = lines[_N_LINES:]
    if more and abs(sum(turned) - sum(upright)) < _CLEAR * len(upright):
        upright, turned = upright + score(more), turned + _score_turned(more, score)
    return sum(turned) > sum(upright) + _BETTER * len(upright)


def _score_turned(lines: Sequence[Image], score: Score) -> list[float]:
    return score([np.ascontiguousarray(line[::-1, ::-1]) for line in lines])


def _find_lines(sketch: Sketch, grey: Image, scale: float) -> list[Image]:
    """Pictures of the beginnings of the largest text lines."""
    joined = cv2.dilate(sketch.text, np.ones((1, max(3, round(_JOIN * sketch.scale))), np.uint8))
    stats = find_components(np.asarray(joined, dtype=np.uint8)).stats
    boxes: list[tuple[int, int, int, int]] = []
    for x, y, width, height, _area in stats[1:].tolist():
        if _MIN_HEIGHT <= height / sketch.scale <= _MAX_HEIGHT and width >= _MIN_ASPECT * height:
            boxes.append((x, y, min(width, round(_CUT_ASPECT * height)), height))
    boxes.sort(key=lambda b: (-b[2] * b[3], b[1], b[0]))
    factor = sketch.scale / scale
    lines: list[Image] = []
    for x, y, width, height in boxes[: _N_LINES + _MORE_LINES]:
        x0, x1 = int(x / factor), math.ceil((x + width) / factor)
        y0, y1 = int((y - 2) / factor), math.ceil((y + height + 2) / factor)
        lines.append(np.ascontiguousarray(grey[max(y0, 0) : y1, x0:x1]))
    return lines
