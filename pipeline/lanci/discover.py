"""Which files an input path means."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lanci.errors import UnsupportedInputError

SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".docx", ".doc", ".xlsx", ".xls"})
"""What is taken from a folder; a file that is named itself is taken whatever its suffix."""


def discover(paths: Sequence[Path]) -> list[Path]:
    """The files behind the given paths, each once, in the order given; those of a folder sorted by path.

    Folders are walked with all folders in them, symbolic links included (a loop is walked once). Hidden
    files, lock files of office programs (``~$…``) and files that are no documents by suffix are left out. A folder
    without documents adds nothing.

    Raises:
        UnsupportedInputError: a path does not exist or cannot be read.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_walk(path)))
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


def _walk(folder: Path) -> list[Path]:
    files: list[Path] = []
    seen: set[Path] = set()

    def fail(error: OSError) -> None:
        raise UnsupportedInputError(f"{error.filename}: cannot be read ({error.strerror})") from error

    for here, folders, names in os.walk(folder, followlinks=True, onerror=fail):
        real = Path(here).resolve()
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        # Links come last, so that a folder is listed under its own name where it has one inside the walk.
        folders[:] = sorted(
            (name for name in folders if not name.startswith(".")),
            key=lambda name: (Path(here, name).is_symlink(), name),
        )
        files += [Path(here, name) for name in names if is_document_name(name) and Path(here, name).is_file()]
    return sorted(files)


def is_document_name(name: str) -> bool:
    """Whether a file of that name is taken from a folder."""
    return not name.startswith((".", "~$")) and Path(name).suffix.lower() in SUFFIXES
