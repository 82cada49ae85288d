"""Temporary folders that a killed run may leave behind and the next one removes.

Its owner holds a lock on the folder while it writes. The system drops the lock when the owner dies, however
it dies, so a folder that nobody has locked is a leftover.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lanci.store.swap import restore_aside

if sys.platform != "win32":
    import fcntl

TEMPORARY_PREFIX = ".lanci-tmp-"


@contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """A new locked folder in ``parent``; removed on leaving if it is still there and an error came up.

    Raises:
        OSError: it cannot be made.
    """
    folder, lock = _make_locked(parent)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        if lock is not None:
            os.close(lock)


def remove_leftovers(parent: Path) -> None:
    """Remove the temporary folders of runs that are no more; those of running ones stay."""
    for superseded in restore_aside(parent):
        shutil.rmtree(superseded, ignore_errors=True)
    for folder in sorted(parent.glob(TEMPORARY_PREFIX + "*")):
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _make_locked(parent: Path) -> tuple[Path, int | None]:
    while True:
        folder = parent / f"{TEMPORARY_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
        if sys.platform == "win32":
            return folder, None
        lock = _lock(folder)
        if lock is not None and folder.exists():
            return folder, lock
        if lock is not None:  # another run took it for a leftover before it was locked
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """An open descriptor that holds the folder's lock; None when it is taken, gone or cannot be had."""
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
