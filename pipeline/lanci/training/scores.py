"""Figures with bootstrap intervals, from pairs of what was found and what is true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 400
_LEVEL = 0.95

Measure = Callable[[NDArray[np.float64]], float]
"""A figure of a table of counts (true class, found class)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision: the cluster that is drawn together (a document), what was found and what is true."""

    cluster: str
    found: str
    true: str


@dataclass(frozen=True, slots=True)
class Score:
    """A measured value with the ends of its 95 % interval; ``n`` decisions. None when there were none."""

    test: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of old and of new models on the same examples.

    ``low`` and ``high`` are the ends of the 95 % interval of the difference, new minus old, documents drawn for both
    at once.
    """

    test: str
    name: str
    old: float
    new: float
    low: float
    high: float
    n: int

    @property
    def difference(self) -> float:
        return self.new - self.old


def judged_to_score(judged: Sequence[Judged], names: tuple[str, str], measure: Measure, seed: int) -> Score:
    """Measure, and measure again on clusters drawn with replacement."""
    test, name = names
    if not judged:
        return Score(test, name, None, None, None, 0)
    counts = _count([judged])[0]
    drawn = [measure(sums) for sums in _draw(counts, seed)]
    low, high = _ends(drawn)
    return Score(test, name, measure(counts.sum(axis=0)), low, high, len(judged))


def compare_judged(
    old: Sequence[Judged], new: Sequence[Judged], names: tuple[str, str], measure: Measure, seed: int
) -> Change:
    """What a figure gains from old to new decisions on the same examples; there must be some."""
    before, after = _count([old, new])
    drawn = [measure(b) - measure(a) for a, b in zip(_draw(before, seed), _draw(after, seed), strict=True)]
    low, high = _ends(drawn)
    test, name = names
    return Change(test, name, measure(before.sum(axis=0)), measure(after.sum(axis=0)), low, high, len(new))


def _count(sets: Sequence[Sequence[Judged]]) -> list[NDArray[np.float64]]:
    """Counts (cluster, true class, found class) of every set, over the clusters and classes of all of them."""
    everything = [j for judged in sets for j in judged]
    classes = sorted({j.true for j in everything} | {j.found for j in everything})
    index = {label: i for i, label in enumerate(classes)}
    clusters = {cluster: i for i, cluster in enumerate(sorted({j.cluster for j in everything}))}
    tables = []
    for judged in sets:
        counts = np.zeros((len(clusters), len(classes), len(classes)))
        for j in judged:
            counts[clusters[j.cluster], index[j.true], index[j.found]] += 1
        tables.append(counts)
    return tables


def _draw(counts: NDArray[np.float64], seed: int) -> list[NDArray[np.float64]]:
    """Sums over clusters drawn with replacement; the same seed draws the same clusters."""
    rng, n = np.random.default_rng(seed), len(counts)
    weights = np.stack([np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(_ROUNDS)]).astype(float)
    return list(np.tensordot(weights, counts, axes=1))


def _ends(drawn: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(drawn, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return float(low), float(high)


def macro_f1(confusion: NDArray[np.float64]) -> float:
    """Mean F1 of the classes that are true at least once; ``confusion`` is (true, found)."""
    true, found, right = confusion.sum(axis=1), confusion.sum(axis=0), np.diagonal(confusion)
    present = true > 0
    return float(np.mean(2 * right[present] / (true + found)[present])) if present.any() else 0.0


def accuracy(confusion: NDArray[np.float64]) -> float:
    """The share of decisions on the diagonal."""
    return float(np.trace(confusion) / max(confusion.sum(), 1.0))
