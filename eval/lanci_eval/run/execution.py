"""Run the systems over the documents and store every outcome at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace

from lanci_eval.datasets.base import Rejected
from lanci_eval.isolation import SystemProcess
from lanci_eval.records import Outcome, Status
from lanci_eval.results import SystemInfo
from lanci_eval.run.archive import Archive, Slot
from lanci_eval.run.documents import LoadedDataset, RunDocument, prepare_document
from lanci_eval.run.keys import outcome_key, system_key
from lanci_eval.run.plan import RunPlan, Watcher
from lanci_eval.run.privacy import shorten_paths
from lanci_eval.run.settings import SystemSettings
from lanci_eval.systems.base import SystemRequest, UnavailableError


@dataclass(frozen=True, slots=True)
class ReadySystem:
    """A system that has started."""

    label: str
    key: str
    process: SystemProcess


@dataclass(frozen=True, slots=True)
class StartedSystems:
    """All systems of a run in the order asked for, and those of them that can run."""

    settings: tuple[SystemSettings, ...]
    ready: tuple[ReadySystem, ...]


@dataclass(slots=True)
class Documents:
    """The documents of a run, those of which no file could be had by dataset."""

    usable: list[RunDocument] = field(default_factory=list)
    rejected: dict[str, list[Rejected]] = field(default_factory=dict)


@contextmanager
def started_systems(plan: RunPlan, watcher: Watcher) -> Iterator[StartedSystems]:
    """Start every system of the plan; all are stopped at the end."""
    settings: list[SystemSettings] = []
    ready: list[ReadySystem] = []
    with ExitStack() as stack:
        watcher.begin("starting", len(plan.systems))
        for request in plan.systems:
            watcher.step(request.label)
            process = stack.enter_context(closing(SystemProcess(request, plan.limits)))
            try:
                versions = process.start()
            except UnavailableError as error:
                settings.append(SystemSettings(_to_info(request, {}, str(error)), key=""))
                watcher.warn(f"{request.label} is not available: {error}")
            else:
                key = system_key(request, versions, plan.limits)
                settings.append(SystemSettings(_to_info(request, versions), key))
                ready.append(ReadySystem(request.label, key, process))
        watcher.end()
        yield StartedSystems(tuple(settings), tuple(ready))


def run_documents(
    plan: RunPlan, datasets: Sequence[LoadedDataset], systems: Sequence[ReadySystem], archive: Archive, watcher: Watcher
) -> Documents:
    """Run every system on every document, document by document, and store each outcome.

    Systems take turns on each document, so that the machine's moods meet all of them alike, and another one is
    the first each time. What is stored already is not run again.
    """
    documents = Documents()
    work = [(dataset, item) for dataset in datasets for item in dataset.items]
    takers = {
        dataset.named.label: [system for system in systems if dataset.named.takes(system.label)] for dataset in datasets
    }
    watcher.begin("running", sum(max(len(takers[dataset.named.label]), 1) for dataset, _ in work))
    for turn, (dataset, item) in enumerate(work):
        label = dataset.named.label
        document = prepare_document(dataset.named, item, archive)
        if isinstance(document, Rejected):
            watcher.warn(f"{label}/{item.id} is left out: {document.reason}")
            documents.rejected.setdefault(label, []).append(document)
        else:
            documents.usable.append(document)
        for system in _rotated(takers[label], turn):
            watcher.step(f"{item.id} {system.label}")
            if not isinstance(document, Rejected):
                _run_one(plan, document, system, archive, watcher)
    watcher.end()
    return documents


def _run_one(plan: RunPlan, document: RunDocument, system: ReadySystem, archive: Archive, watcher: Watcher) -> None:
    slot = Slot(document.dataset, document.info.id, system.label)
    key = outcome_key(document.info.sha256, system.key)
    stored = None if plan.again else archive.read_end(slot, key)
    if stored is not None and stored.status is not Status.UNAVAILABLE:  # what was missing may be there by now
        return
    outcome = system.process.run(document.path, document.info.n_pages)
    outcome = replace(
        outcome,
        message=shorten_paths(outcome.message),
        remarks=tuple(shorten_paths(remark) for remark in outcome.remarks),
    )
    archive.write_outcome(slot, key, outcome)
    if outcome.status is Status.OK:
        watcher.note(f"{slot}: {_describe(outcome)}")
    else:
        watcher.warn(f"{slot}: {outcome.status.value}: {' '.join(outcome.message.split())}")


def _describe(outcome: Outcome) -> str:
    n_tables = len(outcome.extraction.tables)
    seconds = "" if outcome.seconds is None else f", {outcome.seconds:.1f} s"
    return f"{n_tables} table{'' if n_tables == 1 else 's'}{seconds}"


def _rotated(systems: Sequence[ReadySystem], turn: int) -> Sequence[ReadySystem]:
    first = turn % len(systems) if systems else 0
    return [*systems[first:], *systems[:first]]


def _to_info(request: SystemRequest, versions: Mapping[str, str], unavailable: str = "") -> SystemInfo:
    options = tuple((name, shorten_paths(value)) for name, value in request.options)
    return SystemInfo(request.label, request.name, options, tuple(sorted(versions.items())), shorten_paths(unavailable))
