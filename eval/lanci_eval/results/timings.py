"""Speed and memory. Times mean something only against others of the same run, so ratios are what is estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np

from lanci_eval.records import Status
from lanci_eval.results import DatasetInfo, Estimate, ItemInfo, ItemResult, Results
from lanci_eval.results.estimate import DRAWS, estimate_drawn, resample


@dataclass(frozen=True, slots=True)
class Timing:
    """How fast one system was on one dataset, over the documents that it finished.

    ``ratio`` is the median over documents of its seconds by those of the first system on the same document, with
    the interval of a bootstrap over groups. ``statuses`` counts documents by their end, the most frequent first.
    """

    dataset: str
    system: str
    n_items: int
    statuses: tuple[tuple[Status, int], ...]
    seconds_per_page: float | None
    ratio: Estimate
    peak_median: float | None
    peak_max: float | None

    @property
    def n_ok(self) -> int:
        return dict(self.statuses).get(Status.OK, 0)


def time_systems(results: Results, *, seed: int = 0, draws: int = DRAWS) -> tuple[Timing, ...]:
    """The timings of every dataset and the systems that ran on it, in the order of the run.

    Args:
        results: the run.
        seed: of the resamples.
        draws: number of resamples.
    """
    timings = []
    for dataset in results.datasets:
        systems = results.systems_on(dataset.label)
        outcomes: dict[str, dict[str, ItemResult]] = {system: {} for system in systems}
        for outcome in results.outcomes:
            if outcome.dataset == dataset.label and outcome.system in outcomes:
                outcomes[outcome.system][outcome.item] = outcome
        for system in systems:
            ratio = _estimate_ratio(dataset, outcomes[systems[0]], outcomes[system], (seed, draws))
            timings.append(_time_system(dataset, system, outcomes[system], ratio))
    return tuple(timings)


def seconds_per_page(item: ItemInfo, outcome: ItemResult | None) -> float | None:
    """None where the system did not finish, or the document has no page."""
    if outcome is None or outcome.status is not Status.OK or outcome.seconds is None or not item.n_pages:
        return None
    return outcome.seconds / item.n_pages


def _time_system(dataset: DatasetInfo, system: str, outcomes: Mapping[str, ItemResult], ratio: Estimate) -> Timing:
    speeds = [seconds_per_page(item, outcomes.get(item.id)) for item in dataset.items]
    peaks = [o.peak_mib for o in outcomes.values() if o.status is Status.OK and o.peak_mib is not None]
    ends = [o.status for o in outcomes.values()]
    statuses = sorted(((status, ends.count(status)) for status in set(ends)), key=lambda pair: (-pair[1], pair[0]))
    defined = [speed for speed in speeds if speed is not None]
    return Timing(
        dataset.label,
        system,
        len(dataset.items),
        tuple(statuses),
        median(defined) if defined else None,
        ratio,
        median(peaks) if peaks else None,
        max(peaks, default=None),
    )


def _estimate_ratio(
    dataset: DatasetInfo, base: Mapping[str, ItemResult], own: Mapping[str, ItemResult], how: tuple[int, int]
) -> Estimate:
    """The median ratio over the documents that both finished; ``how`` is (seed, draws)."""
    by_group: dict[str, list[float]] = {}
    for item in sorted(dataset.items, key=lambda item: item.id):
        one, two = seconds_per_page(item, base.get(item.id)), seconds_per_page(item, own.get(item.id))
        if one and two is not None:
            by_group.setdefault(item.group, []).append(two / one)
    if not by_group:
        return Estimate(None, None, None, 0)
    groups = [np.array(by_group[name]) for name in sorted(by_group)]
    ratios = np.concatenate(groups)
    member = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    counts = resample(len(groups), *how)
    drawn = np.array([np.median(np.repeat(ratios, row[member])) for row in counts], dtype=np.float64)
    return estimate_drawn(float(np.median(ratios)), drawn, len(groups))
