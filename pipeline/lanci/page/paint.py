"""What a page paints besides text, as far as it can hide text or stand for it.

Coordinates are those of MuPDF's page before its /Rotate is applied, the frame in which MuPDF reports characters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lanci.page.rings import Outline, filled_boxes

WHITE = 0xF8  # the least channel of a colour that passes for paper

_LEAST_SIDE = 3.0  # points; anything thinner is a line
_OPAQUE = 0.95
_FAINT = 0.3  # an area of less opacity changes the colour under it too little to count
_GLYPH_SIDES = (3.0, 40.0)  # points; the height of a line of text drawn as outlines
_LINE_LENGTH = 80.0  # heights; longer shapes are no line of text
_BAND = 24.0  # points; areas are looked up by the horizontal bands that they touch
_MAX_NEAR = 400  # areas looked at for one character, the last painted first: a bound for hostile pages


class Area(NamedTuple):
    """A painted rectangle; ``order`` counts everything the page paints, ``late`` tells that text may lie under it."""

    x0: float
    y0: float
    x1: float
    y1: float
    order: int
    colour: int
    opaque: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Paint:
    """The filled rectangles of a page in the order of painting, and how many glyphs it seems to draw as outlines.

    ``clips`` are the rectangles to which it cuts what it paints, each once.
    """

    areas: tuple[Area, ...] = ()
    n_outlines: int = 0
    clips: tuple[tuple[float, float, float, float], ...] = ()


def read_paint(drawings: Iterable[dict[str, Any]]) -> Paint:
    """Find the filled areas and outlines in ``page.get_cdrawings(extended=True)``; clips cut the areas.

    A page paints no text before an area when as many paths as there are painted things come before it: such a
    background can hide nothing.
    """
    areas: list[Area] = []
    levels: list[_Level] = []
    clips: dict[tuple[float, float, float, float], None] = {}
    n_outlines = n_painted = 0
    for drawing in drawings:
        kind = drawing["type"]
        if kind in {"clip", "group"}:
            _enter(levels, drawing, is_first=n_painted == 0)
            if kind == "clip":
                clips[drawing["scissor"]] = None
            continue
        if kind != "s":
            x0, y0, x1, y1 = drawing["rect"]
            if x1 - x0 > _LEAST_SIDE and y1 - y0 > _LEAST_SIDE and (drawing.get("fill_opacity") or 0.0) >= _FAINT:
                level = min(drawing.get("level", 0), len(levels))
                areas.extend(_areas(drawing, n_painted, levels[level - 1] if level else _PAGE))
                n_outlines += _count_outlines(drawing, y1 - y0, x1 - x0)
        n_painted += len(kind)
    return Paint(tuple(areas), n_outlines, tuple(clips))


class _Level(NamedTuple):
    """What holds for a level of clips and transparency groups."""

    clip: tuple[float, float, float, float]
    blended: bool


_PAGE = _Level((-math.inf, -math.inf, math.inf, math.inf), blended=False)


def _enter(levels: list[_Level], drawing: dict[str, Any], is_first: bool) -> None:
    """Take note of a clip, which MuPDF gives cut to those around it, or of a transparency group.

    A soft mask shows as an isolated group, so these hide nothing; the group of a whole page is the first of all.
    """
    del levels[drawing["level"] :]
    clip, blended = levels[-1] if levels else _PAGE
    if drawing["type"] == "clip":
        clip = drawing["scissor"]
    else:
        see_through = drawing.get("blendmode", "Normal") != "Normal" or drawing.get("opacity", 1.0) < _OPAQUE
        blended = blended or see_through or (drawing["isolated"] and (bool(levels) or not is_first))
    levels.append(_Level(clip, blended))


def _areas(drawing: dict[str, Any], n_painted: int, level: _Level) -> Iterator[Area]:
    order = drawing["seqno"]
    colour = to_colour(drawing.get("fill") or (0.0, 0.0, 0.0))
    opaque = drawing["fill_opacity"] >= _OPAQUE and not level.blended
    left, top, right, bottom = level.clip
    boxes = filled_boxes(list(_rectangles(drawing["items"])), even_odd=bool(drawing["even_odd"]))
    for box in boxes:
        x0, y0, x1, y1 = max(box[0], left), max(box[1], top), min(box[2], right), min(box[3], bottom)
        if x1 - x0 > _LEAST_SIDE and y1 - y0 > _LEAST_SIDE:
            yield Area(x0, y0, x1, y1, order, colour, opaque, order > n_painted)


def _rectangles(items: Sequence[tuple[Any, ...]]) -> Iterator[Outline]:
    for item in items:
        if item[0] == "re":
            x0, y0, x1, y1 = item[1]
            yield Outline(x0, y0, x1, y1, item[2])
        elif item[0] == "qu":
            xs, ys = [p[0] for p in item[1]], [p[1] for p in item[1]]
            if len(set(xs)) == len(set(ys)) == 2:
                yield Outline(min(xs), min(ys), max(xs), max(ys), 1)


def to_colour(channels: Sequence[float]) -> int:
    """0xRRGGBB of MuPDF's channels from 0 to 1."""
    red, green, blue = channels if len(channels) == 3 else (channels[0],) * 3
    return round(red * 255) << 16 | round(green * 255) << 8 | round(blue * 255)


def is_white(colour: int) -> bool:
    """Whether a colour passes for paper."""
    return min(colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF) >= WHITE


def are_alike(colour: int, other: int) -> bool:
    """Whether nobody could read text of one colour on the other."""
    return all(abs((colour >> shift & 0xFF) - (other >> shift & 0xFF)) <= _ALIKE for shift in (16, 8, 0))


_ALIKE = 6


def _count_outlines(drawing: dict[str, Any], height: float, width: float) -> int:
    """How many glyphs a filled path may draw: one for each of its heights, if it has curves as glyphs have."""
    if not _GLYPH_SIDES[0] < height < _GLYPH_SIDES[1] or width > _LINE_LENGTH * height:
        return 0
    n_curves = sum(item[0] == "c" for item in drawing["items"])
    return max(1, round(width / height)) if n_curves >= 4 * max(1, round(width / height)) else 0


class Bands:
    """Areas by height on the page, the last painted first."""

    def __init__(self, areas: Iterable[Area], height: float) -> None:
        """``height`` is that of the page in points."""
        self._bands: dict[int, list[Area]] = {}
        for area in sorted(areas, key=lambda a: -a.order):
            first, last = max(area.y0, 0.0) // _BAND, min(area.y1, height) // _BAND
            for band in range(int(first), int(last) + 1):
                near = self._bands.setdefault(band, [])
                if len(near) < _MAX_NEAR:
                    near.append(area)

    def near(self, y: float) -> Sequence[Area]:
        """The areas that may hold a point at this height."""
        return self._bands.get(int(y // _BAND), ())
