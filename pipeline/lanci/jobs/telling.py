"""What a worker tells of the document in hand: its log records and its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lanci.jobs.logs import send_logs


@dataclass(frozen=True, slots=True)
class PageProgress:
    """Pages done of the document in hand."""

    done: int
    total: int


class Setup:
    """Prepares a worker process: its log records and progress go to the parent."""

    def __init__(self, log_level: int) -> None:
        self._log_level = log_level

    def __call__(self, send: Callable[[object], None]) -> None:
        global _send  # noqa: PLW0603 (one pipe a process, known only after it has started)
        _send = send
        send_logs(self._log_level, send)


_send: Callable[[object], None] | None = None


def tell_progress(done: int, total: int) -> None:
    """Tell the parent how far the document is; nothing in a process that was not set up."""
    if _send is not None:
        _send(PageProgress(done, total))
