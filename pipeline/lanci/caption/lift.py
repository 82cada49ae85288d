"""Caption lines that are printed inside the grid: full-width rows above the header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.caption.lines import TextLine
from lanci.caption.parse import is_title, says_unit_or_entity
from lanci.document import CellReading, Grid

_MAX_ROWS = 4


def lift_caption_rows(
    grid: Grid, readings: Sequence[CellReading]
) -> tuple[Grid, tuple[CellReading, ...], tuple[TextLine, ...]]:
    """Take leading rows that are one cell with a title, a unit or an entity out of a grid.

    Returns:
        The grid and readings without these rows, and the rows as lines. A grid of one column, or one that would
        be left without rows, stays as it is.
    """
    n_lifted = 0
    while n_lifted < min(_MAX_ROWS, grid.n_rows - 1, len(grid.cells)):
        cell, text = grid.cells[n_lifted], readings[n_lifted].text
        if grid.n_cols < 2 or cell.col_span != grid.n_cols or cell.row_span != 1:
            break
        if text and not (is_title(text) or says_unit_or_entity(text)):
            break
        n_lifted += 1
    while n_lifted and not readings[n_lifted - 1].text:
        n_lifted -= 1  # an empty row above the header is lifted only together with a caption below it
    if not n_lifted:
        return grid, tuple(readings), ()
    lines = tuple(
        TextLine(reading.text, cell.box, (reading.text,), min(cell.box.height, 12.0))
        for cell, reading in zip(grid.cells[:n_lifted], readings[:n_lifted], strict=True)
        if reading.text
    )
    top = grid.row_edges[n_lifted]
    rest = Grid(
        replace(grid.region, box=replace(grid.region.box, y0=top)),
        grid.n_rows - n_lifted,
        grid.n_cols,
        tuple(replace(cell, row=cell.row - n_lifted) for cell in grid.cells[n_lifted:]),
        grid.row_edges[n_lifted:],
        grid.col_edges,
    )
    return rest, tuple(readings[n_lifted:]), lines
