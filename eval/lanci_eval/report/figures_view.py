"""Tables of figures: the summary, its splits by tag, and every figure of every metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lanci_eval.metrics.base import FigureInfo
from lanci_eval.report.charts import estimate_to_bar
from lanci_eval.report.key_figures import Basis, KeyFigure
from lanci_eval.report.numbers import UNDEFINED, count_to_text, figure_to_text, interval_to_text
from lanci_eval.report.views import BlockView, FigureView, Heading, MetricView, RowView, SplitView, SummaryView
from lanci_eval.results.summarize import FigureResult, Slice, Standing

MAX_TAG_VALUES = 16
_NOTHING = FigureView(UNDEFINED, "", Standing.UNRANKED, "nothing to count", None)
_STANDINGS = {
    Standing.BEST: "the best here",
    Standing.TIED: "not told apart from the best",
    Standing.BEHIND: "behind the best",
    Standing.UNRANKED: "",
}


def to_heading(metric: str, info: FigureInfo, text: str = "") -> Heading:
    """The heading of a figure; its own name in words where ``text`` is empty."""
    name = text or info.name.replace("_", " ")
    description = info.description if info.description.endswith((".", ")")) else info.description + "."
    return Heading(name, f"{metric}.{info.name}", description, info.arrow, info.percent)


def to_figure_view(figure: FigureResult | None) -> FigureView:
    """A figure as it is shown."""
    if figure is None or figure.estimate.value is None:
        return _NOTHING
    estimate, info = figure.estimate, figure.info
    interval = interval_to_text(estimate, info)
    facts = [
        f"{figure_to_text(estimate.value, info)}{' %' if info.percent else ''}",
        f"95 % interval {interval}" if interval else "no interval",
        count_to_text(estimate.n_groups, "independent document"),
        f"undefined in {count_to_text(estimate.undefined_draws, 'resample')}" if estimate.undefined_draws else "",
        _STANDINGS[figure.standing],
    ]
    return FigureView(
        figure_to_text(estimate.value, info),
        interval,
        figure.standing,
        "; ".join(fact for fact in facts if fact),
        estimate_to_bar(estimate, info),
    )


def defined_keys(part: Slice, keys: Sequence[KeyFigure]) -> list[tuple[KeyFigure, FigureInfo]]:
    """The key figures that at least one system has a value for."""
    found = []
    for key in keys:
        figures = [system.find(key.metric, key.figure) for system in part.systems]
        defined = [figure for figure in figures if figure is not None and figure.estimate.value is not None]
        if defined:
            found.append((key, defined[0].info))
    return found


def to_summaries(part: Slice, keys: Sequence[KeyFigure], notes: Mapping[str, str]) -> tuple[SummaryView, ...]:
    """A table for each basis that has figures; ``notes`` go under the systems' names."""
    tables = []
    for basis in Basis:
        shown = [pair for pair in defined_keys(part, keys) if pair[0].basis is basis]
        if shown:
            tables.append(_to_summary(basis, part, shown, notes))
    return tuple(tables)


def _to_summary(
    basis: Basis, part: Slice, shown: Sequence[tuple[KeyFigure, FigureInfo]], notes: Mapping[str, str]
) -> SummaryView:
    rows = [
        RowView(
            system.system,
            notes.get(system.system, ""),
            tuple(to_figure_view(system.find(key.metric, key.figure)) for key, _ in shown),
        )
        for system in part.systems
    ]
    return SummaryView(str(basis), tuple(to_heading(key.metric, info, key.heading) for key, info in shown), tuple(rows))


def to_splits(whole: Slice, parts: Sequence[Slice], keys: Sequence[KeyFigure]) -> tuple[SplitView, ...]:
    """The key figures by tag; a tag with very many values is left out."""
    names = list(dict.fromkeys(part.tag[0] for part in parts if part.tag is not None))
    splits = []
    for name in names:
        own = [part for part in parts if part.tag is not None and part.tag[0] == name]
        if len(own) > MAX_TAG_VALUES:
            continue
        blocks = tuple(_to_block(key, info, whole, own) for key, info in defined_keys(whole, keys))
        values = tuple(part.tag[1] for part in own if part.tag is not None)
        counts = tuple(count_to_text(part.n_items, "document") for part in own)
        splits.append(SplitView(name, values, counts, blocks))
    return tuple(splits)


def _to_block(key: KeyFigure, info: FigureInfo, whole: Slice, parts: Sequence[Slice]) -> BlockView:
    rows = []
    for index, system in enumerate(whole.systems):
        figures = tuple(to_figure_view(part.systems[index].find(key.metric, key.figure)) for part in parts)
        if any(figure is not _NOTHING for figure in figures):
            rows.append(RowView(system.system, "", figures))
    return BlockView(to_heading(key.metric, info, key.heading), tuple(rows))


def to_metrics(part: Slice) -> tuple[MetricView, ...]:
    """Every figure that at least one system has a value for, metric by metric."""
    if not part.systems:
        return ()
    found: dict[str, list[tuple[Heading, tuple[FigureView, ...]]]] = {}
    for index, figure in enumerate(part.systems[0].figures):
        row = [system.figures[index] for system in part.systems]
        if any(one.estimate.value is not None for one in row):
            heading = to_heading(figure.metric, figure.info)
            found.setdefault(figure.metric, []).append((heading, tuple(to_figure_view(one) for one in row)))
    return tuple(
        MetricView(metric.replace("_", " "), tuple(h for h, _ in pairs), tuple(row for _, row in pairs))
        for metric, pairs in found.items()
    )
