"""A run from its plan to its report, and the report of a stored run once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lanci_eval.datasets.base import Rejected
from lanci_eval.metrics import METRICS
from lanci_eval.records import Status
from lanci_eval.report import write_report
from lanci_eval.report.write import ReportOptions
from lanci_eval.results import Results, RunInfo
from lanci_eval.run.archive import Archive
from lanci_eval.run.documents import LoadedDataset, RunDocument, load_datasets, prepare_document, to_dataset_info
from lanci_eval.run.execution import run_documents, started_systems
from lanci_eval.run.machine import describe_machine, describe_rescoring, describe_software
from lanci_eval.run.plan import NamedDataset, RunPlan, Watcher
from lanci_eval.run.scoring import is_complete, score_documents
from lanci_eval.run.settings import RunSettings, SystemSettings, dataset_to_settings

_NOT_RUN = "not all systems have been run on it: repeat the command that started the run"


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that has been scored, and the files of its report."""

    results: Results
    files: tuple[Path, ...]

    @property
    def all_good(self) -> bool:
        """Whether every system could run and came to an end on every document, and every document was usable."""
        results = self.results
        return (
            all(outcome.status is Status.OK for outcome in results.outcomes)
            and not any(system.unavailable for system in results.systems)
            and not any(dataset.rejected for dataset in results.datasets)
        )


def run_plan(plan: RunPlan, watcher: Watcher) -> Finished:
    """Run what is not stored yet, score it and write the report into the folder of the plan.

    Raises:
        OutputError: the folder is of another run or cannot be written.
        LanciError: a dataset as a whole cannot be read.
    """
    archive = Archive(plan.folder)
    archive.check_takes(tuple(dataset_to_settings(dataset, plan.folder) for dataset in plan.datasets))
    datasets = load_datasets(plan.datasets, watcher)
    with started_systems(plan, watcher) as systems:
        settings = _to_settings(plan, systems.settings)
        archive.write_settings(settings)
        documents = run_documents(plan, datasets, systems.ready, archive, watcher)
    return _finish(_Stored(settings, datasets, documents.usable, documents.rejected), archive, watcher, plan)


def score_stored(folder: Path, watcher: Watcher, *, gallery: bool = True, keep_work: bool = False) -> Finished:
    """Score the stored outcomes of a run once more and write its report; no system is run.

    Documents that are missing an outcome are left out and named among the rejected.

    Raises:
        OutputError: there is no run in this folder.
        DamagedError: what it stored cannot be read.
        LanciError: a dataset as a whole cannot be read.
    """
    archive = Archive(folder)
    settings = archive.read_settings()
    run = replace(settings.run, software=describe_rescoring(settings.run.software))
    settings = replace(settings, run=run)
    datasets = load_datasets([dataset.to_named(folder) for dataset in settings.datasets], watcher)
    usable: list[RunDocument] = []
    rejected: dict[str, list[Rejected]] = {}
    watcher.begin("preparing", sum(len(dataset.items) for dataset in datasets))
    for dataset in datasets:
        label = dataset.named.label
        for item in dataset.items:
            watcher.step(item.id)
            document = prepare_document(dataset.named, item, archive)
            if isinstance(document, RunDocument) and not is_complete(document, settings.systems, archive):
                document = Rejected(item.id, _NOT_RUN)
            if isinstance(document, Rejected):
                watcher.warn(f"{label}/{item.id} is left out: {document.reason}")
                rejected.setdefault(label, []).append(document)
            else:
                usable.append(document)
    watcher.end()
    plan = RunPlan(folder=folder, datasets=(), systems=(), again=True, gallery=gallery, keep_work=keep_work)
    return _finish(_Stored(settings, datasets, usable, rejected), archive, watcher, plan)


@dataclass(frozen=True, slots=True)
class _Stored:
    settings: RunSettings
    datasets: tuple[LoadedDataset, ...]
    documents: Sequence[RunDocument]
    rejected: Mapping[str, Sequence[Rejected]]


def _finish(stored: _Stored, archive: Archive, watcher: Watcher, plan: RunPlan) -> Finished:
    outcomes = score_documents(stored.documents, stored.settings.systems, archive, watcher, again=plan.again)
    infos = tuple(
        to_dataset_info(dataset, stored.documents, stored.rejected.get(dataset.named.label, ()))
        for dataset in stored.datasets
    )
    systems = tuple(system.info for system in stored.settings.systems)
    results = Results(stored.settings.run, infos, systems, outcomes)
    paths = {(document.dataset, document.info.id): document.path for document in stored.documents}
    files = write_report(
        results,
        plan.folder,
        METRICS,
        page_source=lambda dataset, item: paths.get((dataset, item)),
        options=ReportOptions(gallery=plan.gallery),
    )
    if not plan.keep_work:
        archive.remove_work()
    return Finished(results, files)


def _to_settings(plan: RunPlan, systems: tuple[SystemSettings, ...]) -> RunSettings:
    limits = plan.limits
    options = (
        ("seconds for a document", f"{limits.seconds:g}"),
        ("memory", f"{limits.mib} MiB"),
        ("seconds to start", f"{limits.prepare_seconds:g}"),
        ("threads", str(limits.threads)),
        *((f"{dataset.label}: documents", _describe_choice(dataset)) for dataset in plan.datasets),
    )
    return RunSettings(
        datasets=tuple(dataset_to_settings(dataset, plan.folder) for dataset in plan.datasets),
        systems=systems,
        run=RunInfo(describe_software(), describe_machine(), options),
    )


def _describe_choice(dataset: NamedDataset) -> str:
    limit, seed = dataset.request.limit, dataset.request.seed
    choice = "all" if limit is None else f"at most {limit}, seed {seed}"
    return f"{choice}; systems: {', '.join(dataset.systems)}" if dataset.systems else choice
