"""Putting a finished folder in the place of another in one step.

``rename`` cannot replace a folder that is not empty. Linux and macOS can exchange two folders atomically;
where that fails (another system, a network file system) the old folder is moved aside first, and a run that
dies between the two moves is repaired by :func:`restore_aside` the next time.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

from lanci.store.locks import lock_folder

ASIDE_PREFIX = ".lanci-old-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # renameat2 on Linux
_RENAME_SWAP = 2  # renamex_np on macOS


def put_folder(new: Path, target: Path) -> Path | None:
    """Move the folder ``new`` to ``target``, both in the same folder.

    Returns:
        Where the old content of ``target`` is now, for the caller to delete; None when there was none.

    Raises:
        OSError: the move failed; ``target`` is unchanged.
    """
    if not target.exists():
        new.rename(target)
        return None
    if exchange_folders(new, target):
        return new
    return put_folder_in_two_moves(new, target)


def put_folder_in_two_moves(new: Path, target: Path) -> Path:
    """As :func:`put_folder` over an existing target, for systems that cannot exchange folders."""
    aside = target_to_aside(target)
    shutil.rmtree(aside, ignore_errors=True)  # left there by a run that died thereafter, and superseded
    lock = lock_folder(target)  # a run beside this one must not take it for left behind
    try:
        target.rename(aside)
        try:
            new.rename(target)
        except OSError:
            aside.rename(target)
            raise
    finally:
        if lock is not None:
            os.close(lock)
    return aside


def target_to_aside(target: Path) -> Path:
    """Where the old content of a folder is between the two moves."""
    return target.with_name(ASIDE_PREFIX + target.name)


def restore_aside(folder: Path) -> list[Path]:
    """Put back what a killed run had moved aside; returns what was superseded, for the caller to delete."""
    superseded = []
    for aside in sorted(folder.glob(ASIDE_PREFIX + "*")):
        lock = lock_folder(aside)
        if lock is None and os.name != "nt":
            continue  # its owner is between the two moves
        target = aside.with_name(aside.name.removeprefix(ASIDE_PREFIX))
        if target.exists():
            superseded.append(aside)
        else:
            aside.rename(target)
        if lock is not None:
            os.close(lock)
    return superseded


def exchange_folders(one: Path, other: Path) -> bool:
    """Exchange two paths atomically; False where the system or the file system cannot."""
    if os.name != "posix":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        return bool(libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE) == 0)
    if hasattr(libc, "renamex_np"):
        return bool(libc.renamex_np(first, second, _RENAME_SWAP) == 0)
    return False
