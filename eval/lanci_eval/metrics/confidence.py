"""Does a system know where it is wrong? Calibration, and how much a reader must look at.

Judged on page grids, over found cells that have a confidence. A found cell is wrong when its text differs from
that of the true cell which begins at its aligned place, or when it has no place in the truth. What is missing
from an extraction cannot be reviewed, so its share is told apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from lanci.text import squash
from lanci_eval.matching import GridPair
from lanci_eval.matching.places import found_places, true_places
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, share

N_BINS = 15
"""Equal-width bins of the expected calibration error, as Guo et al. (2017) and most after them use."""
N_REVIEW_STEPS = 10_000
"""Steps of confidence in which a reader goes through the cells; those of one step are looked at together."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Cells whose confidence lies in (low, high]: how many, their mean confidence, and the share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability_curve(sums: Mapping[str, float]) -> tuple[ReliabilityBin, ...]:
    """The reliability curve of some sums of :class:`Confidence`: the bins that hold a cell, by confidence."""
    curve = []
    for number in range(N_BINS):
        count, confidence, right = (sums.get(f"bin:{number:02}:{what}", 0.0) for what in ("count", "sum", "right"))
        if count:
            low, high = number / N_BINS, (number + 1) / N_BINS
            curve.append(ReliabilityBin(low, high, round(count), confidence / count, right / count))
    return tuple(curve)


class Confidence(Metric):
    """Calibration error, review effort, what is flagged and what no review can find."""

    name: ClassVar[str] = "confidence"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo(
            "ece",
            f"Expected calibration error of cell confidences ({N_BINS} equal bins, Guo et al. 2017).",
            higher_is_better=False,
        ),
        FigureInfo(
            "review_effort",
            "Share of cells to look at, flagged ones first, then by rising confidence, before no wrong one is left.",
            higher_is_better=False,
        ),
        FigureInfo(
            "cells_marked",
            "Cells that are flagged, blank ones among them, per found cell with text.",
            higher_is_better=False,
        ),
        FigureInfo("cells_wrong", "Share of the cells with a confidence that are wrong.", higher_is_better=False),
        FigureInfo(
            "missing_cells",
            "Share of true cells with text that have no place in the extraction: no review finds them.",
            higher_is_better=False,
        ),
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        sums: Tally = dict.fromkeys(("true", "missing", "cells", "texts", "marked", "wrong"), 0.0)
        for pair in case.comparison.grids:
            _count_missing(pair, sums)
            for reading in _readings(pair):
                _count_reading(reading, sums)
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        cells = sums.get("cells", 0.0)
        gap = sum(one.count * abs(one.accuracy - one.confidence) for one in reliability_curve(sums))
        return {
            "ece": share(gap, cells),
            "review_effort": share(_to_look_at(sums), cells),
            "cells_marked": share(sums.get("marked", 0.0), sums.get("texts", 0.0)),
            "cells_wrong": share(sums.get("wrong", 0.0), cells),
            "missing_cells": share(sums.get("missing", 0.0), sums.get("true", 0.0)),
        }


@dataclass(frozen=True, slots=True)
class _Reading:
    confidence: float
    marked: bool
    right: bool
    blank: bool


def _readings(pair: GridPair) -> Iterator[_Reading]:
    """The found cells of a pair that have a confidence."""
    places = true_places(pair)
    for cell in pair.found.cells if pair.found else ():
        if cell.confidence is None:
            continue
        true = places.begins(cell)
        right = places.is_aligned(cell) and squash(cell.text) == (squash(true.text) if true else "")
        yield _Reading(min(max(cell.confidence, 0.0), 1.0), cell.marked, right, not squash(cell.text))


def _count_missing(pair: GridPair, sums: Tally) -> None:
    places = found_places(pair)
    for cell in pair.truth.cells if pair.truth else ():
        if squash(cell.text):
            sums["true"] += 1
            sums["missing"] += places.covers(cell) is None


def _count_reading(reading: _Reading, sums: Tally) -> None:
    number = max(math.ceil(reading.confidence * N_BINS) - 1, 0)
    step = "marked" if reading.marked else f"{math.floor(reading.confidence * N_REVIEW_STEPS):05}"
    counts = {
        "cells": 1.0,
        "texts": float(not reading.blank),
        "marked": float(reading.marked),
        "wrong": float(not reading.right),
        f"bin:{number:02}:count": 1.0,
        f"bin:{number:02}:sum": reading.confidence,
        f"bin:{number:02}:right": float(reading.right),
        f"review:{step}:count": 1.0,
    }
    if not reading.right:
        counts[f"review:{step}:wrong"] = 1.0
    for name, count in counts.items():
        sums[name] = sums.get(name, 0.0) + count


def _to_look_at(sums: Mapping[str, float]) -> float:
    """How many cells a reader looks at until every wrong one was seen, step by step; 0 when none is wrong."""
    seen = last = 0.0
    for step in ("marked", *_steps(sums)):
        seen += sums.get(f"review:{step}:count", 0.0)
        if sums.get(f"review:{step}:wrong", 0.0):
            last = seen
    return last


def _steps(sums: Mapping[str, float]) -> list[str]:
    """The steps of confidence that hold a cell, rising."""
    names = (name.split(":") for name in sums if name.startswith("review:") and name.endswith(":count"))
    return sorted(step for _, step, _ in names if step != "marked")
