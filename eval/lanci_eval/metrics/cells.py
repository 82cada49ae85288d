"""Cells and characters at aligned positions, page by page.

Judged on page grids, so that a table that is not joined over pages loses nothing here. Rows and columns are
aligned first (:mod:`lanci_eval.matching.align`): a row too many costs its own cells and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rapidfuzz.distance import Levenshtein

from lanci.text import is_cjk, squash
from lanci_eval.matching import GridPair
from lanci_eval.matching.places import found_places
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, f1, share
from lanci_eval.records import EvalCell


class Cells(Metric):
    """A cell is right when its text is right and it covers exactly the partners of its rows and columns."""

    name: ClassVar[str] = "cells"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("cell_f1", "F1 of cells with the right text, place and span, empty cells included."),
        FigureInfo("cell_precision", "Share of found cells that are right in text, place and span."),
        FigureInfo("cell_recall", "Share of true cells that were found with the right text, place and span."),
        FigureInfo("cell_text_f1", "F1 of cells with the right text, place and span, among cells that have text."),
        FigureInfo(
            "chinese_exact", "Share of true cells with Chinese text that were found right in text, place, span."
        ),
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        names = ("true", "found", "right", "true_text", "found_text", "right_text", "chinese", "right_chinese")
        sums: Tally = dict.fromkeys(names, 0.0)
        for pair in case.comparison.grids:
            truth, found = pair.truth.cells if pair.truth else (), pair.found.cells if pair.found else ()
            right = right_cells(pair)
            for kind, cells in (("true", truth), ("found", found), ("right", right)):
                sums[kind] += len(cells)
                sums[f"{kind}_text"] += sum(bool(squash(cell.text)) for cell in cells)
            sums["chinese"] += sum(_is_chinese(cell) for cell in truth)
            sums["right_chinese"] += sum(_is_chinese(cell) for cell in right)
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        right, true, found = (sums.get(name, 0.0) for name in ("right", "true", "found"))
        texts = (sums.get(name, 0.0) for name in ("right_text", "true_text", "found_text"))
        return {
            "cell_f1": f1(right, true, found),
            "cell_precision": share(right, found),
            "cell_recall": share(right, true),
            "cell_text_f1": f1(*texts),
            "chinese_exact": share(sums.get("right_chinese", 0.0), sums.get("chinese", 0.0)),
        }


class Characters(Metric):
    """Character error rate over the true cells that have text, each against the text at its aligned place."""

    name: ClassVar[str] = "characters"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo(
            "cer",
            "Character errors (edits) per character of the true cells; a missing cell counts whole.",
            higher_is_better=False,
        ),
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        sums: Tally = {"characters": 0.0, "edits": 0.0}
        for pair in case.comparison.grids:
            for text, read in _readings(pair):
                sums["characters"] += len(text)
                sums["edits"] += Levenshtein.distance(text, read)
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        return {"cer": share(sums.get("edits", 0.0), sums.get("characters", 0.0))}


def _is_chinese(cell: EvalCell) -> bool:
    return any(is_cjk(char) for char in cell.text)


def right_cells(pair: GridPair) -> list[EvalCell]:
    """The true cells whose text, place and span were found."""
    if pair.truth is None or pair.found is None:
        return []
    places = found_places(pair)
    return [
        cell
        for cell in pair.truth.cells
        if (other := places.same_extent(cell)) is not None and squash(other.text) == squash(cell.text)
    ]


def _readings(pair: GridPair) -> list[tuple[str, str]]:
    """The text of each true cell that has one, and what covers its place.

    A found cell that covers the places of several true ones is held against the first of them only: its text
    was read once.
    """
    if pair.truth is None:
        return []
    places = found_places(pair)
    used: set[tuple[int, int]] = set()
    readings = []
    for cell in pair.truth.cells:
        text = squash(cell.text)
        if not text:
            continue
        other = places.covers(cell)
        read = ""
        if other is not None and (other.row, other.col) not in used:
            used.add((other.row, other.col))
            read = squash(other.text)
        readings.append((text, read))
    return readings
