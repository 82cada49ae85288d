"""Rules in filled cells of a scanned page that are hardly darker than the fill.

Pale rules around cells that are filled with a tone of grey, as header cells are, differ from it by a few grey levels
only. That is less than anything on white paper must have to be a mark, and what takes off the back of the sheet takes
them off, too. They are long and straight, though, and averaged along themselves they stand out from a fill, in which
little else is so pale and so thin. What else there is, of the back of the sheet above all, seldom lies where the
columns under a header have their sides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image, Raster
from lanci.page.components import find_components
from lanci.page.scan_lines import CONTRAST, MAX_THICKNESS, Line, find_step, reduce_along

Mask = NDArray[np.uint8]
"""Shape (height, width), 255 where something is and 0 elsewhere."""

# Lengths in points, darkness in grey levels of an evened page.
_DARKEST = 120.0
"""Rules of a page that are darker on white are found in any fill as they are."""
_SMEAR = 7.0
"""Averaging along rules."""
_WIDEST = 2.6
"""Rules are no thicker, blurred as they are."""
_PALEST = 3.5
"""Darkness of the palest rules in a fill: twice the grain of paper averaged along a rule."""
_TEXT, _AROUND = 96.0, 1.0
"""What is darker is print, and so far around it nothing is told."""
_DARKER = 1.3
"""Nothing in a fill is so many times as dark as rules on white are, but print."""
_SHORTEST = 9.0
"""Length of the shortest rules: rows of a header are higher."""
_GAP = 3.0
"""Breaks up to this length are damage."""
_STEADY = 0.9
"""Share of its length in which a rule has at least half of its darkness."""
_SAME = 1.5
"""How far apart parts of one rule lie at most."""
_APART = 5.0
"""Rules are farther apart; what is nearer to a darker one is its blur, or the edge of the fill."""
_REACH = 60.0
"""How near to a fill the sides of columns must come that go on in it: in rows of totals they are left out."""
_NARROWEST, _WHOLE = 40.0, 0.8
"""Width of filled cells that hang together at least, and how much of their frame they fill."""
_OUTSIDE, _INSIDE = 1.0, 6.0
"""Where the side of filled cells lies from that of the mask, which is a little wider."""
_TRACE, _LEAST, _OVER = 2.5, 0.25, 1.5
"""The first where the place of a rule is known; the others are how many times as dark as usual, and as what lies
beside it, it is."""
_ALIKE = 0.5
"""Share of the usual darkness of rules in a fill that each of them has; text of the sheet's back is paler."""
_FOUND = 0.9
"""Share of the length of the rules in a fill that lines run along where all of them are found as they are."""
_DRAWN = 0.6
"""Share of a side of a cell that must be seen for a rule to run along it."""


@dataclass(frozen=True, slots=True)
class _Ridge:
    """A faint line, in pixels; as :class:`Line`."""

    position: float
    start: float
    end: float
    depth: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class _Area:
    """The frame of filled cells that hang together, across and along lines of one direction, in pixels."""

    top: float
    bottom: float
    left: float
    right: float


def show_in_fills(raster: Raster, level: Sequence[Line], upright: Sequence[Line]) -> Image | None:
    """The picture with the pale rules of its filled cells as dark as its rules on white are.

    Args:
        raster: the upright, level page.
        level: its level lines, as far as they are found.
        upright: its upright lines.

    Returns:
        None where the page has no pale rules, or no fills.
    """
    evened, filled = raster.evened, raster.filled
    if evened is None or filled is None:
        return None
    depth = _usual_depth(level, upright, filled)
    if depth is None or depth > _DARKEST:
        return None
    scale = raster.scale
    lying = _Ridges(evened, filled, scale, depth)
    standing = _Ridges(evened.T, filled.T, scale, depth)
    areas: list[_Area] = []
    levels: list[_Ridge] = []
    uprights: list[_Ridge] = []
    for area in _find_areas(filled, scale):
        turned = _Area(area.left, area.right, area.top, area.bottom)
        sides = _sides_in(area, upright, scale)
        within = _level_rules(lying.ridges_in(area), sides, scale)
        across = [r for r in standing.ridges_in(turned) if _is_at(r, sides[1:-1], scale) or len(sides) == 2]
        usual = _usual([(r.depth, r.length) for r in (*within, *across)])
        if usual is not None:
            within = [r for r in within if r.depth >= _ALIKE * usual]
        if usual is None or (_are_found(within, level, scale) and _are_found(across, upright, scale)):
            continue
        areas.append(area)
        levels += _clear_of(within, level, scale)
        if len(sides) > 2:
            across = [r for side in sides[1:-1] for r in standing.trace(side, area, within, usual)]
        uprights += _clear_of(across, upright, scale)
    if not areas:
        return None
    size = _odd((MAX_THICKNESS + 1) * scale)
    bare = cv2.bitwise_not(cv2.morphologyEx(raster.image, cv2.MORPH_BLACKHAT, np.ones((size, size), np.uint8)))
    picture = raster.image.copy()
    for area in areas:
        part = slice(int(area.top), int(area.bottom)), slice(int(area.left), int(area.right))
        np.copyto(picture[part], bare[part], where=filled[part] > 0)
        turned = _Area(area.left, area.right, area.top, area.bottom)
        levels += _clear_of(_find_borders(evened, area, scale), [*level, *levels], scale, same=0.0)
        uprights += _clear_of(_find_borders(evened.T, turned, scale), [*upright, *uprights], scale, same=0.0)
    for ridges, turn in ((levels, picture), (uprights, picture.T)):
        for ridge in ridges:
            row = int(ridge.position)
            rows = turn[row : row + 1, max(0, int(ridge.start)) : max(0, round(ridge.end))]
            np.minimum(rows, np.uint8(255 - round(depth)), out=rows)
    return picture


def _find_borders(evened: Image, area: _Area, scale: float) -> list[_Ridge]:
    """The upper and the lower side of filled cells, where evening leaves a shade that hides the rule along it."""
    left, right = max(0, int(area.left)), int(area.right)
    borders: list[_Ridge] = []
    for place, inward in ((area.top, 1), (area.bottom, -1)):
        ends = sorted((place - inward * _OUTSIDE * scale, place + inward * _INSIDE * scale))
        first = max(0, round(ends[0]))
        band = 255 - evened[first : max(0, round(ends[1])) + 1, left:right]
        if not band.size:
            continue
        profile = np.median(band, axis=1)
        row = int(profile.argmax())
        if profile[row] >= CONTRAST:
            borders.append(_Ridge(first + row, left, right, float(profile[row])))
    return borders


def _usual_depth(level: Sequence[Line], upright: Sequence[Line], filled: Mask) -> float | None:
    """The median darkness of the rules outside of fills, by length; None where there are none."""
    depths: list[tuple[float, float]] = []
    for lines, mask in ((level, filled), (upright, filled.T)):
        for line in lines:
            along = mask[min(max(int(line.position), 0), len(mask) - 1), max(0, int(line.start)) : int(line.end)]
            if along.size and 2 * np.count_nonzero(along) < along.size:
                depths.append((line.depth, line.length))
    return _usual(depths)


def _usual(weighed: Iterable[tuple[float, float]]) -> float | None:
    """The median of values with their weights; None of none."""
    values = sorted(weighed)
    half = sum(weight for _, weight in values) / 2
    for value, weight in values:
        half -= weight
        if half <= 0:
            return value
    return None


def _find_areas(filled: Mask, scale: float) -> list[_Area]:
    """The frames of filled cells; strokes of a watermark and shadows are no rectangles, or too narrow."""
    areas: list[_Area] = []
    block = np.ones((max(1, round(_SHORTEST * scale)), max(1, round(_NARROWEST * scale))), np.uint8)
    blocks = cv2.morphologyEx(filled, cv2.MORPH_OPEN, block)
    pieces = find_components(np.asarray(blocks, dtype=np.uint8))
    for index, (x, y, width, height) in enumerate(pieces.stats[1:, :4].tolist(), start=1):
        part = pieces.labels[y : y + height, x : x + width] == index
        # What hangs together with cells, as a watermark over them, is narrower.
        rows = np.flatnonzero(part.mean(axis=1) >= _WHOLE)
        if not len(rows):
            continue
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        if bottom - top >= _SHORTEST * scale and width >= _NARROWEST * scale and part[top:bottom].mean() >= _WHOLE:
            areas.append(_Area(y + top, y + bottom, x, x + width))
    return areas


def _sides_in(area: _Area, upright: Sequence[Line], scale: float) -> list[float]:
    """Where columns above or under filled cells have their sides, those of the cells included."""
    reach, apart = _REACH * scale, _APART * scale
    inner = sorted(
        line.position
        for line in upright
        if area.left + apart < line.position < area.right - apart
        and line.start <= area.bottom + reach
        and line.end >= area.top - reach
        and (line.end > area.bottom + apart or line.start < area.top - apart)
    )
    sides = [area.left]
    for place in inner:
        if place - sides[-1] > _SAME * scale:
            sides.append(place)
    return [*sides, area.right]


def _is_at(ridge: _Ridge, sides: Sequence[float], scale: float) -> bool:
    return any(abs(side - ridge.position) <= _SAME * scale for side in sides)


def _are_found(ridges: Sequence[_Ridge], lines: Sequence[Line], scale: float) -> bool:
    """Whether lines run along most of what the ridges draw."""
    found = sum(
        max(0.0, min(line.end, ridge.end) - max(line.start, ridge.start))
        for ridge in ridges
        for line in lines
        if abs(line.position - ridge.position) <= _SAME * scale
    )
    return found >= _FOUND * sum(ridge.length for ridge in ridges)


def _clear_of(
    ridges: Iterable[_Ridge], lines: Sequence[Line | _Ridge], scale: float, same: float = _SAME
) -> list[_Ridge]:
    """Those that are not the blur of a line or of a stronger one; what is as near as ``same`` is part of it."""
    kept: list[_Ridge] = []
    for ridge in sorted(ridges, key=lambda ridge: (-ridge.length * ridge.depth, ridge.position, ridge.start)):
        near = [
            other for other in (*lines, *kept) if same * scale <= abs(other.position - ridge.position) < _APART * scale
        ]
        beside = sum(max(0.0, min(other.end, ridge.end) - max(other.start, ridge.start)) for other in near)
        if 2 * beside <= ridge.length:
            kept.append(ridge)
    return kept


def _level_rules(ridges: Sequence[_Ridge], sides: Sequence[float], scale: float) -> list[_Ridge]:
    """The sides of cells that ridges run along, between the sides of columns."""
    if len(sides) <= 2:
        return list(ridges)
    rules: list[_Ridge] = []
    for group in _group(ridges, _SAME * scale):
        for left, right in pairwise(sides):
            inside = [r for r in group if min(r.end, right) > max(r.start, left)]
            seen = sum(min(r.end, right) - max(r.start, left) for r in inside)
            if inside and seen >= _DRAWN * (right - left):
                most = max(inside, key=lambda r: min(r.end, right) - max(r.start, left))
                rules.append(_Ridge(most.position, left, right, most.depth))
    return rules


def _group(ridges: Sequence[_Ridge], same: float) -> list[list[_Ridge]]:
    groups: list[list[_Ridge]] = []
    for ridge in sorted(ridges, key=lambda ridge: (ridge.position, ridge.start)):
        if groups and ridge.position - groups[-1][-1].position <= same:
            groups[-1].append(ridge)
        else:
            groups.append([ridge])
    return groups


class _Ridges:
    """The level lines of a picture in its filled cells that are hardly darker than these.

    Args:
        evened: the picture.
        filled: where cells are filled.
        scale: pixels in a point.
        darkest: darkness of rules on white.
    """

    def __init__(self, evened: Image, filled: Mask, scale: float, darkest: float) -> None:
        self._scale = scale
        self._step = find_step(scale)
        along = scale / self._step
        evened = np.ascontiguousarray(evened)
        reduced = reduce_along(evened, self._step, horizontal=True)
        inside = reduce_along(np.ascontiguousarray(filled), self._step, horizontal=True) > 127
        smear = _odd(_SMEAR * along)
        across = np.ones((_odd(_WIDEST * scale), 1), np.uint8)
        self._thin = cv2.morphologyEx(cv2.blur(reduced, (smear, 1)), cv2.MORPH_BLACKHAT, across)
        text = cv2.threshold(evened, 254 - _TEXT, 255, cv2.THRESH_BINARY_INV)[1]
        around = reduce_along(np.asarray(text, dtype=np.uint8), self._step, horizontal=True)
        around = cv2.dilate((around > 0).astype(np.uint8), np.ones((_odd(2 * _AROUND * scale), smear), np.uint8))
        self._clear = inside & (around == 0) & (self._thin <= _DARKER * darkest)
        self._ridges = self._find()

    def ridges_in(self, area: _Area) -> list[_Ridge]:
        """The lines in filled cells that hang together."""
        return [
            r
            for r in self._ridges
            if area.top <= r.position <= area.bottom and r.start < area.right and r.end > area.left
        ]

    def _find(self) -> list[_Ridge]:
        along = self._scale / self._step
        seen = np.where(self._clear & (self._thin >= _PALEST), 255, 0).astype(np.uint8)
        mask = cv2.morphologyEx(seen, cv2.MORPH_CLOSE, np.ones((1, _odd(_GAP * along)), np.uint8))
        # A line that slopes a little crosses from one pixel row to the next.
        mask = cv2.dilate(mask, np.ones((3, 1), np.uint8))
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, max(3, round(_SHORTEST * along))), np.uint8))
        pieces = find_components(np.asarray(mask, dtype=np.uint8))
        ridges: list[_Ridge] = []
        for index, (x, y, width, height) in enumerate(pieces.stats[1:, :4].tolist(), start=1):
            part = slice(y, y + height), slice(x, x + width)
            ink = np.where(pieces.labels[part] == index, self._thin[part], 0)
            row = int(ink.sum(axis=1, dtype=np.int64).argmax())
            line = ink[max(0, row - 1) : row + 2].max(axis=0)
            depth = float(np.median(line))
            if depth >= _PALEST and (line >= 0.5 * depth).mean() >= _STEADY:
                ridges.append(_Ridge(y + row, x * self._step, (x + width) * self._step, depth))
        return ridges

    def trace(self, place: float, area: _Area, crossing: Sequence[_Ridge], usual: float) -> list[_Ridge]:
        """The parts of a line in filled cells whose place is known, between lines that cross it.

        Args:
            place: its row.
            area: the cells, as the page lies: the line runs from top to bottom.
            crossing: lines of the other direction in the page.
            usual: darkness of lines in these cells.
        """
        scale, spare = self._scale, _SAME * self._scale
        met = sorted(
            ridge.position
            for ridge in crossing
            if ridge.start - spare <= place <= ridge.end + spare and area.top < ridge.position < area.bottom
        )
        found: list[_Ridge] = []
        for start, end in pairwise([area.top, *met, area.bottom]):
            if end - start < _SHORTEST * scale:
                continue
            columns = slice(int((start + spare) / self._step), math.ceil((end - spare) / self._step))
            reach = round(_AROUND * scale)
            profile = self._profile(columns, place - _APART * scale, place + _APART * scale)
            middle = len(profile) // 2
            near = profile[middle - reach : middle + reach + 1]
            beside = np.concatenate((profile[: middle - 2 * reach], profile[middle + 2 * reach + 1 :]))
            if not near.size or not beside.size:
                continue
            depth = float(near.max())
            if depth >= max(_TRACE, _LEAST * usual, _OVER * float(beside.max())):
                row = int(place) - reach + int(near.argmax())
                found.append(_Ridge(row, start, end, depth))
        return found

    def _profile(self, columns: slice, first: float, last: float) -> NDArray[np.float64]:
        """The median darkness of rows over some columns, where there is no print."""
        rows = slice(max(0, int(first)), int(last) + 1)
        thin, clear = self._thin[rows, columns], self._clear[rows, columns]
        if not thin.size:
            return np.zeros(0)
        shown = np.where(clear, thin, np.nan).astype(np.float64)
        few = 2 * clear.sum(axis=1) < clear.shape[1]
        shown[few] = 0.0
        return np.asarray(np.nanmedian(shown, axis=1))


def _odd(value: float) -> int:
    return max(1, 2 * round((value - 1) / 2) + 1)
