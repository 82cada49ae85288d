"""Caption lines that stand inside the grid: full-width rows above the header, and what no rule sets apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.caption.lines import TextLine
from lanci.caption.phrases import (
    is_continued_mark,
    is_date,
    is_table_number,
    is_title,
    is_year_line,
    names_table,
    says_unit_or_entity,
)
from lanci.document import CellReading, Grid, GridCell, boxes_to_hull

_MAX_ROWS = 6
_RULED = frozenset({"rules", "fills", "raster-rules"})
_LINE_HEIGHT = 12.0  # points; a row is higher than its text


def lift_caption_rows(
    grid: Grid, readings: tuple[CellReading, ...]
) -> tuple[Grid, tuple[CellReading, ...], tuple[TextLine, ...]]:
    """Take leading rows that hold a title, a unit or an entity, and nothing else, out of a grid.

    Where rules draw the grid such a row is one cell over its full width; key and value in cells of their own are
    part of the table.

    Returns:
        The grid and readings without these rows, and the rows as lines. A grid of one column, or one that would
        be left without rows, stays as it is.
    """
    ruled = grid.region.detector in _RULED
    if grid.n_cols < 2 or not grid.cells or (ruled and grid.cells[0].col_span != grid.n_cols):
        return grid, readings, ()
    lines: list[TextLine] = []
    n_rows = n_cells = taken = top = 0
    while n_rows < min(_MAX_ROWS, grid.n_rows - 1):
        row = _row(grid, taken)
        texts = [reading.text for reading in readings[taken : taken + len(row)] if reading.text]
        if not _is_caption_row(row, texts, grid.n_cols, ruled=ruled):
            break
        taken += len(row)
        n_rows += 1
        if texts:  # an empty row above the header is lifted only together with a caption below it
            box = boxes_to_hull([cell.box for cell in row])
            lines.append(TextLine(" ".join(texts), box, tuple(texts), min(box.height, _LINE_HEIGHT)))
            n_cells, top = taken, n_rows
    if not lines:
        return grid, readings, ()
    return _without_rows(grid, top, n_cells), readings[n_cells:], tuple(lines)


def _row(grid: Grid, first: int) -> list[GridCell]:
    """The cells that begin in the row of the cell with this index."""
    row: list[GridCell] = []
    for cell in grid.cells[first : first + grid.n_cols]:
        if cell.row != grid.cells[first].row:
            break
        row.append(cell)
    return row


def _is_caption_row(row: Sequence[GridCell], texts: Sequence[str], n_cols: int, *, ruled: bool) -> bool:
    if any(cell.row_span != 1 for cell in row):
        return False
    if row[0].col_span == n_cols:
        return all(is_title(text) or says_unit_or_entity(text) for text in texts)
    sparse = len(texts) <= max(1, n_cols // 2)
    return not ruled and sparse and all(map(_can_only_be_caption, texts))


def _can_only_be_caption(text: str) -> bool:
    """Not so a header that ends like a title, such as 2026年预算."""
    return (
        says_unit_or_entity(text)
        or is_table_number(text)
        or is_year_line(text)
        or is_date(text)
        or is_continued_mark(text)
        or names_table(text)
    )


def _without_rows(grid: Grid, n_rows: int, n_cells: int) -> Grid:
    region = grid.region
    top = grid.row_edges[n_rows]
    return Grid(
        replace(region, box=replace(region.box, y0=top)),
        grid.n_rows - n_rows,
        grid.n_cols,
        tuple([replace(cell, row=cell.row - n_rows) for cell in grid.cells[n_cells:]]),
        grid.row_edges[n_rows:],
        grid.col_edges,
    )
