"""From a run and its figures to everything that the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci_eval.metrics.base import Metric, add_tallies
from lanci_eval.metrics.confidence import Confidence, reliability_curve
from lanci_eval.report.charts import ReliabilityPlot, curve_to_plot
from lanci_eval.report.documents_view import Outcomes, to_documents, to_failures, to_gallery
from lanci_eval.report.figures_view import defined_keys, to_heading, to_metrics, to_splits, to_summaries
from lanci_eval.report.gallery import MAX_PICTURES, Gallery
from lanci_eval.report.key_figures import KeyFigure
from lanci_eval.report.numbers import UNDEFINED, count_to_text, number_to_text
from lanci_eval.report.views import DatasetView, Heading, ReportView, SpeedView, SystemView
from lanci_eval.results import DatasetInfo, Results, SystemInfo
from lanci_eval.results.summarize import MIN_GROUPS, Slice
from lanci_eval.results.timings import Timing, time_systems

FEWEST_CELLS, MOST_CELLS = 3, 12
"""Worst cells shown of one system on one dataset."""


def build_report(
    results: Results,
    slices: Sequence[Slice],
    metrics: Sequence[type[Metric]],
    keys: Sequence[KeyFigure],
    gallery: Gallery | None,
) -> ReportView:
    """Work out the page.

    Args:
        results: the run.
        slices: its figures.
        metrics: the metrics that the run counted.
        keys: the figures for the summary.
        gallery: makes the pictures; None for a report without any.
    """
    builder = _Builder(results, slices, time_systems(results), metrics, keys, gallery)
    datasets = tuple(builder.dataset(number, dataset) for number, dataset in enumerate(results.datasets, 1))
    items = [item for dataset in results.datasets for item in dataset.items]
    lead = " · ".join(
        (
            count_to_text(len(results.systems), "system"),
            count_to_text(len(results.datasets), "dataset"),
            count_to_text(len(items), "document"),
            count_to_text(sum(item.n_pages for item in items), "page"),
        )
    )
    return ReportView(
        lead,
        datasets,
        tuple(_to_system(system) for system in results.systems),
        _explain(slices, metrics),
        (("Software", results.run.software), ("Machine", results.run.machine), ("Options", results.run.options)),
        gallery is not None,
    )


def dataset_facts(dataset: DatasetInfo) -> str:
    """How many documents, pages and independent documents a dataset has, in words."""
    n_groups = len({item.group for item in dataset.items})
    facts = [
        count_to_text(len(dataset.items), "document"),
        count_to_text(sum(item.n_pages for item in dataset.items), "page"),
    ]
    if n_groups != len(dataset.items):
        facts.append(f"{n_groups} independent")
    if dataset.rejected:
        facts.append(f"{len(dataset.rejected)} rejected")
    return " · ".join(facts if dataset.kind == dataset.label else [dataset.kind, *facts])


@dataclass(frozen=True, slots=True)
class _Builder:
    """Everything that the part of one dataset is made of."""

    results: Results
    slices: Sequence[Slice]
    timings: Sequence[Timing]
    metrics: Sequence[type[Metric]]
    keys: Sequence[KeyFigure]
    gallery: Gallery | None

    @property
    def cells_each(self) -> int:
        """How many of the worst cells to show of each system on each dataset, so that all get pictures."""
        n_parts = len({(outcome.dataset, outcome.system) for outcome in self.results.outcomes if outcome.mistakes})
        return min(MOST_CELLS, max(FEWEST_CELLS, MAX_PICTURES // max(n_parts, 1)))

    def dataset(self, number: int, dataset: DatasetInfo) -> DatasetView:
        """The part of one dataset, the ``number``-th."""
        parts = [part for part in self.slices if part.dataset == dataset.label]
        whole = next(part for part in parts if part.tag is None)
        outcomes: Outcomes = {(o.item, o.system): o for o in self.results.outcomes if o.dataset == dataset.label}
        systems = [system.system for system in whole.systems]
        timings = [timing for timing in self.timings if timing.dataset == dataset.label]
        notes = {t.system: f"{t.n_ok} of {t.n_items} read" for t in timings if t.n_ok < t.n_items}
        by_name = {kind.name: kind() for kind in self.metrics}
        shown = [(key, by_name[key.metric]) for key, _ in defined_keys(whole, self.keys)]
        return DatasetView(
            anchor=f"dataset-{number}",
            label=dataset.label,
            facts=dataset_facts(dataset),
            ranked=whole.n_groups >= MIN_GROUPS,
            summaries=to_summaries(whole, self.keys, notes),
            failures=to_failures(dataset, self.results.systems, outcomes),
            rejected=dataset.rejected,
            splits=to_splits(whole, parts, self.keys),
            metrics=to_metrics(whole),
            systems=tuple(systems),
            speed=to_speed(timings),
            plots=_to_plots(systems, outcomes),
            gallery=to_gallery(dataset, systems, outcomes, self.gallery, self.cells_each),
            documents=to_documents(dataset, systems, outcomes, shown),
            files=tuple((item.id, count_to_text(item.n_pages, "page"), item.sha256) for item in dataset.items),
        )


def _to_plots(systems: Sequence[str], outcomes: Outcomes) -> tuple[ReliabilityPlot, ...]:
    """A reliability curve for every system that tells its confidence."""
    plots = []
    for system in systems:
        tallies = [dict(o.tallies).get(Confidence.name, {}) for (_, name), o in outcomes.items() if name == system]
        plot = curve_to_plot(system, reliability_curve(add_tallies(tallies)))
        if plot is not None:
            plots.append(plot)
    return tuple(plots)


def to_speed(timings: Sequence[Timing]) -> tuple[SpeedView, ...]:
    """Speed and memory as text; the bars compare the seconds per page."""
    slowest = max((t.seconds_per_page for t in timings if t.seconds_per_page is not None), default=0.0)
    views = []
    for t in timings:
        low, high = t.ratio.low, t.ratio.high
        views.append(
            SpeedView(
                t.system,
                f"{t.n_ok} of {t.n_items}",
                UNDEFINED if t.seconds_per_page is None else number_to_text(t.seconds_per_page),
                UNDEFINED if t.ratio.value is None else f"{number_to_text(t.ratio.value)} ×",
                ""
                if low is None or high is None or t is timings[0]
                else f"{number_to_text(low)} to {number_to_text(high)}",
                UNDEFINED if t.peak_median is None else f"{t.peak_median:,.0f}",
                UNDEFINED if t.peak_max is None else f"{t.peak_max:,.0f}",
                round(100 * t.seconds_per_page / slowest, 1) if t.seconds_per_page is not None and slowest else None,
            )
        )
    return tuple(views)


def _to_system(system: SystemInfo) -> SystemView:
    return SystemView(
        system.label,
        system.name,
        ", ".join(f"{name}={value}" for name, value in system.options) or "defaults",
        ", ".join(f"{name} {value}" for name, value in system.versions) or UNDEFINED,
        system.unavailable,
    )


def _explain(slices: Sequence[Slice], metrics: Sequence[type[Metric]]) -> tuple[tuple[str, tuple[Heading, ...]], ...]:
    """The figures that have a value somewhere in the report, by metric."""
    used = {
        (figure.metric, figure.info.name)
        for part in slices
        for system in part.systems
        for figure in system.figures
        if figure.estimate.value is not None
    }
    explained = []
    for kind in metrics:
        headings = tuple(to_heading(kind.name, info) for info in kind.infos if (kind.name, info.name) in used)
        if headings:
            explained.append((kind.name.replace("_", " "), headings))
    return tuple(explained)
