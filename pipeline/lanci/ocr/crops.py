"""Pictures of the lines in each cell of a grid: without its rules, trimmed to the ink."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Grid, Image, Raster
from lanci.ocr.cell_ink import Indices, Pieces, find_pieces, print_mask
from lanci.ocr.cell_lines import LinePicture, LineSheet, character_height, cut_lines
from lanci.ocr.cell_rules import Boxes, erase_rules, find_traces
from lanci.page.scan_image import Mask

__all__ = ["CellPicture", "Disturbance", "LinePicture", "crop_cells"]

_AROUND = 6.0
"""Points around the table in which the rules of its outer cells may lie, and print that crosses them."""
_STAMPED = 0.02
"""Share of a cell under a seal from which it counts; less is coloured noise."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What else than the cell's own print was in the way of it.

    Attributes:
        stamped: share (0 to 1) of the cell's ink that lies under a seal; of the whole cell where it is blank.
        crossing: print goes over the cell's edge.
        grown: print has grown together with a rule.
        dirty: a blank cell has dots that are no mere dust.
        ink_lost: ink taken away that does not look like a part of a rule (dirt, print that shines through, what lay
            under a seal), in square points.
        touches_edge: the print touches a rule or the cell's edge.
        contrast: how dark the print is, from 0 to 1; in a blank cell the darkest that is there.
        line_height: ink height of the highest line in pixels; 0 for a blank cell.
    """

    stamped: float = 0.0
    crossing: bool = False
    grown: bool = False
    dirty: bool = False
    ink_lost: float = 0.0
    touches_edge: bool = False
    contrast: float = 0.0
    line_height: float = 0.0


@dataclass(frozen=True, slots=True)
class CellPicture:
    """What a cell shows: its lines from top to bottom, none when it is blank, and what was in their way."""

    lines: tuple[LinePicture, ...]
    disturbance: Disturbance

    @property
    def disturbed(self) -> bool:
        """Whether a seal, a crossing character, a rule or dirt makes the reading doubtful by itself."""
        d = self.disturbance
        return d.stamped > _STAMPED or d.crossing or d.grown or d.dirty


def crop_cells(grid: Grid, raster: Raster) -> list[CellPicture]:
    """One picture for every cell of ``grid``, in its order.

    Args:
        grid: boxes in points of the working frame.
        raster: the page in the same frame.
    """
    scale = raster.scale
    sides = [(c.box.x0, c.box.y0, c.box.x1, c.box.y1) for c in grid.cells]
    boxes = np.rint(np.array(sides) * scale).astype(np.intp)
    height, width = raster.image.shape
    around = math.ceil(_AROUND * scale)
    x0, y0 = (max(int(v) - around, 0) for v in boxes[:, :2].min(axis=0))
    x1, y1 = (int(v) + around for v in boxes[:, 2:].max(axis=0))
    if x0 >= width or y0 >= height or x1 <= 0 or y1 <= 0:
        return [CellPicture((), Disturbance())] * len(boxes)
    grey = raster.image[y0:y1, x0:x1].copy()
    seals = None if raster.seals is None else np.ascontiguousarray(raster.seals[y0:y1, x0:x1])
    boxes -= np.array([x0, y0, x0, y0])
    bands = erase_rules(grey, boxes, scale)
    ink = print_mask(grey)
    pieces = find_pieces(grey, ink, boxes, find_traces(ink, bands), scale, seals)
    _erase_pieces(grey, ink, pieces)
    members = _members(pieces, len(boxes))
    em = character_height(pieces, members, scale)
    sheet = LineSheet(grey, pieces, scale)
    lines = [tuple(cut_lines(sheet, own, em)) if len(own) else () for own in members]
    found = _disturbances(sheet, boxes, lines, ink, seals)
    return [CellPicture(*pair) for pair in zip(lines, found, strict=True)]


def _erase_pieces(grey: Image, ink: Mask, pieces: Pieces) -> None:
    """Paint what is no print as paper, with its grey fringe, but never the ink that stays."""
    places = np.flatnonzero(ink)
    lost = places[pieces.lost[pieces.labels.ravel()[places]]]
    if not len(lost):
        return
    ink.ravel()[lost] = 0
    dirt = np.zeros_like(ink)
    dirt.ravel()[lost] = 255
    fringe = cv2.dilate(dirt, np.ones((3, 3), np.uint8))
    fringe = cv2.bitwise_and(fringe, cv2.bitwise_not(ink))
    cv2.bitwise_or(grey, fringe, dst=grey)


def _members(pieces: Pieces, n_cells: int) -> list[Indices]:
    """The pieces of print of each cell."""
    kept = np.flatnonzero(pieces.kept)
    kept = kept[np.argsort(pieces.cell[kept], kind="stable")]
    ends = np.searchsorted(pieces.cell[kept], np.arange(n_cells + 1))
    return [kept[ends[i] : ends[i + 1]] for i in range(n_cells)]


def _disturbances(
    sheet: LineSheet, boxes: Boxes, lines: list[tuple[LinePicture, ...]], ink: Mask, seals: Mask | None
) -> list[Disturbance]:
    pieces, n = sheet.pieces, len(boxes)
    kept, cell = pieces.kept, pieces.cell
    area = _sum_cells(cell, kept, pieces.area, n)
    mass = _sum_cells(cell, kept, pieces.mass, n) * sheet.scale**2
    grown = _sum_cells(cell, kept & pieces.grown, None, n) > 0
    edge = _sum_cells(cell, kept & pieces.touching, None, n) > 0
    dots = _sum_cells(cell, pieces.dot, None, n) > 0
    lost = _sum_cells(cell, pieces.lost & ~pieces.rest, pieces.mass, n)
    stamped = _stamped(sheet, area, ink, seals, n)
    result: list[Disturbance] = []
    for i, (x0, y0, x1, y1) in enumerate(np.maximum(boxes, 0).tolist()):
        printed = bool(lines[i])
        if not printed and seals is not None:
            part = seals[y0:y1, x0:x1]
            stamped[i] = float(np.count_nonzero(part)) / part.size if part.size else 0.0
        if printed:
            contrast = min(1.0, float(mass[i] / max(area[i], 1)))
        else:
            contrast = _darkest(sheet.grey[y0:y1, x0:x1], sheet.scale)
        result.append(
            Disturbance(
                stamped=round(float(stamped[i]), 4),
                crossing=printed and bool(pieces.crossed[i]),
                grown=bool(grown[i]),
                dirty=bool(dots[i]) and not printed,
                ink_lost=round(float(lost[i]), 3),
                touches_edge=bool(edge[i]),
                contrast=round(contrast, 4),
                line_height=float(max((line.height for line in lines[i]), default=0)),
            )
        )
    return result


def _sum_cells(
    cell: Indices, chosen: NDArray[np.bool_], values: NDArray[np.generic] | None, n: int
) -> NDArray[np.float64]:
    """The sum of the chosen pieces' values in each cell, or their number."""
    weights = None if values is None else values[chosen]
    return np.bincount(cell[chosen], weights=weights, minlength=n).astype(np.float64)


def _stamped(sheet: LineSheet, area: NDArray[np.float64], ink: Mask, seals: Mask | None, n: int) -> NDArray[np.float64]:
    """Share of each cell's print that lies under a seal."""
    if seals is None:
        return np.zeros(n)
    under = np.flatnonzero(cv2.bitwise_and(ink, seals))
    pieces = sheet.pieces
    owners = np.bincount(pieces.labels.ravel()[under], minlength=len(pieces.area))
    return _sum_cells(pieces.cell, pieces.kept, owners, n) / np.maximum(area, 1)


def _darkest(grey: Image, scale: float) -> float:
    """How dark the darkest mark of a blank cell is that could be a faint stroke."""
    if not grey.size:
        return 0.0
    reach = max(1, round(0.8 * scale))
    rim = round(2 * scale)
    inner = grey[rim:-rim, rim:-rim]
    return (255 - int(cv2.blur(inner, (reach, 1)).min())) / 255 if inner.size else 0.0
