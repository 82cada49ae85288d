"""Which files an input path means."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from lanci.errors import UnsupportedInputError

SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".docx", ".doc", ".xlsx", ".xls"})
"""What is taken from a folder; a file that is named itself is taken whatever its suffix."""


def discover(paths: Sequence[Path], *, on_error: Callable[[OSError], None] | None = None) -> list[Path]:
    """The files behind the given paths, each once, in the order given; those of a folder sorted by path.

    Folders are walked with all folders in them, symbolic links included (a loop is walked once). Hidden
    files, lock files of office programs (``~$…``) and files that are no documents by suffix are left out. A folder
    without documents adds nothing. Links to nowhere are given like files: it is for their reader to name them.

    Args:
        paths: files and folders.
        on_error: called with the error for each folder inside that cannot be read; by default it is raised.

    Raises:
        UnsupportedInputError: a path does not exist, or a folder cannot be read.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_walk(path, on_error or _refuse)))
        elif path.exists():
            found[path] = None
        else:
            raise UnsupportedInputError(f"{path}: there is no such file or folder; check the path")
    return list(found)


def no_documents_error(folder: Path) -> UnsupportedInputError:
    """That a folder has no document in it, and what it has instead."""
    others = Counter(path.suffix.lower() or "no ending" for path in folder.rglob("*") if path.is_file())
    seen = ", ".join(f"{count} of {kind}" for kind, count in sorted(others.items())[:8])
    kinds = ", ".join(sorted(suffix[1:] for suffix in SUFFIXES))
    return UnsupportedInputError(
        f"there is no document in the folder {folder} ({f'only files: {seen}' if seen else 'it is empty'}); "
        f"lanci takes {kinds} from a folder; name other files themselves"
    )


def _refuse(error: OSError) -> None:
    raise unreadable_error(error) from error


def unreadable_error(error: OSError) -> UnsupportedInputError:
    """That a folder cannot be read."""
    return UnsupportedInputError(f"{error.filename}: cannot be read ({error.strerror}); check the rights and the disk")


def _walk(folder: Path, on_error: Callable[[OSError], None]) -> list[Path]:
    files: list[Path] = []
    seen: set[Path] = set()
    for here, folders, names in os.walk(folder, followlinks=True, onerror=on_error):
        real = Path(here).resolve()
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        # Links come last, so that a folder is listed under its own name where it has one inside the walk.
        folders[:] = sorted(
            (name for name in folders if not name.startswith(".")),
            key=lambda name: (os.path.islink(Path(here, name)), name),  # noqa: PTH114 (that of Path raises)
        )
        files += [Path(here, name) for name in names if is_document_name(name) and may_be_file(Path(here, name))]
    return sorted(files)


def may_be_file(path: Path) -> bool:
    """Whether it is a file, or something that does not tell what it is."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def is_document_name(name: str) -> bool:
    """Whether a file of that name is taken from a folder."""
    return not name.startswith((".", "~$")) and Path(name).suffix.lower() in SUFFIXES
