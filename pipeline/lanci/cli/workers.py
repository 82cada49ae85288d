"""Processes that work off a list of tasks, where a crash or a hang costs one task and nothing else.

``concurrent.futures`` cannot do this: when one of its processes dies, every task in flight is lost and none is
named, and a task that hangs cannot be stopped. Here each process has its own pipe and one task at a time.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")
Setup = Callable[[Callable[[object], None]], None]

_FAREWELL_SECONDS = 5.0


class Failure(StrEnum):
    """Why a task has no result."""

    CRASHED = "crashed"
    TIMED_OUT = "timed out"


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


@dataclass(slots=True)
class _Worker:
    process: multiprocessing.process.BaseProcess
    connection: Connection
    index: int | None = None
    deadline: float | None = None


def run_tasks(
    function: Callable[[A], R],
    arguments: Sequence[A],
    *,
    jobs: int = 1,
    timeout: float | None = None,
    setup: Setup | None = None,
) -> Generator[Ended[R] | Note, None, None]:
    """Call ``function`` on every argument in ``jobs`` processes; yields ends and notes as they come.

    Args:
        function: importable by name in a new process; should return its errors, since an exception that
            leaves it counts as a crash.
        arguments: one per task, sent to the process.
        jobs: number of processes.
        timeout: seconds a task may take before its process is killed; None for no limit.
        setup: called once in every process with a function that sends a note's content to the caller.

    All processes have ended when the iterator is closed or exhausted.
    """
    waiting = deque(enumerate(arguments))
    workers: list[_Worker] = []
    try:
        while waiting or any(worker.index is not None for worker in workers):
            _hand_out(waiting, workers, jobs, timeout, lambda: _start(function, setup))
            yield from _collect(workers)
            yield from _stop_overdue(workers)
    except BaseException:
        _kill_all(workers)
        raise
    _dismiss(workers)


def _start(function: Callable[[A], R], setup: Setup | None) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(function, theirs, setup), daemon=False)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _hand_out(
    waiting: deque[tuple[int, A]],
    workers: list[_Worker],
    jobs: int,
    timeout: float | None,
    start: Callable[[], _Worker],
) -> None:
    for worker in workers:
        if waiting and worker.index is None:
            _give(worker, waiting, timeout)
    while waiting and len(workers) < jobs:
        workers.append(start())
        _give(workers[-1], waiting, timeout)


def _give(worker: _Worker, waiting: deque[tuple[int, A]], timeout: float | None) -> None:
    worker.index, argument = waiting.popleft()
    worker.deadline = None if timeout is None else time.monotonic() + timeout
    with suppress(BrokenPipeError, ConnectionResetError):  # it is dead: collecting will find that out
        worker.connection.send(argument)


def _collect(workers: list[_Worker]) -> Iterator[Ended[Any] | Note]:
    """Wait for messages until the next deadline."""
    busy = {worker.connection: worker for worker in workers if worker.index is not None}
    deadlines = [worker.deadline for worker in busy.values() if worker.deadline is not None]
    patience = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
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
        if isinstance(message, _Done):
            index, worker.index = worker.index, None
            yield Ended(index, result=message.result)
        else:
            yield Note(worker.index, message)


def _stop_overdue(workers: list[_Worker]) -> Iterator[Ended[Any]]:
    now = time.monotonic()
    for worker in list(workers):
        if worker.index is not None and worker.deadline is not None and worker.deadline <= now:
            workers.remove(worker)
            _bury(worker)
            yield Ended(worker.index, failure=Failure.TIMED_OUT)


def _bury(worker: _Worker) -> int | None:
    """End a process, and what it started, for good; returns its exit code."""
    if os.name == "posix" and worker.process.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.process.pid, signal.SIGKILL)  # the worker leads a group of its own
    worker.process.kill()
    worker.process.join()
    worker.connection.close()
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


def _serve(
    function: Callable[[Any], Any],
    connection: Connection,
    setup: Setup | None,
) -> None:
    """A worker's life: one task after the other until the pipe is closed."""
    if os.name == "posix":
        os.setsid()  # an interrupt from the terminal is for the parent, which then ends the whole group
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
        send(_Done(function(argument)))
    logging.shutdown()
    sys.stdout.flush()
