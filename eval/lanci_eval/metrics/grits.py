"""GriTS: how similar two tables are as grids.

Smock, Pesala, Abraham: "GriTS: Grid table similarity metric for table structure recognition" (2022). Every
position of a grid shows the cell that covers it. Rows are paired with rows and columns with columns, in order,
so that the positions where paired rows and columns cross are as similar as possible; the score is twice the sum
of their similarities over the number of positions of both grids. Three similarities of positions are measured:

* *Top*: intersection over union of the covering cells' extents relative to the position, in rows and columns;
* *Con*: twice the longest common subsequence of the two texts over the sum of their lengths (1 for two blanks);
* *Loc*: intersection over union of the covering cells' boxes on the page.

The best pairing is NP-hard to find; as in the paper, rows are paired by how well they can be aligned on their
own, columns likewise, and the score is that of the two pairings together. Among equally good pairings the one
of the authors' program is taken: prefer a pair to a gap, then leave out a true row before a found one. Two
details follow the paper, not that program's first version: the union is that of the two areas, not their common
hull, and the common subsequence is the longest.

The published figure is the mean over tables (:attr:`GritsScore.f`). Since 2025 the authors recommend to pool all
positions of a data set; that, as precision, recall and F, is given beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cdist

from lanci_eval.matching import GridPair, PageGrid
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, f1, share
from lanci_eval.metrics.grid_views import FloatArray, IntArray, box_array, box_ious, distinct, owners, printed


@dataclass(frozen=True, slots=True)
class GritsScore:
    """The sum of similarities and the number of positions of the true and of the found grid."""

    similarity: float
    n_truth: int
    n_found: int

    @property
    def f(self) -> float | None:
        """The GriTS of this pair; None when neither grid has a position."""
        return f1(self.similarity, self.n_truth, self.n_found)


@dataclass(frozen=True, slots=True)
class _View:
    """What each position of two grids shows: ``labels`` of shape (rows, columns) into the axes of ``similar``.

    ``counts`` are the numbers of positions that count.
    """

    truth: IntArray
    found: IntArray
    similar: FloatArray
    counts: tuple[int, int]


class Grits(Metric):
    """GriTS over all true page grids; one that was not found scores 0.

    All figures are None when there is no true grid, but a pooled precision is 0 when tables were found where
    there are none. Loc counts the positions whose cell has a box: true grids without boxes are left out,
    documents whose true grids have none at all say nothing, and the figures of Loc are None when tables were
    found and none of their cells has a box.
    """

    name = "grits"
    infos = tuple(
        info
        for kind, what in (
            ("top", "the extents of cells in rows and columns"),
            ("con", "the text of cells"),
            ("loc", "the places of cells on the page"),
        )
        for info in (
            FigureInfo(kind, f"Similarity of a page's table to the true one in {what}; the mean over tables."),
            FigureInfo(f"{kind}_precision", f"Share of all found positions that is right in {what}."),
            FigureInfo(f"{kind}_recall", f"Share of all true positions that is right in {what}."),
            FigureInfo(f"{kind}_pooled", f"The harmonic mean of the two shares, for {what}."),
        )
    )

    def tally(self, case: Case) -> Tally:
        sums: Tally = {}
        pairs = case.comparison.grids if case.comparison else ()
        truth = [pair.truth for pair in pairs if pair.truth]
        placeless = bool(truth) and all(cell.box is None for grid in truth for cell in grid.cells)
        for pair in pairs:
            for kind, score in SCORES.items():
                if kind == "loc" and placeless:
                    continue
                _count(sums, kind, _score_pair(pair, score), pair.truth is not None)
            cells = pair.found.cells if pair.found else ()
            sums["loc:cells"] = sums.get("loc:cells", 0.0) + len(cells)
            sums["loc:boxes"] = sums.get("loc:boxes", 0.0) + sum(cell.box is not None for cell in cells)
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        figures: Figures = {}
        for kind in SCORES:
            similarity, truth, found = (sums.get(f"{kind}:{part}", 0.0) for part in ("similarity", "truth", "found"))
            figures |= {
                kind: share(sums.get(f"{kind}:f", 0.0), sums.get(f"{kind}:tables", 0.0)),
                f"{kind}_precision": share(similarity, found),
                f"{kind}_recall": share(similarity, truth),
                f"{kind}_pooled": f1(similarity, truth, found),
            }
        if sums.get("loc:cells") and not sums.get("loc:boxes"):
            figures |= {name: None for name in figures if name.startswith("loc")}
        return figures


def _score_pair(pair: GridPair, score: Callable[[PageGrid, PageGrid], GritsScore]) -> GritsScore:
    nothing = PageGrid(table=0, page=1, n_rows=0, n_cols=0, cells=())
    return score(pair.truth or nothing, pair.found or nothing)


def _count(sums: Tally, kind: str, score: GritsScore, is_true: bool) -> None:
    counts = {"similarity": score.similarity, "truth": float(score.n_truth), "found": float(score.n_found)}
    if is_true and score.n_truth:
        counts |= {"tables": 1.0, "f": score.f or 0.0}
    elif is_true:
        return  # Nothing is known of the true table in this respect: neither is what was found right or wrong.
    for part, value in counts.items():
        sums[f"{kind}:{part}"] = sums.get(f"{kind}:{part}", 0.0) + value


def grits_top(truth: PageGrid, found: PageGrid) -> GritsScore:
    """The similarity of two grids in the extents of their cells."""
    extents = [_extents(grid) for grid in (truth, found)]
    distinct, labels = np.unique(np.concatenate(extents), axis=0, return_inverse=True)
    labels = labels.reshape(-1)
    split = len(extents[0])
    similar = box_ious(distinct.astype(np.float64), distinct.astype(np.float64))
    shapes = [(grid.n_rows, grid.n_cols) for grid in (truth, found)]
    views = labels[:split].reshape(shapes[0]), labels[split:].reshape(shapes[1])
    return _score(_View(*views, similar, (views[0].size, views[1].size)))


def grits_con(truth: PageGrid, found: PageGrid) -> GritsScore:
    """The similarity of two grids in the texts of their cells; a position without a cell is blank."""
    # The owner -1 of an uncovered position picks the blank put last.
    (rows, in_rows), (cols, in_cols) = (
        distinct([*(printed(cell.text) for cell in grid.cells), ""]) for grid in (truth, found)
    )
    similar = _subsequence_similarity(rows, cols)
    views = in_rows[owners(truth)], in_cols[owners(found)]
    return _score(_View(*views, similar, (views[0].size, views[1].size)))


def grits_loc(truth: PageGrid, found: PageGrid) -> GritsScore:
    """The similarity of two grids in the boxes of their cells; positions whose cell has no box do not count."""
    boxes = [box_array([cell.box for cell in grid.cells] + [None]) for grid in (truth, found)]
    views = owners(truth), owners(found)
    has_box = [~np.isnan(part[view][..., 0]) for part, view in zip(boxes, views, strict=True)]
    counts = int(has_box[0].sum()), int(has_box[1].sum())
    return _score(_View(*views, box_ious(boxes[0], boxes[1]), counts))


SCORES: Mapping[str, Callable[[PageGrid, PageGrid], GritsScore]] = {
    "top": grits_top,
    "con": grits_con,
    "loc": grits_loc,
}


def _extents(grid: PageGrid) -> IntArray:
    """For every position the extent of its cell as x0, y0, x1, y1 from there; shape (positions, 4)."""
    cells = [(cell.col, cell.row, cell.col + cell.col_span, cell.row + cell.row_span) for cell in grid.cells]
    owner = owners(grid).reshape(-1)
    here = np.indices((grid.n_rows, grid.n_cols)).reshape(2, -1)[::-1].T
    alone = np.concatenate([here, here + 1], axis=1)
    covering = np.array([*cells, (0, 0, 0, 0)], dtype=np.int64)[owner]
    extents: IntArray = np.where((owner >= 0)[:, None], covering, alone) - np.tile(here, 2)
    return extents


def _subsequence_similarity(first: Sequence[str], second: Sequence[str]) -> FloatArray:
    # From whole numbers: a similarity taken as 1 - distance is rounded, and that would decide between equal pairings.
    common: FloatArray = cdist(first, second, scorer=LCSseq.similarity, dtype=np.float64, workers=1)
    total = np.array([len(text) for text in first])[:, None] + np.array([len(text) for text in second])[None]
    similar: FloatArray = np.divide(2 * common, total, out=np.ones_like(common), where=total > 0)
    return similar


def _score(view: _View) -> GritsScore:
    if not (view.truth.size and view.found.size):
        return GritsScore(0.0, *view.counts)
    rows = _best_pairs(_line_rewards(view.truth, view.found, view.similar))
    cols = _best_pairs(_line_rewards(view.truth.T, view.found.T, view.similar))
    truth = view.truth[np.ix_(rows[:, 0], cols[:, 0])]
    found = view.found[np.ix_(rows[:, 1], cols[:, 1])]
    return GritsScore(float(view.similar[truth, found].sum()), *view.counts)


def _line_rewards(truth: IntArray, found: IntArray, similar: FloatArray) -> FloatArray:
    """How similar each true line and each found line can be made by leaving positions out; shape (lines, lines).

    ``truth`` and ``found`` have shape (lines, positions); all pairs of lines advance together.
    """
    best = np.zeros((len(truth), len(found), found.shape[1] + 1))
    for position in range(truth.shape[1]):
        gains = similar[truth[:, position][:, None, None], found[None]]
        best[..., 1:] = np.maximum(best[..., 1:], best[..., :-1] + gains)
        best = np.maximum.accumulate(best, axis=-1)
    rewards: FloatArray = best[..., -1]
    return rewards


def _best_pairs(rewards: FloatArray) -> IntArray:
    """The ordered one-to-one pairs of lines of the greatest sum of rewards; shape (pairs, 2)."""
    n_truth, n_found = rewards.shape
    best = np.zeros((n_truth + 1, n_found + 1))
    for line in range(n_truth):
        best[line + 1, 1:] = np.maximum(best[line, 1:], best[line, :-1] + rewards[line])
        best[line + 1] = np.maximum.accumulate(best[line + 1])
    pairs: list[tuple[int, int]] = []
    true_line, found_line = n_truth, n_found
    while true_line and found_line:
        here = best[true_line, found_line]
        if here == best[true_line - 1, found_line - 1] + rewards[true_line - 1, found_line - 1]:
            true_line, found_line = true_line - 1, found_line - 1
            pairs.append((true_line, found_line))
        elif here == best[true_line - 1, found_line]:
            true_line -= 1
        else:
            found_line -= 1
    return np.array(pairs[::-1], dtype=np.int64).reshape(-1, 2)
