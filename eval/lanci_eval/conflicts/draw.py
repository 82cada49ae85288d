"""Pieces of pages with the cells of a conflict framed."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import cv2
import numpy as np

from lanci.document import Box, Image, boxes_to_hull
from lanci.source import Source
from lanci_eval.conflicts.collect import Conflict, NamedCell

_DPI = 110.0
_MARGIN = 14.0
_HEADER = 60.0
"""Points above the first cell: where it stands near the top of its table, the header is seen."""
_MOST_PICTURES = 3
_FIRST, _OTHER = (214, 40, 40), (40, 90, 214)
_QUALITY = 80


def draw_conflict(source: Source, conflict: Conflict) -> list[tuple[int, str]]:
    """The pieces of the pages on which its cells stand, as page number and data URI, the first cell's page first.

    Its first cell is framed in red, the others in blue. No more than three pages are shown.
    """
    pages = list(dict.fromkeys(cell.page for cell in conflict.cells))[:_MOST_PICTURES]
    return [(page, _draw_page(source, page, conflict)) for page in pages]


def _draw_page(source: Source, number: int, conflict: Conflict) -> str:
    page = source.page(number)
    cells = [cell for cell in conflict.cells if cell.page == number]
    whole = Box(0.0, 0.0, page.width, page.height)
    area = _find_area(cells, [box for at, box in conflict.areas if at == number]).intersect(whole)
    image, dpi = page.render(_DPI, area=area)
    framed = np.ascontiguousarray(image)
    for cell in reversed(cells):
        _frame(framed, cell.box, area, dpi / 72, _FIRST if cell is conflict.cells[0] else _OTHER)
    done, jpeg = cv2.imencode(".jpg", framed[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    assert done
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode("ascii")


def _find_area(cells: Sequence[NamedCell], tables: Sequence[Box]) -> Box:
    """The whole width of the tables, from above the first of the cells to below the last."""
    hull = boxes_to_hull([cell.box for cell in cells])
    wide = boxes_to_hull([hull, *tables])
    top = max(hull.y0 - _HEADER, wide.y0)
    return Box(wide.x0, top, wide.x1, hull.y1).grow(_MARGIN)


def _frame(image: Image, box: Box, area: Box, scale: float, colour: tuple[int, int, int]) -> None:
    corners = [
        (round((x - area.x0) * scale), round((y - area.y0) * scale)) for x, y in ((box.x0, box.y0), (box.x1, box.y1))
    ]
    cv2.rectangle(image, corners[0], corners[1], colour, 2)
