"""Paired comparison of two runs, or of two systems of one run, on the documents that both have.

The difference of a figure is that of B less that of A over the same documents, with the percentile bootstrap over
groups of documents; both sides share every resample, so what is hard for both cancels out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lanci.errors import UnsupportedInputError
from lanci_eval.metrics.base import FigureInfo, Metric, Tally, add_tallies
from lanci_eval.records import Status
from lanci_eval.results import DatasetInfo, ItemInfo, Results
from lanci_eval.results.estimate import DRAWS, Counts, count_groups, draw_figures, interval, resample
from lanci_eval.results.summarize import MIN_GROUPS, group_tallies


class Verdict(StrEnum):
    """What the interval of a difference says of B against A."""

    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE = "no difference shown"
    TOO_FEW = "too few documents to tell"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Pairing:
    """The system of A and the system of B to compare, by label."""

    system_a: str
    system_b: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which documents of a dataset were compared.

    ``only_a`` and ``only_b`` are ids of documents (with an outcome of the system) on one side alone; ``changed``
    are documents that are another file on the other side, under the same id: they are not compared.
    """

    dataset: str
    pairing: Pairing
    n_items: int
    n_groups: int
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure on both sides over the same documents, and B less A with its interval.

    ``n_groups`` counts the groups of documents that define the figure on both sides.
    """

    dataset: str
    pairing: Pairing
    metric: str
    info: FigureInfo
    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None
    n_groups: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class RunComparison:
    """All differences, and what they rest on; ``unmatched`` are datasets and systems that only one run has."""

    coverage: tuple[Coverage, ...]
    differences: tuple[Difference, ...]
    unmatched: tuple[str, ...] = ()


def compare_runs(
    a: Results,
    b: Results,
    metrics: Sequence[type[Metric]],
    *,
    pairings: Sequence[Pairing] = (),
    seed: int = 0,
    draws: int = DRAWS,
) -> RunComparison:
    """Compare run B with run A, dataset by dataset.

    Args:
        a: the run to compare with.
        b: the run in question; may be the same as ``a`` to compare two of its systems.
        metrics: the metrics that both runs counted.
        pairings: the systems to compare; by default those that both runs have under the same label.
        seed: of the resamples.
        draws: number of resamples.

    Raises:
        UnsupportedInputError: the runs have no dataset or no system in common, or a pairing names none of theirs.
    """
    labels_a, labels_b = [s.label for s in a.systems], [s.label for s in b.systems]
    pairings = pairings or [Pairing(label, label) for label in labels_a if label in labels_b]
    _check_pairings(pairings, labels_a, labels_b)
    datasets = [(one, two) for one in a.datasets for two in b.datasets if one.label == two.label]
    if not datasets:
        raise UnsupportedInputError(
            f"the runs have no dataset in common ({_names(d.label for d in a.datasets)} and "
            f"{_names(d.label for d in b.datasets)}): give the datasets the same labels in both runs"
        )
    coverage: list[Coverage] = []
    differences: list[Difference] = []
    for one, two in datasets:
        for pairing in pairings:
            sides = (_Side.of(a, one, pairing.system_a), _Side.of(b, two, pairing.system_b))
            covered, items = _cover(pairing, *sides)
            coverage.append(covered)
            counts = resample(covered.n_groups, seed, draws)
            differences += [d for kind in metrics for d in _differences(kind(), covered, items, sides, counts)]
    return RunComparison(tuple(coverage), tuple(differences), _unmatched(a, b, pairings))


@dataclass(frozen=True, slots=True)
class _Side:
    """One system on one dataset of one run: its documents, and their sums by metric."""

    dataset: str
    items: dict[str, ItemInfo]
    tallies: dict[str, dict[str, Tally]]

    @classmethod
    def of(cls, results: Results, dataset: DatasetInfo, system: str) -> _Side:
        tallies = {
            o.item: dict(o.tallies)
            for o in results.outcomes
            if (o.dataset, o.system) == (dataset.label, system) and o.status is not Status.UNAVAILABLE
        }
        return cls(dataset.label, {item.id: item for item in dataset.items if item.id in tallies}, tallies)

    def sums(self, metric: str, items: Sequence[ItemInfo]) -> list[Tally]:
        return group_tallies(items, {item.id: self.tallies[item.id].get(metric, {}) for item in items})


def _cover(pairing: Pairing, a: _Side, b: _Side) -> tuple[Coverage, list[ItemInfo]]:
    """What both sides have, and those documents with the groups of A."""
    common = sorted(a.items.keys() & b.items.keys())
    same = [a.items[name] for name in common if a.items[name].sha256 == b.items[name].sha256]
    coverage = Coverage(
        a.dataset,
        pairing,
        n_items=len(same),
        n_groups=len({item.group for item in same}),
        only_a=tuple(sorted(a.items.keys() - b.items.keys())),
        only_b=tuple(sorted(b.items.keys() - a.items.keys())),
        changed=tuple(name for name in common if a.items[name].sha256 != b.items[name].sha256),
    )
    return coverage, same


def _differences(
    metric: Metric, covered: Coverage, items: Sequence[ItemInfo], sides: tuple[_Side, _Side], counts: Counts
) -> list[Difference]:
    """The differences of all figures of one metric."""
    sums = [side.sums(metric.name, items) for side in sides]
    values = [metric.figures(add_tallies(groups)) for groups in sums]
    drawn = [draw_figures(metric, groups, counts) for groups in sums]
    n_groups = [count_groups(metric, groups) for groups in sums]
    found = []
    for info in metric.infos:
        if info.higher_is_better is None:
            continue
        a, b = values[0][info.name], values[1][info.name]
        n = min(n_groups[0][info.name], n_groups[1][info.name])
        low, high = interval(drawn[1][info.name] - drawn[0][info.name])[:2] if n > 1 else (None, None)
        difference = None if a is None or b is None else b - a
        verdict = _judge(info, difference, (low, high), n)
        found.append(
            Difference(covered.dataset, covered.pairing, metric.name, info, a, b, difference, low, high, n, verdict)
        )
    return found


def _judge(
    info: FigureInfo, difference: float | None, bounds: tuple[float | None, float | None], n_groups: int
) -> Verdict:
    low, high = bounds
    if difference is None:
        return Verdict.UNDEFINED
    if low is None or high is None or n_groups < MIN_GROUPS:
        return Verdict.TOO_FEW
    if low <= 0 <= high:
        return Verdict.NO_DIFFERENCE
    return Verdict.BETTER if (low > 0) == info.higher_is_better else Verdict.WORSE


def _check_pairings(pairings: Sequence[Pairing], labels_a: Sequence[str], labels_b: Sequence[str]) -> None:
    if not pairings:
        raise UnsupportedInputError(
            f"the runs have no system in common ({_names(labels_a)} and {_names(labels_b)}): name the pairs to compare"
        )
    for pairing in pairings:
        for label, labels, run in ((pairing.system_a, labels_a, "first"), (pairing.system_b, labels_b, "second")):
            if label not in labels:
                raise UnsupportedInputError(f"the {run} run has no system {label!r}, only {_names(labels)}")


def _unmatched(a: Results, b: Results, pairings: Sequence[Pairing]) -> tuple[str, ...]:
    """Datasets and systems that were left out, in words."""
    words = []
    for what, run, labels, others in (
        ("dataset", "first", [d.label for d in a.datasets], {d.label for d in b.datasets}),
        ("dataset", "second", [d.label for d in b.datasets], {d.label for d in a.datasets}),
        ("system", "first", [s.label for s in a.systems], {p.system_a for p in pairings}),
        ("system", "second", [s.label for s in b.systems], {p.system_b for p in pairings}),
    ):
        words += [f"{what} {label} of the {run} run" for label in labels if label not in others]
    return tuple(words)


def _names(labels: Iterable[str]) -> str:
    return ", ".join(labels) or "none"
