"""From stored outcomes to results: compare with the truth, count every metric's sums, collect the worst cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci_eval.matching import compare
from lanci_eval.metrics import METRICS
from lanci_eval.metrics.base import Case, Metric
from lanci_eval.records import Outcome
from lanci_eval.results import ItemResult, Mistake
from lanci_eval.run.archive import Archive, Score, Slot
from lanci_eval.run.documents import RunDocument
from lanci_eval.run.keys import outcome_key, score_key
from lanci_eval.run.mistakes import find_mistakes
from lanci_eval.run.plan import Watcher
from lanci_eval.run.settings import SystemSettings

MAX_MISTAKES = 40
"""Worst cells kept of one outcome, for the report's gallery."""


def score_documents(
    documents: Sequence[RunDocument],
    systems: Sequence[SystemSettings],
    archive: Archive,
    watcher: Watcher,
    *,
    again: bool = False,
) -> tuple[ItemResult, ...]:
    """The results of all documents by all systems that could run; what is scored already is not scored again.

    Every outcome has to be stored: see :func:`is_complete`.
    """
    work = [(document, system) for document in documents for system in _running_on(document, systems)]
    results = []
    watcher.begin("scoring", len(work))
    for document, system in work:
        watcher.step(f"{document.info.id} {system.info.label}")
        results.append(_score_one(document, system, archive, again=again))
    watcher.end()
    return tuple(results)


def is_complete(document: RunDocument, systems: Sequence[SystemSettings], archive: Archive) -> bool:
    """Whether the outcomes of all systems that could run are stored for this document, as it is now."""
    running = _running_on(document, systems)
    return all(archive.read_end(*_place(document, system)) is not None for system in running)


def _running_on(document: RunDocument, systems: Sequence[SystemSettings]) -> tuple[SystemSettings, ...]:
    """The systems that could run and were asked to read this document."""
    return tuple(system for system in systems if system.key and document.named.takes(system.info.label))


def _place(document: RunDocument, system: SystemSettings) -> tuple[Slot, str]:
    """Where the outcome is stored, and under which key."""
    slot = Slot(document.dataset, document.info.id, system.info.label)
    return slot, outcome_key(document.info.sha256, system.key)


def _score_one(document: RunDocument, system: SystemSettings, archive: Archive, *, again: bool) -> ItemResult:
    slot, raw_key = _place(document, system)
    outcome = archive.read_end(slot, raw_key)
    if outcome is None:
        raise LookupError(f"{slot}: no outcome is stored")
    key = score_key(raw_key, document.truth, document.evidence)
    score = None if again else archive.read_score(slot, key)
    if score is None:
        score = _score(document, archive.read_outcome(slot, raw_key) or outcome, slot)
        archive.write_score(slot, key, score)
    return ItemResult(
        dataset=slot.dataset,
        item=slot.item,
        system=slot.system,
        status=outcome.status,
        message=outcome.message,
        remarks=outcome.remarks,
        tallies=score.tallies,
        mistakes=score.mistakes,
        seconds=outcome.seconds,
        peak_mib=outcome.peak_mib,
    )


def _score(document: RunDocument, outcome: Outcome, slot: Slot) -> Score:
    mistakes: tuple[Mistake, ...] = ()
    case = Case(outcome.extraction, evidence=document.evidence)
    try:
        if document.truth is not None and case.claims_tables:
            comparison = compare(document.truth, outcome.extraction)
            mistakes = find_mistakes(comparison, MAX_MISTAKES)
            case = replace(case, comparison=comparison)
    except Exception as error:
        error.add_note(f"while comparing {slot} with the truth")
        raise
    tallies = [(metric.name, _tally(metric(), case, slot)) for metric in METRICS]
    return Score(tuple((name, tally) for name, tally in tallies if tally), mistakes)


def _tally(metric: Metric, case: Case, slot: Slot) -> dict[str, float]:
    try:
        return metric.count(case)
    except Exception as error:
        error.add_note(f"while counting {metric.name} of {slot}: a fault of the metric, please report it")
        raise
