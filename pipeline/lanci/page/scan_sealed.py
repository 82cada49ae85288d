"""Rules that run under seals: no stroke of a seal makes one, breaks one, or lengthens one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.page.scan_lines import CONTRAST, FREE_LENGTH, MIN_LENGTH, TOUCH, Line, runs

Mask = NDArray[np.uint8]
"""Shape (height, width), 255 where something is and 0 elsewhere."""

# Lengths in points.
_MARGIN = 1.0
"""The soft edge of a seal's strokes."""
_MOSTLY = 0.6
"""A short line of which so much lies on a seal's strokes is a stroke itself; a straight piece of a ring is short.
Colour takes red seals off the page, so that nothing dark is left beside a rule under them."""
_BESIDE = 1.5
"""How far from a line's middle a stroke reaches, and a rule does not."""
_SAME = 1.0
"""Two pieces of one rule differ by no more across it."""
_GAP = 1.5
"""Along a rule that goes on, only so much may be neither inked nor under a seal."""
_SEEN = 6.0
"""A rule goes on beyond a stroke when it is seen for so long there."""
_INK = 0.4
"""Share of the rule's own depth from which it is seen."""


def widen(seals: Mask, scale: float) -> NDArray[np.bool_]:
    """Where strokes of seals lie, their soft edges included."""
    wide = 2 * max(1, round(_MARGIN * scale)) + 1
    return np.asarray(cv2.dilate(seals, np.ones((wide, wide), np.uint8)) > 0)


class SealedRules:
    """Mends the lines of one direction where a seal lies on them.

    Args:
        page: even grey, shape (height, width); for vertical lines the transposed picture.
        seals: where seals lie or lay, see :func:`widen`; of the same shape.
        scale: pixels in a point.
    """

    def __init__(self, page: Image, seals: NDArray[np.bool_], scale: float) -> None:
        self._page = page
        self._seals = seals
        self._scale = scale

    def drop_strokes(self, lines: Sequence[Line]) -> list[Line]:
        """The lines without the short ones that lie on strokes of seals."""
        return [line for line in lines if line.length >= FREE_LENGTH * self._scale or not self._is_stroke(line)]

    def mend(self, lines: Sequence[Line], crossing: Sequence[Line]) -> list[Line]:
        """The lines, whole where a seal broke them and ended where the rules end that no seal hides.

        Args:
            lines: of this direction.
            crossing: of the other direction.
        """
        whole: list[Line] = []
        for line in sorted(lines, key=lambda line: (line.start, line.position)):
            before = next((k for k, other in enumerate(whole) if self._is_broken(other, line, lines)), None)
            if before is None:
                whole.append(line)
            else:
                whole[before] = _join(whole[before], line)
        return [self._end_both(line, whole, crossing) for line in whole]

    def _is_broken(self, first: Line, second: Line, lines: Sequence[Line]) -> bool:
        """Whether two lines are one that a seal hides in between."""
        if abs(first.position - second.position) > _SAME * self._scale:
            return False
        if second.end <= first.end or second.start - first.end > FREE_LENGTH * self._scale:
            return False
        if not self._may_go_on(first.end, second.start, lines):
            return False
        if second.start <= first.end:
            return bool(self._under(first, second.start - 1, first.end + 1).any())
        under = self._under(first, first.end, second.start)
        missing = runs(~(under | self._inked(first, first.end, second.start)), 0)
        return bool(under.any()) and all(stop - start <= _GAP * self._scale for start, stop in missing)

    def _is_stroke(self, line: Line) -> bool:
        """Whether a line lies on a seal's stroke that is still seen there, dark and thicker than a rule."""
        if self._under(line, line.start, line.end).mean() < _MOSTLY:
            return False
        row, beside = self._row(line), round(_BESIDE * self._scale)
        rows = slice(max(0, row - beside), row + beside + 1)
        columns = slice(max(0, int(line.start)), int(line.end) + 1)
        sealed = self._page[rows, columns][self._seals[rows, columns]]
        return bool((255 - sealed.astype(np.int16) >= CONTRAST).mean() >= _MOSTLY)

    def _end_both(self, line: Line, lines: Sequence[Line], crossing: Sequence[Line]) -> Line:
        start = self._find_end(line, -1, lines, crossing)
        end = self._find_end(line, 1, lines, crossing)
        return replace(line, start=start, end=end) if end - start > 0 else line

    def _find_end(self, line: Line, side: int, lines: Sequence[Line], crossing: Sequence[Line]) -> float:
        """Where a line ends whose end may lie under a stroke of a seal."""
        end = line.start if side < 0 else line.end
        hidden = self._stroke_at(line, end)
        if hidden is None:
            return end
        inner, outer = hidden if side > 0 else hidden[::-1]
        goes_on = self._may_go_on(min(inner, outer), max(inner, outer), lines)
        beyond = self._seen_from(line, outer, side) if goes_on else outer
        if abs(beyond - outer) >= _SEEN * self._scale:
            return beyond
        reach = TOUCH * self._scale
        low, high = min(inner, beyond) - reach, max(inner, beyond) + reach
        met = [
            other.position
            for other in crossing
            if low <= other.position <= high and other.start - reach <= line.position <= other.end + reach
        ]
        if met:
            return min(met, key=lambda place: (abs(place - end), place))
        ends = [
            place
            for other in lines
            if other is not line and low <= (place := other.start if side < 0 else other.end) <= high
        ]
        return float(np.median(ends)) if ends else end

    def _may_go_on(self, low: float, high: float, lines: Sequence[Line]) -> bool:
        """Whether any line passes what is hidden, unless it is shorter than a cell: between two tables none does."""
        short = high - low <= MIN_LENGTH * self._scale
        return short or any(line.start <= low and line.end >= high for line in lines)

    def _stroke_at(self, line: Line, end: float) -> tuple[float, float] | None:
        """From where to where a stroke of a seal hides the line at one of its ends; None where none does."""
        row = self._seals[self._row(line)]
        for start, stop in runs(row, _GAP * self._scale):
            if start - 1 <= end <= stop + 1:
                return float(start), float(stop)
        return None

    def _seen_from(self, line: Line, place: float, side: int) -> float:
        """How far the line is seen on from a place, in one direction; strokes on its way are passed over."""
        size = self._page.shape[1]
        low, high = (place, size) if side > 0 else (0.0, place)
        inked = self._inked(line, low, high)
        covered = inked | self._under(line, low, high)
        if side < 0:
            inked, covered = inked[::-1], covered[::-1]
        stretch = runs(covered, _GAP * self._scale)
        if not stretch or stretch[0][0] > _GAP * self._scale:
            return place
        seen = np.flatnonzero(inked[: stretch[0][1]])
        return place + side * float(seen[-1] + 1) if len(seen) else place

    def _row(self, line: Line) -> int:
        return min(max(int(line.position), 0), len(self._page) - 1)

    def _under(self, line: Line, start: float, end: float) -> NDArray[np.bool_]:
        """Whether a stroke of a seal lies on the line, pixel by pixel."""
        return self._seals[self._row(line), max(0, int(start)) : max(int(start), int(end)) + 1]

    def _inked(self, line: Line, start: float, end: float) -> NDArray[np.bool_]:
        """Whether the line itself is seen, pixel by pixel: not under a stroke."""
        row, near = self._row(line), max(1, round(0.3 * self._scale))
        columns = slice(max(0, int(start)), max(int(start), int(end)) + 1)
        band = self._page[max(0, row - near) : row + near + 1, columns]
        seen = 255 - band.min(axis=0).astype(np.int16) >= _INK * line.depth
        return np.asarray(seen & ~self._seals[row, columns])


def _join(first: Line, second: Line) -> Line:
    """One line of two that lie in a row; as the longer one is, they are."""
    longer = max(first, second, key=lambda line: line.length)
    return replace(longer, start=min(first.start, second.start), end=max(first.end, second.end))
