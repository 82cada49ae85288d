"""Temporary folders that a killed run may leave behind and the next one removes.

Its owner holds a lock on the folder while it writes. The system drops the lock when the owner dies, however
it dies, so a folder that nobody has locked is a leftover.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lanci.errors import OutputError
from lanci.store.locks import lock_folder
from lanci.store.swap import restore_aside

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
    """Remove the temporary folders of runs that are no more, and put back results that they had moved aside.

    Raises:
        OutputError: a result that such a run had moved aside cannot be put back, or the file system has no locks.
    """
    try:
        for superseded in restore_aside(parent):
            shutil.rmtree(superseded, ignore_errors=True)
        remove_dead_folders(parent)
    except OSError as error:
        raise OutputError(
            f"{parent}: what an earlier run left cannot be put right ({error.strerror or error}); make it writable"
        ) from error


def remove_dead_folders(parent: Path) -> None:
    """Remove the temporary folders whose owners are no more; those of running ones on this machine stay.

    Raises:
        OSError: the file system has no locks.
    """
    for folder in sorted(parent.glob(TEMPORARY_PREFIX + "*")):
        lock = lock_folder(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _make_locked(parent: Path) -> tuple[Path, int | None]:
    while True:
        folder = parent / f"{TEMPORARY_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
        if os.name == "nt":
            return folder, None
        lock = lock_folder(folder)
        if lock is not None and folder.exists():
            return folder, lock
        if lock is not None:  # another run took it for a leftover before it was locked
            os.close(lock)
