"""Ids of documents made of file names, and file names that stay inside their folder."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

_NOT_IN_IDS = re.compile(r"[^\w.\-]+")
_MOST_BYTES = 120
"""Ids become file names, and file systems end those at 255 bytes; a Chinese character takes three."""


def names_to_ids(names: Iterable[str]) -> dict[str, str]:
    """A different id for every name (a relative path with ``/``, no suffix needed), as readable as it can be.

    ``a/b`` becomes ``a__b`` and blanks become ``_``. Names that would get the same id, or a very long one, carry
    a piece of their hash.
    """
    names = list(dict.fromkeys(names))
    plain = {name: _plain(name) for name in names}
    counts = Counter(plain[name].casefold() for name in names)  # some file systems do not tell case apart
    return {name: _marked(name, plain[name]) if counts[plain[name].casefold()] > 1 else plain[name] for name in names}


def files_to_ids(paths: Iterable[Path], root: Path) -> dict[str, Path]:
    """Files by id: their place under ``root``, the suffix left out where the ids stay different without it."""
    by_name = {path.relative_to(root).as_posix(): path for path in paths}
    ids = names_to_ids(PurePosixPath(name).with_suffix("").as_posix() for name in by_name)
    found: dict[str, Path] = {}
    for name, path in by_name.items():
        own = ids[PurePosixPath(name).with_suffix("").as_posix()]
        found[own if own not in found else names_to_ids([name])[name]] = path
    return found


def _plain(name: str) -> str:
    text = _NOT_IN_IDS.sub("_", name.replace("/", "__")).strip("._") or "document"
    return text if len(text.encode()) <= _MOST_BYTES else _marked(name, text)


def _marked(name: str, text: str) -> str:
    mark = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    kept = text.encode()[: _MOST_BYTES - len(mark) - 1].decode("utf-8", "ignore")
    return f"{kept}-{mark}"


def inside(folder: Path, name: str) -> Path | None:
    """``folder / name``, or None when the name would lead out of the folder.

    The name is judged as it is written. Links that stand in the folder are followed: whoever put them there
    chose what they point to (data sets are often unpacked as links into a cache).
    """
    parts = PurePosixPath(name.replace("\\", "/"))
    if not parts.name or parts.is_absolute() or ".." in parts.parts or "\0" in name or ":" in parts.parts[0]:
        return None
    return folder.joinpath(*parts.parts)
