"""Pictures on which a person judges sampled cells: each with its row, and with the header of its columns above.

The cell is framed red, the header cells of its columns blue; both strips are as wide as the table, so that they stand
below each other as on the page. The header is that of the table's first page unless the cell's own page repeats all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lanci.annotation import NO_BOX
from lanci.document import Box, Cell, Image, RowRole, boxes_to_hull
from lanci.source import Source, SourcePage, open_source
from lanci_eval.truth.originals import check_pages, write_png
from lanci_eval.truth.recheck import SampledCell

_DPI = 150
_WIDTH, _HEIGHT = 1500, 1700  # most pixels of a sheet; one tile may be higher
_LABEL_HEIGHT = 26
_CONTEXT = 16.0  # points shown above and below the row, about one row
_MARGIN = 4.0  # points shown left and right of the table
_HIGHEST_HEADER = 130.0  # points; of a higher one only the part above the cell's columns is shown
_HIGHEST_STRIP = 900  # pixels
_RED, _BLUE, _GREY = (220, 0, 0), (0, 70, 220), (225, 225, 225)


@dataclass(frozen=True, slots=True)
class _Strip:
    """A part of a page, with frames."""

    page: int
    area: Box
    frames: tuple[tuple[Box, tuple[int, int, int]], ...]


def draw_sheets(
    sample: Sequence[SampledCell], originals: Mapping[str, Path], folder: Path, tell: Callable[[str], None]
) -> tuple[str, ...]:
    """Draw all cells onto sheets in ``folder``; the name of the sheet of each cell.

    Args:
        sample: in the order of documents and pages.
        originals: the file of each document, by id.
        folder: exists.
        tell: is told of every sheet.

    Raises:
        LanciError: a file does not fit its annotation, cannot be read, or a sheet cannot be written.
    """
    names: list[str] = []
    waiting: list[Image] = []

    def flush() -> None:
        if waiting:
            name = f"sheet-{len(set(names)) + 1:02d}.png"
            write_png(np.vstack(waiting), folder / name)
            tell(name)
            names.extend([name] * len(waiting))
            waiting.clear()

    for tile in _draw_tiles(sample, originals):
        if waiting and sum(one.shape[0] for one in waiting) + tile.shape[0] > _HEIGHT:
            flush()
        waiting.append(tile)
    flush()
    return tuple(names)


def _draw_tiles(sample: Iterable[SampledCell], originals: Mapping[str, Path]) -> Iterator[Image]:
    source: Source | None = None
    current = ""
    try:
        for drawn in sample:
            if drawn.document.id != current:
                if source is not None:
                    source.close()
                current = drawn.document.id
                source = open_source(originals[current])
                check_pages(drawn.document, source)
            assert source is not None
            yield _draw_tile(drawn, source)
    finally:
        if source is not None:
            source.close()


def _draw_tile(drawn: SampledCell, source: Source) -> Image:
    cell = drawn.cell
    label = (
        f"#{drawn.number}  {drawn.document.id}  page {cell.page}  {drawn.annotated.table.id}  "
        f"row {cell.row} col {cell.col}  span {cell.row_span} x {cell.col_span}  ({drawn.kind})"
    )
    title = np.full((_LABEL_HEIGHT, _WIDTH, 3), _GREY, dtype=np.uint8)
    cv2.putText(title, label, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (0, 0, 0), 1, cv2.LINE_AA)
    strips = [
        _draw_strip(strip, source.page(strip.page)) for strip in (_header_strip(drawn), _row_strip(drawn)) if strip
    ]
    gap = np.full((6, _WIDTH, 3), 255, dtype=np.uint8)
    parts = [title]
    for strip in strips:
        parts += [strip, gap]
    return np.vstack(parts)


def _row_strip(drawn: SampledCell) -> _Strip:
    """The row over the whole width of the table, with a little of those above and below; a header as a whole."""
    cell = drawn.cell
    around = boxes_to_hull([_part_box(drawn, cell.page), cell.box])
    shown = cell.box
    if cell.row < drawn.annotated.table.n_header_rows:
        header = boxes_to_hull([one.box for one in (*_header_cells(drawn), cell) if one.page == cell.page])
        shown = header if header.height <= _HIGHEST_HEADER else shown
    area = Box(around.x0 - _MARGIN, shown.y0 - _CONTEXT, around.x1 + _MARGIN, shown.y1 + _CONTEXT)
    return _Strip(cell.page, area, ((cell.box, _RED),))


def _header_strip(drawn: SampledCell) -> _Strip | None:
    """The header above the row; None where the cell is in it, or there is none with a place."""
    table, cell = drawn.annotated.table, drawn.cell
    if cell.row < table.n_header_rows:
        return None
    header = _header_cells(drawn)
    above = [one.box for one in header if set(one.cols) & set(cell.cols)]
    if not above:
        return None
    page = header[0].page
    hull = boxes_to_hull([one.box for one in header])
    if hull.height > _HIGHEST_HEADER:
        hull = boxes_to_hull(above)
        if hull.height > _HIGHEST_HEADER:
            hull = boxes_to_hull(above[-1:])
    whole = _part_box(drawn, page)
    area = Box(whole.x0 - _MARGIN, hull.y0 - 2, whole.x1 + _MARGIN, hull.y1 + 2)
    return _Strip(page, area, tuple((box, _BLUE) for box in above))


def _header_cells(drawn: SampledCell) -> list[Cell]:
    """The header cells with a place: those of the cell's page, or, where it repeats less, of the table's first page."""
    annotated = drawn.annotated
    n_rows = sum(role is RowRole.HEADER for role in annotated.table.row_roles)
    parts = [p for p in annotated.fragments if p.page == drawn.cell.page and p.n_repeated_rows >= n_rows]
    again = [cell for part in parts for cell in part.repeated_header]
    for cells in (again, annotated.header_cells):
        placed = [one for one in cells if one.box != NO_BOX]
        if placed:
            return [one for one in placed if one.page == placed[0].page]
    return []


def _part_box(drawn: SampledCell, page: int) -> Box:
    """The box of the part of the table on a page; around its cells where it has none."""
    annotated = drawn.annotated
    for part in annotated.fragments:
        if part.page == page and part.box != NO_BOX:
            return part.box
    return boxes_to_hull([cell.box for cell in annotated.table.cells if cell.page == page and cell.box != NO_BOX])


def _draw_strip(strip: _Strip, page: SourcePage) -> Image:
    """The strip of the page's picture in the width of a sheet, framed."""
    image, dpi = page.render(_DPI)
    scale = dpi / 72
    framed = np.ascontiguousarray(image)
    for box, color in strip.frames:
        low, high = (round(box.x0 * scale), round(box.y0 * scale)), (round(box.x1 * scale), round(box.y1 * scale))
        cv2.rectangle(framed, low, high, color, 2)
    area = strip.area.intersect(Box(0, 0, page.width, page.height))
    x0, x1 = int(area.x0 * scale), max(int(area.x1 * scale), int(area.x0 * scale) + 1)
    y0, y1 = int(area.y0 * scale), max(int(area.y1 * scale), int(area.y0 * scale) + 1)
    cut = framed[y0:y1, x0:x1]
    factor = min(_WIDTH / cut.shape[1], _HIGHEST_STRIP / cut.shape[0], 2.0)
    size = (max(round(cut.shape[1] * factor), 1), max(round(cut.shape[0] * factor), 1))
    resized = cv2.resize(cut, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    canvas = np.full((size[1], _WIDTH, 3), 255, dtype=np.uint8)
    canvas[:, : size[0]] = resized
    return canvas
