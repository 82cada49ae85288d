"""Ruling lines of a digital page, from its vector drawings.

A rule may be drawn as a stroked line or rectangle, as a thin filled rectangle, or as a row of dots. White ones
paint over other lines and mark where there is no rule. Everything is cut to the page, since real files draw
tables far beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pymupdf

from lanci.document import Box, Rule, Transform

MAX_THICKNESS = 3.0  # points; anything thicker is an area, not a line
_SNAP = 1.2  # points between the two strokes of a double rule, or two pieces of one line
_JOIN_GAP = 3.0  # points; pieces of a line (cell by cell, dots) closer than this are one rule
_MIN_LENGTH = 5.0  # points; shorter pieces are glyph parts or bullets
_VISIBLE = 0.94  # a colour whose darkest channel is above this does not show on white paper


@dataclass(frozen=True, slots=True)
class Drawings:
    """Rules and visible filled areas of a page, in displayed points, and how many paths it draws in all."""

    rules: tuple[Rule, ...]
    fills: tuple[Box, ...]
    n_paths: int


def read_drawings(page: pymupdf.Page) -> Drawings:
    """Read the rules and fills of a page; one pass over its drawings."""
    bounds = Box(0.0, 0.0, page.rect.width, page.rect.height)
    matrix = page.rotation_matrix
    pieces: list[Rule] = []
    fills: list[Box] = []
    drawings = page.get_cdrawings()
    for drawing in drawings:
        for item in drawing["items"]:
            for box in _stroked(item, drawing):
                _add_rule(pieces, _display(box, matrix), bounds, drawing.get("width") or 0.0)
            filled = _filled(item, drawing)
            if filled is None:
                continue
            box = _display(filled, matrix)
            if min(box.width, box.height) <= MAX_THICKNESS:
                _add_rule(pieces, box, bounds, min(box.width, box.height))
            else:
                fills.append(box.intersect(bounds))
    return Drawings(merge_rules(pieces), tuple(fills), len(drawings))


def _display(box: Box, matrix: pymupdf.Matrix) -> Box:
    rect = pymupdf.Rect(box.x0, box.y0, box.x1, box.y1)
    if rect.is_empty:  # a line has no area: Rect * Matrix would lose it
        p, q = pymupdf.Point(box.x0, box.y0) * matrix, pymupdf.Point(box.x1, box.y1) * matrix
        return Box(min(p.x, q.x), min(p.y, q.y), max(p.x, q.x), max(p.y, q.y))
    rect = rect * matrix
    return Box(rect.x0, rect.y0, rect.x1, rect.y1)


def _shows(colour: Sequence[float] | None, opacity: float | None) -> bool:
    if colour is None or (opacity is not None and opacity < 0.05):
        return False
    return min(colour) < _VISIBLE if len(colour) != 4 else max(colour) > 1 - _VISIBLE


def _stroked(item: tuple[Any, ...], drawing: dict[str, Any]) -> Iterator[Box]:
    """The axis-parallel lines that a path item strokes, as boxes without area."""
    if "s" not in drawing["type"] or not _shows(drawing.get("color"), drawing.get("stroke_opacity")):
        return
    if item[0] == "l":
        (x0, y0), (x1, y1) = item[1], item[2]
        if abs(x0 - x1) <= 1.0 or abs(y0 - y1) <= 1.0:
            yield Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    elif item[0] == "re":
        x0, y0, x1, y1 = item[1]
        yield Box(x0, y0, x1, y0)
        yield Box(x0, y1, x1, y1)
        yield Box(x0, y0, x0, y1)
        yield Box(x1, y0, x1, y1)


def _filled(item: tuple[Any, ...], drawing: dict[str, Any]) -> Box | None:
    if "f" not in drawing["type"] or not _shows(drawing.get("fill"), drawing.get("fill_opacity")):
        return None
    if item[0] == "re":
        return Box(*item[1])
    if item[0] == "qu":
        xs, ys = [p[0] for p in item[1]], [p[1] for p in item[1]]
        return Box(min(xs), min(ys), max(xs), max(ys))
    return None


def _add_rule(pieces: list[Rule], box: Box, bounds: Box, thickness: float) -> None:
    """Add the centre line of a thin box, cut to the page; a dot counts for both directions."""
    x, y = box.center
    if box.width >= box.height and bounds.y0 <= y <= bounds.y1:
        start, end = max(box.x0, bounds.x0), min(box.x1, bounds.x1)
        if end > start:
            pieces.append(Rule(True, y, start, end, thickness))
    if (box.height > box.width or max(box.width, box.height) <= MAX_THICKNESS) and bounds.x0 <= x <= bounds.x1:
        start, end = max(box.y0, bounds.y0), min(box.y1, bounds.y1)
        if end > start:
            pieces.append(Rule(False, x, start, end, thickness))


def merge_rules(pieces: Iterable[Rule]) -> tuple[Rule, ...]:
    """Join pieces that continue each other; pieces left shorter than 5 points are dropped.

    Pieces of one direction whose positions differ by at most 1.2 points count as one line; a real gap in it
    stays, since it shows a merged cell.
    """
    merged: list[Rule] = []
    for horizontal in (True, False):
        same = sorted((p for p in pieces_of(pieces, horizontal)), key=lambda r: (r.position, r.start, r.end))
        group: list[Rule] = []
        for piece in same:
            if group and piece.position - group[-1].position > _SNAP:
                merged.extend(_join_collinear(group))
                group = []
            group.append(piece)
        merged.extend(_join_collinear(group))
    return tuple(rule for rule in merged if rule.length >= _MIN_LENGTH)


def pieces_of(rules: Iterable[Rule], horizontal: bool) -> list[Rule]:
    """The rules of one direction, in order."""
    return [rule for rule in rules if rule.horizontal == horizontal]


def _join_collinear(group: Sequence[Rule]) -> Iterator[Rule]:
    run: list[Rule] = []
    end = 0.0
    for rule in sorted(group, key=lambda r: (r.start, r.end, r.position)):
        if run and rule.start - end > _JOIN_GAP:
            yield _run_to_rule(run)
            run = []
        end = max(end, rule.end) if run else rule.end
        run.append(rule)
    if run:
        yield _run_to_rule(run)


def _run_to_rule(run: Sequence[Rule]) -> Rule:
    weight = sum(r.length for r in run) or 1.0
    position = sum(r.position * r.length for r in run) / weight
    return Rule(
        run[0].horizontal,
        position,
        min(r.start for r in run),
        max(r.end for r in run),
        max(r.thickness for r in run),
    )


def turn_rules(rules: Iterable[Rule], turn: Transform) -> tuple[Rule, ...]:
    """The rules mapped by a turn of a multiple of 90 degrees."""
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
