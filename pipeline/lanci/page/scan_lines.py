"""Straight lines on the pixels of a scanned page: thin, dark, long, and inked throughout."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.page.components import find_components

# Lengths in points. Printed rules are 0.2 to 3 points thick; body text is 7 to 16 points high, titles up to 26.
_STEP = 1.4
"""Length of rule that makes one pixel of the reduced picture; three of them are averaged. This lifts thin and pale
lines out of the noise, makes dotted ones whole, and leaves a quarter of the pixels at 200 dpi."""
TOUCH = 2.5
"""How near a line's end must be to another rule to meet it."""
MAX_THICKNESS = 4.0
MIN_LENGTH = 12.0
"""Shortest side of a cell that is looked for."""
FREE_LENGTH = 60.0
"""From here on a line need not run from one rule to another."""
_RUN = 40.0
"""A line at least this long stands out from any text that touches it."""
_MAX_GAP = 3.0
"""Breaks up to this length are damage; longer ones are where the line really ends."""
_WINDOW = 40.0
"""Stretch over which a line may be taken for straight on warped paper."""

CONTRAST = 12
"""Grey levels (paper at 255) by which a smeared line must be darker than what lies beside it."""
_COVERED_SHORT, _COVERED_LONG = 0.95, 0.75
"""Share of a line's length that must really be inked, below and from :data:`FREE_LENGTH`."""
_STEADY_SHORT, _STEADY_LONG = 0.8, 0.65
"""Share of a line's length whose ink lies at the height of the line: text between rules, seals and crossing
rules disturb true rules, a line of text changes its height with every stroke. Set on a dozen real scans."""
_UNBROKEN = 0.93
"""Share of inked length from which a line is a rule whatever touches it: text has gaps between its characters."""

_HEMMED = 0.45
"""Share of a line's length with ink close beside it on both sides: through the middle of dense text 0.5 to 0.95,
beside a true rule, even one that text touches in every row, up to 0.25."""

_CLEAR_SHORT, _CLEAR_LONG = 0.85, 0.6
"""Share of a dotted line's length with nothing printed close beside it."""
_CORE, _BESIDE = 1.5, 3.0
"""What lies farther than the first from a line's middle is not the line; up to the second it is close beside it."""
_SPARE = 6.0
"""How far beyond a piece its ends are looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line in pixels: ``along`` its direction from ``start`` to ``end``, at ``position`` across.

    Attributes:
        thickness: rows darker than half of its depth.
        depth: grey levels by which it is darker than the paper, averaged along it.
        spread: all its darkness over its depth, in pixels: how broad and soft it is.
        covered: share of its length that is inked.
    """

    position: float
    start: float
    end: float
    thickness: float
    depth: float
    spread: float
    covered: float

    @property
    def length(self) -> float:
        return self.end - self.start


class LineFinder:
    """Horizontal lines of one picture; for vertical ones it is given the transposed picture.

    Args:
        reduced: grey, shape (height, width), reduced along the lines by ``step`` and not across them.
        step: pixels of the page in one pixel along the lines.
        scale: pixels of the page in a point.
    """

    def __init__(self, reduced: Image, page: Image, step: int, scale: float) -> None:
        self._page = page
        self._step = step
        self._scale = scale
        self._along = scale / step
        """Reduced pixels in a point."""
        smeared = cv2.blur(reduced, (3, 1))
        tall = np.ones((_odd((MAX_THICKNESS + 1) * scale), 1), np.uint8)
        self._thin = cv2.morphologyEx(smeared, cv2.MORPH_BLACKHAT, tall)
        self._dark = cv2.bitwise_not(smeared)
        mask = cv2.threshold(self._thin, CONTRAST - 1, 255, cv2.THRESH_BINARY)[1]
        # Half of the shortest cell: a line that slopes a little crosses from one pixel row to the next.
        run = max(3, round(MIN_LENGTH / 2 * self._along))
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
        # One pixel up and down joins the steps of a line that slopes.
        mask = cv2.dilate(mask, np.ones((3, 1), np.uint8))
        self._mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, _odd(_MAX_GAP * self._along)), np.uint8))

    def long_lines(self) -> list[Line]:
        """Lines of at least :data:`_RUN` points, freed from text that touches them."""
        run = np.ones((1, max(3, round(_RUN * self._along))), np.uint8)
        pieces = cv2.morphologyEx(self._mask, cv2.MORPH_OPEN, run)
        return self._pieces_to_lines(pieces, None)

    @property
    def scale(self) -> float:
        """Pixels of the page in a point."""
        return self._scale

    def darkness_along(self, place: float, reach: int, start: float, end: float) -> NDArray[np.int16]:
        """The darkness around a level stretch, smeared along it.

        Args:
            place: its row.
            reach: rows on either side.
            start: its first column.
            end: the one behind its last.

        Returns:
            The rows, reduced along the stretch; fewer at the edge of the picture.
        """
        first = max(0, int(place) - reach)
        columns = slice(max(0, math.ceil(start / self._step)), max(0, int(end / self._step)))
        return np.asarray(self._dark[first : int(place) + reach + 1, columns], dtype=np.int16)

    def short_lines(self, known: Sequence[Line], crossing: Sequence[Line]) -> list[Line]:
        """Further lines, as far as they lie between lines of the other direction.

        Args:
            known: the lines of this direction found already.
            crossing: lines of the other direction.
        """
        mask = self._mask.copy()
        for line in known:
            reach = (line.thickness + 0.6 * self._scale) / 2 + 1
            top, bottom = max(0, round(line.position - reach)), round(line.position + reach) + 1
            mask[top:bottom, max(0, int(line.start / self._step)) : int(line.end / self._step) + 1] = 0
        return self._pieces_to_lines(mask, crossing)

    def _pieces_to_lines(self, mask: NDArray[np.uint8], crossing: Sequence[Line] | None) -> list[Line]:
        pieces = find_components(mask)
        labels, stats = pieces.labels, pieces.stats
        shortest = MIN_LENGTH * self._along
        worth = np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] >= shortest)
        if crossing is not None:
            worth = worth[self._between(stats[worth], crossing)]
        lines: list[Line] = []
        for index in worth.tolist():
            if index == 0:
                continue
            x, y, width, height = (int(v) for v in stats[index, :4])
            part = (slice(y, y + height), slice(x, x + width))
            inside = labels[part] == index
            for top, bottom in self._bands(part, inside):
                rows = slice(y + top, y + bottom)
                lines += self._measure(rows, part[1], inside[top:bottom])
        return lines

    def _between(self, stats: NDArray[np.int32], crossing: Sequence[Line]) -> NDArray[np.bool_]:
        """Which pieces reach from one crossing line to another at least."""
        if not len(stats) or not crossing:
            return np.zeros(len(stats), dtype=bool)
        reach = TOUCH * self._scale
        low = stats[:, None, cv2.CC_STAT_LEFT] * self._step - reach
        high = (stats[:, None, cv2.CC_STAT_LEFT] + stats[:, None, cv2.CC_STAT_WIDTH]) * self._step + reach
        top = stats[:, None, cv2.CC_STAT_TOP]
        bottom = top + stats[:, None, cv2.CC_STAT_HEIGHT]
        place = np.array([line.position for line in crossing])
        start = np.array([line.start for line in crossing]) - reach
        end = np.array([line.end for line in crossing]) + reach
        met = (place >= low) & (place <= high) & (start <= bottom) & (end >= top)
        return np.asarray(met.sum(axis=1) >= 2)

    def _bands(self, part: tuple[slice, slice], inside: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """The rows of a piece that are inked throughout, with one row on either side; else all, if they are few.

        Digits that stand under each other in a column form smeared lines of their own, side by side with the rule
        that they touch; but they have gaps, and the rule has none.
        """
        height, width = inside.shape
        inked = (self._dark[part] >= CONTRAST).mean(axis=1) >= _UNBROKEN
        bands = [
            (max(0, top - 1), min(height, bottom + 1))
            for top, bottom in runs(inked, 1)
            if bottom - top <= MAX_THICKNESS * self._scale
        ]
        if not bands and height <= max(2.5 * MAX_THICKNESS * self._scale, width * self._step * 0.05):
            return [(0, height)]  # a line that slopes, or is broken
        return bands

    def _measure(self, rows: slice, columns: slice, inside: NDArray[np.bool_]) -> list[Line]:
        """Follow a connected piece on the page's own pixels, and cut it where there is no ink.

        Args:
            rows: of the piece.
            columns: of the piece in the reduced picture.
            inside: which pixels of these rows and columns are of the piece.
        """
        thin = np.where(inside, self._thin[rows, columns], 0)
        depth = float(np.sort(thin.max(axis=0))[int(0.6 * (thin.shape[1] - 1))])
        if depth < CONTRAST:
            return []
        curve = rows.start + self._trace(thin, 0.4 * depth)
        # Crossing rules hide a line's ends from the search: they are looked for a little beyond.
        spare = round(_SPARE * self._along)
        before, after = min(spare, columns.start), min(spare, self._dark.shape[1] - columns.stop)
        columns = slice(columns.start - before, columns.stop + after)
        curve = np.pad(curve, (before, after), mode="edge")
        thin = np.pad(thin, ((0, 0), (before, after)))
        band = self._straighten(curve, columns.start)
        hemmed = self._hemmed(band, max(0.4 * depth, CONTRAST))
        pieces = self._solid(band, before * self._step, after * self._step)
        if not pieces:
            smeared = sample(self._dark, curve, columns.start, 1)
            pieces = self._dotted(band, smeared, depth)
        lines: list[Line] = []
        for start, end, share in pieces:
            if hemmed[start:end].mean() > _HEMMED:
                continue
            low = int(start / self._step)
            part = slice(low, max(low + 1, round(end / self._step)))
            ink = thin[:, part]
            ink = ink[:, ink.max(axis=0) >= 0.4 * depth]
            if not ink.shape[1]:
                continue
            thickness = float(np.median((ink >= 0.5 * depth).sum(axis=0)))
            if thickness > MAX_THICKNESS * self._scale:
                continue
            spread = float(np.median(ink.sum(axis=0, dtype=np.int32))) / depth
            origin = columns.start * self._step
            position = float(np.median(curve[part])) + 0.5
            lines.append(Line(position, origin + start, origin + end, max(thickness, 1.0), depth, spread, share))
        return lines

    def _solid(self, band: NDArray[np.uint8], before: int, after: int) -> list[tuple[int, int, float]]:
        """The parts of a straightened band in which its middle is inked throughout, and the share that is."""
        scale = self._scale
        half, near, core = len(band) // 2, max(1, round(0.3 * scale)), max(2, round(_CORE * scale))
        middle = band[half - near : half + near + 1].max(axis=0)
        depth = float(np.sort(band[half - core : half + core + 1].max(axis=0))[int(0.6 * (band.shape[1] - 1))])
        covered = middle >= max(0.4 * depth, CONTRAST / 2)
        if before and not covered[:before].all():
            covered[: before - int(covered[:before][::-1].argmin())] = False
        if after and not covered[-after:].all():
            covered[len(covered) - after + int(covered[-after:].argmin()) :] = False
        found: list[tuple[int, int, float]] = []
        for start, end in runs(covered, _MAX_GAP * scale):
            length = end - start
            if length < MIN_LENGTH * scale:
                continue
            short = length < FREE_LENGTH * scale
            share = float(covered[start:end].mean())
            if share < (_COVERED_SHORT if short else _COVERED_LONG):
                continue
            # A long rule that text or a seal touches is not steady, but it has no gap.
            if short or share < _UNBROKEN:
                ink = band[half - core : half + core + 1, start:end]
                weight = np.where(ink >= 0.4 * depth, ink, 0).astype(np.float32)
                off = np.abs(np.arange(-core, core + 1, dtype=np.float32) @ weight)
                steady = off <= max(0.75, 0.3 * scale) * weight.sum(axis=0)
                if (steady & covered[start:end]).mean() < (_STEADY_SHORT if short else _STEADY_LONG):
                    continue
            found.append((start, end, share))
        return found

    def _dotted(
        self, band: NDArray[np.uint8], smeared: NDArray[np.uint8], depth: float
    ) -> list[tuple[int, int, float]]:
        """The parts in which the smeared line is even, as dots make it and strokes do not, with white beside it."""
        clear = self._clear(band, 0.6 * depth)
        found: list[tuple[int, int, float]] = []
        for start, end in runs(smeared >= 0.4 * depth, _MAX_GAP * self._along):
            length = end - start
            if length < MIN_LENGTH * self._along:
                continue
            short = length < FREE_LENGTH * self._along
            ink = np.sort(smeared[start:end])
            even = ink[int(0.1 * len(ink))] >= 0.6 * ink[len(ink) // 2]
            whole = slice(start * self._step, end * self._step)
            if even and clear[whole].mean() >= (_CLEAR_SHORT if short else _CLEAR_LONG):
                share = float((smeared[start:end] >= 0.4 * depth).mean())
                found.append((whole.start, whole.stop, share))
        return found

    def _clear(self, band: NDArray[np.uint8], threshold: float) -> NDArray[np.bool_]:
        """Where there is no ink beside the middle of a straightened band."""
        above, below = self._beside(band)
        return np.asarray(np.maximum(above, below) < threshold)

    def _hemmed(self, band: NDArray[np.uint8], threshold: float) -> NDArray[np.bool_]:
        """Where there is ink on both sides of the middle of a straightened band."""
        above, below = self._beside(band)
        return np.asarray(np.minimum(above, below) >= threshold)

    def _beside(self, band: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        half, core = len(band) // 2, max(2, round(_CORE * self._scale))
        return band[: half - core].max(axis=0), band[half + core + 1 :].max(axis=0)

    def _straighten(self, curve: NDArray[np.float64], origin: int) -> NDArray[np.uint8]:
        """The page's darkness along a curve and :data:`_BESIDE` points on either side of it, row under row."""
        reach = round(_BESIDE * self._scale)
        first, last = origin * self._step, (origin + len(curve)) * self._step
        low, high = float(curve.min()), float(curve.max())
        if high - low <= 0.6:
            row = round((low + high) / 2)
            band = self._page[max(0, row - reach) : row + reach + 1, first:last]
            missing = max(0, reach - row), max(0, row + reach + 1 - len(self._page))
            if any(missing):
                band = np.pad(band, (missing, (0, 0)), constant_values=255)
        else:
            columns = np.arange(first, last)
            places = (np.arange(last - first) + 0.5) / self._step - 0.5
            rows = np.rint(np.interp(places, np.arange(len(curve)), curve)).astype(np.intp)
            shifts = np.arange(-reach, reach + 1)[:, None]
            band = self._page[np.clip(rows + shifts, 0, len(self._page) - 1), columns]
        return 255 - band

    def _trace(self, thin: NDArray[np.uint8], threshold: float) -> NDArray[np.float64]:
        """The row in which the piece runs, column by column: that with most ink around, over a few characters."""
        rows = np.arange(len(thin), dtype=np.float32)[:, None]
        window = max(4, round(_WINDOW / 2 * self._along))
        inked = (thin >= threshold).astype(np.float32)
        ink = np.asarray(cv2.blur(inked, (min(_odd(window), 2 * thin.shape[1] - 1), 1), borderType=cv2.BORDER_REFLECT))
        full = (ink >= 0.9 * ink.max(axis=0)).astype(np.float32)
        return np.asarray((full * rows).sum(axis=0, dtype=np.float64) / full.sum(axis=0))


def find_step(scale: float) -> int:
    """Pixels of the page along a line that make one pixel of the reduced picture."""
    return max(1, round(_STEP * scale))


def reduce_along(flat: Image, step: int, *, horizontal: bool) -> Image:
    """The picture reduced along the lines of one direction, and turned so that they lie."""
    height, width = flat.shape
    if horizontal:
        whole = np.ascontiguousarray(flat[:, : max(step, width // step * step)])
        return np.asarray(cv2.resize(whole, (max(1, width // step), height), interpolation=cv2.INTER_AREA))
    whole = flat[: max(step, height // step * step)]
    small = cv2.resize(whole, (width, max(1, height // step)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.transpose(small))


def sample(dark: NDArray[np.uint8], curve: NDArray[np.float64], origin: int, reach: int) -> NDArray[np.uint8]:
    """The darkest pixel on the curve or up to ``reach`` beside it, column by column from ``origin``."""
    columns = np.arange(origin, origin + len(curve))
    centre = np.rint(curve).astype(np.intp)
    picks = [dark[np.clip(centre + shift, 0, len(dark) - 1), columns] for shift in range(-reach, reach + 1)]
    return np.asarray(np.max(picks, axis=0), dtype=np.uint8)


def runs(covered: NDArray[np.bool_], max_gap: float) -> list[tuple[int, int]]:
    """Stretches of true values, joined over gaps of up to ``max_gap``."""
    places = np.flatnonzero(covered)
    if not len(places):
        return []
    cuts = np.flatnonzero(np.diff(places) > max_gap + 1)
    starts = [int(places[0]), *(int(places[c + 1]) for c in cuts)]
    ends = [*(int(places[c]) + 1 for c in cuts), int(places[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def _odd(value: float) -> int:
    return max(1, 2 * round((value - 1) / 2) + 1)
