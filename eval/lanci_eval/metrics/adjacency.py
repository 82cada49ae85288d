"""Adjacency relations of the ICDAR 2013 table competition.

Göbel, Hassan, Oro, Orsi: "A methodology for evaluating algorithms for table understanding in PDF documents"
(2012) and "ICDAR 2013 table competition" (2013). Every cell with text is related to the nearest cell with text to
its right and below, in each row and column that it covers; two cells are related once in a direction, however
many rows they share. As in the competition's own program a relation is the two texts, the direction and the
number of blank positions between, and texts are compared without white space and in upper case
(:func:`lanci.text.squash` also unifies full width and ligatures, on both sides). Where a cell stands does not
matter. The relations of a true and a found table are compared as multisets; those of a found table without a
true one are all wrong.

The competition publishes the means of precision and of recall over documents and the F1 of the two means
(``document_...``); the other figures count all relations alike. Here tables are compared page by page, while the
competition's program joins the parts of a table that runs over several pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from lanci.text import squash
from lanci_eval.matching import PageGrid
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, f1, share
from lanci_eval.metrics.grid_views import IntArray, owners


class Relation(NamedTuple):
    """Two neighbouring texts; ``blanks`` positions lie between the first and the one right of or below it."""

    first: str
    second: str
    below: bool
    blanks: int


class Adjacency(Metric):
    """Precision, recall and F1 of adjacency relations, over all of them and as means over documents.

    A document with relations of which none was found has a precision and a recall of 0; one without relations
    of which some were found has a precision of 0 and no recall. All figures are None when there is nothing to
    find and nothing was found.
    """

    name = "adjacency"
    infos = (
        FigureInfo("precision", "Share of the found relations between neighbouring cells that are true."),
        FigureInfo("recall", "Share of the true relations between neighbouring cells that were found."),
        FigureInfo("f1", "The harmonic mean of the two, all relations counted alike."),
        FigureInfo("document_precision", "The mean over documents of the precision, as the competition publishes."),
        FigureInfo("document_recall", "The mean over documents of the recall, as the competition publishes."),
        FigureInfo("document_f1", "The harmonic mean of the two means: the competition's F1."),
    )

    def tally(self, case: Case) -> Tally:
        correct = n_truth = n_found = 0
        for pair in case.comparison.grids if case.comparison else ():
            truth = relations(pair.truth) if pair.truth else Counter()
            found = relations(pair.found) if pair.found else Counter()
            correct += (truth & found).total()
            n_truth += truth.total()
            n_found += found.total()
        if not n_truth and not n_found:
            return {}
        return {
            "correct": float(correct),
            "truth": float(n_truth),
            "found": float(n_found),
            "documents": 1.0,
            "documents:with_truth": float(n_truth > 0),
            "documents:precision": share(correct, n_found) or 0.0,
            "documents:recall": share(correct, n_truth) or 0.0,
        }

    def figures(self, sums: Mapping[str, float]) -> Figures:
        correct, truth, found = (sums.get(name, 0.0) for name in ("correct", "truth", "found"))
        precision = share(sums.get("documents:precision", 0.0), sums.get("documents", 0.0))
        recall = share(sums.get("documents:recall", 0.0), sums.get("documents:with_truth", 0.0))
        return {
            "precision": share(correct, found),
            "recall": share(correct, truth),
            "f1": f1(correct, truth, found),
            "document_precision": precision,
            "document_recall": recall,
            "document_f1": _harmonic_mean(precision, recall),
        }


def relations(grid: PageGrid) -> Counter[Relation]:
    """The adjacency relations of one table and how often each occurs."""
    texts = [squash(cell.text).upper() for cell in grid.cells]
    owner = owners(grid)
    for index, text in enumerate(texts):
        if not text:
            owner[owner == index] = -1
    found: Counter[Relation] = Counter()
    for below, lines in ((False, owner), (True, owner.T)):
        for (first, second), blanks in _neighbours(lines).items():
            found[Relation(texts[first], texts[second], below, blanks)] += 1
    return found


def _neighbours(lines: IntArray) -> dict[tuple[int, int], int]:
    """Pairs of cells that follow each other in some line, and the blanks between them in the first such line.

    ``lines`` has shape (lines, positions) and holds cells' indices, -1 for blank.
    """
    pairs: dict[tuple[int, int], int] = {}
    for line in lines:
        last: tuple[int, int] | None = None
        for position, cell in enumerate(line.tolist()):
            if cell < 0:
                continue
            if last is not None and last[0] != cell:
                pairs.setdefault((last[0], cell), position - last[1] - 1)
            last = cell, position
    return pairs


def _harmonic_mean(first: float | None, second: float | None) -> float | None:
    if first is None or second is None:
        return None
    return share(2 * first * second, first + second) or 0.0
