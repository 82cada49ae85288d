"""From the sums of every document to the figures of a report, and to who is ahead of whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lanci_eval.metrics.base import FigureInfo, Metric, Tally, add_tallies
from lanci_eval.results import DatasetInfo, Estimate, ItemInfo, ItemResult, Results
from lanci_eval.results.estimate import (
    DRAWS,
    TAG_DRAWS,
    Counts,
    Floats,
    count_groups,
    draw_figures,
    estimate_drawn,
    interval,
    resample,
)

MIN_GROUPS = 6
"""Fewer groups than this never tell two systems apart: even if all agree, a sign test gives p = 2 * 0.5^5 > 0.05."""


class Standing(StrEnum):
    """Where a system stands in one figure among the systems of a run.

    ``TIED``: the interval of the paired difference to the best holds 0. ``UNRANKED``: undefined, no other
    value to compare with, or too few groups to tell.
    """

    BEST = "best"
    TIED = "tied"
    BEHIND = "behind"
    UNRANKED = "unranked"


@dataclass(frozen=True, slots=True)
class FigureResult:
    """One figure of one system."""

    metric: str
    info: FigureInfo
    estimate: Estimate
    standing: Standing = Standing.UNRANKED


@dataclass(frozen=True, slots=True)
class SystemResult:
    """All figures of one system, in the order of the metrics."""

    system: str
    figures: tuple[FigureResult, ...]

    def find(self, metric: str, figure: str) -> FigureResult | None:
        """The figure of that name, None when there is no such figure."""
        return next((f for f in self.figures if (f.metric, f.info.name) == (metric, figure)), None)


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures over the documents of a dataset, of all or of those with one tag value.

    ``tag`` is (name, value). Systems that did not run on the dataset are left out.
    """

    dataset: str
    tag: tuple[str, str] | None
    n_items: int
    n_groups: int
    systems: tuple[SystemResult, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One figure of one system with its resamples."""

    figure: FigureResult
    drawn: Floats


def summarize(
    results: Results, metrics: Sequence[type[Metric]], *, seed: int = 0, draws: int = DRAWS
) -> tuple[Slice, ...]:
    """The figures of every dataset: first over all its documents, then by tag name and value.

    A tag with the same value everywhere is no slice of its own.

    Args:
        results: the run.
        metrics: the metrics that the run counted.
        seed: of the resamples.
        draws: number of resamples; no more than ``TAG_DRAWS`` for the parts by tag.
    """
    outcomes = {(o.dataset, o.item, o.system): o for o in results.outcomes}
    slices = []
    for dataset in results.datasets:
        ran = results.systems_on(dataset.label)
        of_dataset = {(o.item, o.system): o for (label, _, _), o in outcomes.items() if label == dataset.label}
        for tag, items in _split(dataset):
            n_draws = draws if tag is None else min(draws, TAG_DRAWS)
            counter = _Counter(items, of_dataset, resample(len({i.group for i in items}), seed, n_draws))
            systems = rank([counter.figures(system, metrics) for system in ran])
            labelled = tuple(SystemResult(*pair) for pair in zip(ran, systems, strict=True))
            slices.append(Slice(dataset.label, tag, len(items), len(counter.groups), labelled))
    return tuple(slices)


def group_tallies(
    items: Sequence[ItemInfo], tallies: Mapping[str, Tally], groups: Sequence[str] | None = None
) -> list[Tally]:
    """The sums of each group, sorted by the group's name.

    Args:
        items: the documents to count.
        tallies: the sums of each document by its id; a missing one counts nothing.
        groups: the groups, by default those of the items.
    """
    names = sorted({item.group for item in items}) if groups is None else groups
    by_group: dict[str, list[Tally]] = {name: [] for name in names}
    for item in items:
        if item.id in tallies:
            by_group[item.group].append(tallies[item.id])
    return [add_tallies(by_group[name]) for name in names]


def rank(systems: Sequence[Sequence[_Drawn]]) -> list[tuple[FigureResult, ...]]:
    """Give every figure of every system its standing among the systems."""
    ranked: list[list[FigureResult]] = [[] for _ in systems]
    for row in zip(*systems, strict=True):
        standings = _standings(row)
        for into, drawn, standing in zip(ranked, row, standings, strict=True):
            f = drawn.figure
            into.append(FigureResult(f.metric, f.info, f.estimate, standing))
    return [tuple(figures) for figures in ranked]


def _standings(row: Sequence[_Drawn]) -> list[Standing]:
    """The standings of all systems in one figure."""
    upwards = row[0].figure.info.higher_is_better
    if upwards is None:
        return [Standing.UNRANKED] * len(row)
    sign = 1.0 if upwards else -1.0
    scores = [None if d.figure.estimate.value is None else sign * d.figure.estimate.value for d in row]
    defined = [score for score in scores if score is not None]
    if len(set(defined)) < 2:
        return [Standing.UNRANKED] * len(row)
    top = max(defined)
    best = row[scores.index(top)]
    standings = []
    for drawn, score in zip(row, scores, strict=True):
        if score is None:
            standings.append(Standing.UNRANKED)
        elif score == top:
            standings.append(Standing.BEST)
        elif min(drawn.figure.estimate.n_groups, best.figure.estimate.n_groups) < MIN_GROUPS:
            standings.append(Standing.UNRANKED)
        else:
            low, _, _ = interval(sign * (best.drawn - drawn.drawn))
            standings.append(Standing.BEHIND if low is not None and low > 0 else Standing.TIED)
    return standings


@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts the figures over some documents; all systems and metrics share the resamples."""

    items: Sequence[ItemInfo]
    outcomes: Mapping[tuple[str, str], ItemResult]
    counts: Counts

    @property
    def groups(self) -> list[str]:
        return sorted({item.group for item in self.items})

    def figures(self, system: str, metrics: Sequence[type[Metric]]) -> list[_Drawn]:
        """All figures of one system over the documents."""
        own = {item.id: self.outcomes.get((item.id, system)) for item in self.items}
        found: list[_Drawn] = []
        for kind in metrics:
            metric = kind()
            tallies = {item: dict(o.tallies).get(metric.name, {}) for item, o in own.items() if o is not None}
            sums = group_tallies(self.items, tallies)
            values = metric.figures(add_tallies(sums))
            drawn, n_groups = draw_figures(metric, sums, self.counts), count_groups(metric, sums)
            for info in metric.infos:
                estimate = estimate_drawn(values[info.name], drawn[info.name], n_groups[info.name])
                found.append(_Drawn(FigureResult(metric.name, info, estimate), drawn[info.name]))
        return found


def _split(dataset: DatasetInfo) -> list[tuple[tuple[str, str] | None, list[ItemInfo]]]:
    """All items, then the items of every tag value, by tag name and value."""
    parts: list[tuple[tuple[str, str] | None, list[ItemInfo]]] = [(None, list(dataset.items))]
    values: dict[str, set[str]] = {}
    for item in dataset.items:
        for name, value in item.tags:
            values.setdefault(name, set()).add(value)
    for name in sorted(values):
        if len(values[name]) > 1:
            for value in sorted(values[name], key=_tag_order):
                parts.append(((name, value), [item for item in dataset.items if (name, value) in item.tags]))
    return parts


def _tag_order(value: str) -> tuple[bool, float, str]:
    """Numbers by size, before words."""
    is_number = re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", value) is not None
    return not is_number, float(value) if is_number else 0.0, value
