"""What stands where: from a place of one grid to the cell at the aligned place of the other."""

from __future__ import annotations

from collections.abc import Iterable

from lanci_eval.matching.match import Alignment, Comparison, GridPair, TablePair
from lanci_eval.records import EvalCell, EvalTable

_NOTHING = Alignment((), ())


class Places:
    """The cells of one grid (``theirs``), asked for by the rows and columns of another (``ours``)."""

    def __init__(self, theirs: Iterable[EvalCell], alignment: Alignment | None, *, from_truth: bool) -> None:
        """Prepare the look-up.

        Args:
            theirs: the cells that are looked up: found ones when ``from_truth``, else true ones.
            alignment: None when the grid has no partner; then nothing is found.
            from_truth: whether places are given as true rows and columns (or as found ones).
        """
        known = alignment or _NOTHING
        side = 0 if from_truth else 1
        self._rows = {pair[side]: pair[1 - side] for pair in known.rows}
        self._cols = {pair[side]: pair[1 - side] for pair in known.cols}
        self._begin: dict[tuple[int, int], EvalCell] = {}
        self._cover: dict[tuple[int, int], EvalCell] = {}
        for cell in theirs if alignment else ():
            self._begin[cell.row, cell.col] = cell
            self._cover.update(((row, col), cell) for row in cell.rows for col in cell.cols)

    def _aligned(self, row: int, col: int) -> tuple[int, int] | None:
        their_row, their_col = self._rows.get(row), self._cols.get(col)
        return None if their_row is None or their_col is None else (their_row, their_col)

    def is_aligned(self, cell: EvalCell) -> bool:
        """Whether the row and the column where the cell begins have partners."""
        return self._aligned(cell.row, cell.col) is not None

    def begins(self, cell: EvalCell) -> EvalCell | None:
        """The cell that begins at the aligned place."""
        place = self._aligned(cell.row, cell.col)
        return None if place is None else self._begin.get(place)

    def covers(self, cell: EvalCell) -> EvalCell | None:
        """The cell that covers the aligned place, wherever it begins."""
        place = self._aligned(cell.row, cell.col)
        return None if place is None else self._cover.get(place)

    def same_extent(self, cell: EvalCell) -> EvalCell | None:
        """The cell at the aligned place, if it covers exactly the partners of the rows and columns of ``cell``."""
        other = self.begins(cell)
        if other is None or (other.row_span, other.col_span) != (cell.row_span, cell.col_span):
            return None
        rows = all(self._rows.get(row) == theirs for row, theirs in zip(cell.rows, other.rows, strict=True))
        cols = all(self._cols.get(col) == theirs for col, theirs in zip(cell.cols, other.cols, strict=True))
        return other if rows and cols else None


def found_places(pair: TablePair | GridPair) -> Places:
    """The found cells of a pair, by true places."""
    return Places(pair.found.cells if pair.found else (), pair.alignment, from_truth=True)


def true_places(pair: TablePair | GridPair) -> Places:
    """The true cells of a pair, by found places."""
    return Places(pair.truth.cells if pair.truth else (), pair.alignment, from_truth=False)


class PagePlaces:
    """What is found where a page shows the cells of true tables, whichever logical table it was given to.

    A part of a table that was not joined, or joined to another, has its cells here.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._found: dict[tuple[str, int, int], EvalCell] = {}
        for grids in comparison.grids:
            table = comparison.tables[grids.truth.table].truth if grids.truth else None
            if grids.truth is None or table is None:
                continue
            places = found_places(grids)
            for cell in grids.truth.cells:
                found = places.begins(cell) or places.covers(cell)
                # Cut by a page break, a cell is where its text is.
                if found is not None and cell.text:
                    self._found[table.id, grids.truth.first_row + cell.row, cell.col] = found

    def find(self, table: EvalTable, cell: EvalCell) -> EvalCell | None:
        """The found cell that begins at, or else covers, the place of a cell of a true table on its page."""
        return self._found.get((table.id, cell.row, cell.col))
