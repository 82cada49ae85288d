"""Rectangles and maps between the working frame of a page and the page as displayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, ``x0 <= x1`` and ``y0 <= y1``."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def center(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def contains(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Whether the point lies in the box grown by ``margin`` points on every side."""
        return self.x0 - margin <= x <= self.x1 + margin and self.y0 - margin <= y <= self.y1 + margin

    def intersect(self, other: Box) -> Box:
        """The common part; its area is 0 when the boxes are disjoint."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return Box(x0, y0, max(x0, min(self.x1, other.x1)), max(y0, min(self.y1, other.y1)))

    def grow(self, margin: float) -> Box:
        return Box(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)


@dataclass(frozen=True, slots=True)
class Place:
    """Where on which page something is printed."""

    page: int
    box: Box


def boxes_to_hull(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of ``boxes``; raises ValueError when there is none."""
    if not boxes:
        raise ValueError("a hull needs at least one box")
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


@dataclass(frozen=True, slots=True)
class Transform:
    """A projective map ``(x, y) -> ((a*x + c*y + e) / w, (b*x + d*y + f) / w)`` with ``w = g*x + h*y + 1``.

    The first six numbers stand in the order that PDF uses; with ``g`` and ``h`` at 0 the map is affine.
    """

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0
    g: float = 0.0
    h: float = 0.0

    def point(self, x: float, y: float) -> tuple[float, float]:
        w = self.g * x + self.h * y + 1.0
        return (self.a * x + self.c * y + self.e) / w, (self.b * x + self.d * y + self.f) / w

    def box(self, box: Box) -> Box:
        """The axis-parallel hull of the mapped rectangle."""
        if self == IDENTITY:
            return box
        corners = [self.point(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def after(self, first: Transform) -> Transform:
        """The map that applies ``first`` and then this one; raises ValueError where it sends the origin to infinity."""
        if first == IDENTITY:
            return self
        if self == IDENTITY:
            return first
        w = self.g * first.e + self.h * first.f + 1.0
        if w == 0.0:
            raise ValueError("the two maps send the origin to infinity")

        def column(x: float, y: float, z: float) -> tuple[float, float, float]:
            return (
                (self.a * x + self.c * y + self.e * z) / w,
                (self.b * x + self.d * y + self.f * z) / w,
                (self.g * x + self.h * y + z) / w,
            )

        a, b, g = column(first.a, first.b, first.g)
        c, d, h = column(first.c, first.d, first.h)
        e, f, _ = column(first.e, first.f, 1.0)
        return Transform(a, b, c, d, e, f, g, h)


IDENTITY = Transform()
