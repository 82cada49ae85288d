"""Folders that nobody can read."""

from __future__ import annotations

import os
from pathlib import Path

_LONGEST_NAME = "x" * 250


def make_unreadable(folder: Path) -> None:
    """A folder inside ``folder`` whose path is too long for the system, so that not even root can list it."""
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(17):
        os.mkdir(_LONGEST_NAME, dir_fd=descriptor)
        below = os.open(_LONGEST_NAME, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
