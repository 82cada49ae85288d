"""Ruling lines and filled areas of a digital page, from its vector drawings.

A rule may be drawn as a stroked line or rectangle, as a thin area or picture, as dashes or as a row of dots, and
white on coloured cells. What the page, a clip or a later paint hides is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar

import pymupdf

from lanci.document import IDENTITY, Box, Fill, Rule, Transform
from lanci.page.painted import shown_areas, shown_lines
from lanci.page.paths import MAX_THICKNESS, Area, Line, Paths, read_paths
from lanci.page.thin_pictures import thin_pictures

_SNAP = 1.2  # points between the two strokes of a double rule, or two pieces of one line
_JOIN_GAP = 3.0  # points; pieces of a line (cell by cell) closer than this are one rule
_MIN_LENGTH = 5.0  # points; shorter pieces are glyph parts or bullets
_DASH = 10.0  # points; shorter pieces of one line are dashes
_DASH_GAP = 1.5  # times the dash
_MIN_DOTS = 4
_ONE_ROW = 0.4  # points by which the middles of the dots of one rule may differ
_MAX_SHOWN = 4000  # rules, and likewise fills; the largest are kept, a page with more is a map or a pattern

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Drawings:
    """Rules and visible filled areas of a page, in displayed points, and how many paths it draws in all."""

    rules: tuple[Rule, ...]
    fills: tuple[Fill, ...]
    n_paths: int


def read_drawings(page: pymupdf.Page, drawings: Sequence[dict[str, Any]] | None = None) -> Drawings:
    """Read the rules and fills of a page; one pass over its drawings.

    Args:
        page: the page.
        drawings: its ``get_cdrawings(extended=True)`` where the caller has it; without ``extended``, clips are
            not respected.
    """
    if drawings is None:
        drawings = page.get_cdrawings(extended=True)
    turn = _rotation(page)
    width, height = page.rect.width, page.rect.height
    if turn.a == 0:
        width, height = height, width
    paths = read_paths(drawings, width, height)
    _add_pictures(paths, page)
    horizontal = paths.horizontal + _dots_to_lines(paths.dots, horizontal=True)
    vertical = paths.vertical + _dots_to_lines(paths.dots, horizontal=False)
    rules = [
        *lines_to_rules(shown_lines(horizontal, paths.areas, horizontal=True), horizontal=True),
        *lines_to_rules(shown_lines(vertical, paths.areas, horizontal=False), horizontal=False),
    ]
    rules = _largest(rules, [rule.length for rule in rules])
    areas = shown_areas(paths.areas, width, height)
    areas = _largest(areas, [(a.x1 - a.x0) * (a.y1 - a.y0) for a in areas])
    fills = [Fill(Box(a.x0, a.y0, a.x1, a.y1), a.colour) for a in areas]
    return Drawings(turn_rules(rules, turn), turn_fills(fills, turn), paths.count)


def _largest(items: list[_Item], sizes: Sequence[float]) -> list[_Item]:
    """The items in their order, without the smallest where there are too many."""
    if len(items) <= _MAX_SHOWN:
        return items
    kept = sorted(range(len(items)), key=lambda i: -sizes[i])[:_MAX_SHOWN]
    return [items[i] for i in sorted(kept)]


def _rotation(page: pymupdf.Page) -> Transform:
    """The map from the page without its /Rotate entry, in which MuPDF gives drawings, to the displayed page."""
    return IDENTITY if page.rotation == 0 else Transform(*page.rotation_matrix)


def _add_pictures(paths: Paths, page: pymupdf.Page) -> None:
    """Add the pictures that show as lines; they are taken to lie on top of all paths."""
    back = Transform(*page.derotation_matrix)
    for picture in thin_pictures(page, MAX_THICKNESS):
        box = back.box(picture)
        x, y = box.center
        if box.width >= box.height:
            paths.horizontal.append(Line(y, box.x0, box.x1, box.height, 0, sys.maxsize))
        else:
            paths.vertical.append(Line(x, box.y0, box.y1, box.width, 0, sys.maxsize))


def _dots_to_lines(dots: Iterable[Area], horizontal: bool) -> list[Line]:
    """Rows of dots as lines; the dots of the rules across are no row, being too far apart."""
    if horizontal:
        places = sorted(((d.y0 + d.y1) / 2, d.x0, d.x1, d.y1 - d.y0, d.colour, d.order) for d in dots)
    else:
        places = sorted(((d.x0 + d.x1) / 2, d.y0, d.y1, d.x1 - d.x0, d.colour, d.order) for d in dots)
    lines: list[Line] = []
    first = 0
    for i in range(1, len(places) + 1):
        if i == len(places) or places[i][0] - places[first][0] > _ONE_ROW:
            if i - first >= _MIN_DOTS:
                lines.extend(_row_to_lines(places[first:i]))
            first = i
    return lines


def _row_to_lines(row: Sequence[tuple[float, float, float, float, int, int]]) -> Iterator[Line]:
    """The lines of dots of one height: a gap of more than the usual ends one."""
    ordered = sorted(row, key=lambda dot: dot[1:])
    first = 0
    end = ordered[0][2]
    for i in range(1, len(ordered) + 1):
        if i == len(ordered) or ordered[i][1] - end > _JOIN_GAP:
            if i - first >= _MIN_DOTS:
                position, start, _, thickness, colour, order = ordered[first]
                yield Line(position, start, end, thickness, colour, order)
            first = i
        if i < len(ordered):
            end = ordered[i][2]


def lines_to_rules(lines: Iterable[Line], horizontal: bool) -> list[Rule]:
    """Join the lines of one direction that continue each other; what is left shorter than 5 points is dropped.

    Lines whose positions differ by at most 1.2 points count as one; a real gap in it stays, since it shows a
    merged cell.
    """
    ordered = sorted(lines)
    rules: list[Rule] = []
    first = 0
    for i in range(1, len(ordered) + 1):
        if i == len(ordered) or ordered[i].position - ordered[i - 1].position > _SNAP:
            rules.extend(_join(ordered[first:i], horizontal))
            first = i
    return rules


def _join(lines: list[Line], horizontal: bool) -> Iterator[Rule]:
    """The rules that lines of about one position make."""
    if not lines:
        return
    lines.sort(key=itemgetter(1, 2, 0))
    start, end = lines[0].start, lines[0].end
    thickness = weight = moment = 0.0
    dash = end - start
    for position, low, high, thick, _, _ in lines:
        gap = low - end
        if gap > _JOIN_GAP and not (gap <= _DASH_GAP * dash and dash < _DASH and high - low < _DASH):
            if end - start >= _MIN_LENGTH:
                yield Rule(horizontal, moment / weight, start, end, thickness)
            start, end = low, high
            thickness = weight = moment = 0.0
        dash = high - low
        end = max(end, high)
        weight += dash
        moment += position * dash
        thickness = max(thickness, thick)
    if end - start >= _MIN_LENGTH:
        yield Rule(horizontal, moment / weight, start, end, thickness)


def turn_rules(rules: Iterable[Rule], turn: Transform) -> tuple[Rule, ...]:
    """The rules mapped by a turn of a multiple of 90 degrees."""
    if turn == IDENTITY:
        return tuple(rules)
    turned: list[Rule] = []
    for rule in rules:
        if rule.horizontal:
            box = turn.box(Box(rule.start, rule.position, rule.end, rule.position))
        else:
            box = turn.box(Box(rule.position, rule.start, rule.position, rule.end))
        if box.width >= box.height:
            turned.append(Rule(True, box.y0, box.x0, box.x1, rule.thickness))
        else:
            turned.append(Rule(False, box.x0, box.y0, box.y1, rule.thickness))
    return tuple(turned)


def turn_fills(fills: Iterable[Fill], turn: Transform) -> tuple[Fill, ...]:
    """The fills mapped by a turn of a multiple of 90 degrees."""
    return tuple(fills) if turn == IDENTITY else tuple(Fill(turn.box(fill.box), fill.colour) for fill in fills)
