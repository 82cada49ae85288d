"""Which cell of a grid covers a place, without trying them all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from lanci.document import Box, Grid


class GridLookup:
    """Finds cells of one grid by position."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._owner = [[0] * grid.n_cols for _ in range(grid.n_rows)]
        for index, cell in enumerate(grid.cells):
            for row in range(cell.row, cell.row + cell.row_span):
                for col in range(cell.col, cell.col + cell.col_span):
                    self._owner[row][col] = index

    def cell_at(self, box: Box) -> int:
        """The index of the cell that holds most of ``box``; outside the grid, of the nearest one."""
        rows = _range(self._grid.row_edges, box.y0, box.y1)
        cols = _range(self._grid.col_edges, box.x0, box.x1)
        candidates = sorted({self._owner[r][c] for r in rows for c in cols})
        return max(candidates, key=lambda i: box.intersect(self._grid.cells[i].box).area)

    def owner(self, row: int, col: int) -> int:
        """The index of the cell that covers a row and column."""
        return self._owner[row][col]

    def row_at(self, y: float) -> int:
        """The row at a height, the nearest one outside the grid."""
        return _band(self._grid.row_edges, y)


def _band(edges: Sequence[float], position: float) -> int:
    return min(max(bisect_right(edges, position) - 1, 0), len(edges) - 2)


def _range(edges: Sequence[float], low: float, high: float) -> range:
    return range(_band(edges, low), _band(edges, high) + 1)
