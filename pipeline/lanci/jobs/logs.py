"""Log lines on stderr that name the document and the page they are about.

The stages log to ``logging.getLogger(__name__)`` and know only the page: ``extra={"page": number}``. The
document comes from the process's context, set around each parse.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_document: ContextVar[str] = ContextVar("document", default="")


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log record, formatted by the process where it arose."""

    level: int
    text: str


@contextmanager
def document_context(name: str) -> Iterator[None]:
    """Every record logged inside names this document."""
    token = _document.set(name)
    try:
        yield
    finally:
        _document.reset(token)


def verbosity_to_level(quiet: bool, verbose: int) -> int:
    """Level of lanci's own records: errors for -q, else warnings, -v information, -vv everything."""
    if quiet:
        return logging.ERROR
    return (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]


class ContextFormatter(logging.Formatter):
    """``WARNING 临西县2021.pdf, page 3: message``."""

    def format(self, record: logging.LogRecord) -> str:
        page = getattr(record, "page", None)
        place = ", ".join(part for part in (_document.get(), f"page {page}" if page else "") if part)
        text = super().format(record)
        return f"{record.levelname} {place}: {text}" if place else f"{record.levelname} {text}"


class _SendingHandler(logging.Handler):
    def __init__(self, send: Callable[[LogLine], None]) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._send(LogLine(record.levelno, self.format(record)))
        except OSError:
            self.handleError(record)


def send_logs(level: int, send: Callable[[LogLine], None]) -> None:
    """Send this process's records through ``send``: lanci's from ``level`` on, other libraries' warnings.

    Warnings of other libraries speak of code, not of documents: they are shown with -vv only.
    """
    handler = _SendingHandler(send)
    handler.setFormatter(ContextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING if level <= logging.DEBUG else logging.ERROR)
    logging.getLogger("lanci").setLevel(level)
    logging.captureWarnings(True)


def log_to_stderr(level: int) -> None:
    """Set up logging for a command that works in its own process."""
    handler = logging.StreamHandler()
    handler.setFormatter(ContextFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("lanci").setLevel(level)
