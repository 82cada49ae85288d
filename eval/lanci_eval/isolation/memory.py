"""How much memory a process and all that it started hold."""

from __future__ import annotations

import time
from contextlib import suppress

import psutil

_MIB = 1024 * 1024
_SHARE = 0.05
"""Most of one core that looking for new processes may take from what is being timed."""


class MemoryWatch:
    """Samples the resident memory of a process tree; pages that processes share are counted for each.

    Args:
        pid: the root of the tree.
    """

    def __init__(self, pid: int) -> None:
        self.peak_mib = 0.0
        self._processes: dict[int, psutil.Process] = {}
        self._next_search = 0.0
        with suppress(psutil.Error):
            self._processes[pid] = psutil.Process(pid)
        self._root = pid

    def restart(self) -> None:
        """Forget the peak."""
        self.peak_mib = 0.0

    def sample(self) -> float:
        """The memory held now, in MiB; also raises ``peak_mib``."""
        now = time.monotonic()
        if now >= self._next_search:
            self._search()
            self._next_search = time.monotonic() + (time.monotonic() - now) / _SHARE
        total = 0
        for pid, process in list(self._processes.items()):
            try:
                total += process.memory_info().rss
            except psutil.Error:
                if pid != self._root:
                    del self._processes[pid]
        held = total / _MIB
        self.peak_mib = max(self.peak_mib, held)
        return held

    def descendants(self) -> list[psutil.Process]:
        """All processes below the root that are known, alive or not."""
        self._search()
        return [process for pid, process in self._processes.items() if pid != self._root]

    def _search(self) -> None:
        root = self._processes.get(self._root)
        if root is None:
            return
        with suppress(psutil.Error):
            for child in root.children(recursive=True):
                self._processes.setdefault(child.pid, child)
