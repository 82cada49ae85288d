"""A process with all that it started: how much memory they take, and their end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

CAN_MEASURE = sys.platform == "linux"
"""Whether this system tells of memory; elsewhere :func:`measure_memory` says 0."""

_PROCESSES = Path("/proc")


def measure_memory(pid: int) -> int:
    """Bytes of physical memory of a process and its descendants; 0 for one that is no more."""
    if not CAN_MEASURE:
        return 0
    page_bytes = os.sysconf("SC_PAGESIZE")
    total = 0
    for member in _find_family(pid):
        with suppress(OSError):  # it has just ended
            total += int((_PROCESSES / str(member) / "statm").read_text().split()[1]) * page_bytes
    return total


def kill_family(pid: int) -> None:
    """Kill a process that leads a group, the group, and its descendants that have left the group; itself last."""
    if os.name != "posix":
        return
    for member in [member for member in _find_family(pid) if member != pid]:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(member, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _find_family(pid: int) -> Iterator[int]:
    """A process and, where the system tells (Linux), its descendants, from the top down."""
    to_see = [pid]
    while to_see:
        member = to_see.pop()
        yield member
        with suppress(OSError):  # it has just ended, or there is no such folder here
            for thread in (_PROCESSES / str(member) / "task").iterdir():
                to_see += map(int, (thread / "children").read_text().split())
