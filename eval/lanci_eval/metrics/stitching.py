"""Are the parts of a table that several pages show joined, and those of different tables kept apart?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

from lanci.text import squash
from lanci_eval.matching import Comparison
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, f1, share
from lanci_eval.records import EvalTable

_Content = frozenset[tuple[int, int, int, int, str]]


class Stitching(Metric):
    """Pairs of fragments in one table, and tables that came back exactly.

    A fragment is what one page shows of a table. A found pair of fragments is right when both stand for true
    fragments, of one true table.
    """

    name: ClassVar[str] = "stitching"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("stitch_f1", "F1 of pairs of fragments that belong to one table."),
        FigureInfo("stitch_precision", "Share of joined pairs of fragments that belong together."),
        FigureInfo("stitch_recall", "Share of pairs of fragments that belong together and were joined."),
        FigureInfo("tables_exact", "Share of tables that came back with every cell's text, place and span."),
        FigureInfo("multi_page_tables_exact", "The same among tables that run over several pages."),
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        return _count_pairs(case.comparison) | _count_exact(case.comparison)

    def figures(self, sums: Mapping[str, float]) -> Figures:
        right, true, found = (sums.get(f"{name}_pairs", 0.0) for name in ("right", "true", "found"))
        return {
            "stitch_f1": f1(right, true, found),
            "stitch_precision": share(right, found),
            "stitch_recall": share(right, true),
            "tables_exact": share(sums.get("exact", 0.0), sums.get("tables", 0.0)),
            "multi_page_tables_exact": share(sums.get("multi_page_exact", 0.0), sums.get("multi_page_tables", 0.0)),
        }


def _count_pairs(comparison: Comparison) -> Tally:
    true = Counter(pair.truth.table for pair in comparison.grids if pair.truth is not None)
    found = Counter(pair.found.table for pair in comparison.grids if pair.found is not None)
    both = Counter(
        (pair.truth.table, pair.found.table)
        for pair in comparison.grids
        if pair.truth is not None and pair.found is not None
    )
    return {"true_pairs": _n_pairs(true), "found_pairs": _n_pairs(found), "right_pairs": _n_pairs(both)}


def _n_pairs(groups: Counter[int] | Counter[tuple[int, int]]) -> float:
    """How many unordered pairs there are within the groups."""
    return float(sum(size * (size - 1) // 2 for size in groups.values()))


def _count_exact(comparison: Comparison) -> Tally:
    sums: Tally = dict.fromkeys(("tables", "exact", "multi_page_tables", "multi_page_exact"), 0.0)
    for pair in comparison.tables:
        if pair.truth is None:
            continue
        exact = pair.found is not None and _is_same(pair.truth, pair.found)
        sums["tables"] += 1
        sums["exact"] += exact
        if len({fragment.page for fragment in pair.truth.fragments}) > 1:
            sums["multi_page_tables"] += 1
            sums["multi_page_exact"] += exact
    return sums


def _is_same(truth: EvalTable, found: EvalTable) -> bool:
    return (truth.n_rows, truth.n_cols) == (found.n_rows, found.n_cols) and _content(truth) == _content(found)


def _content(table: EvalTable) -> _Content:
    return frozenset((cell.row, cell.col, cell.row_span, cell.col_span, squash(cell.text)) for cell in table.cells)
