"""The engine of one machine: worker processes with limits of time and memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from lanci.bulk.document_work import do_document, failed_to_end
from lanci.bulk.tasks import DocumentEnd, DocumentTask, EngineNote
from lanci.jobs.boundary import lost_to_failed
from lanci.jobs.telling import Setup
from lanci.jobs.workers import Ended, Limits, run_tasks


class LocalEngine:
    """Works documents off in processes of this machine, see :class:`lanci.bulk.engine.Engine`.

    Args:
        jobs: processes.
        limits: for each document, and of a process's life.
        log_level: of the log records that are sent on.
        work: what is done with a task; importable by name in a new process.
    """

    def __init__(
        self,
        jobs: int,
        limits: Limits,
        log_level: int,
        work: Callable[[DocumentTask], DocumentEnd] = do_document,
    ) -> None:
        self.slots = jobs
        self._limits = limits
        self._log_level = log_level
        self._work = work

    def run(self, tasks: Iterator[DocumentTask]) -> Generator[DocumentEnd | EngineNote, None, None]:
        """Work off all tasks and yield what comes of them."""
        in_work: dict[int, tuple[str, float]] = {}

        def take() -> Iterator[DocumentTask]:
            for index, task in enumerate(tasks):
                in_work[index] = (task.sha256, time.monotonic())
                yield task

        setup = Setup(self._log_level)
        events = run_tasks(self._work, take(), jobs=self.slots, limits=self._limits, setup=setup)
        with closing(events):
            for event in events:
                if not isinstance(event, Ended):
                    yield EngineNote(in_work[event.index][0], event.content)
                    continue
                sha256, started = in_work.pop(event.index)
                if event.result is not None:
                    yield event.result
                else:
                    failed = lost_to_failed(event, self._limits)
                    yield failed_to_end(sha256, failed, time.monotonic() - started, retry=True)
