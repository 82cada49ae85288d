"""A finished run, as records: enough to recompute every figure without reading a document again."""

from __future__ import annotations

from dataclasses import dataclass

from lanci_eval.metrics.base import Tally
from lanci_eval.records import Status


@dataclass(frozen=True, slots=True)
class Mistake:
    """A cell that came out wrong, for the gallery of errors.

    ``place`` is the true cell's place in words ("t003 row 4, column 2"). ``page`` and ``box`` (x0, y0, x1, y1
    in points) say where to look, taken from the found cell or, if it has none, from the true one. ``weight``
    orders mistakes, the worst first.
    """

    table: str
    place: str
    expected: str
    read: str | None
    marked: bool
    is_amount: bool
    page: int
    box: tuple[float, float, float, float] | None
    weight: float


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """A document of a dataset as it was run."""

    id: str
    group: str
    sha256: str
    n_pages: int
    tags: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """A dataset of the run; ``label`` is what the command line called it, ``rejected`` are (id, reason)."""

    label: str
    kind: str
    options: tuple[tuple[str, str], ...]
    items: tuple[ItemInfo, ...]
    rejected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SystemInfo:
    """A system of the run; ``unavailable`` says why it could not run, empty when it could."""

    label: str
    name: str
    options: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    unavailable: str = ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What one system made of one document: its end, its sums metric by metric, and its worst cells.

    ``seconds`` is that of the extraction alone. ``tallies`` maps a metric's name to its sums; a metric that has
    nothing to say is missing. ``mistakes`` are the worst first, at most a fixed number.
    """

    dataset: str
    item: str
    system: str
    status: Status
    message: str
    remarks: tuple[str, ...]
    tallies: tuple[tuple[str, Tally], ...]
    mistakes: tuple[Mistake, ...] = ()
    seconds: float | None = None
    peak_mib: float | None = None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Where and how it ran: software versions, machine, limits and options, all as (name, value)."""

    software: tuple[tuple[str, str], ...]
    machine: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A finished run. Everything is in the order of the command line; items by id."""

    run: RunInfo
    datasets: tuple[DatasetInfo, ...]
    systems: tuple[SystemInfo, ...]
    outcomes: tuple[ItemResult, ...]

    def systems_on(self, dataset: str) -> tuple[str, ...]:
        """The labels of the systems that could run and did on a dataset, in the order of the run."""
        ran = {outcome.system for outcome in self.outcomes if outcome.dataset == dataset}
        return tuple(system.label for system in self.systems if system.label in ran and not system.unavailable)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the 95 % interval of a bootstrap over groups; None where undefined or where all groups agree.

    ``n_groups`` counts the groups that have something to say about it. ``undefined_draws`` counts the resamples
    in which the figure is undefined; they are left out of the interval.
    """

    value: float | None
    low: float | None
    high: float | None
    n_groups: int
    undefined_draws: int = 0
