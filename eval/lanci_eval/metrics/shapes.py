"""Are there as many tables on a page as there should be, and have they as many rows and columns?

The plainest measure there is, and the one that Camelot's developers publish for their own parsers on the
ICDAR-2013 documents (``bench/benchmark_icdar.py`` in their repository): tables of a page are counted and
compared in their order, without a look at where they stand or what they hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lanci_eval.matching import Comparison, PageGrid
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, f1, share


class Shapes(Metric):
    """Counts of tables per page, and of rows and columns of the tables that stand at the same place in order."""

    name: ClassVar[str] = "shapes"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("count_f1", "F1 of the number of tables per page, wherever they stand."),
        FigureInfo("rows_equal", "Share of tables, paired in page order, that have the right number of rows."),
        FigureInfo("cols_equal", "Share of tables, paired in page order, that have the right number of columns."),
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        true, found = _by_page(case.comparison, truth=True), _by_page(case.comparison, truth=False)
        sums: Tally = dict.fromkeys(("paired", "true", "found", "rows", "cols"), 0.0)
        for page in sorted(true.keys() | found.keys()):
            ours, theirs = true.get(page, []), found.get(page, [])
            sums["true"] += len(ours)
            sums["found"] += len(theirs)
            for one, other in zip(ours, theirs, strict=False):
                sums["paired"] += 1
                sums["rows"] += one.n_rows == other.n_rows
                sums["cols"] += one.n_cols == other.n_cols
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        paired = sums.get("paired", 0.0)
        return {
            "count_f1": f1(paired, sums.get("true", 0.0), sums.get("found", 0.0)),
            "rows_equal": share(sums.get("rows", 0.0), paired),
            "cols_equal": share(sums.get("cols", 0.0), paired),
        }


def _by_page(comparison: Comparison, *, truth: bool) -> dict[int, list[PageGrid]]:
    """The grids of one side, page by page, in the order of their tables."""
    grids = [grid for pair in comparison.grids if (grid := pair.truth if truth else pair.found) is not None]
    pages: dict[int, list[PageGrid]] = {}
    for grid in sorted(grids, key=lambda grid: (grid.page, grid.table)):
        pages.setdefault(grid.page, []).append(grid)
    return pages
