"""Scores with bootstrap intervals, from pairs of what was found and what is true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

_ROUNDS = 400
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision: the cluster that is drawn together (a table), what was found and what is true."""

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


def judged_to_f1(judged: Sequence[Judged], test: str, name: str, seed: int) -> Score:
    """Macro F1 over the classes that are true somewhere in ``judged``."""
    return _judged_to_score(judged, (test, name), _macro_f1, seed)


def judged_to_accuracy(judged: Sequence[Judged], test: str, name: str, seed: int) -> Score:
    """The share of decisions that are right."""
    return _judged_to_score(judged, (test, name), _accuracy, seed)


def _judged_to_score(
    judged: Sequence[Judged],
    names: tuple[str, str],
    measure: Callable[[np.ndarray], float],
    seed: int,
) -> Score:
    """Measure, and measure again on clusters drawn with replacement."""
    test, name = names
    if not judged:
        return Score(test, name, None, None, None, 0)
    classes = sorted({j.true for j in judged} | {j.found for j in judged})
    index = {label: i for i, label in enumerate(classes)}
    clusters = {cluster: i for i, cluster in enumerate(sorted({j.cluster for j in judged}))}
    counts = np.zeros((len(clusters), len(classes), len(classes)))
    for j in judged:
        counts[clusters[j.cluster], index[j.true], index[j.found]] += 1
    rng = np.random.default_rng(seed)
    drawn = [measure(counts[rng.integers(0, len(clusters), len(clusters))].sum(axis=0)) for _ in range(_ROUNDS)]
    low, high = np.quantile(drawn, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Score(test, name, measure(counts.sum(axis=0)), float(low), float(high), len(judged))


def _macro_f1(confusion: np.ndarray) -> float:
    """Mean F1 of the classes that are true at least once; ``confusion`` is (true, found)."""
    true, found, right = confusion.sum(axis=1), confusion.sum(axis=0), np.diagonal(confusion)
    present = true > 0
    return float(np.mean(2 * right[present] / (true + found)[present]))


def _accuracy(confusion: np.ndarray) -> float:
    return float(np.trace(confusion) / confusion.sum())
