"""TEDS and TEDS-Struct: how far two tables are apart as trees.

Zhong, ShafieiBavani, Jimeno Yepes: "Image-based table recognition: data, model, and evaluation" (2020). A table
is a tree ``table > tr > td``; inserting and deleting a node cost 1, renaming costs 1 when the tags or the spans
differ and otherwise the Levenshtein distance of the two texts over the length of the longer one. The score is
1 - distance / nodes of the larger tree. TEDS-Struct leaves the texts out.

What is scored here are page grids without ``thead`` and ``tbody``, since most systems do not tell header rows;
a position that no cell covers has no node. White space is handled by :func:`printed`.

The distance is exact, that of the general algorithms (Zhang and Shasha 1989; APTED), which take five seconds for
two tables of 600 cells. It is found in a fraction of one because these trees have three levels only:

* The two ``table`` nodes, and in a pair of rows the two ``tr`` nodes, stand for each other in some optimal
  solution: mapping one of them to another node costs as much as the other node's insertion, which is saved.
* So the distance of two rows is the edit distance of their sequences of cells, and all pairs of rows are computed
  side by side.
* A row against a single cell keeps at most one node: the cheapest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from lanci_eval.matching import PageGrid
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, share
from lanci_eval.metrics.grid_views import FloatArray, IntArray, distinct, printed


@dataclass(frozen=True, slots=True)
class _Tree:
    """The nodes below ``table``: ``td`` nodes in reading order and how many of them each ``tr`` holds.

    ``spans`` has shape (cells, 2); ``sizes`` and ``starts`` (a row's first cell) have shape (rows,).
    """

    texts: tuple[str, ...]
    spans: IntArray
    sizes: IntArray
    starts: IntArray

    @property
    def n_nodes(self) -> int:
        return 1 + len(self.sizes) + len(self.texts)


class Teds(Metric):
    """The mean over all true page grids; one that was not found scores 0, None when there is no true table."""

    name = "teds"
    infos = (
        FigureInfo("teds", "Similarity of a page's table to the true one as a tree of rows and cells with their text."),
        FigureInfo("teds_struct", "The same without the text: rows, cells and their spans only."),
    )

    def tally(self, case: Case) -> Tally:
        pairs = case.comparison.grids if case.comparison else ()
        sums: Tally = {}
        for pair in pairs:
            if pair.truth is None:
                continue
            sums["tables"] = sums.get("tables", 0.0) + 1
            for name, structure_only in (("teds", False), ("teds_struct", True)):
                score = teds(pair.truth, pair.found, structure_only) if pair.found else 0.0
                sums[name] = sums.get(name, 0.0) + score
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        tables = sums.get("tables", 0.0)
        return {info.name: share(sums.get(info.name, 0.0), tables) for info in self.infos}


def teds(truth: PageGrid, found: PageGrid, structure_only: bool = False) -> float:
    """The similarity of two grids as trees, 0 to 1; symmetric, 1 when they are the same."""
    first, second = _to_tree(truth), _to_tree(found)
    costs = _rename_costs(first, second, structure_only)
    distance = _forest_distance(first, second, costs)
    return max(0.0, 1.0 - distance / max(first.n_nodes, second.n_nodes))


def _to_tree(grid: PageGrid) -> _Tree:
    cells = sorted(grid.cells, key=lambda cell: (cell.row, cell.col))
    sizes = np.bincount([cell.row for cell in cells], minlength=grid.n_rows).astype(np.int64)
    spans = np.array([(cell.row_span, cell.col_span) for cell in cells], dtype=np.int64).reshape(-1, 2)
    texts = tuple(printed(cell.text) for cell in cells)
    return _Tree(texts, spans, sizes, np.cumsum(sizes) - sizes)


def _rename_costs(first: _Tree, second: _Tree, structure_only: bool) -> FloatArray:
    """The cost of turning each cell of ``first`` into each of ``second``; shape (cells, cells)."""
    costs = np.zeros((len(first.texts), len(second.texts)))
    if not structure_only and costs.size:
        (rows, in_rows), (cols, in_cols) = distinct(first.texts), distinct(second.texts)
        distances = cdist(rows, cols, scorer=Levenshtein.normalized_distance, dtype=np.float64, workers=1)
        costs = distances[np.ix_(in_rows, in_cols)]
    costs[(first.spans[:, None] != second.spans[None, :]).any(axis=-1)] = 1.0
    return costs


def _forest_distance(first: _Tree, second: _Tree, costs: FloatArray) -> float:
    """The edit distance of the two sequences of rows with their cells, costs of cells given.

    Nodes are numbered in postorder. ``before`` of a node is how many nodes stand before its whole subtree: the
    cheapest way to match the first i nodes to the first j is to delete the last one, to insert the last one, or
    to match the two last subtrees.
    """
    subtrees = _subtree_distances(first, second, costs)
    before_first, before_second = _nodes_before(first), _nodes_before(second)
    steps = np.arange(len(before_second) + 1, dtype=np.float64)
    rows = np.empty((len(before_first) + 1, len(steps)))
    rows[0] = steps
    for node, before in enumerate(before_first):
        matched = rows[before, before_second] + subtrees[node]
        rows[node + 1, 0] = node + 1
        rows[node + 1, 1:] = np.minimum(matched, rows[node, 1:] + 1)
        rows[node + 1] = _with_insertions(rows[node + 1], steps)
    return float(rows[-1, -1])


def _with_insertions(row: FloatArray, steps: FloatArray) -> FloatArray:
    """Each place also reached from any place before it, 1 for every step (last axis)."""
    reached: FloatArray = np.minimum.accumulate(row - steps, axis=-1) + steps
    return reached


def _nodes_before(tree: _Tree) -> IntArray:
    """For every node in postorder (the cells of a row, then the row) the number of nodes before its subtree."""
    before = np.arange(len(tree.texts) + len(tree.sizes), dtype=np.int64)
    row_nodes = _row_nodes(tree)
    before[row_nodes] = row_nodes - tree.sizes
    return before


def _row_nodes(tree: _Tree) -> IntArray:
    nodes: IntArray = np.cumsum(tree.sizes + 1) - 1
    return nodes


def _subtree_distances(first: _Tree, second: _Tree, costs: FloatArray) -> FloatArray:
    """The distance of every subtree of ``first`` and every one of ``second``, both in postorder."""
    rows_first, rows_second = _row_nodes(first), _row_nodes(second)
    cells_first = np.delete(np.arange(len(first.texts) + len(first.sizes)), rows_first)
    cells_second = np.delete(np.arange(len(second.texts) + len(second.sizes)), rows_second)
    distances = np.empty((len(cells_first) + len(rows_first), len(cells_second) + len(rows_second)))
    distances[np.ix_(cells_first, cells_second)] = costs
    distances[np.ix_(cells_first, rows_second)] = _cell_to_row(costs, second)
    distances[np.ix_(rows_first, cells_second)] = _cell_to_row(costs.T, first).T
    distances[np.ix_(rows_first, rows_second)] = _row_to_row(first, second, costs)
    return distances


def _cell_to_row(costs: FloatArray, tree: _Tree) -> FloatArray:
    """The distance of each cell to each row of ``tree``: keep the cheapest node, insert the others."""
    columns = [
        size + costs[:, start : start + size].min(axis=1, initial=1.0)
        for start, size in zip(tree.starts, tree.sizes, strict=True)
    ]
    return np.stack(columns, axis=1) if columns else np.empty((costs.shape[0], 0))


def _row_to_row(first: _Tree, second: _Tree, costs: FloatArray) -> FloatArray:
    """The edit distance of the cells of each row of ``first`` and of each row of ``second``.

    All pairs of rows advance together, one cell of the first row at a time; shorter rows are padded and their
    result is read off when they end.
    """
    widest = int(second.sizes.max(initial=0))
    steps = np.arange(widest + 1, dtype=np.float64)
    ends = np.arange(len(second.sizes))
    result = np.broadcast_to(second.sizes.astype(np.float64), (len(first.sizes), len(second.sizes))).copy()
    if not costs.size:
        return np.maximum(result, first.sizes[:, None])
    state = np.broadcast_to(steps, (len(first.sizes), len(second.sizes), widest + 1)).copy()
    padded = np.minimum(second.starts[:, None] + np.arange(widest), costs.shape[1] - 1)
    for step in range(int(first.sizes.max(initial=0))):
        cells = np.minimum(first.starts + step, costs.shape[0] - 1)
        renamed = state[..., :-1] + costs[cells[:, None, None], padded[None]]
        state[..., 1:] = np.minimum(renamed, state[..., 1:] + 1)
        state[..., 0] = step + 1
        state = _with_insertions(state, steps)
        done = first.sizes == step + 1
        result[done] = state[done][:, ends, second.sizes]
    return result
