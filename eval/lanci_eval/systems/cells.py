"""From what table finders return, boxes with texts, to tables with spans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lanci.document import Box, boxes_to_hull
from lanci.text import join_lines
from lanci_eval.records import EvalCell, EvalFragment, EvalTable

_TOLERANCE = 0.5
"""Points by which the end of a cell may miss the beginning of the next one."""

CellBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with its place in the grid of a page; ``text`` has its lines joined as in all our texts."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    box: Box


def rows_to_placed(
    rows: Sequence[Sequence[CellBox | None]], texts: Sequence[Sequence[str | None]]
) -> tuple[Placed, ...]:
    """Cells of a grid given as in pdfplumber: one row for each top edge, one column for each left edge.

    None stands where a span covers the place, or nothing is. A box spans all columns and rows that begin before
    it ends.

    Args:
        rows: boxes ``(x0, y0, x1, y1)``, row by row.
        texts: texts, likewise.
    """
    boxes = [box for row in rows for box in row if box is not None]
    lefts = sorted({box[0] for box in boxes})
    tops = sorted({box[1] for box in boxes})
    return tuple(
        Placed(
            row=i,
            col=j,
            row_span=max(1, bisect_left(tops, box[3] - _TOLERANCE) - i),
            col_span=max(1, bisect_left(lefts, box[2] - _TOLERANCE) - j),
            text=clean(texts[i][j]),
            box=Box(*(float(value) for value in box)),
        )
        for i, row in enumerate(rows)
        for j, box in enumerate(row)
        if box is not None
    )


def clean(text: str | None) -> str:
    """A cell's text with its lines joined; "" for None."""
    return join_lines((text or "").splitlines())


def placed_to_table(number: int, page: int, placed: Iterable[Placed]) -> EvalTable | None:
    """A table of one page; None when there are no cells.

    Where cells claim the same place the upper left one has it: the others lose span, down to one place, and a
    cell whose own corner is taken is left out.

    Args:
        number: counts the tables of the document from 1.
        page: the page, from 1.
        placed: the cells, boxes of the page as displayed.
    """
    taken: set[tuple[int, int]] = set()
    cells: list[EvalCell] = []
    for item in sorted(placed, key=lambda p: (p.row, p.col)):
        if (item.row, item.col) in taken:
            continue
        row_span, col_span = _free_span(item, taken)
        taken |= {(item.row + i, item.col + j) for i in range(row_span) for j in range(col_span)}
        cells.append(EvalCell(item.row, item.col, row_span, col_span, item.text, page, item.box))
    if not cells:
        return None
    n_rows = max(cell.rows.stop for cell in cells)
    box = boxes_to_hull([cell.box for cell in cells if cell.box is not None])
    return EvalTable(
        id=f"t{number:03d}",
        n_rows=n_rows,
        n_cols=max(cell.cols.stop for cell in cells),
        cells=tuple(cells),
        fragments=(EvalFragment(page, 0, n_rows - 1, box),),
    )


def _free_span(item: Placed, taken: set[tuple[int, int]]) -> tuple[int, int]:
    """The largest part of the span, columns first, that nothing else has."""
    col_span = 1
    while col_span < item.col_span and (item.row, item.col + col_span) not in taken:
        col_span += 1
    row_span = 1
    while row_span < item.row_span and not any((item.row + row_span, item.col + j) in taken for j in range(col_span)):
        row_span += 1
    return row_span, col_span
