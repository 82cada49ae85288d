"""The document boundary: whatever one document causes is a failure of that document, told in one way."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from lanci.errors import LanciError, OutputError
from lanci.jobs.workers import Ended, Failure, Limits

R = TypeVar("R")

_log = logging.getLogger(__name__)

_MIB = 1024 * 1024
_SIGKILL = 9
_DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR})


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no result.

    Attributes:
        category: short and stable, as of a :class:`LanciError`; ``memory`` and ``internal`` are added here.
        message: for the user; names the page where there is one.
        page: from 1, or None.
        disk: the results cannot be written, whatever the document.
    """

    category: str
    message: str
    page: int | None = None
    disk: bool = False


def attempt(work: Callable[[], R]) -> R | Failed:
    """What the work returns, or what went wrong; never raises for anything that a document can cause."""
    try:
        return work()
    except LanciError as error:
        cause = error.__cause__
        disk = isinstance(error, OutputError) and isinstance(cause, OSError) and cause.errno in _DISK_ERRORS
        return Failed(error.category, _with_page(error), error.page, disk)
    except MemoryError:
        return Failed("memory", "out of memory: lower --dpi or --max-pixels, or parse fewer --pages at a time")
    except Exception as error:  # noqa: BLE001 (the document boundary: one bad document is one failure)
        _log.debug("unexpected error", exc_info=True)
        return Failed("internal", f"{type(error).__name__}: {error} (a fault of lanci: run with -vv and report it)")


def lost_to_failed(end: Ended[R], limits: Limits) -> Failed:
    """Why a task ended without a result: its process died or was ended."""
    if end.failure is Failure.TIMED_OUT:
        message = f"not done after {limits.seconds:g} seconds; give it more with --timeout, or fewer --pages"
        return Failed("timeout", message)
    if end.failure is Failure.OUT_OF_MEMORY:
        most = (limits.memory_bytes or 0) / _MIB
        return Failed("memory", f"it took more than {most:,.0f} MiB of memory; give it more with --memory")
    cause = f"exit code {end.exit_code}"
    if end.exit_code is not None and end.exit_code < 0:
        cause = f"signal {-end.exit_code}" + (", often for want of memory" if end.exit_code == -_SIGKILL else "")
    message = f"the process that read it died ({cause}); try fewer --pages or a lower --dpi, and report it"
    return Failed("crash", message)


def _with_page(error: LanciError) -> str:
    text = str(error)
    return text if error.page is None or f"page {error.page}" in text else f"page {error.page}: {text}"
