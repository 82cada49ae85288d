"""Processes that work off a list of tasks: a crash, a hang or too much memory costs one task and nothing else.

``concurrent.futures`` cannot do this: when one of its processes dies, every task in flight is lost and none is
named, and a task that hangs cannot be stopped. Here each process has its own pipe and one task at a time.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from lanci.jobs.processes import kill_family, measure_memory
from lanci.jobs.scratch import scratch_folder, use_scratch

A = TypeVar("A")
R = TypeVar("R")
Setup = Callable[[Callable[[object], None]], None]

_FAREWELL_SECONDS = 5.0
_MEMORY_SECONDS = 0.1
"""So often memory is looked at. A process takes a few hundred megabytes in that time at most."""

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")


class Failure(StrEnum):
    """Why a task has no result."""

    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one task, or one process, may take.

    Attributes:
        seconds: for a task, before its process is killed, and for the start of a process; None for no limit.
        memory_bytes: of a process with all that it started, before it is killed; None for no limit. Only where
            :data:`lanci.jobs.processes.CAN_MEASURE`.
        tasks: of one process before a new one takes its place; None for no limit.
    """

    seconds: float | None = None
    memory_bytes: int | None = None
    tasks: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a worker sent while it was at a task: a log line, its progress."""

    index: int
    content: object


@dataclass(frozen=True, slots=True)
class Ended(Generic[R]):
    """The end of one task: its place in the list and either its result or what went wrong.

    ``exit_code`` is that of the process that crashed, negative for a signal.
    """

    index: int
    result: R | None = None
    failure: Failure | None = None
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    result: Any


@dataclass(frozen=True, slots=True)
class _Begun:
    """A process has come up and takes its task in hand."""


@dataclass(slots=True)
class _Worker:
    process: multiprocessing.process.BaseProcess
    connection: Connection
    scratch: Path
    index: int | None = None
    deadline: float | None = None
    given: int = 0


def run_tasks(
    function: Callable[[A], R],
    arguments: Iterable[A],
    *,
    jobs: int = 1,
    limits: Limits = NO_LIMITS,
    setup: Setup | None = None,
) -> Generator[Ended[R] | Note, None, None]:
    """Call ``function`` on every argument in ``jobs`` processes; yields ends and notes as they come.

    Args:
        function: importable by name in a new process; should return its errors, since an exception that
            leaves it counts as a crash.
        arguments: one per task, sent to the process; each is taken only when a process is free for it.
        jobs: number of processes.
        limits: of time and memory, and of the life of a process.
        setup: called once in every process with a function that sends a note's content to the caller.

    All processes have ended, and their temporary files are gone, when the iterator is closed or exhausted.

    Raises:
        OutputError: no temporary files can be written.
    """
    waiting = enumerate(arguments)
    workers: list[_Worker] = []
    with scratch_folder() as scratch:
        scratches = (scratch / str(number) for number in count())
        try:
            while True:
                _hand_out(waiting, workers, jobs, limits, lambda: _start(function, setup, next(scratches)))
                if all(worker.index is None for worker in workers):
                    break
                yield from _collect(workers, limits)
                yield from _stop_excessive(workers, limits)
        except BaseException:
            _kill_all(workers)
            raise
        _dismiss(workers)


def _start(function: Callable[[A], R], setup: Setup | None, scratch: Path) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(function, theirs, setup, scratch), daemon=False)
    with _one_thread_each():
        process.start()
    theirs.close()
    return _Worker(process, ours, scratch)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """What starts inside computes with one thread, unless the environment says otherwise.

    Processes that have a thread for each processor get into each other's way. It has to be said before libraries load.
    """
    unsaid = [name for name in _THREAD_VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(unsaid, "1"))
    try:
        yield
    finally:
        for name in unsaid:
            del os.environ[name]


def _hand_out(
    waiting: Iterator[tuple[int, A]],
    workers: list[_Worker],
    jobs: int,
    limits: Limits,
    start: Callable[[], _Worker],
) -> None:
    """Give every free process a task; a process that has had its share of tasks gives way to a new one."""
    while sum(worker.index is not None for worker in workers) < jobs:
        task = next(waiting, None)
        if task is None:
            return
        free = next((worker for worker in workers if worker.index is None), None)
        if free is not None and limits.tasks is not None and free.given >= limits.tasks:
            workers.remove(free)
            _dismiss([free])
            free = None
        if free is None:
            free = start()
            workers.append(free)
        free.index, argument = task
        free.given += 1
        free.deadline = _to_deadline(limits)
        with suppress(BrokenPipeError, ConnectionResetError):  # it is dead: collecting will find that out
            free.connection.send(argument)


def _collect(workers: list[_Worker], limits: Limits) -> Iterator[Ended[Any] | Note]:
    """Wait for messages until the next deadline, or the next look at the memory."""
    busy = {worker.connection: worker for worker in workers if worker.index is not None}
    waits = [worker.deadline - time.monotonic() for worker in busy.values() if worker.deadline is not None]
    if limits.memory_bytes is not None:
        waits.append(_MEMORY_SECONDS)
    patience = max(0.0, min(waits)) if waits else None
    for ready in wait(list(busy), patience):
        worker = busy[ready]  # type: ignore[index]
        assert worker.index is not None
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            workers.remove(worker)
            worker.process.join(_FAREWELL_SECONDS)  # so that its own exit code is seen, not that of our kill
            yield Ended(worker.index, failure=Failure.CRASHED, exit_code=_bury(worker))
            continue
        if isinstance(message, _Begun):
            worker.deadline = _to_deadline(limits)
        elif isinstance(message, _Done):
            index, worker.index = worker.index, None
            yield Ended(index, result=message.result)
        else:
            yield Note(worker.index, message)


def _to_deadline(limits: Limits) -> float | None:
    return None if limits.seconds is None else time.monotonic() + limits.seconds


def _stop_excessive(workers: list[_Worker], limits: Limits) -> Iterator[Ended[Any]]:
    """End the processes whose task takes too long or too much memory."""
    now = time.monotonic()
    for worker in list(workers):
        if worker.index is None:
            continue
        failure = None
        if worker.deadline is not None and worker.deadline <= now:
            failure = Failure.TIMED_OUT
        elif limits.memory_bytes is not None and measure_memory(worker.process.pid or 0) > limits.memory_bytes:
            failure = Failure.OUT_OF_MEMORY
        if failure is not None:
            workers.remove(worker)
            _bury(worker)
            yield Ended(worker.index, failure=failure)


def _bury(worker: _Worker) -> int | None:
    """End a process, and what it started, for good, with its temporary files; returns its exit code."""
    if worker.process.pid is not None:
        kill_family(worker.process.pid)
    worker.process.kill()
    worker.process.join()
    worker.connection.close()
    shutil.rmtree(worker.scratch, ignore_errors=True)
    return worker.process.exitcode


def _kill_all(workers: list[_Worker]) -> None:
    for worker in workers:
        _bury(worker)


def _dismiss(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.connection.close()
    for worker in workers:
        worker.process.join(_FAREWELL_SECONDS)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        shutil.rmtree(worker.scratch, ignore_errors=True)


def _serve(
    function: Callable[[Any], Any],
    connection: Connection,
    setup: Setup | None,
    scratch: Path,
) -> None:
    """A worker's life: one task after the other until the pipe is closed."""
    use_scratch(scratch)
    if os.name == "posix":
        os.setsid()  # an interrupt from the terminal is for the parent, which then ends the whole group
        threading.Thread(target=_end_with_parent, daemon=True).start()
    lock = threading.Lock()

    def send(message: object) -> None:
        with lock, suppress(BrokenPipeError):
            connection.send(message)

    if setup is not None:
        setup(send)
    while True:
        try:
            argument = connection.recv()
        except (EOFError, OSError):
            break
        send(_Begun())
        send(_Done(function(argument)))
    logging.shutdown()
    sys.stdout.flush()


def _end_with_parent() -> None:
    """End this process and what it started as soon as the parent is no more, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        kill_family(os.getpid())
