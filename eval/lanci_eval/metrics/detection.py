"""Whether the tables of a page were found at the right place.

The boxes of true and of found page grids are paired one to one, page by page, anew for every threshold, so that
as many pairs as possible overlap at least that much (intersection over union). Thresholds run from 0.50 to 0.95
in steps of 0.05, as customary since COCO (Lin et al. 2014); systems give no order of confidence, so precision and
recall are given and no average precision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lanci.document import Box
from lanci_eval.matching import PageGrid
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, f1, share
from lanci_eval.metrics.grid_views import box_array, box_ious

THRESHOLDS = tuple(range(50, 100, 5))
"""In hundredths."""
_SHOWN = (50, 80, 90)
# An overlap of exactly a threshold must not be lost to rounding.
_ROUNDING = 1e-9


class Detection(Metric):
    """Precision, recall and F1 of page grids as boxes, at some thresholds and as the mean over all.

    A found table without a box counts as found and wrong. Precision is None when nothing was found, recall when
    there is nothing to find, F1 when both. A page with a true table of unknown place is left out; a document
    whose true tables have no boxes at all says nothing.
    """

    name = "detection"
    infos = tuple(
        info
        for suffix, where in (
            *((str(threshold), f"at an overlap of at least {threshold} %") for threshold in _SHOWN),
            ("mean", "on average over thresholds of overlap from 50 to 95 %"),
        )
        for info in (
            FigureInfo(f"precision_{suffix}", f"Share of the found tables that lie where a true one does, {where}."),
            FigureInfo(f"recall_{suffix}", f"Share of the true tables where one was found, {where}."),
            FigureInfo(f"f1_{suffix}", f"The harmonic mean of the two, {where}."),
        )
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        truth = [pair.truth for pair in case.comparison.grids if pair.truth]
        found = [pair.found for pair in case.comparison.grids if pair.found]
        if truth and all(grid.box is None for grid in truth):
            return {}
        unknown = {grid.page for grid in truth if grid.box is None}
        pages = sorted({grid.page for grid in (*truth, *found)} - unknown)
        sums: Tally = {}
        for page in pages:
            true_boxes, found_boxes = _boxes_on(truth, page), _boxes_on(found, page)
            counts = {"truth": len(true_boxes), "found": len(found_boxes)}
            counts |= {f"hit:{threshold}": count_hits(true_boxes, found_boxes, threshold) for threshold in THRESHOLDS}
            for name, value in counts.items():
                sums[name] = sums.get(name, 0.0) + value
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        truth, found = sums.get("truth", 0.0), sums.get("found", 0.0)
        hits = {str(threshold): sums.get(f"hit:{threshold}", 0.0) for threshold in THRESHOLDS}
        shown = {str(threshold): hits[str(threshold)] for threshold in _SHOWN}
        # All thresholds share their denominators, so the mean of shares is the share of the mean.
        shown["mean"] = sum(hits.values()) / len(hits)
        figures: Figures = {}
        for suffix, hit in shown.items():
            figures[f"precision_{suffix}"] = share(hit, found)
            figures[f"recall_{suffix}"] = share(hit, truth)
            figures[f"f1_{suffix}"] = f1(hit, truth, found)
        return figures


def count_hits(truth: Sequence[Box | None], found: Sequence[Box | None], threshold: int) -> int:
    """The most one-to-one pairs of boxes that overlap by at least ``threshold`` hundredths."""
    from scipy.optimize import linear_sum_assignment

    enough = box_ious(box_array(truth), box_array(found)) >= threshold / 100 - _ROUNDING
    rows, cols = linear_sum_assignment(enough, maximize=True)
    return int(enough[rows, cols].sum())


def _boxes_on(grids: Sequence[PageGrid], page: int) -> list[Box | None]:
    return [grid.box for grid in grids if grid.page == page]
