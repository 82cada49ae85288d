"""Locks on folders. The system drops a lock when its owner dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def lock_folder(folder: Path) -> int | None:
    """An open descriptor that holds the folder's lock, also when the folder is moved; to be closed by the caller.

    None when the lock is taken, or the folder is gone or cannot be opened.

    Raises:
        OSError: the file system has no locks.
    """
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
