"""Boxes that tile a rectangle: which of them touch, and the rows and columns of their edges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import Box, Rule

GAP = 4.0  # points; the widest gap between the cells of one table
_MAX_CELLS = 20_000  # of one table; more are a picture


@dataclass(frozen=True, slots=True)
class Tiles:
    """The elementary cells that the edges of boxes make.

    ``xs`` and ``ys`` are ascending edges, ``counts[r][c]`` how many boxes cover a cell, ``places`` the rows and
    columns ``(top, left, bottom, right)`` of each box as indices of its edges.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]
    places: tuple[tuple[int, int, int, int], ...]

    def walls(self, row: int) -> tuple[float, ...]:
        """The inner column edges at which a box of the row begins or ends."""
        edges = {edge for top, left, bottom, right in self.places if top <= row < bottom for edge in (left, right)}
        return tuple(self.xs[edge] for edge in sorted(edges) if 0 < edge < len(self.xs) - 1)

    def horizontal_rules(self) -> list[Rule]:
        """A rule for each stretch of an edge between rows at which a box begins or ends."""
        columns: list[set[int]] = [set() for _ in self.ys]
        for top, left, bottom, right in self.places:
            columns[top].update(range(left, right))
            columns[bottom].update(range(left, right))
        rules: list[Rule] = []
        for y, covered in zip(self.ys, columns, strict=True):
            start: int | None = None
            for col in range(len(self.xs)):
                if col in covered and start is None:
                    start = col
                elif col not in covered and start is not None:
                    rules.append(Rule(True, y, self.xs[start], self.xs[col]))
                    start = None
        return rules


def touching(boxes: Sequence[Box]) -> list[list[Box]]:
    """The boxes in blocks: in one are those that lie at most 4 points apart, one after the other."""
    order = sorted(range(len(boxes)), key=lambda i: (boxes[i].y0, boxes[i].x0))
    parent = list(range(len(boxes)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    active: list[int] = []
    for i in order:
        box = boxes[i]
        active = [j for j in active if boxes[j].y1 + GAP >= box.y0]
        for j in active:
            other = boxes[j]
            if other.x0 - GAP <= box.x1 and box.x0 <= other.x1 + GAP:
                parent[root(i)] = root(j)
        active.append(i)
    blocks: dict[int, list[Box]] = {}
    for i in order:
        blocks.setdefault(root(i), []).append(boxes[i])
    return list(blocks.values())


def boxes_to_tiles(boxes: Sequence[Box]) -> Tiles:
    """The tiling of boxes; edges at most 4 points apart are one. Empty for more than 20,000 cells."""
    xs = _edges([x for box in boxes for x in (box.x0, box.x1)])
    ys = _edges([y for box in boxes for y in (box.y0, box.y1)])
    if len(xs) * len(ys) > _MAX_CELLS:
        return Tiles((0.0,), (0.0,), (), ())
    places = tuple((_at(ys, box.y0), _at(xs, box.x0), _at(ys, box.y1), _at(xs, box.x1)) for box in boxes)
    counts = [[0] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for top, left, bottom, right in places:
        for row in counts[top:bottom]:
            for col in range(left, right):
                row[col] += 1
    return Tiles(xs, ys, tuple(tuple(row) for row in counts), places)


def _edges(values: Sequence[float]) -> tuple[float, ...]:
    """The middles of the clusters of values, none wider than the gap between cells."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][0] <= GAP:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return tuple((cluster[0] + cluster[-1]) / 2 for cluster in clusters)


def _at(edges: Sequence[float], value: float) -> int:
    """The index of the nearest edge."""
    i = bisect_right(edges, value)
    if i == len(edges) or (i and value - edges[i - 1] <= edges[i] - value):
        i -= 1
    return i
