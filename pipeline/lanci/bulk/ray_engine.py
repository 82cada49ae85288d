"""The engine of a Ray cluster: actors that keep a worker process, with its models, from one document to the next.

Ray places the actors, starts them again where a process or a machine is lost, and gives them their task again. What
one document may do to its process (crash, hang, take all memory) is settled inside the actor as on one machine, by the
:class:`lanci.bulk.local_engine.LocalEngine`, so that such a document ends alike with either engine.
"""

from __future__ import annotations

import logging
import os
import re
import socket
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lanci.bulk.document_work import do_document, failed_to_end
from lanci.bulk.keys import make_key, with_overrides
from lanci.bulk.layout import check_store
from lanci.bulk.local_engine import LocalEngine
from lanci.bulk.remote import is_remote
from lanci.bulk.tasks import DocumentEnd, DocumentTask, EngineNote
from lanci.errors import EngineError, LanciError, MissingProgramError
from lanci.jobs.boundary import Failed
from lanci.jobs.logs import LogLine
from lanci.jobs.workers import Limits

_HOST_AND_PORT = re.compile(r"(?:ray://)?([^:]+):(\d{1,5})")
_CONNECT_SECONDS = 10.0

Work = Callable[[DocumentTask], DocumentEnd]

TASK_RETRIES = 10
"""So often Ray tries a task again whose actor is lost. Asking an actor that is not up again yet counts too."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an actor gives back: the end of its task, and the log lines on the way."""

    end: DocumentEnd
    lines: tuple[LogLine, ...]


class Host:
    """What lives in an actor: a worker process for one document after the other.

    Args:
        limits: for each document, and of the life of the worker process.
        log_level: of the log records that are sent on.
        work: what is done with a task.
    """

    def __init__(self, limits: Limits, log_level: int, work: Work) -> None:
        self._limits = limits
        self._task: DocumentTask | None = None
        self._fit = False
        self._events = LocalEngine(1, limits, log_level, work).run(self._tasks())

    def do(self, task: DocumentTask) -> Told:
        """Work one document off."""
        if not self._fit and (failed := _find_misfit(task, self._limits)) is not None:
            return Told(replace(failed_to_end(task.sha256, failed, 0.0), stop=True), ())
        self._fit = True
        self._task = task
        lines: list[LogLine] = []
        for event in self._events:
            if isinstance(event, DocumentEnd):
                return Told(event, tuple(lines))
            if isinstance(event.content, LogLine):
                lines.append(event.content)
        raise AssertionError("the engine ended although tasks never do")

    def _tasks(self) -> Iterator[DocumentTask]:
        """Never ends: whoever asks for events has put a task there, so the worker process is kept between two."""
        while self._task is not None:
            yield self._task


class RayEngine:
    """Works documents off on a Ray cluster, see :class:`lanci.bulk.engine.Engine`.

    Inputs and store must be reachable under the same name from every machine: on shared disks, or behind ``s3://``.
    Every machine needs the same lanci, models and libraries; a machine that differs ends the run.

    Args:
        address: of the cluster, as ``ray.init`` takes it; None starts one on this machine.
        jobs: actors; None for one on every processor of the cluster.
        limits: for each document, and of the life of a worker process.
        log_level: of the log records that are sent on.
        work: what is done with a task; importable by name on all machines.

    Raises:
        MissingProgramError: Ray is not installed.
        EngineError: there is no such cluster, or it has no processors.
    """

    def __init__(
        self, address: str | None, jobs: int | None, limits: Limits, log_level: int, work: Work = do_document
    ) -> None:
        self._ray = _connect(address)
        self.slots = jobs or int(self._ray.cluster_resources().get("CPU", 0))
        if not self.slots:
            raise EngineError(f"the Ray cluster {address} has no processors: add machines to it, or give --jobs")
        self._host_arguments = (limits, log_level, work)

    def run(self, tasks: Iterator[DocumentTask]) -> Generator[DocumentEnd | EngineNote, None, None]:
        """Work off all tasks and yield what comes of them."""
        # Actors that claim no processor for life find a place on what is left when a machine is lost.
        actor = self._ray.remote(max_restarts=-1, max_task_retries=TASK_RETRIES, scheduling_strategy="SPREAD")(Host)
        hosts: list[Any] = []
        idle: list[Any] = []
        in_work: dict[Any, tuple[Any, DocumentTask]] = {}
        try:
            while True:
                while len(in_work) < self.slots and (task := next(tasks, None)) is not None:
                    if not idle:
                        hosts.append(actor.remote(*self._host_arguments))
                        idle.append(hosts[-1])
                    host = idle.pop()
                    in_work[host.do.remote(task)] = (host, task)
                if not in_work:
                    return
                (reference,), _ = self._ray.wait(list(in_work), num_returns=1)
                host, task = in_work.pop(reference)
                idle.append(host)
                yield from self._collect(reference, task)
        finally:
            for host in hosts:
                self._ray.kill(host)

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        self._ray.shutdown()

    def _collect(self, reference: Any, task: DocumentTask) -> Iterator[DocumentEnd | EngineNote]:
        """What came of a task: what its actor tells, or that it was lost with it."""
        try:
            told: Told = self._ray.get(reference)
        except self._ray.exceptions.RayActorError as error:
            if error.actor_init_failed:
                raise EngineError(
                    f"a machine of the Ray cluster cannot load lanci; install it there: {error}"
                ) from error
            reason = str(error).strip().partition("\n")[0]
            message = f"the machine or process that read it was lost again and again ({reason})"
            yield failed_to_end(task.sha256, Failed("crash", message), 0.0, retry=True)
            return
        for line in told.lines:
            yield EngineNote(task.sha256, line)
        yield told.end


def _connect(address: str | None) -> Any:
    """The module ``ray``, connected."""
    # A cluster that is started here tells nobody that it was.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise MissingProgramError("--engine ray needs Ray: pip install 'lanci[ray]'") from error
    try:
        if address is not None and (match := _HOST_AND_PORT.fullmatch(address)):
            # Ray itself would go on asking for minutes.
            socket.create_connection((match[1], int(match[2])), _CONNECT_SECONDS).close()
        ray.init(address=address or "local", ignore_reinit_error=True, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise EngineError(f"the Ray cluster {address or 'of this machine'} cannot be had: {reason}") from error
    return ray


def _find_misfit(task: DocumentTask, limits: Limits) -> Failed | None:
    """Why this machine cannot work for the run, if it cannot: its results would be others, or go elsewhere."""
    host = socket.gethostname()
    try:
        key = with_overrides(make_key(task.flags, limits), task.overrides)
        if not is_remote(task.store):
            check_store(Path(task.store))
    except LanciError as error:
        return Failed("engine", f"{host} cannot work for this run: {error}")
    if key != task.key:
        return Failed("engine", f"{host} has other versions of lanci, its models or libraries: install the same there")
    return None
