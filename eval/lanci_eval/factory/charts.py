"""Charts between the tables: vector bars, lines or a pie, with numbers along their axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pymupdf

from lanci.document import Box

_COLORS = ((0.27, 0.45, 0.77), (0.93, 0.49, 0.19), (0.65, 0.65, 0.65), (1.0, 0.75, 0.0), (0.36, 0.61, 0.84))
_INK = (0.25, 0.25, 0.25)
_SIZE = 7.0
_STEPS = 5
_LABEL_ROOM = 32.0  # left of the axis, for its numbers
_FOOT = 16.0  # under the axis, for the years
_FIRST_YEAR = 2018


def draw_chart(page: pymupdf.Page, box: Box, rng: np.random.Generator) -> None:
    """Draw a chart of made-up amounts into the box."""
    count = int(rng.integers(3, 6))
    values = [float(value) for value in np.round(rng.uniform(100, 5_000, count), 2)]
    kind = int(rng.integers(3))
    if kind == 0:
        _draw_pie(page, box, values)
    else:
        _draw_axes(page, box, values, as_line=kind == 1)


def _draw_axes(page: pymupdf.Page, box: Box, values: Sequence[float], *, as_line: bool) -> None:
    left, bottom, top = box.x0 + _LABEL_ROOM, box.y1 - _FOOT, box.y0 + _SIZE
    limit = math.ceil(max(values) / 500) * 500
    shape = page.new_shape()
    for step in range(_STEPS + 1):
        y = bottom - (bottom - top) * step / _STEPS
        shape.draw_line((left, y), (box.x1, y))
        text = f"{limit * step // _STEPS}"
        x = left - 4 - pymupdf.get_text_length(text, fontsize=_SIZE)
        shape.insert_text((x, y + _SIZE * 0.35), text, fontsize=_SIZE, color=_INK)
    shape.finish(width=0.4, color=(0.8, 0.8, 0.8))
    pitch = (box.x1 - left) / len(values)
    points = []
    for index, value in enumerate(values):
        middle, y = left + pitch * (index + 0.5), bottom - (bottom - top) * value / limit
        points.append((middle, y))
        if not as_line:
            shape.draw_rect(pymupdf.Rect(middle - pitch * 0.25, y, middle + pitch * 0.25, bottom))
            shape.finish(width=0, color=None, fill=_COLORS[index % len(_COLORS)])
        year = str(_FIRST_YEAR + index)
        shape.insert_text((middle - _SIZE, bottom + _SIZE * 1.5), year, fontsize=_SIZE, color=_INK)
        shape.insert_text((middle - _SIZE * 1.5, y - 3), f"{value:.2f}", fontsize=_SIZE, color=_INK)
    if as_line:
        shape.draw_polyline(points)
        shape.finish(width=1.5, color=_COLORS[0], closePath=False)
    shape.draw_line((left, top), (left, bottom))
    shape.finish(width=0.6, color=_INK)
    shape.commit()


def _draw_pie(page: pymupdf.Page, box: Box, values: Sequence[float]) -> None:
    middle = pymupdf.Point(*box.center)
    radius = min(box.width, box.height) * 0.4
    shape = page.new_shape()
    start = pymupdf.Point(middle.x, middle.y - radius)
    turned = 0.0
    for index, value in enumerate(values):
        angle = 360 * value / sum(values)
        shape.draw_sector(middle, start, -angle, fullSector=True)
        shape.finish(width=0.5, color=(1, 1, 1), fill=_COLORS[index % len(_COLORS)])
        toward = math.radians(turned + angle / 2)
        x, y = middle.x + math.sin(toward) * radius * 1.15, middle.y - math.cos(toward) * radius * 1.15
        text = f"{100 * value / sum(values):.2f}%"
        shift = pymupdf.get_text_length(text, fontsize=_SIZE) if x < middle.x else 0.0
        shape.insert_text((x - shift, y), text, fontsize=_SIZE, color=_INK)
        turned += angle
        end = math.radians(turned)
        start = pymupdf.Point(middle.x + math.sin(end) * radius, middle.y - math.cos(end) * radius)
    shape.commit()
