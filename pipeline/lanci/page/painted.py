"""Which paints of a page still show once everything is painted.

Later paints hide earlier ones, and white shows only on what is coloured: a white line over a black one removes
it, between two coloured cells it is the rule that parts them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from lanci.page.paths import PAPER, Area, Line

_CONTRAST = 15  # of 255; a line that differs by no more from the paper in any channel does not show
_TINT = 4  # of 255; likewise an area, which shows better
_SAME_LINE = 0.35  # points between the middles of a line and of the white one that removes it
_THINNER = 0.3  # points by which the white line may be thinner
_WHOLE = 0.15  # points by which a cover must reach over the middle of a hairline
_MARGIN = 1.0  # points; likewise a coloured one, whose own edge parts what a line nearer to it did
_EDGE = 0.5  # points; a line on the edge of an area lies on it
_BENEATH = 0.4  # share of a white line that must lie on colour: a border lies half on its cells
_BACKGROUND = 0.9  # share of the page; a larger area is its background
_MAX_VISITS = 200_000  # pairs that are compared on one page; drawings beyond that are maps and patterns


def shown_lines(lines: Sequence[Line], areas: Sequence[Area], horizontal: bool) -> list[Line]:
    """The stretches of lines of one direction that are neither hidden nor white on white."""
    ordered = sorted(lines)
    white = [line for line in ordered if not _is_dark(line.colour)]
    shown = ordered if not white else [line for line in ordered if _is_dark(line.colour)]
    spans = list(areas) if not areas or horizontal else [_turned(area) for area in areas]
    if white and spans:
        shown = sorted(shown + _white_on_colour(white, spans))
    if not shown:
        return []
    cuts = _cuts(shown, [span for span in spans if span.opaque], white)
    return [piece for i, line in enumerate(shown) for piece in _cut(line, cuts.get(i))] if cuts else shown


def shown_areas(areas: Sequence[Area], width: float, height: float) -> list[Area]:
    """The areas that show, without the page's background, in painting order.

    White ones are among them where they lie on a coloured area.
    """
    beneath, hidden = _stack(areas)
    shown: list[Area] = []
    for i, area in enumerate(areas):
        background = (area.x1 - area.x0) * (area.y1 - area.y0) >= _BACKGROUND * width * height
        if i in hidden or background:
            continue
        ground = beneath.get(i)
        while ground is not None and area.opaque and _holds(area, areas[ground]):  # nothing of it is left to see
            ground = beneath.get(ground)
        if _differ(area.colour, PAPER if ground is None else areas[ground].colour, _TINT):
            shown.append(area)
    return shown


@lru_cache(maxsize=1024)
def _is_dark(colour: int) -> bool:
    """Whether lines of this colour show on white paper."""
    return _differ(colour, PAPER, _CONTRAST)


@lru_cache(maxsize=1024)
def _differ(colour: int, other: int, contrast: int) -> bool:
    return any(abs((colour >> shift & 255) - (other >> shift & 255)) > contrast for shift in (0, 8, 16))


def _turned(area: Area) -> Area:
    return Area(area.y0, area.x0, area.y1, area.x1, area.colour, area.order, area.opaque)


class _Nearby:
    """Finds entries of an ascending list; finds nothing more after too many, on maps and patterns."""

    def __init__(self, positions: Sequence[float]) -> None:
        self._positions = positions
        self._left = _MAX_VISITS

    def between(self, low: float, high: float) -> range:
        """The indices of the entries from ``low`` to ``high``."""
        found = range(bisect_left(self._positions, low), bisect_right(self._positions, high))
        self._left -= len(found)
        return found if self._left >= 0 else range(0)


def _white_on_colour(white: Sequence[Line], spans: Sequence[Area]) -> list[Line]:
    """The white lines that run over coloured areas painted before them."""
    nearby = _Nearby([line.position for line in white])
    coloured = [0.0] * len(white)
    for span in spans:
        ink = 1.0 if _differ(span.colour, PAPER, _TINT) else -1.0  # white hides the colour under it
        for i in nearby.between(span.y0 - _EDGE, span.y1 + _EDGE):
            line = white[i]
            if span.order < line.order:
                length = max(0.0, min(line.end, span.x1) - max(line.start, span.x0))
                coloured[i] = max(0.0, coloured[i] + ink * length)
    return [line for line, length in zip(white, coloured, strict=True) if length > _BENEATH * (line.end - line.start)]


def _cuts(lines: Sequence[Line], covers: Sequence[Area], white: Sequence[Line]) -> dict[int, list[tuple[float, float]]]:
    """For lines sorted by position: the stretches that later paints hide, by the line's index."""
    nearby = _Nearby([line.position for line in lines])
    first = min(line.order for line in lines)
    cuts: dict[int, list[tuple[float, float]]] = {}
    for cover in covers:
        if cover.order <= first:
            continue
        margin = _WHOLE if cover.colour == PAPER else _MARGIN
        for i in nearby.between(cover.y0 + margin, cover.y1 - margin):
            line = lines[i]
            half = line.thickness / 2 - _WHOLE
            if line.order < cover.order and cover.y0 <= line.position - half and line.position + half <= cover.y1:
                cuts.setdefault(i, []).append((cover.x0, cover.x1))
    for eraser in white:
        if eraser.order <= first:
            continue
        for i in nearby.between(eraser.position - _SAME_LINE, eraser.position + _SAME_LINE):
            if lines[i].order < eraser.order and lines[i].thickness <= eraser.thickness + _THINNER:
                cuts.setdefault(i, []).append((eraser.start, eraser.end))
    return cuts


def _cut(line: Line, cuts: Sequence[tuple[float, float]] | None) -> list[Line]:
    if not cuts:
        return [line]
    pieces: list[Line] = []
    start = line.start
    for low, high in sorted(cuts):
        if low > start:
            pieces.append(line._replace(start=start, end=min(low, line.end)))
        start = max(start, high)
    if start < line.end:
        pieces.append(line._replace(start=start))
    return pieces


def _stack(areas: Sequence[Area]) -> tuple[dict[int, int], set[int]]:
    """For each area the last one painted under its middle before it, and those wholly painted over later."""
    middles = sorted(((area.y0 + area.y1) / 2, i) for i, area in enumerate(areas))
    nearby = _Nearby([y for y, _ in middles])
    beneath: dict[int, int] = {}
    hidden: set[int] = set()
    for j, cover in enumerate(areas):
        for near in nearby.between(cover.y0, cover.y1):
            i = middles[near][1]
            area = areas[i]
            if i == j or not cover.x0 <= (area.x0 + area.x1) / 2 <= cover.x1:
                continue
            if cover.order < area.order:
                if i not in beneath or areas[beneath[i]].order < cover.order:
                    beneath[i] = j
            elif cover.opaque and _holds(cover, area):
                hidden.add(i)
    return beneath, hidden


def _holds(cover: Area, area: Area) -> bool:
    return (
        cover.x0 <= area.x0 + _EDGE
        and area.x1 <= cover.x1 + _EDGE
        and cover.y0 <= area.y0 + _EDGE
        and area.y1 <= cover.y1 + _EDGE
    )
