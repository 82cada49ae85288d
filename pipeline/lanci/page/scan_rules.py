"""Ruling lines of a scanned page, from its pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image, Raster, Rule

# Lengths in points. Printed rules are 0.2 to 3 points thick; body text is 7 to 16 points high, titles up to 26.
_SMEAR = 4.0
"""Averaging along the line: lifts thin and pale lines out of the noise, bridges small breaks."""
_MAX_THICKNESS = 4.0
_MIN_LENGTH = 12.0
"""Shortest side of a cell that is looked for."""
_FREE_LENGTH, _LONE_LENGTH = 60.0, 120.0
"""A line shorter than the first must run from one rule to another; one shorter than the second must meet a rule at
one end at least, since the feet of bold characters can form a line; a longer one is a rule wherever it ends."""
_MAX_GAP = 3.0
"""Breaks up to this length are damage; longer ones are where the line really ends."""
_TOUCH = 2.5
"""How near a line's end must be to another rule to meet it."""
_MIN_TABLE = 40.0
"""Rules that hang together but reach less far than this are boxes of characters, not tables."""

_EDGE_SHARE = 0.03
"""Outer strip of the picture, as a share of its size, in which a lone line is the sheet's edge."""

_CONTRAST = 12
"""Grey levels (paper at 255) by which a smeared line must be darker than what lies beside it."""
_COVERED_SHORT, _COVERED_LONG = 0.95, 0.75
"""Share of a line's length that must really be inked, below and from :data:`_FREE_LENGTH`."""
_STEADY_SHORT, _STEADY_LONG = 0.8, 0.65
"""Share of a line's length whose ink lies at the height of the line: text between rules, seals and crossing
rules disturb true rules, a line of text changes its height with every stroke. Set on a dozen real scans."""
_UNBROKEN = 0.93
"""Share of inked length from which a line is a rule whatever touches it: text has gaps between its characters."""
_CROSSED, _BESIDE = 3, 0.9
"""A line that crosses at least so many others must be inked beside them, over this length on either side."""
_WINDOW = 40.0
"""Stretch, in points, over which a line may be taken for straight on warped paper."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A candidate in pixels: ``along`` its direction from ``start`` to ``end``, at ``position`` across."""

    position: float
    start: float
    end: float
    thickness: float

    @property
    def length(self) -> float:
        return self.end - self.start


def scan_to_rules(raster: Raster) -> tuple[Rule, ...]:
    """The ruling lines of an upright, deskewed page, in points of its working frame.

    One rule for every continuous piece: where a line is interrupted, as inside merged cells, two rules are
    given. Ends that nearly reach a crossing rule are drawn to it. Seals in red do not disturb; strokes of
    characters are told from rules by length, by being inked throughout, and by what they meet.

    Returns:
        Horizontal rules from top to bottom, then vertical ones from left to right.
    """
    scale = raster.scale
    flat = raster.image
    level = _find_lines(flat, scale)
    upright = _find_lines(np.ascontiguousarray(flat.T), scale)
    level, upright = _keep_meeting(level, upright, scale)
    through = _Crossings(flat, scale)
    level, upright = (
        [line for line in level if through.go_through(line, upright, horizontal=True)],
        [line for line in upright if through.go_through(line, level, horizontal=False)],
    )
    level, upright = _keep_meeting(level, upright, scale)
    level, upright = _drop_small_groups(level, upright, scale)
    height, width = flat.shape
    level, upright = _drop_edges(level, upright, height, scale), _drop_edges(upright, level, width, scale)
    level, upright = _draw_to(level, upright, scale), _draw_to(upright, level, scale)
    rules = [_line_to_rule(line, True, scale) for line in level]
    rules += [_line_to_rule(line, False, scale) for line in upright]
    return tuple(sorted(rules, key=lambda r: (not r.horizontal, r.position, r.start)))


def _find_lines(flat: Image, scale: float) -> list[_Line]:
    """Horizontal candidates on a picture with even paper."""
    mask = _line_mask(flat, scale)
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(mask)
    lines: list[_Line] = []
    for index in range(1, len(stats)):
        x, y, width, height = (int(v) for v in stats[index, :4])
        patch = flat[y : y + height, x : x + width]
        inside = labels[y : y + height, x : x + width] == index
        bands = _inked_bands(patch, scale)
        if not bands and height <= max(2.5 * _MAX_THICKNESS * scale, width * 0.05):
            bands = [(0, height)]  # a line that slopes, or is broken
        for top, bottom in bands:
            band = slice(top, bottom)
            lines += _component_to_lines(patch[band], inside[band], (x, y + top), scale)
    return lines


def _inked_bands(patch: Image, scale: float) -> list[tuple[int, int]]:
    """The rows of a piece that are inked throughout, with one row on either side.

    Digits that stand under each other in a column form smeared lines of their own, side by side with the rule
    that they touch; but they have gaps, and the rule has none.
    """
    inked = (255 - patch.astype(np.int16) >= _CONTRAST).mean(axis=1) >= _UNBROKEN
    bands = _runs(inked, 1)
    return [
        (max(0, top - 1), min(len(patch), bottom + 1))
        for top, bottom in bands
        if bottom - top <= _MAX_THICKNESS * scale
    ]


def _line_mask(flat: Image, scale: float) -> NDArray[np.uint8]:
    """Thin, dark, long: smeared along the line, darker than what lies above and below, and opened."""
    smeared = cv2.blur(flat, (_odd(_SMEAR * scale), 1))
    thin = cv2.morphologyEx(smeared, cv2.MORPH_BLACKHAT, np.ones((_odd((_MAX_THICKNESS + 1) * scale), 1), np.uint8))
    mask = np.where(thin >= _CONTRAST, 255, 0).astype(np.uint8)
    # Half of the shortest cell: a line that slopes a little crosses from one pixel row to the next.
    run = max(3, round(_MIN_LENGTH / 2 * scale))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    # One pixel up and down joins the steps of a line that slopes.
    mask = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, _odd(_MAX_GAP * scale)), np.uint8)))


def _component_to_lines(patch: Image, inside: NDArray[np.bool_], origin: tuple[int, int], scale: float) -> list[_Line]:
    """Measure a connected piece on the real pixels, and cut it where there is no ink."""
    darkness = np.where(inside, 255 - patch.astype(np.int16), 0)
    depth = float(np.percentile(darkness.max(axis=0), 60))
    if depth < _CONTRAST:
        return []
    curve, steady = _trace(darkness, 0.4 * depth, scale)
    covered = _sample(255 - patch.astype(np.int16), curve, scale) >= 0.4 * depth
    lines: list[_Line] = []
    for start, end in _runs(covered, _MAX_GAP * scale):
        length = end - start
        if length < _MIN_LENGTH * scale:
            continue
        short = length < _FREE_LENGTH * scale
        share = float(covered[start:end].mean())
        if share < (_COVERED_SHORT if short else _COVERED_LONG):
            continue
        # A long rule that text or a seal touches is not steady, but it has no gap.
        unbroken = share >= _UNBROKEN and not short
        if not unbroken and steady[start:end].mean() < (_STEADY_SHORT if short else _STEADY_LONG):
            continue
        strong = darkness[:, start:end] >= 0.5 * depth
        thickness = float(np.median(strong.sum(axis=0)[covered[start:end]]))
        if thickness > _MAX_THICKNESS * scale:
            continue
        position = origin[1] + float(np.median(curve[start:end])) + 0.5
        first, last = _reach(255 - patch.astype(np.int16), curve, (start, end), 0.4 * depth, scale)
        lines.append(_Line(position, origin[0] + first, origin[0] + last, max(thickness, 1.0)))
    return lines


def _reach(
    darkness: NDArray[np.int16],
    curve: NDArray[np.float64],
    run: tuple[int, int],
    threshold: float,
    scale: float,
) -> tuple[int, int]:
    """Follow a line straight on beyond its ends: text that touches it there pulls the curve away."""
    start, end = run
    window = max(2, round(_WINDOW * scale))
    inner = curve[start:end]
    straight = np.empty_like(curve)
    straight[: (start + end) // 2] = np.median(inner[:window])
    straight[(start + end) // 2 :] = np.median(inner[-window:])
    inked = _sample(darkness, straight, scale) >= threshold
    while start > 0 and inked[start - 1]:
        start -= 1
    while end < len(inked) and inked[end]:
        end += 1
    return start, end


def _trace(
    darkness: NDArray[np.int16], threshold: float, scale: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Where the piece runs as a whole, and which columns have their ink there.

    A rule is steady, also on warped paper. Strokes of characters that stand side by side are each straight but
    at different heights, which tells a line of text from a rule.

    Returns:
        The row of the line in every column, and whether the ink's middle lies on it.
    """
    strong = darkness >= threshold
    columns = np.flatnonzero(strong.any(axis=0))
    rows = np.arange(len(darkness))[:, None]
    weights = np.where(strong, darkness, 0)[:, columns].astype(float)
    middle = (weights * rows).sum(axis=0) / weights.sum(axis=0)
    # The row with most ink in windows as wide as a few characters, joined by straight lines.
    window = max(4, round(_WINDOW * scale))
    centres: list[float] = []
    heights: list[float] = []
    for begin in range(0, len(columns), window // 2):
        cut = columns[begin : begin + window]
        ink = strong[:, cut].mean(axis=1)
        full = ink >= 0.9 * ink.max()
        peak = int(ink.argmax())
        first, last = peak, peak
        while first > 0 and full[first - 1]:
            first -= 1
        while last + 1 < len(full) and full[last + 1]:
            last += 1
        centres.append(float(np.median(cut)))
        heights.append((first + last) / 2)
    curve = np.interp(np.arange(darkness.shape[1]), centres, heights)
    steady = np.zeros(darkness.shape[1], dtype=bool)
    steady[columns] = np.abs(curve[columns] - middle) <= max(0.75, 0.3 * scale)
    return curve, steady


def _sample(darkness: NDArray[np.int16], curve: NDArray[np.float64], scale: float) -> NDArray[np.int16]:
    """The darkest pixel on the curve or just beside it, column by column."""
    reach = max(1, round(0.3 * scale))
    columns = np.arange(darkness.shape[1])
    centre = np.round(curve).astype(np.intp)
    picks = [darkness[np.clip(centre + shift, 0, len(darkness) - 1), columns] for shift in range(-reach, reach + 1)]
    return np.asarray(np.max(picks, axis=0), dtype=np.int16)


def _runs(covered: NDArray[np.bool_], max_gap: float) -> list[tuple[int, int]]:
    """Stretches of true values, joined over gaps of up to ``max_gap``."""
    places = np.flatnonzero(covered)
    if not len(places):
        return []
    cuts = np.flatnonzero(np.diff(places) > max_gap + 1)
    starts = [int(places[0]), *(int(places[c + 1]) for c in cuts)]
    ends = [*(int(places[c]) + 1 for c in cuts), int(places[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def _keep_meeting(level: list[_Line], upright: list[_Line], scale: float) -> tuple[list[_Line], list[_Line]]:
    """Drop short lines that do not run from one kept rule to another, until nothing changes."""
    while True:
        kept_level = [line for line in level if _is_held(line, upright, scale)]
        kept_upright = [line for line in upright if _is_held(line, kept_level, scale)]
        if len(kept_level) == len(level) and len(kept_upright) == len(upright):
            return level, upright
        level, upright = kept_level, kept_upright


def _is_held(line: _Line, crossing: list[_Line], scale: float) -> bool:
    if line.length >= _LONE_LENGTH * scale:
        return True
    met = [_meets(end, line.position, crossing, scale) for end in (line.start, line.end)]
    return all(met) or (line.length >= _FREE_LENGTH * scale and any(met))


def _meets(along: float, across: float, crossing: list[_Line], scale: float) -> bool:
    reach = _TOUCH * scale
    return any(
        abs(other.position - along) <= reach + other.thickness / 2
        and other.start - reach <= across <= other.end + reach
        for other in crossing
    )


class _Crossings:
    """Tells whether lines go on where they cross others.

    Strokes of one character repeated in every row (the 中 of 集中采购) stand under each other and nearly fill the
    rows, but next to the rules between the rows they leave a gap, where a rule has none.
    """

    def __init__(self, flat: Image, scale: float) -> None:
        self._flat = flat
        self._scale = scale

    def go_through(self, line: _Line, crossing: list[_Line], *, horizontal: bool) -> bool:
        """Whether the line is inked beside at least half of the rules that it crosses; true if it crosses none."""
        picture = self._flat if horizontal else self._flat.T
        reach = _TOUCH * self._scale
        places = [
            other
            for other in crossing
            if line.start + reach < other.position < line.end - reach and other.start <= line.position <= other.end
        ]
        if len(places) < _CROSSED:
            return True
        inked = [self._inked_beside(picture, line, other) for other in places]
        return 2 * sum(inked) >= len(inked)

    def _inked_beside(self, picture: Image, line: _Line, other: _Line) -> bool:
        first = other.thickness / 2 + 0.6 * self._scale  # beyond the blurred edge of the other rule
        rows = slice(max(0, round(line.position - self._scale)), round(line.position + self._scale) + 1)
        for side in (-1, 1):
            ends = sorted(round(other.position + side * (first + d * self._scale)) for d in (0.0, _BESIDE))
            strip = picture[rows, max(0, ends[0]) : ends[1] + 1]
            if strip.size and (255 - strip.min(axis=0).astype(np.int16) < _CONTRAST).mean() > 0.5:
                return False
        return True


def _drop_small_groups(level: list[_Line], upright: list[_Line], scale: float) -> tuple[list[_Line], list[_Line]]:
    """Drop rules that only hang together with others inside a small square: large framed characters."""
    lines = [(line, True) for line in level] + [(line, False) for line in upright]
    group = list(range(len(lines)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    reach = _TOUCH * scale
    for i in range(len(level)):
        for j in range(len(level), len(lines)):
            first, second = lines[i][0], lines[j][0]
            if (
                first.start - reach <= second.position <= first.end + reach
                and second.start - reach <= first.position <= second.end + reach
            ):
                group[root(i)] = root(j)
    extent: dict[int, float] = {}
    for i, (line, _horizontal) in enumerate(lines):
        extent[root(i)] = max(extent.get(root(i), 0.0), line.length)
    large = [extent[root(i)] >= _MIN_TABLE * scale for i in range(len(lines))]
    return (
        [line for i, (line, horizontal) in enumerate(lines) if horizontal and large[i]],
        [line for i, (line, horizontal) in enumerate(lines) if not horizontal and large[i]],
    )


def _drop_edges(lines: list[_Line], crossing: list[_Line], size: int, scale: float) -> list[_Line]:
    """Drop the shadows of the sheet's edges: at the margin of the picture, meeting nothing."""
    margin = _EDGE_SHARE * size
    return [
        line
        for line in lines
        if margin <= line.position <= size - margin
        or any(
            line.start - _TOUCH * scale <= other.position <= line.end + _TOUCH * scale
            and other.start - _TOUCH * scale <= line.position <= other.end + _TOUCH * scale
            for other in crossing
        )
    ]


def _draw_to(lines: list[_Line], crossing: list[_Line], scale: float) -> list[_Line]:
    """Move ends onto the crossing rule that they nearly reach or just overshoot."""
    reach = _TOUCH * scale

    def snap(end: float, across: float) -> float:
        near = [
            other.position
            for other in crossing
            if abs(other.position - end) <= reach and other.start - reach <= across <= other.end + reach
        ]
        return min(near, key=lambda p: (abs(p - end), p), default=end)

    return [replace(line, start=snap(line.start, line.position), end=snap(line.end, line.position)) for line in lines]


def _line_to_rule(line: _Line, horizontal: bool, scale: float) -> Rule:
    return Rule(
        horizontal=horizontal,
        position=round(line.position / scale, 3),
        start=round(line.start / scale, 3),
        end=round(line.end / scale, 3),
        thickness=round(line.thickness / scale, 3),
    )


def _odd(value: float) -> int:
    return max(1, 2 * round((value - 1) / 2) + 1)
