"""Where annotation files are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def find_annotation_files(places: Iterable[Path]) -> dict[Path, tuple[Path, ...]]:
    """The annotation files of each place, sorted.

    Args:
        places: annotation files themselves, folders of them, or folders with a folder ``documents`` of them.
    """
    return {place: _files_of(place) for place in places}


def _files_of(place: Path) -> tuple[Path, ...]:
    if place.is_file():
        return (place,)
    folder = place / "documents"
    return tuple(sorted((folder if folder.is_dir() else place).glob("*.json")))
