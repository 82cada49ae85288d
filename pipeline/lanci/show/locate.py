"""Finding the file that a document was parsed from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from lanci.document import SourceInfo
from lanci.errors import UnsupportedInputError


def find_source(source: SourceInfo, places: Sequence[Path]) -> Path:
    """The first file that is the parsed one to the byte.

    Args:
        source: name and SHA-256 of the parsed file.
        places: files, and folders that hold a file of that name (not in their subfolders).

    Raises:
        UnsupportedInputError: none is; the message tells a missing file from a changed one.
    """
    candidates = [place / source.name if place.is_dir() else place for place in places]
    present = [path for path in candidates if path.is_file()]
    for path in present:
        if _sha256(path) == source.sha256:
            return path
    if present:
        raise UnsupportedInputError(
            f"{present[0]} is not the file that was parsed (its SHA-256 differs): parse it again, or give "
            "the right one with --source"
        )
    looked = ", ".join(str(path.parent.resolve()) for path in candidates)
    raise UnsupportedInputError(f"the parsed file {source.name} is not in {looked}: give it with --source")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnsupportedInputError(f"{path} cannot be read ({error.strerror})") from error
