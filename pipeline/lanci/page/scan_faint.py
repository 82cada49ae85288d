"""Rules of a scanned page that are worn or too pale to be found by themselves, looked for where they are expected.

Between two neighbouring rules that both cross the place of a rule, that rule either runs from one to the other or is
left out, as in merged cells. Where it was not found, its place is known to a pixel or two, so that far weaker traces
tell the one from the other than are needed to find a rule on an open page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lanci.page.scan_lines import MIN_LENGTH, TOUCH, Line, LineFinder

# Lengths in points, darkness in grey levels.
_SAME = 1.5
"""How far apart lines of one edge lie at most."""
_NEAR = 1.0
"""How far from the edge's known place its faint parts may run."""
_BESIDE = (2.0, 3.2)
"""What lies so far from the line on either side is not the line."""
_CLEAR_OF = 1.5
"""The end of a stretch that is left out, for the rule there is blurred."""
_FAINTEST = 3.0
"""A trace is darker than what lies beside it by so much, in the middle of its length."""
_OVER_NOISE = 2.0
"""The same as a multiple of what its two sides differ by."""
_PALER, _DARKER = 0.2, 1.3
"""The same as shares of what the edge's drawn parts have: rules of the sheet's other side are paler, text is darker."""
_PART = 0.3
"""Share of its depth that a line has where it is said to be traced."""
_AT_ENDS = 0.5
"""The same at both ends: strokes that fill a row leave a gap to the rules above and below."""
_LAG, _UNEVEN = 2, 0.1
"""By how much of its depth a line goes up and down over so many steps: print does by half of its own."""
_FEWEST = 3
"""Lines that tell where a table is open."""
_LEAST = 4
"""Steps that a stretch must have."""
_TRACED, _CLEAR = 0.9, 0.6
"""Shares of its length that are traced, and that have nothing as dark close beside them, as within text."""


def add_faint(lines: Sequence[Line], crossing: Sequence[Line], finder: LineFinder) -> list[Line]:
    """The lines, whole from one crossing line to the next where they were found or left a trace.

    Args:
        lines: of the finder's direction, in pixels.
        crossing: of the other direction.
        finder: the picture.
    """
    scale = finder.scale
    sides = _open_sides(lines, TOUCH * scale)
    parts = _parts(lines, TOUCH * scale)
    whole: list[Line] = []
    for group in _edges(lines, _SAME * scale):
        edge = max(group, key=lambda line: line.length)
        passing = [other.position for other in crossing if _passes(other, edge.position, TOUCH * scale)]
        met = sorted([*passing, *(side for side in sides if _is_beyond(side, passing))])
        drawn = sorted((line.start, line.end) for line in group)
        found = [
            replace(edge, start=start, end=end)
            for part in parts
            if any(first < part[1] and last > part[0] for first, last in drawn)
            for start, end in _complete(edge, drawn, [place for place in met if part[0] <= place <= part[1]], finder)
        ]
        whole += _join([*group, *found], TOUCH * scale) if found else group
    return whole


def _parts(lines: Sequence[Line], reach: float) -> list[tuple[float, float]]:
    """The stretches that any line draws: what lies between them is between two tables."""
    parts: list[tuple[float, float]] = []
    for start, end in sorted((line.start - reach, line.end + reach) for line in lines):
        if parts and start <= parts[-1][1]:
            parts[-1] = parts[-1][0], max(parts[-1][1], end)
        else:
            parts.append((start, end))
    return parts


def _complete(
    edge: Line, drawn: Sequence[tuple[float, float]], met: Sequence[float], finder: LineFinder
) -> list[tuple[float, float]]:
    """The missing stretches of an edge between neighbouring crossings that are to be added.

    A short one that parts of the edge go up to on either side is damage; other ones must have left a trace.
    """
    scale, found = finder.scale, list[tuple[float, float]]()
    spare, reach = _CLEAR_OF * scale, TOUCH * scale
    for low, high in pairwise(met):
        if high - low < MIN_LENGTH * scale:
            continue
        gaps = [gap for gap in _gaps(drawn, low + spare, high - spare) if gap[1] - gap[0] >= reach]
        mostly = 2 * sum(end - start for start, end in gaps) <= high - low
        for start, end in gaps:
            ends = start - 2 * reach, end + 2 * reach
            if (mostly and all(_is_drawn(place, (*drawn, *found)) for place in ends)) or _is_traced(
                finder, edge, start, end
            ):
                found.append((start - spare, end + spare))
    return found


def _is_drawn(place: float, drawn: Sequence[tuple[float, float]]) -> bool:
    return any(start <= place <= end for start, end in drawn)


def _join(lines: Sequence[Line], reach: float) -> list[Line]:
    """Lines of one edge as one where they touch; as the longest is, they are."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda line: line.start):
        if joined and line.start - joined[-1].end <= reach:
            longer = max(joined[-1], line, key=lambda one: one.length)
            joined[-1] = replace(longer, start=joined[-1].start, end=max(joined[-1].end, line.end))
        else:
            joined.append(line)
    return joined


def _open_sides(lines: Sequence[Line], reach: float) -> tuple[float, ...]:
    """Where most of the long lines begin, and where most end: there a table may be open."""
    longest = max((line.length for line in lines), default=0.0)
    long = [line for line in lines if 2 * line.length > longest]
    sides: list[float] = []
    for ends in ([line.start for line in long], [line.end for line in long]):
        if len(ends) >= _FEWEST:
            side = float(np.median(ends))
            if 2 * sum(abs(end - side) <= reach for end in ends) > len(ends):
                sides.append(side)
    return tuple(sides)


def _edges(lines: Sequence[Line], same: float) -> list[list[Line]]:
    """Lines put together that lie in a row."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.position, line.start)):
        if groups and line.position - groups[-1][-1].position <= same:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_beyond(side: float, passing: Sequence[float]) -> bool:
    """Whether an open side lies outside of all that cross an edge."""
    return bool(passing) and not min(passing) - MIN_LENGTH < side < max(passing) + MIN_LENGTH


def _passes(other: Line, place: float, reach: float) -> bool:
    return other.start - reach <= place <= other.end + reach


def _gaps(drawn: Sequence[tuple[float, float]], low: float, high: float) -> list[tuple[float, float]]:
    """The parts from ``low`` to ``high`` that are not drawn."""
    gaps: list[tuple[float, float]] = []
    for start, end in drawn:
        if end <= low or start >= high:
            continue
        if start > low:
            gaps.append((low, start))
        low = max(low, end)
    if low < high:
        gaps.append((low, high))
    return gaps


def _is_traced(finder: LineFinder, edge: Line, start: float, end: float) -> bool:
    """Whether a faint line runs near that of an edge all along a stretch."""
    near, inner, outer = (max(1, round(v * finder.scale)) for v in (_NEAR, *_BESIDE))
    middle = outer + near
    dark = finder.darkness_along(edge.position, middle, start, end)
    if dark.shape[0] <= 2 * middle or dark.shape[1] < _LEAST:
        return False
    rows = range(middle - near, middle + near + 1)
    row = max(rows, key=lambda row: int((dark[row] - _beside(dark, row, inner, outer).max(axis=0)).sum()))
    beside = _beside(dark, row, inner, outer)
    line = dark[row - 1 : row + 2].max(axis=0)
    clear = line - beside.max(axis=0)
    depth = float(np.median(clear))
    noise = float(np.median(np.abs(beside[0] - beside[1])))
    if not max(_FAINTEST, _OVER_NOISE * noise, _PALER * edge.depth) <= depth <= _DARKER * edge.depth:
        return False
    if min(line[0], line[-1]) < _AT_ENDS * depth:
        return False
    traced = (line - beside.min(axis=0) >= _PART * depth).mean()
    if traced < _TRACED or (clear >= _PART * depth).mean() < _CLEAR:
        return False
    return _waver(line) <= _UNEVEN * depth


def _waver(line: NDArray[np.int16]) -> float:
    """By how much a line's darkness goes up and down at each step, beyond fading once from end to end."""
    changes = int(np.abs(line[_LAG:] - line[:-_LAG]).sum())
    return (changes - _LAG * int(line.max() - line.min())) / len(line)


def _beside(dark: NDArray[np.int16], row: int, inner: int, outer: int) -> NDArray[np.int16]:
    """The darkness on either side of a row, shape (2, length)."""
    above = np.median(dark[row - outer : row - inner + 1], axis=0)
    below = np.median(dark[row + inner : row + outer + 1], axis=0)
    return np.stack((above, below)).astype(np.int16)
