"""Confidence intervals: the percentile bootstrap over groups of documents (Efron 1979; Efron & Tibshirani 1993).

A group is drawn or not as a whole, since its documents are not independent (two scans of one page). Every figure
is a function of sums, so a resample is a matrix product: how often each group was drawn, times the groups' sums.
Two systems that are measured on the same groups share their resamples, and so the difference between them is
paired: what makes a document hard for both does not blur it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lanci_eval.metrics.base import FigureMaker, Tally, add_tallies
from lanci_eval.results import Estimate

DRAWS = 1000
TAG_DRAWS = 400
"""For the many small parts of a dataset."""
LEVEL = 0.95
MIN_DEFINED = 0.5
"""An interval is given only if at least this share of the resamples define the figure."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def estimate(
    metric: FigureMaker, tallies_by_group: Mapping[str, Tally], seed: int, draws: int = DRAWS
) -> dict[str, Estimate]:
    """Every figure of a metric with its interval.

    Args:
        metric: makes figures of sums.
        tallies_by_group: the sums of each group of documents.
        seed: the same seed and groups give the same intervals.
        draws: number of resamples.

    Returns:
        The estimates by the figure's name, in the metric's order. An interval is None where fewer than two groups
        have something to say, where too few resamples define the figure, and where all groups agree.
    """
    groups = [tallies_by_group[name] for name in sorted(tallies_by_group)]
    counts = resample(len(groups), seed, draws)
    drawn = draw_figures(metric, groups, counts)
    n_groups = count_groups(metric, groups)
    values = metric.figures(add_tallies(groups))
    return {
        info.name: estimate_drawn(values[info.name], drawn[info.name], n_groups[info.name]) for info in metric.infos
    }


def resample(n_groups: int, seed: int, draws: int = DRAWS) -> Counts:
    """How often each group is in each resample: shape ``(draws, n_groups)``, every row adds up to ``n_groups``."""
    if n_groups < 2:
        return np.ones((0, n_groups), dtype=np.int64)
    generator = np.random.default_rng([seed, n_groups])
    return generator.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=draws)


def draw_figures(metric: FigureMaker, groups: Sequence[Tally], counts: Counts) -> dict[str, Floats]:
    """The figures of every resample, NaN where undefined.

    Args:
        metric: makes figures of sums.
        groups: the sums of each group.
        counts: shape ``(draws, len(groups))``, see :func:`resample`.

    Returns:
        An array of shape ``(draws,)`` for each figure.
    """
    names = sorted({name for group in groups for name in group})
    drawn = {info.name: np.full(len(counts), np.nan) for info in metric.infos}
    if not names or not len(counts):
        return drawn
    matrix = np.array([[group.get(name, 0.0) for name in names] for group in groups], dtype=np.float64)
    counted = matrix.any(axis=1)
    # few groups that count have few different resamples: each is worked out once
    distinct, inverse = np.unique(counts[:, counted], axis=0, return_inverse=True)
    table = np.full((len(distinct), len(drawn)), np.nan)
    for row, values in enumerate((distinct @ matrix[counted]).tolist()):
        figures = metric.figures(dict(zip(names, values, strict=True)))
        table[row] = [np.nan if figures[name] is None else figures[name] for name in drawn]
    table = table[inverse.reshape(-1)]
    return {name: table[:, column] for column, name in enumerate(drawn)}


def count_groups(metric: FigureMaker, groups: Sequence[Tally]) -> dict[str, int]:
    """How many groups define each figure by themselves."""
    counted = {info.name: 0 for info in metric.infos}
    for group in groups:
        if group:
            for name, value in metric.figures(group).items():
                counted[name] += value is not None
    return counted


def interval(drawn: Floats) -> tuple[float | None, float | None, int]:
    """Both ends of the percentile interval, and how many resamples are undefined (NaN) and left out."""
    defined = drawn[~np.isnan(drawn)]
    undefined = len(drawn) - len(defined)
    if not len(drawn) or len(defined) < MIN_DEFINED * len(drawn):
        return None, None, undefined
    low, high = np.percentile(defined, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high), undefined


def estimate_drawn(value: float | None, drawn: Floats, n_groups: int) -> Estimate:
    """The estimate of a figure whose resamples are known already (see :func:`draw_figures`)."""
    if value is None or n_groups < 2:
        return Estimate(value, None, None, n_groups)
    low, high, undefined = interval(drawn)
    if low == high:
        # All documents agree: resampling them cannot tell how far the figure might be off in others.
        low = high = None
    return Estimate(value, low, high, n_groups, undefined)
