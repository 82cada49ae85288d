"""What the templates show, worked out and written as text: they only place it."""

from __future__ import annotations

from dataclasses import dataclass

from lanci_eval.report.charts import Bar, ReliabilityPlot


@dataclass(frozen=True, slots=True)
class Heading:
    """A figure's name in a table: ``key`` links to its explanation, ``arrow`` shows which way is better."""

    text: str
    key: str
    description: str
    arrow: str
    percent: bool


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure of one system; ``standing`` is a value of :class:`lanci_eval.results.summarize.Standing`."""

    value: str
    interval: str
    standing: str
    title: str
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class RowView:
    """A named row of figures; ``note`` is a short remark under the name."""

    name: str
    note: str
    figures: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class SummaryView:
    """Systems down, key figures across; ``basis`` says what they are judged by."""

    basis: str
    headings: tuple[Heading, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """One figure by the values of a tag: systems down (those that have a value), tag values across."""

    heading: Heading
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class SplitView:
    """The key figures by the values of one tag: a block for each figure, systems down, values across."""

    name: str
    values: tuple[str, ...]
    counts: tuple[str, ...]
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True, slots=True)
class MetricView:
    """All figures of one metric: figures down, systems across."""

    name: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[FigureView, ...], ...]


@dataclass(frozen=True, slots=True)
class SpeedView:
    """The speed and memory of one system."""

    system: str
    finished: str
    seconds: str
    ratio: str
    interval: str
    peak_median: str
    peak_max: str
    bar: float | None


@dataclass(frozen=True, slots=True)
class MistakeView:
    """A cell that came out wrong; ``picture`` is a data URI, None where there is none."""

    system: str
    item: str
    place: str
    page: int
    expected: str
    read: str | None
    marked: bool
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class GalleryView:
    """The worst cells of one system."""

    system: str
    n_silent: int
    n_all: int
    mistakes: tuple[MistakeView, ...]


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What became of one document in one system; ``figures`` as in the document's headings."""

    system: str
    status: str
    ok: bool
    seconds: str
    figures: tuple[str, ...]
    message: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document, opened up: every system's outcome and the worst cells."""

    id: str
    facts: str
    remarks: tuple[str, ...]
    outcomes: tuple[OutcomeView, ...]
    mistakes: tuple[MistakeView, ...]
    n_more: int

    @property
    def n_failed(self) -> int:
        return sum(not outcome.ok for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class FailureView:
    """A system that failed on some documents, or did not run at all."""

    system: str
    summary: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DatasetView:
    """Everything about one dataset; ``anchor`` is unique in the page."""

    anchor: str
    label: str
    facts: str
    ranked: bool
    summaries: tuple[SummaryView, ...]
    failures: tuple[FailureView, ...]
    rejected: tuple[tuple[str, str], ...]
    splits: tuple[SplitView, ...]
    metrics: tuple[MetricView, ...]
    systems: tuple[str, ...]
    speed: tuple[SpeedView, ...]
    plots: tuple[ReliabilityPlot, ...]
    gallery: tuple[GalleryView, ...]
    documents: tuple[DocumentView, ...]
    files: tuple[tuple[str, str, str], ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Those of all summaries."""
        return tuple(heading for summary in self.summaries for heading in summary.headings)

    @property
    def has_reasons(self) -> bool:
        """Whether a failure has more reasons than the summary tells."""
        return any(len(failure.reasons) > 1 for failure in self.failures)


@dataclass(frozen=True, slots=True)
class SystemView:
    """A system, its options and versions in words."""

    label: str
    name: str
    options: str
    versions: str
    unavailable: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole page."""

    lead: str
    datasets: tuple[DatasetView, ...]
    systems: tuple[SystemView, ...]
    explained: tuple[tuple[str, tuple[Heading, ...]], ...]
    run: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    has_pictures: bool
