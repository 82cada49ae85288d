"""``lanci run``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from lanci.bulk.engine import Engine
from lanci.bulk.inputs import find_inputs
from lanci.bulk.intake import take_in
from lanci.bulk.keys import make_key
from lanci.bulk.layout import lock_store
from lanci.bulk.ledger import Ledger
from lanci.bulk.local_engine import LocalEngine
from lanci.bulk.place import Place, open_place, prepare_place, save_ledger
from lanci.bulk.rebuild import open_ledger
from lanci.bulk.run import MAX_ATTEMPTS, Planned, Recorded, RunPlan, plan_work, work_off
from lanci.cli.interrupts import terminable
from lanci.cli.run_log import RunLog
from lanci.cli.screen import Screen
from lanci.cli.watch import Watch
from lanci.errors import ExitCode
from lanci.jobs.flags import ParseFlags
from lanci.jobs.logs import log_to_stderr
from lanci.jobs.workers import NO_LIMITS, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What the user asks of a run; see ``lanci run --help``."""

    inputs: tuple[str, ...]
    store: str
    flags: ParseFlags
    limits: Limits = NO_LIMITS
    jobs: int | None = None
    engine: str = "local"
    address: str | None = None
    attempts: int = MAX_ATTEMPTS
    retry_failed: bool = False
    quiet: bool = False
    log_level: int = 0
    log_file: Path | None = None


def run_store(order: RunOrder) -> ExitCode:
    """Bring the store up to date with the inputs, and name every input that has no result."""
    log_to_stderr(order.log_level)
    place = open_place(order.store)
    prepare_place(place)
    with (
        lock_store(place.folder),
        RunLog(order.log_file) as log,
        open_ledger(place.results, place.ledger) as ledger,
        open_engine(order) as engine,
        Screen(None, bar=not order.quiet) as screen,
        terminable(),
    ):
        watch = Watch(screen, log, quiet=order.quiet)
        ledger.begin_run(engine.slots)
        log.write("start", store=order.store, jobs=engine.slots)
        try:
            planned = _run(order, place, ledger, engine, watch)
        finally:
            ledger.end_run()
            place.results.tidy()
            save_ledger(place)
        log.write("end", done=watch.done, before=planned.current, failed=watch.failures.total())
    before = f" ({planned.current:,} before)" if planned.current else ""
    done = planned.current + watch.done
    click.echo(f"{done:,} of {planned.contents:,} documents done{before}, {watch.failures_text()} → {order.store}")
    return ExitCode.SOME_FAILED if watch.failures else ExitCode.OK


@contextmanager
def open_engine(order: RunOrder) -> Iterator[Engine]:
    """What the documents are worked off with; a Ray cluster is left at the end."""
    if order.engine == "local":
        yield LocalEngine(order.jobs or 1, order.limits, order.log_level)
        return
    from lanci.bulk.ray_engine import RayEngine

    engine = RayEngine(order.address, order.jobs, order.limits, order.log_level)
    try:
        yield engine
    finally:
        engine.close()


def _run(order: RunOrder, place: Place, ledger: Ledger, engine: Engine, watch: Watch) -> Planned:
    take_in(ledger, find_inputs(order.inputs, place.folder), watch.show_intake)
    for problem in ledger.problems_seen():
        watch.tell_failure(*problem)
    plan = RunPlan(
        store=place.address,
        results=place.results,
        flags=order.flags,
        key=make_key(order.flags, order.limits),
        retry_failed=order.retry_failed,
        max_attempts=order.attempts,
    )
    planned = plan_work(ledger, plan)
    for name, category, message in planned.left:
        watch.tell_failure(name, category, f"{message} (not tried again without --retry-failed)")
    watch.begin(ledger.count_waiting())
    with closing(work_off(ledger, plan, engine)) as events:
        for event in events:
            if isinstance(event, Recorded):
                watch.tell_end(event)
            else:
                watch.tell_note(event)
    return planned
