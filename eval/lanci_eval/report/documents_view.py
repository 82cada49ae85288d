"""Documents one by one, and the worst cells: what a reader opens to see why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lanci_eval.metrics.base import Metric
from lanci_eval.records import Status
from lanci_eval.report.gallery import Gallery
from lanci_eval.report.key_figures import KeyFigure
from lanci_eval.report.numbers import UNDEFINED, count_to_text, figure_to_text, number_to_text, shorten
from lanci_eval.report.views import DocumentView, FailureView, GalleryView, MistakeView, OutcomeView
from lanci_eval.results import DatasetInfo, ItemInfo, ItemResult, Mistake, SystemInfo
from lanci_eval.results.timings import seconds_per_page

MISTAKES_PER_OUTCOME = 4
_MAX_TEXT = 160
_MAX_MESSAGE = 400

Outcomes = Mapping[tuple[str, str], ItemResult]
"""The outcomes of one dataset by item and system."""


def to_failures(dataset: DatasetInfo, systems: Sequence[SystemInfo], outcomes: Outcomes) -> tuple[FailureView, ...]:
    """Systems that did not run, or not to the end on every document, with the reasons."""
    failures = []
    reasons: tuple[tuple[str, str], ...]
    for system in systems:
        if system.unavailable:
            reasons = (("", shorten(system.unavailable, _MAX_MESSAGE)),)
            failures.append(FailureView(system.label, "not available here", reasons))
            continue
        failed = [
            outcome
            for item in dataset.items
            if (outcome := outcomes.get((item.id, system.label))) is not None and outcome.status is not Status.OK
        ]
        if failed:
            kinds = [str(outcome.status) for outcome in failed]
            counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
            reasons = tuple((o.item, shorten(f"{o.status}: {o.message}", _MAX_MESSAGE)) for o in failed)
            summary = f"failed on {len(failed)} of {count_to_text(len(dataset.items), 'document')} ({counts})"
            failures.append(FailureView(system.label, summary, reasons))
    return tuple(failures)


def to_documents(
    dataset: DatasetInfo,
    systems: Sequence[str],
    outcomes: Outcomes,
    keys: Sequence[tuple[KeyFigure, Metric]],
) -> tuple[DocumentView, ...]:
    """Every document with its outcomes; ``keys`` are the key figures that are shown, with their metrics."""
    views = []
    for item in dataset.items:
        own = [outcome for system in systems if (outcome := outcomes.get((item.id, system))) is not None]
        mistakes = [to_mistake_view(outcome, m) for outcome in own for m in outcome.mistakes[:MISTAKES_PER_OUTCOME]]
        facts = [count_to_text(item.n_pages, "page"), *(f"{name} {value}" for name, value in item.tags)]
        views.append(
            DocumentView(
                item.id,
                " · ".join(facts),
                item.remarks,
                tuple(_to_outcome_view(item, outcome, keys) for outcome in own),
                tuple(mistakes),
                sum(len(outcome.mistakes) for outcome in own) - len(mistakes),
            )
        )
    return tuple(views)


def _to_outcome_view(item: ItemInfo, outcome: ItemResult, keys: Sequence[tuple[KeyFigure, Metric]]) -> OutcomeView:
    tallies = dict(outcome.tallies)
    figures = []
    for key, metric in keys:
        info = next(info for info in metric.infos if info.name == key.figure)
        sums = tallies.get(key.metric)
        figures.append(UNDEFINED if sums is None else figure_to_text(metric.figures(sums)[key.figure], info))
    seconds = seconds_per_page(item, outcome)
    return OutcomeView(
        outcome.system,
        str(outcome.status),
        outcome.status is Status.OK,
        UNDEFINED if seconds is None else number_to_text(seconds),
        tuple(figures),
        shorten(outcome.message, _MAX_MESSAGE),
        tuple(shorten(remark, _MAX_MESSAGE) for remark in outcome.remarks),
    )


def to_mistake_view(outcome: ItemResult, mistake: Mistake) -> MistakeView:
    """A mistake with its texts cut to a readable length."""
    return MistakeView(
        outcome.system,
        outcome.item,
        mistake.place,
        mistake.page,
        shorten(mistake.expected, _MAX_TEXT),
        None if mistake.read is None else shorten(mistake.read, _MAX_TEXT),
        mistake.marked,
    )


def to_gallery(
    dataset: DatasetInfo, systems: Sequence[str], outcomes: Outcomes, gallery: Gallery | None, most: int
) -> tuple[GalleryView, ...]:
    """The worst cells of every system that has any, at most ``most`` of each, with pictures if there is a gallery."""
    views = []
    for system in systems:
        found = [
            (mistake, outcome)
            for item in dataset.items
            if (outcome := outcomes.get((item.id, system))) is not None
            for mistake in outcome.mistakes
        ]
        if not found:
            continue
        worst = sorted(found, key=lambda pair: (-pair[0].weight, pair[1].item, pair[0].page, pair[0].place))
        shown = _with_pictures(dataset.label, worst[:most], gallery)
        silent = sum(not mistake.marked for mistake, _ in found)
        views.append(GalleryView(system, silent, len(found), shown))
    return tuple(views)


def _with_pictures(
    dataset: str, pairs: Sequence[tuple[Mistake, ItemResult]], gallery: Gallery | None
) -> tuple[MistakeView, ...]:
    """The views in the given order; pictures are made document by document, page by page."""
    views = [to_mistake_view(outcome, mistake) for mistake, outcome in pairs]
    if gallery is not None:
        order = sorted(range(len(pairs)), key=lambda index: (pairs[index][1].item, pairs[index][0].page, index))
        for index in order:
            mistake, outcome = pairs[index]
            views[index] = replace(views[index], picture=gallery.picture(dataset, outcome.item, mistake))
    return tuple(views)
