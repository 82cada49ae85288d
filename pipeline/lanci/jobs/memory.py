"""How much memory a process takes, with all that it started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CAN_MEASURE = sys.platform == "linux"
"""Whether this system tells; elsewhere :func:`measure_memory` says 0."""

_PROCESSES = Path("/proc")


def measure_memory(pid: int) -> int:
    """Bytes of physical memory of a process and its descendants; 0 for one that is no more."""
    if not CAN_MEASURE:
        return 0
    page_bytes = os.sysconf("SC_PAGESIZE")
    total, to_see = 0, [pid]
    while to_see:
        folder = _PROCESSES / str(to_see.pop())
        try:
            total += int((folder / "statm").read_text().split()[1]) * page_bytes
            for thread in (folder / "task").iterdir():
                to_see += map(int, (thread / "children").read_text().split())
        except OSError:  # it has just ended
            continue
    return total
