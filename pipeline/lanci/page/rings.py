"""Filled paths of several rectangles of which some are holes in others: frames, and grids cut out of an area."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_WITHIN = 0.05  # points by which a hole may reach out of its area
_MAX_CELLS = 20_000  # of the raster that the edges of a path's holes make; more are a picture


class Outline(NamedTuple):
    """A rectangle of a path; ``turn`` is the direction in which the path runs around it, 1 or -1."""

    x0: float
    y0: float
    x1: float
    y1: float
    turn: int


_Box = tuple[float, float, float, float]


def filled_boxes(outlines: Sequence[Outline], even_odd: bool) -> Iterator[_Box]:
    """What a path of these outlines fills: holes follow the rectangle that they lie in, or stand right before it.

    Args:
        outlines: in the order of the path.
        even_odd: the rule by which the path is filled; under the other, holes run the other way round.
    """
    outer: Outline | None = None
    holes: list[Outline] = []
    for outline in outlines:
        if outer is not None and (even_odd or outline.turn != outer.turn):
            if _holds(outer, outline):
                holes.append(outline)
                continue
            if not holes and _holds(outline, outer):
                outer, holes = outline, [outer]
                continue
        if outer is not None:
            yield from _around(outer, holes)
        outer, holes = outline, []
    if outer is not None:
        yield from _around(outer, holes)


def _holds(outer: Outline, inner: Outline) -> bool:
    return (
        outer.x0 - _WITHIN <= inner.x0
        and inner.x1 <= outer.x1 + _WITHIN
        and outer.y0 - _WITHIN <= inner.y0
        and inner.y1 <= outer.y1 + _WITHIN
    )


def _around(outer: Outline, holes: Sequence[Outline]) -> Iterator[_Box]:
    """The rest of a rectangle beside its holes, in strips from top to bottom.

    One hole makes the outline of a shape, as in flow charts: no table is drawn so, and it hides nothing. Very many
    make a picture.
    """
    if not holes:
        yield outer[:4]
        return
    if len(holes) == 1:
        return
    xs = sorted({outer.x0, outer.x1, *(min(max(x, outer.x0), outer.x1) for h in holes for x in (h.x0, h.x1))})
    ys = sorted({outer.y0, outer.y1, *(min(max(y, outer.y0), outer.y1) for h in holes for y in (h.y0, h.y1))})
    if len(xs) * len(ys) > _MAX_CELLS:
        return
    is_hole = [[False] * (len(xs) - 1) for _ in ys[1:]]
    for hole in holes:
        left, right = bisect_left(xs, hole.x0), bisect_left(xs, min(hole.x1, outer.x1))
        for row in is_hole[bisect_left(ys, hole.y0) : bisect_left(ys, min(hole.y1, outer.y1))]:
            row[left:right] = [True] * (right - left)
    for r, row in enumerate(is_hole):
        start: int | None = None
        for c, hidden in enumerate([*row, True]):
            if hidden and start is not None:
                yield xs[start], ys[r], xs[c], ys[r + 1]
                start = None
            elif not hidden and start is None:
                start = c
