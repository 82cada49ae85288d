"""The harness's end of a system's process: start it, hand it documents, and end it when it goes too far."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from lanci_eval.exchange import ExtractionFormatError, check_extraction, text_to_extraction
from lanci_eval.isolation.environment import child_environment
from lanci_eval.isolation.memory import MemoryWatch
from lanci_eval.isolation.messages import BadMessageError, Order, Reply, Start, line_to_reply
from lanci_eval.records import Extraction, Outcome, Status
from lanci_eval.systems import check_request
from lanci_eval.systems.base import Limits, SystemRequest, UnavailableError
from lanci_eval.systems.command_system import MAX_OUTPUT, signal_name

_SAMPLE_SECONDS = 0.05
_FAREWELL_SECONDS = 5.0
_TAIL_BYTES = 4000
_MAX_REPLY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Ended:
    """Why the process will not answer any more."""

    status: Status
    message: str


class SystemProcess:
    """One system in a process that stays, so that its models stay loaded; a new one after each that had to go.

    A context manager; :meth:`close` ends the process with all that it started.

    Args:
        request: the system.
        limits: time and memory for each document; for getting ready ``prepare_seconds`` and the same memory.

    Raises:
        SystemOptionError: there is no such system, option or value.
    """

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_request(request)
        self.request = request
        self.limits = limits
        self._child: _Child | None = None
        self._peak_mib: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> Mapping[str, str]:
        """Start the process and let the system get ready; gives its versions.

        Raises:
            UnavailableError: it cannot run here; the message says why and, if known, how to change that.
        """
        self.close()
        self._child = _Child(self.limits)
        ended = self._ask(Start(self.request, self.limits).to_line(), self.limits.prepare_seconds)
        if isinstance(ended, Reply) and ended.status is Status.OK:
            return dict(ended.versions)
        self.close()
        reason = ended.message if isinstance(ended, Reply) else f"it cannot get ready: {ended.message}"
        raise UnavailableError(reason)

    def run(self, path: Path, n_pages: int) -> Outcome:
        """Let the system read one document; whatever it does, an outcome comes back.

        Args:
            path: the document.
            n_pages: its pages; claims about others are thrown out.
        """
        if self._child is not None and self._child.memory.sample() > self.limits.mib / 2:
            self.close()  # what earlier documents left behind is not this one's fault
        if self._child is None:
            try:
                self.start()
            except UnavailableError as error:
                return Outcome(self.request.label, Status.UNAVAILABLE, str(error))
        with tempfile.TemporaryDirectory(prefix="lanci-eval-") as folder:
            output = Path(folder) / "extraction.json"
            order = Order(str(path.resolve()), str(output))
            ended = self._ask(order.to_line(), self.limits.seconds)
            return self._to_outcome(ended, output, n_pages)

    def close(self) -> None:
        """End the process; a later :meth:`run` starts another one."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ask(self, line: bytes, seconds: float) -> Reply | _Ended:
        """Send a line and wait for the reply, watching time and memory; a child that failed is gone after that."""
        assert self._child is not None
        try:
            ended = self._child.ask(line, seconds)
        except BaseException:  # an interrupt from the keyboard reaches only this process
            self.close()
            raise
        self._peak_mib = self._child.memory.peak_mib or None
        if isinstance(ended, _Ended):
            self.close()
        return ended

    def _to_outcome(self, ended: Reply | _Ended, output: Path, n_pages: int) -> Outcome:
        label = self.request.label
        if isinstance(ended, _Ended):
            return Outcome(label, ended.status, ended.message, peak_mib=self._peak_mib)
        peak = max(self._peak_mib or 0.0, ended.peak_mib or 0.0) or None
        status, message = ended.status, ended.message
        extraction, remarks = Extraction(), tuple[str, ...]()
        if status is Status.OK:
            try:
                extraction, remarks = check_extraction(_read_extraction(output), n_pages)
            except ExtractionFormatError as error:
                status, message = Status.GARBAGE, str(error)
        return Outcome(label, status, message, extraction, remarks, ended.seconds, peak)


class _Child:
    """A running process with its pipes, each emptied by a thread so that it never stands still."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="lanci-eval-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lanci_eval.isolation.serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(limits.threads, Path(self._folder.name)),
            start_new_session=True,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.memory = MemoryWatch(self._process.pid)
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._tail: deque[bytes] = deque(maxlen=64)
        self._threads = [
            threading.Thread(target=_read_lines, args=(self._process.stdout, self._lines), daemon=True),
            threading.Thread(target=_keep_tail, args=(self._process.stderr, self._tail), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, line: bytes, seconds: float) -> Reply | _Ended:
        """The reply to a line, or why there is none."""
        assert self._process.stdin is not None
        self.memory.restart()
        self._tail.clear()
        with suppress(BrokenPipeError):  # it is dead: waiting for the reply will find that out
            self._process.stdin.write(line)
            self._process.stdin.flush()
        deadline = time.monotonic() + seconds
        while True:
            with suppress(queue.Empty):
                return self._to_end(self._lines.get(timeout=_SAMPLE_SECONDS))
            if self.memory.sample() > self._limits.mib:
                return _Ended(Status.OUT_OF_MEMORY, f"it held more than {self._limits.mib} MiB of memory")
            if time.monotonic() > deadline:
                return _Ended(Status.TIMED_OUT, f"it took more than {seconds:g} seconds")

    def _to_end(self, line: bytes | None) -> Reply | _Ended:
        if line is not None:
            try:
                return line_to_reply(line)
            except BadMessageError as error:
                return _Ended(Status.GARBAGE, f"it wrote something strange to the harness: {error}")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_FAREWELL_SECONDS)
        code = self._process.poll()
        if code is None:
            return _Ended(Status.GARBAGE, "it closed its pipe to the harness" + self._said())
        how = f"was ended by {signal_name(-code)}" if code < 0 else f"ended with exit code {code}"
        return _Ended(Status.CRASHED, f"its process {how}" + self._said())

    def _said(self) -> str:
        """The end of what it wrote to stderr, for a message."""
        self._threads[1].join(_FAREWELL_SECONDS)
        text = b"".join(list(self._tail))[-_TAIL_BYTES:].decode("utf-8", "replace").strip()
        return f"; it said: {text}" if text else ""

    def end(self) -> None:
        """Ask an idle process to leave, end a busy one, with everything that it started."""
        started = self.memory.descendants()
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._kill(started)
        self._process.wait()
        for thread in self._threads:
            thread.join(_FAREWELL_SECONDS)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None and not any(thread.is_alive() for thread in self._threads):
                stream.close()
        self._folder.cleanup()

    def _kill(self, started: list[psutil.Process]) -> None:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(OSError):
            self._process.kill()
        for process in started:  # those that left the group
            with suppress(psutil.Error):
                process.kill()


def _read_lines(stream: IO[bytes], lines: queue.Queue[bytes | None]) -> None:
    """Lines up to a length that no reply has; then what is left of the pipe is only emptied."""
    with suppress(OSError, ValueError):
        while line := stream.readline(_MAX_REPLY):
            lines.put(line)
    lines.put(None)


def _keep_tail(stream: IO[bytes], tail: deque[bytes]) -> None:
    with suppress(OSError, ValueError):
        while chunk := stream.read1(_TAIL_BYTES):  # type: ignore[attr-defined]
            tail.append(chunk)


def _read_extraction(path: Path) -> Extraction:
    """The extraction that the process wrote; raises ExtractionFormatError."""
    try:
        if path.stat().st_size > 2 * MAX_OUTPUT:
            raise ExtractionFormatError(f"the extraction has more than {2 * MAX_OUTPUT} bytes")
        return text_to_extraction(path.read_bytes())
    except FileNotFoundError as error:
        raise ExtractionFormatError("it wrote no extraction") from error
