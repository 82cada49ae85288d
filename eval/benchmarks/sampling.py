"""Where processor time goes, without slowing the work down as a tracing profiler does.

A timer of the operating system interrupts the work about every millisecond of processor time; the time since the
interruption before is put down to whatever is being run.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from types import FrameType
from typing import Generic, TypeVar

_INTERVAL = 0.001

Place = TypeVar("Place", bound=Hashable)


class Sampler(Generic[Place]):
    """Puts processor time down to places, as ``find_place`` tells them, while it is entered; times are in seconds."""

    def __init__(self, find_place: Callable[[FrameType | None], Place]) -> None:
        self.times: Counter[Place] = Counter()
        self._find_place = find_place
        self._last = 0.0

    def __enter__(self) -> Sampler[Place]:
        self._last = time.process_time()
        self._before = signal.signal(signal.SIGPROF, self._note)
        signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)

    def _note(self, _: int, frame: FrameType | None) -> None:
        now = time.process_time()
        self.times[self._find_place(frame)] += now - self._last  # type: ignore[assignment]  # a Counter of seconds
        self._last = now


def modules_of(frame: FrameType | None) -> Iterator[str]:
    """The names of the modules whose functions are being run, the innermost first."""
    while frame is not None:
        yield frame.f_globals.get("__name__", "")
        frame = frame.f_back
