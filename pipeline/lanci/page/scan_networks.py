"""Which lines of a scanned page are rules: what they meet, what they cross, and where they end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lanci.document import Image
from lanci.page.scan_lines import CONTRAST, FREE_LENGTH, TOUCH, Line

# Lengths in points.
_LONE_LENGTH = 120.0
"""A line shorter than this must meet a rule at one end at least, since the feet of bold characters can form a line,
and one shorter than :data:`FREE_LENGTH` must run from one rule to another; a longer one is a rule wherever it ends."""
_MAX_LEVELS = 48.0
"""How far the rules above and below a rule inside a header are at most."""
_MAX_TAIL = 30.0
"""What goes on beyond the last crossing of a line, up to this length, may be text that touches it."""
_MIN_TABLE = 40.0
"""Rules that hang together but reach less far than this are boxes of characters, not tables."""
_EDGE_SHARE = 0.03
"""Outer strip of the picture, as a share of its size, in which a lone line is the sheet's edge."""
_CROSSED, _BESIDE = 3, 0.9
"""A line that crosses at least so many others must be inked beside them, over this length on either side."""
_SOLID = 0.93
"""Share of a solid line that is inked."""
_DARK_SHARE, _FAINT_SHARE, _FAINT = 0.2, 0.25, 32.0
"""The page's own rules are as dark as the darkest fifth of all line length; lines of less than the second share of
that, and of fewer grey levels than the third, are those of the sheet's other side."""


def keep_meeting(level: list[Line], upright: list[Line], scale: float) -> tuple[list[Line], list[Line]]:
    """Drop short lines that neither run from one kept rule to another nor part a header, until nothing changes."""
    while True:
        kept_level = [
            line for line in level if _is_held(line, upright, scale) or _is_framed(line, level, upright, scale)
        ]
        kept_upright = [line for line in upright if _is_held(line, kept_level, scale)]
        if len(kept_level) == len(level) and len(kept_upright) == len(upright):
            return level, upright
        level, upright = kept_level, kept_upright


def _is_held(line: Line, crossing: list[Line], scale: float) -> bool:
    met = [_meets(end, line.position, crossing, scale) for end in (line.start, line.end)]
    if line.length >= _LONE_LENGTH * scale:
        return any(met) or not _is_within(line, crossing, scale)
    return all(met) or (line.length >= FREE_LENGTH * scale and any(met))


def _is_within(line: Line, crossing: list[Line], scale: float) -> bool:
    """Whether a line lies between two that pass it on either side, and meets none: text or a stroke in a cell."""
    reach = TOUCH * scale
    passing = [other.position for other in crossing if other.start + reach < line.position < other.end - reach]
    inside = any(line.start - reach <= place <= line.end + reach for place in passing)
    return not inside and any(p < line.start for p in passing) and any(p > line.end for p in passing)


def _is_framed(line: Line, level: list[Line], upright: list[Line], scale: float) -> bool:
    """Whether a solid line lies closely between two long rules over it: that under a header text over columns.

    A table with open sides has no rules that it could meet; where uprights stand, they tell.
    """
    if line.length < FREE_LENGTH * scale or line.covered < _SOLID:
        return False
    reach = TOUCH * scale
    if any(other.start - reach <= line.position <= other.end + reach for other in upright):
        return False
    around = [
        other.position - line.position
        for other in level
        if other.length >= _LONE_LENGTH * scale
        and abs(other.position - line.position) <= _MAX_LEVELS * scale
        and other.start - reach <= line.start
        and line.end <= other.end + reach
    ]
    return any(distance < -reach for distance in around) and any(distance > reach for distance in around)


def _meets(along: float, across: float, crossing: list[Line], scale: float) -> bool:
    reach = TOUCH * scale
    return any(
        abs(other.position - along) <= reach + other.thickness / 2
        and other.start - reach <= across <= other.end + reach
        for other in crossing
    )


class Crossings:
    """Tells whether lines go on where they cross others.

    Strokes of one character repeated in every row (the 中 of 集中采购) stand under each other and nearly fill the
    rows, but next to the rules between the rows they leave a gap, where a rule has none.
    """

    def __init__(self, flat: Image, scale: float) -> None:
        self._flat = flat
        self.scale = scale

    def go_through(self, line: Line, crossing: list[Line], *, horizontal: bool) -> bool:
        """Whether the line is inked beside at least half of the rules that it crosses; true if it crosses none."""
        picture = self._flat if horizontal else self._flat.T
        reach = TOUCH * self.scale
        places = [
            other
            for other in crossing
            if line.start + reach < other.position < line.end - reach and other.start <= line.position <= other.end
        ]
        if len(places) < _CROSSED:
            return True
        inked = [self._inked_beside(picture, line, other) for other in places]
        return 2 * sum(inked) >= len(inked)

    def goes_on(self, line: Line, other: Line, side: int, *, horizontal: bool) -> bool:
        """Whether a line is inked right beside a rule that it crosses, on one side; a dotted one may be so."""
        picture = self._flat if horizontal else self._flat.T
        return line.covered < _SOLID or self._inked_on(picture, line, other, side)

    def _inked_beside(self, picture: Image, line: Line, other: Line) -> bool:
        return all(self._inked_on(picture, line, other, side) for side in (-1, 1))

    def _inked_on(self, picture: Image, line: Line, other: Line, side: int) -> bool:
        first = other.thickness / 2 + 0.6 * self.scale  # beyond the blurred edge of the other rule
        rows = slice(max(0, round(line.position - self.scale)), round(line.position + self.scale) + 1)
        ends = sorted(round(other.position + side * (first + d * self.scale)) for d in (0.0, _BESIDE))
        strip = picture[rows, max(0, ends[0]) : ends[1] + 1]
        return not strip.size or bool((255 - strip.min(axis=0).astype(np.int16) < CONTRAST).mean() <= 0.5)


def drop_small_groups(level: list[Line], upright: list[Line], scale: float) -> tuple[list[Line], list[Line]]:
    """Drop rules that only hang together with others inside a small square: large framed characters."""
    lines = [(line, True) for line in level] + [(line, False) for line in upright]
    group = list(range(len(lines)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    reach = TOUCH * scale
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


def drop_edges(lines: list[Line], crossing: list[Line], size: int, scale: float) -> list[Line]:
    """Drop the shadows of the sheet's edges: at the margin of the picture, meeting nothing."""
    margin = _EDGE_SHARE * size
    return [
        line
        for line in lines
        if margin <= line.position <= size - margin
        or any(
            line.start - TOUCH * scale <= other.position <= line.end + TOUCH * scale
            and other.start - TOUCH * scale <= line.position <= other.end + TOUCH * scale
            for other in crossing
        )
    ]


def drop_shine_through(level: list[Line], upright: list[Line]) -> tuple[list[Line], list[Line]]:
    """Drop the rules of the sheet's other side: faint ones on a page whose own rules are several times as dark.

    A page's rules differ in darkness, hairlines from frames, but less than print differs from what paper lets through.
    """
    both = sorted((line for line in level + upright), key=lambda line: line.depth, reverse=True)
    needed = _DARK_SHARE * sum(line.length for line in both)
    reference = 0.0
    for line in both:
        reference = line.depth
        needed -= line.length
        if needed <= 0:
            break
    limit = min(_FAINT_SHARE * reference, _FAINT)
    return [line for line in level if line.depth >= limit], [line for line in upright if line.depth >= limit]


def trim_tails(lines: list[Line], crossing: list[Line], through: Crossings, *, horizontal: bool) -> list[Line]:
    """Cut what goes on beyond a line's last crossing where few others go on: text that touches the line there.

    Where a page break leaves cells open, all or most of the rules go on, equally far and without a gap.
    """
    scale = through.scale
    ends = [_outer_crossings(line, crossing, scale) for line in lines]
    reach = TOUCH * scale
    tails: dict[tuple[int, bool], list[float]] = {}
    for line, met in zip(lines, ends, strict=True):
        if met is not None:
            tails.setdefault((met[0], False), []).append(crossing[met[0]].position - line.start)
            tails.setdefault((met[1], True), []).append(line.end - crossing[met[1]].position)
    few = {place for place, lengths in tails.items() if 2 * _most_alike(lengths, reach) < len(lengths)}
    trimmed: list[Line] = []
    for line, met in zip(lines, ends, strict=True):
        start, end = line.start, line.end
        if met is not None:
            first, last = crossing[met[0]].position, crossing[met[1]].position
            if reach < first - start < _MAX_TAIL * scale and (
                (met[0], False) in few or not through.goes_on(line, crossing[met[0]], -1, horizontal=horizontal)
            ):
                start = first
            if reach < end - last < _MAX_TAIL * scale and (
                (met[1], True) in few or not through.goes_on(line, crossing[met[1]], 1, horizontal=horizontal)
            ):
                end = last
        trimmed.append(replace(line, start=start, end=end))
    return trimmed


def _most_alike(lengths: list[float], reach: float) -> int:
    """How many of the tails go on equally far."""
    longer = [length for length in lengths if length > reach]
    return max((sum(abs(other - length) <= reach for other in longer) for length in longer), default=0)


def _outer_crossings(line: Line, crossing: list[Line], scale: float) -> tuple[int, int] | None:
    """Which lines a line meets first and last; None when it meets none."""
    reach = TOUCH * scale
    met = [
        k
        for k, other in enumerate(crossing)
        if line.start - reach <= other.position <= line.end + reach
        and other.start - reach <= line.position <= other.end + reach
    ]
    if not met:
        return None
    return min(met, key=lambda k: crossing[k].position), max(met, key=lambda k: crossing[k].position)


def draw_to(lines: list[Line], crossing: list[Line], scale: float) -> list[Line]:
    """Move ends onto the crossing rule that they nearly reach or just overshoot."""
    reach = TOUCH * scale

    def snap(end: float, across: float) -> float:
        near = [
            other.position
            for other in crossing
            if abs(other.position - end) <= reach and other.start - reach <= across <= other.end + reach
        ]
        return min(near, key=lambda p: (abs(p - end), p), default=end)

    return [replace(line, start=snap(line.start, line.position), end=snap(line.end, line.position)) for line in lines]
