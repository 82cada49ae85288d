"""What shows through from the back of the sheet, taken off an evened page.

The back is seen mirrored, blurred and pale. Its marks are told from print by the page itself: print is much
darker, and between the two levels lies one at which the page has next to nothing. A page without such a second
population of marks is given back as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.page.scan_marks import FAINTEST, find_pale_marks

Mask = NDArray[np.uint8]
"""Shape (height, width), 255 where something is and 0 elsewhere."""

# Darkness is 255 minus the grey level, of pixels averaged over 3 x 3. Lengths are in points.
_DARKEST = 64
"""Darkness of marks of the back: above is ink (see INK_SHARE)."""
_BIN = 4
_FEWEST = 60
"""Marks of text on the back, from which it disturbs: a dozen characters. Pages without any have up to 60 pale
marks, ends of pale rules and edges of filled cells."""
_VALLEY, _FEW = 0.12, 8
"""Share of the commonest level's marks, and number of marks, that one between back and print may have."""
_DEEPEST = 0.15
"""The same share where there is no such level below ink."""
_LEAST_PRINT = 0.25
"""A page has at least this much print for what shows through, by area; a pale copy has nothing darker than its own
print, which is not to be taken for the back of the sheet."""
_MARGIN = 4
"""A mark is a little darker than the level found: its darkest pixel need not be where it is measured."""
_FRINGE = 1.2
"""Grey this near to print belongs to it: its edge, or a thin stroke of the same character."""
_SMEAR, _RULE = 6.0, 18.0
"""Averaging along pale rules, and how far they must go on; strokes of large characters end before."""
_RULE_BIN, _FEW_RULES = 2, 0.005
"""Pale rules of the front are told from rules of the back by the highest level that next to no rule has: no more
than this share of those at the commonest one."""
_PARTED = 0.2
"""The same as a share of those of the back, where the front has more pale rules than it."""
_THINNEST, _THICKEST = 0.6, 8
"""The levels looked at: from this share of what text of the back has, for a thin line is blurred to less, to so
much above all its text, for a thick one is solid throughout. In filled cells the first is taken: a pale rule differs
less from their tone than from white, and a rule of the back no more."""


@dataclass(frozen=True, slots=True)
class _Back:
    """Darkness that the back's text does not reach, that its rules do not reach, and that its thin rules hardly do."""

    text: int
    rules: int
    thin: int


def clean_paper(flat: Image, scale: float, seals: Mask | None = None, filled: Mask | None = None) -> Image:
    """The page without what shows through from the back of the sheet.

    Args:
        flat: an evened page, shape (height, width), paper at 255.
        scale: pixels in a point.
        seals: where seals lie or lay; what is left of them tells nothing of the back.
        filled: where cells are filled; pale rules differ less from their tone than from white.

    Returns:
        ``flat`` itself where nothing shows through.
    """
    soft = np.asarray(cv2.blur(flat, (3, 3)), dtype=np.uint8)
    back = _find_back(flat, soft, seals, scale)
    if back is None:
        return flat
    print_ = cv2.threshold(soft, 255 - back.text, 255, cv2.THRESH_BINARY_INV)[1]
    reach = 2 * max(1, round(_FRINGE * scale)) + 1
    kept = cv2.dilate(print_, np.ones((reach, reach), np.uint8))
    for along in (False, True):
        kept = cv2.bitwise_or(kept, _pale_rules(soft, scale, back.rules, along=along))
        if filled is not None:
            inside = cv2.bitwise_and(filled, _pale_rules(soft, scale, back.thin, along=along))
            kept = cv2.bitwise_or(kept, inside)
    return np.asarray(cv2.bitwise_or(flat, cv2.bitwise_not(kept)), dtype=np.uint8)


def _find_back(flat: Image, soft: Image, seals: Mask | None, scale: float) -> _Back | None:
    """The level that parts the marks of the back from print; None where nothing shows through."""
    marks = find_pale_marks(flat, soft, seals, scale, _DARKEST + _BIN)
    levels = marks.text
    edges = np.arange(FAINTEST, _DARKEST + _BIN + 1, _BIN)
    counts = np.histogram(levels, edges)[0]
    usual = int(counts[:-1].argmax())
    few = max(_FEW, _VALLEY * counts[usual])
    after = [i for i in range(usual + 1, len(counts)) if counts[i] <= few]
    valley = after[0] if after else usual + 1 + int(counts[usual + 1 :].argmin())
    below = levels[(levels >= FAINTEST) & (levels < edges[valley])]
    if len(below) < _FEWEST or counts[valley] > max(_FEW, _DEEPEST * counts[usual]):
        return None
    limit = min(int(edges[valley]) + _MARGIN, _DARKEST)
    dark = cv2.countNonZero(cv2.inRange(soft, (0,), (255 - limit,)))
    pale = cv2.countNonZero(cv2.inRange(soft, (256 - limit,), (255 - FAINTEST,)))
    if dark < _LEAST_PRINT * pale:
        return None
    thin = max(FAINTEST, round(_THINNEST * float(np.percentile(below, 90))))
    return _Back(limit, _part_rules(marks.rules, thin, limit), thin)


def _part_rules(levels: NDArray[np.int64], thin: int, limit: int) -> int:
    """The level between the rules of the back, the palest of which are ``thin``, and pale rules of the front."""
    edges = np.arange(thin, limit + _THICKEST + 1, _RULE_BIN)
    counts = np.histogram(levels, edges)[0]
    commonest = np.bincount(levels // _RULE_BIN, minlength=1).max()
    few = max(_FEW, _FEW_RULES * commonest)
    free = counts <= max(few, counts.min())
    if free[: len(free) // 2].all():
        return int(edges[0])  # the back has no rules
    # Rules of the back are no darker than nearly all of its text.
    beyond = range(int(np.searchsorted(edges, thin / _THINNEST)), len(counts))
    between = [index for index in beyond if _parts_pale(levels, counts, edges, index, few)]
    return int(edges[between[-1] if between else np.flatnonzero(free)[-1]])


def _parts_pale(
    levels: NDArray[np.int64], counts: NDArray[np.int64], edges: NDArray[np.int64], index: int, few: float
) -> bool:
    """Whether a level lies between rules of the back and more of the front, which are as pale on some pages."""
    back = counts[:index].max(initial=0)
    front = np.bincount(levels[levels >= edges[index + 1]] // _RULE_BIN, minlength=1).max()
    return bool(few < back < front and counts[index] <= max(few, _PARTED * back))


def _pale_rules(soft: Image, scale: float, level: int, *, along: bool) -> Mask:
    """Where long straight lines darker than ``level`` run, vertical ones with ``along``; a little widened."""
    smear, length, wide = (max(1, round(v * scale)) for v in (_SMEAR, _RULE, 1.0))

    def line(size: int, across: int = 1) -> tuple[int, int]:
        return (across, size) if along else (size, across)

    smeared = cv2.blur(soft, line(smear))
    dark = cv2.threshold(smeared, 255 - level, 255, cv2.THRESH_BINARY_INV)[1]
    # A line that slopes crosses from one pixel row to the next.
    dark = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_RECT, line(1, 3)))
    rules = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, line(length)))
    return np.asarray(cv2.dilate(rules, np.ones((2 * wide + 1, 2 * wide + 1), np.uint8)), dtype=np.uint8)
