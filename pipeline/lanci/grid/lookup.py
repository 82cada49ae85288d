"""Which cell of a grid covers a place, without trying them all."""

from __future__ import annotations

from bisect import bisect_right

from lanci.document import Box, Grid

_NEAR_TIE = 0.8  # share of the best cell's part that another cell must hold for the choice to be doubtful


class GridLookup:
    """Finds cells of one grid by position."""

    def __init__(self, grid: Grid) -> None:
        self._cells = grid.cells
        self._row_edges = grid.row_edges[1:-1]  # the inner ones: what lies outside the grid is in its nearest row
        self._col_edges = grid.col_edges[1:-1]
        self._owner = [[0] * grid.n_cols for _ in range(grid.n_rows)]
        for index, cell in enumerate(grid.cells):
            for row in range(cell.row, cell.row + cell.row_span):
                for col in range(cell.col, cell.col + cell.col_span):
                    self._owner[row][col] = index

    def cell_at(self, box: Box) -> tuple[int, bool]:
        """The index of the cell that holds most of ``box``, and whether another one holds nearly as much.

        Outside the grid it is the nearest cell.
        """
        first_row, last_row = bisect_right(self._row_edges, box.y0), bisect_right(self._row_edges, box.y1)
        first_col, last_col = bisect_right(self._col_edges, box.x0), bisect_right(self._col_edges, box.x1)
        if first_row == last_row and first_col == last_col:
            return self._owner[first_row][first_col], False
        best, best_area, second_area = -1, -1.0, -1.0
        rows, cols = range(first_row, last_row + 1), range(first_col, last_col + 1)
        for index in sorted({self._owner[row][col] for row in rows for col in cols}):
            area = self._common_area(index, box)
            if area > best_area:
                best, best_area, second_area = index, area, best_area
            elif area > second_area:
                second_area = area
        return best, 0.0 < _NEAR_TIE * best_area < second_area

    def owner(self, row: int, col: int) -> int:
        """The index of the cell that covers a row and column."""
        return self._owner[row][col]

    def row_at(self, y: float) -> int:
        """The row at a height, the nearest one outside the grid."""
        return bisect_right(self._row_edges, y)

    def col_at(self, x: float) -> int:
        """The column at a place from the left, the nearest one outside the grid."""
        return bisect_right(self._col_edges, x)

    def _common_area(self, index: int, box: Box) -> float:
        cell = self._cells[index].box
        width = min(cell.x1, box.x1) - max(cell.x0, box.x0)
        height = min(cell.y1, box.y1) - max(cell.y0, box.y0)
        return width * height if width > 0.0 and height > 0.0 else 0.0
