"""A run: what has to be done of the inputs, and the doing of it, every step in the ledger before the next."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePath

from lanci.bulk.document_work import failed_to_end
from lanci.bulk.engine import Engine
from lanci.bulk.keys import with_overrides
from lanci.bulk.ledger import Content, Ledger
from lanci.bulk.rebuild import correct_result
from lanci.bulk.records import State
from lanci.bulk.results import Results
from lanci.bulk.tasks import DocumentEnd, DocumentKey, DocumentTask, EngineNote
from lanci.errors import OutputError, OverrideError
from lanci.jobs.boundary import Failed
from lanci.jobs.flags import ParseFlags
from lanci.override import Override

MAX_ATTEMPTS = 3
"""So often a document is tried whose process dies, takes too long or too much memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """What a run asks for.

    Attributes:
        store: the folder of the store, or its address.
        results: of the store.
        flags: how documents are read.
        key: of documents without joins or splits of their own.
        retry_failed: whether what failed before is tried again.
        max_attempts: see :data:`MAX_ATTEMPTS`.
    """

    store: str
    results: Results
    flags: ParseFlags
    key: DocumentKey
    retry_failed: bool = False
    max_attempts: int = MAX_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Recorded:
    """An end that is in the ledger: the document's name, and its state there (``PENDING``: it is tried again)."""

    name: str
    state: State
    end: DocumentEnd


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run found of its inputs: contents, and how many of them there is nothing to do for.

    ``left`` are the documents that failed before in the same way as they would now, with name, category and message.
    """

    contents: int
    current: int
    left: tuple[tuple[str, str, str], ...]


def plan_work(ledger: Ledger, plan: RunPlan) -> Planned:
    """Tell for each content of this run's files whether it has to be done, and put it down in the ledger."""
    contents, current = 0, 0
    left: list[tuple[str, str, str]] = []
    with ledger.batch():
        for content in ledger.contents_seen():
            contents += 1
            has_result = bool(content.result_key) and plan.results.has(content.sha256)
            key = _key_of(ledger, plan, content)
            if has_result and key.is_of(content.result_key):
                current += 1
                if content.state is not State.DONE:
                    ledger.hold_result(content.sha256)
            elif content.state is State.FAILED and content.tried_key == key.tried and not plan.retry_failed:
                left.append((_name_of(ledger, content.sha256), content.category, content.message))
            else:
                afresh = content.state is not State.PENDING or content.tried_key != key.tried
                ledger.ask_for(content.sha256, key.tried, has_result=has_result, afresh=afresh)
    return Planned(contents, current, tuple(left))


def work_off(ledger: Ledger, plan: RunPlan, engine: Engine) -> Generator[Recorded | EngineNote, None, None]:
    """Have everything done that was planned; yields each end when it is recorded, and notes on the way.

    What has been tried more often comes later. Closing the generator ends the work.

    Raises:
        OutputError: nothing can be written any more; what was in work is done by the next run.
    """
    while (level := ledger.lowest_level()) is not None:
        failed: list[DocumentEnd] = []
        with closing(engine.run(_take_tasks(ledger, plan, level, failed))) as events:
            for event in events:
                if isinstance(event, EngineNote):
                    yield event
                    continue
                yield _record(ledger, plan, event)
                if event.stop:
                    raise OutputError(f"{event.message} (the run stops; what it has done is recorded, run again)")
        for end in failed:
            yield _record(ledger, plan, end)


def _take_tasks(ledger: Ledger, plan: RunPlan, level: int, failed: list[DocumentEnd]) -> Iterator[DocumentTask]:
    """The tasks of a level, each taken in the ledger when it is asked for; ``failed`` gets those that cannot be."""
    while (sha256 := ledger.take(level)) is not None:
        sources = ledger.sources(sha256)
        try:
            overrides = _overrides(plan, sha256, sources)
        except OverrideError as error:
            failed.append(failed_to_end(sha256, Failed(error.category, str(error)), 0.0))
            continue
        yield DocumentTask(
            sha256=sha256,
            sources=tuple(path for path, _ in sources),
            store=plan.store,
            key=with_overrides(plan.key, overrides),
            flags=plan.flags,
            overrides=overrides,
        )


def _record(ledger: Ledger, plan: RunPlan, end: DocumentEnd) -> Recorded:
    state = ledger.record_end(end, plan.max_attempts)
    if end.retry:  # the process may have died while it wrote the result, or thereafter
        correct_result(plan.results, ledger, end.sha256)
    return Recorded(_name_of(ledger, end.sha256), state, end)


def _key_of(ledger: Ledger, plan: RunPlan, content: Content) -> DocumentKey:
    if plan.flags.overrides is None:
        return plan.key
    try:
        return with_overrides(plan.key, _overrides(plan, content.sha256, ledger.sources(content.sha256)))
    except OverrideError:  # told when its turn comes
        return plan.key


def _overrides(plan: RunPlan, sha256: str, sources: list[tuple[str, str]]) -> tuple[Override, ...]:
    """The joins and splits for a content, under whatever name it came."""
    if plan.flags.overrides is None:
        return ()
    names = sorted({PurePath(path).name for path, _ in sources})
    return tuple(dict.fromkeys(override for name in names for override in plan.flags.overrides.find(name, sha256)))


def _name_of(ledger: Ledger, sha256: str) -> str:
    sources = ledger.sources(sha256)
    return sources[0][1] if sources else sha256
