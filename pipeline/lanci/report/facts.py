"""Going through a store once and counting; memory does not grow with the number of its documents."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from lanci.bulk import LedgerEntry, State, Store, StoredDocument, Totals
from lanci.document import Document
from lanci.errors import LanciError
from lanci.export.origin import document_to_origin
from lanci.report.tally import Tally, tables_to_tally

MAX_FAILURES = 500
"""So many failures of one category are named; the ledger names all."""
MAX_DOCUMENTS = 20
"""So many documents a list of the worst has."""
UNREADABLE_RESULT = "result"
"""The category of a result in the store that cannot be read any more."""

SPEED_LIMITS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Seconds per page at which the classes of the histogram end; the last class is open."""

Progress = Callable[[int], None]
"""Called after each document with the number of those done."""


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """One content or file without a result: the names by which it came, and why."""

    names: tuple[str, ...]
    sha256: str
    page: int | None = field(compare=False)
    message: str = field(compare=False)
    attempts: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """The failures of one category, of which the first ones are named."""

    category: str
    count: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class PlaceTally:
    """The documents of one province, or of none that is known, and of how many places in it they are."""

    province: str
    places: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class RankedDocument:
    """A document of a list of the worst: its name, its content and the figure it is ranked by."""

    figure: float
    name: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Times:
    """How long the documents that have a result took.

    Attributes:
        seconds: of all documents together, whatever was at work beside them.
        pages: read in that time.
        classes: documents by seconds per page, one count for each class that ``SPEED_LIMITS`` part.
        slowest: documents by seconds, longest first.
    """

    seconds: float
    pages: int
    classes: tuple[int, ...]
    slowest: tuple[RankedDocument, ...]


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """All that the report tells, in the order in which it tells it."""

    states: Totals
    total: Tally
    places: tuple[PlaceTally, ...]
    years: tuple[tuple[int | None, Tally], ...]
    table_types: tuple[tuple[str, Tally], ...]
    media_types: tuple[tuple[str, Tally], ...]
    software: tuple[tuple[str, int], ...]
    conflicts: tuple[RankedDocument, ...]
    failures: tuple[FailureGroup, ...]
    times: Times

    @property
    def n_failures(self) -> int:
        """Contents and files without a result, and results that cannot be read."""
        return sum(group.count for group in self.failures)

    @property
    def n_unreadable(self) -> int:
        """Results that cannot be read."""
        return sum(group.count for group in self.failures if group.category == UNREADABLE_RESULT)


def gather_facts(store: Store, progress: Progress | None = None) -> StoreFacts:
    """Read the whole store.

    Raises:
        StoreError: it has no ledger.
        DamagedError: the ledger is damaged. A damaged result is a failure that the report names.
    """
    counting, failing, timing = _Counting(), _Failing(), _Timing()
    for entry in store.entries():
        timing.add(entry)
        if entry.state in (State.FAILED, State.VANISHED):
            failing.add(entry.category or entry.state.value, _entry_to_failure(entry))
    for done, stored in enumerate(store.documents(), start=1):
        try:
            counting.add(stored, stored.read())
        except LanciError as error:
            failing.add(UNREADABLE_RESULT, Failure(stored.paths, stored.sha256, error.page, str(error), 0))
        if progress is not None:
            progress(done)
    return StoreFacts(
        states=store.totals(),
        total=counting.total,
        places=counting.to_places(),
        years=_by_year(counting.years),
        table_types=_by_size(counting.table_types),
        media_types=_by_size(counting.media_types),
        software=tuple(sorted(counting.software.items())),
        conflicts=counting.conflicts.to_ranking(),
        failures=failing.to_groups(),
        times=timing.to_times(),
    )


@dataclass(slots=True)
class _Worst:
    """The documents of the highest figures among all that were offered."""

    heap: list[tuple[float, str, str, int]] = field(default_factory=list)

    def offer(self, figure: float, name: str, sha256: str, pages: int) -> None:
        heapq.heappush(self.heap, (figure, sha256, name, pages))
        if len(self.heap) > MAX_DOCUMENTS:
            heapq.heappop(self.heap)

    def to_ranking(self) -> tuple[RankedDocument, ...]:
        ranked = sorted(self.heap, key=lambda one: (-one[0], one[1]))
        return tuple(RankedDocument(figure, name, sha256, pages) for figure, sha256, name, pages in ranked)


@dataclass(slots=True)
class _Counting:
    """What is counted of the results."""

    total: Tally = field(default_factory=Tally)
    provinces: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    divisions: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    years: defaultdict[int | None, Tally] = field(default_factory=lambda: defaultdict(Tally))
    table_types: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    media_types: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    software: Counter[str] = field(default_factory=Counter)
    conflicts: _Worst = field(default_factory=_Worst)

    def add(self, stored: StoredDocument, document: Document) -> None:
        tally = tables_to_tally(document.tables, len(document.pages))
        self.total += tally
        origin = document_to_origin(document, stored.paths)
        self.years[origin.year] += tally
        self.provinces[origin.province] += tally
        if origin.entity.division_code:
            self.divisions[origin.province].add(origin.entity.division_code)
        self.media_types[document.source.media_type] += tally
        self.software.update(f"{name} {version}" for name, version in document.software)
        for kind in sorted({table.type for table in document.tables}):
            self.table_types[kind] += tables_to_tally([table for table in document.tables if table.type == kind])
        if tally.conflict:
            self.conflicts.offer(tally.conflict, _name(stored.paths, stored.sha256), stored.sha256, tally.pages)

    def to_places(self) -> tuple[PlaceTally, ...]:
        """The provinces in the order of their codes, the unknown one last."""
        codes = {name: min(self.divisions[name], default="") for name in self.provinces}
        names = sorted(codes, key=lambda name: (not codes[name], codes[name]))
        return tuple(PlaceTally(name, len(self.divisions[name]), self.provinces[name]) for name in names)


@dataclass(slots=True)
class _Failing:
    """The failures by category."""

    counts: Counter[str] = field(default_factory=Counter)
    named: defaultdict[str, list[Failure]] = field(default_factory=lambda: defaultdict(list))

    def add(self, category: str, failure: Failure) -> None:
        self.counts[category] += 1
        if len(self.named[category]) < MAX_FAILURES:
            self.named[category].append(failure)

    def to_groups(self) -> tuple[FailureGroup, ...]:
        ranked = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(FailureGroup(name, count, tuple(sorted(self.named[name]))) for name, count in ranked)


@dataclass(slots=True)
class _Timing:
    """The times of the ledger."""

    seconds: float = 0.0
    pages: int = 0
    classes: list[int] = field(default_factory=lambda: [0] * (len(SPEED_LIMITS) + 1))
    slowest: _Worst = field(default_factory=_Worst)

    def add(self, entry: LedgerEntry) -> None:
        if entry.state is not State.DONE or entry.seconds is None or not entry.pages or entry.sha256 is None:
            return
        self.seconds += entry.seconds
        self.pages += entry.pages
        per_page = entry.seconds / entry.pages
        self.classes[sum(per_page >= limit for limit in SPEED_LIMITS)] += 1
        self.slowest.offer(entry.seconds, _name(entry.paths, entry.sha256), entry.sha256, entry.pages)

    def to_times(self) -> Times:
        return Times(self.seconds, self.pages, tuple(self.classes), self.slowest.to_ranking())


def _entry_to_failure(entry: LedgerEntry) -> Failure:
    return Failure(entry.paths, entry.sha256 or "", entry.page, entry.message, entry.attempts)


def _name(paths: tuple[str, ...], sha256: str) -> str:
    return paths[0] if paths else sha256


def _by_year(counts: dict[int | None, Tally]) -> tuple[tuple[int | None, Tally], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (item[0] is None, item[0] or 0)))


def _by_size(counts: dict[str, Tally]) -> tuple[tuple[str, Tally], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1].tables, -item[1].documents, item[0])))
