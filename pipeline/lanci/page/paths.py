"""What the paths of a page paint: thin strokes, dots and areas, in the order of painting.

Everything is in points of the page before its /Rotate entry is applied, origin at the top left. Clipping paths
cut what they enclose when the drawings were read with ``extended=True``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lanci.page.rings import Outline, filled_boxes

MAX_THICKNESS = 3.0  # points; anything filled that is thicker is an area, not a line
_MAX_STROKE = 6.0  # points; likewise strokes, which are meant as lines: the widest border of office programs
PAPER = 0xFFFFFF
_OPAQUE = 0.95  # what lies under a paint of less opacity shows through
_INVISIBLE = 0.05  # opacity
_LEVEL = 1.0  # points by which the ends of a line may differ in height
_AT_EDGE = 0.5  # points by which the middle of a line may lie outside the clip and still show
_MIN_POLYGON = 8.0  # points; thinner polygons that are shorter are parts of characters
_FULL = 0.9  # share of its box that a polygon fills when it is a rectangle, perhaps with rounded corners


class Line(NamedTuple):
    """A thin straight paint of one direction: across it its ``position``, along it ``start`` to ``end``."""

    position: float
    start: float
    end: float
    thickness: float
    colour: int
    order: int


class Area(NamedTuple):
    """A painted rectangle; ``colour`` is 0xRRGGBB as on white paper, a larger ``order`` is painted later."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: int
    order: int
    opaque: bool


@dataclass(slots=True)
class Paths:
    """The paints of a page, each list in painting order; ``count`` is the number of its paths."""

    horizontal: list[Line] = field(default_factory=list)
    vertical: list[Line] = field(default_factory=list)
    dots: list[Area] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    count: int = 0


_Clip = tuple[float, float, float, float]
_Ink = tuple[int, int, bool]  # colour, order, opaque


def read_paths(drawings: Iterable[dict[str, Any]], width: float, height: float) -> Paths:
    """Sort the paints of MuPDF's drawings.

    Args:
        drawings: from ``Page.get_cdrawings``, with or without ``extended=True``.
        width: of the page without rotation, points.
        height: likewise.
    """
    reader = _Reader(width, height)
    for order, drawing in enumerate(drawings):
        kind = drawing["type"]
        if kind in {"clip", "group"}:
            reader.enter(drawing)
        else:
            reader.paint(drawing, kind, order)
    return reader.paths


class _Reader:
    """Walks through the drawings with the clip and the blending that hold for each."""

    def __init__(self, width: float, height: float) -> None:
        self.paths = Paths()
        self._page: tuple[_Clip, bool] = ((0.0, 0.0, width, height), False)
        self._levels: list[tuple[_Clip, bool]] = []
        self._clip = self._page[0]
        self._colours: dict[tuple[Any, ...], int] = {}

    def enter(self, drawing: dict[str, Any]) -> None:
        """Take note of a clip or of a transparency group; it holds for what follows on a deeper level."""
        level = drawing["level"]
        clip, blended = self._at(level)
        del self._levels[level:]
        scissor = drawing.get("scissor")
        if scissor is not None:
            clip = (
                max(clip[0], scissor[0]),
                max(clip[1], scissor[1]),
                min(clip[2], scissor[2]),
                min(clip[3], scissor[3]),
            )
        blended = blended or drawing.get("blendmode", "Normal") != "Normal" or drawing.get("opacity", 1.0) < _OPAQUE
        if drawing.get("isolated") and (level or self.paths.count):  # as a soft mask is, unlike the page's own group
            blended = True
        self._levels.append((clip, blended))

    def _at(self, level: int) -> tuple[_Clip, bool]:
        level = min(level, len(self._levels))
        return self._levels[level - 1] if level else self._page

    def paint(self, drawing: dict[str, Any], kind: str, order: int) -> None:
        """Add what one path paints."""
        self.paths.count += 1
        self._clip, blended = self._at(drawing.get("level", 0))
        items = drawing["items"]
        if "f" in kind:
            opacity = drawing.get("fill_opacity")
            opacity = 1.0 if opacity is None else opacity
            if drawing.get("fill") is not None and opacity >= _INVISIBLE:
                ink = (self._colour(drawing["fill"], opacity), order, opacity >= _OPAQUE and not blended)
                self._fill(items, bool(drawing.get("even_odd")), ink)
        if "s" in kind:
            opacity = drawing.get("stroke_opacity")
            opacity = 1.0 if opacity is None else opacity
            if drawing.get("color") is not None and opacity >= _INVISIBLE:
                ink = (self._colour(drawing["color"], opacity), order, opacity >= _OPAQUE and not blended)
                self._stroke(items, drawing.get("width") or 0.0, ink)

    def _colour(self, colour: Sequence[float], opacity: float) -> int:
        key = (colour, opacity)
        value = self._colours.get(key)
        if value is None:
            value = 0
            for channel in (tuple(colour) * 3)[:3]:  # one channel is a grey
                shown = 255 * (1 - opacity * (1 - channel))
                value = value << 8 | min(max(round(shown), 0), 255)
            self._colours[key] = value
        return value

    def _fill(self, items: Sequence[tuple[Any, ...]], even_odd: bool, ink: _Ink) -> None:
        if len(items) == 1 and items[0][0] == "re":
            x0, y0, x1, y1 = items[0][1]
            self._add_box(x0, y0, x1, y1, ink)
            return
        for x0, y0, x1, y1 in filled_boxes(_outlines(items), even_odd):
            self._add_box(x0, y0, x1, y1, ink)

    def _stroke(self, items: Sequence[tuple[Any, ...]], width: float, ink: _Ink) -> None:
        for item in items:
            tag = item[0]
            if tag == "l":
                self._add_stroke(item[1], item[2], width, ink)
            elif tag == "re":
                x0, y0, x1, y1 = item[1]
                corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
                self._add_strokes(corners, width, ink)
            elif tag == "qu":
                upper_left, upper_right, lower_left, lower_right = item[1]
                self._add_strokes((upper_left, upper_right, lower_right, lower_left), width, ink)
            elif tag == "c" and _is_straight(item[1:]):
                self._add_stroke(item[1], item[4], width, ink)

    def _add_strokes(self, corners: Sequence[tuple[float, float]], width: float, ink: _Ink) -> None:
        for i in range(4):
            self._add_stroke(corners[i - 1], corners[i], width, ink)

    def _add_stroke(self, p: Sequence[float], q: Sequence[float], width: float, ink: _Ink) -> None:
        """Add a stroked line when it runs along an axis."""
        (x0, y0), (x1, y1) = p, q
        dx, dy = abs(x1 - x0), abs(y1 - y0)
        half = width / 2
        if dx > _LEVEL and dy > _LEVEL:
            return
        if width > _MAX_STROKE or max(dx, dy) <= MAX_THICKNESS:
            wide, high = (0.0, half) if dx >= dy else (half, 0.0)
            self._add_box(min(x0, x1) - wide, min(y0, y1) - high, max(x0, x1) + wide, max(y0, y1) + high, ink)
        elif dx >= dy:
            self._add_horizontal((y0 + y1) / 2, min(x0, x1), max(x0, x1), width, ink)
        else:
            self._add_vertical((x0 + x1) / 2, min(y0, y1), max(y0, y1), width, ink)

    def _add_box(self, x0: float, y0: float, x1: float, y1: float, ink: _Ink) -> None:
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        width, height = x1 - x0, y1 - y0
        if width <= MAX_THICKNESS and height > MAX_THICKNESS:
            self._add_vertical((x0 + x1) / 2, y0, y1, width, ink)
            return
        if height <= MAX_THICKNESS and width > MAX_THICKNESS:
            self._add_horizontal((y0 + y1) / 2, x0, x1, height, ink)
            return
        left, top, right, bottom = self._clip
        area = Area(max(x0, left), max(y0, top), min(x1, right), min(y1, bottom), *ink)
        if area.x1 > area.x0 and area.y1 > area.y0:
            (self.paths.dots if width <= MAX_THICKNESS else self.paths.areas).append(area)

    def _add_horizontal(self, y: float, x0: float, x1: float, thickness: float, ink: _Ink) -> None:
        left, top, right, bottom = self._clip
        x0, x1 = max(x0, left), min(x1, right)
        if x1 > x0 and top - _AT_EDGE <= y <= bottom + _AT_EDGE:
            self.paths.horizontal.append(Line(y, x0, x1, thickness, ink[0], ink[1]))

    def _add_vertical(self, x: float, y0: float, y1: float, thickness: float, ink: _Ink) -> None:
        left, top, right, bottom = self._clip
        y0, y1 = max(y0, top), min(y1, bottom)
        if y1 > y0 and left - _AT_EDGE <= x <= right + _AT_EDGE:
            self.paths.vertical.append(Line(x, y0, y1, thickness, ink[0], ink[1]))


def _outlines(items: Sequence[tuple[Any, ...]]) -> list[Outline]:
    """The rectangles among the outlines of a filled path."""
    outlines: list[Outline | None] = []
    polygon: list[tuple[Any, ...]] = []
    for item in items:
        tag = item[0]
        if tag == "re":
            x0, y0, x1, y1 = item[1]
            outlines.append(Outline(x0, y0, x1, y1, item[2]))
        elif tag == "qu":
            outlines.append(_quad_outline(item[1]))
        else:
            if polygon and polygon[-1][-1] != item[1]:
                outlines.append(_polygon_outline(polygon))
                polygon = []
            polygon.append(item)
    if polygon:
        outlines.append(_polygon_outline(polygon))
    return [outline for outline in outlines if outline is not None]


def _quad_outline(quad: Sequence[Sequence[float]]) -> Outline | None:
    xs, ys = [p[0] for p in quad], [p[1] for p in quad]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    (ax, ay), (bx, by), (cx, cy) = quad[0], quad[1], quad[2]
    turned = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)  # the area of the parallelogram, signed
    return Outline(x0, y0, x1, y1, 1) if abs(turned) >= _FULL * (x1 - x0) * (y1 - y0) else None


def _polygon_outline(polygon: Sequence[tuple[Any, ...]]) -> Outline | None:
    """The box of a closed outline that is a rectangle, perhaps with rounded corners, or a thin bar."""
    xs = [item[1][0] for item in polygon]
    ys = [item[1][1] for item in polygon]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    thin, long = sorted((x1 - x0, y1 - y0))
    if thin <= MAX_THICKNESS and (long < _MIN_POLYGON or any(item[0] == "c" for item in polygon)):
        return None
    twice = sum(xs[i - 1] * ys[i] - xs[i] * ys[i - 1] for i in range(len(xs)))
    if abs(twice) < 2 * _FULL * (x1 - x0) * (y1 - y0):
        return None
    return Outline(x0, y0, x1, y1, -1 if twice > 0 else 1)  # as MuPDF gives it for rectangles


def _is_straight(points: Sequence[Sequence[float]]) -> bool:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(max(xs) - min(xs), max(ys) - min(ys)) <= _LEVEL
