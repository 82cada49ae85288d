"""File and folder names made from document names and table titles.

A name keeps Chinese and every other letter. What a file system, a shell or an archive could trip over is
replaced: separators, control and invisible characters, leading dots, Windows device names, too many bytes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

MAX_NAME_BYTES = 160
"""Most bytes of one name in UTF-8; file systems allow 255, suffixes of ours need some of them."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_HASH_CHARS = 8


def text_to_safe_name(text: str, *, max_bytes: int = MAX_NAME_BYTES, fallback: str = "document") -> str:
    """A name for one path component of at most ``max_bytes`` in UTF-8; ``fallback`` when nothing is left."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in composed)
    kept = "".join(c for c in visible if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", kept)).strip()
    name = _cut_bytes(re.sub(r"^\.+", "_", name), max_bytes).rstrip(". ")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name or fallback


def assign_names(paths: Sequence[Path]) -> list[str]:
    """A folder name for every input of a run, in order, no two alike on any file system.

    The stem of the file; inputs whose stems clash (also by case or Unicode form) all get the first characters
    of their content's SHA-256, so that a name does not depend on the order of the inputs.
    """
    stems = [text_to_safe_name(path.stem) for path in paths]
    counts = Counter(_key(stem) for stem in stems)
    taken: set[str] = {key for key, count in counts.items() if count == 1}
    names: list[str] = []
    for path, stem in zip(paths, stems, strict=True):
        if counts[_key(stem)] == 1:
            names.append(stem)
            continue
        base = f"{stem}-{_content_hash(path)}"
        name, serial = base, 2
        while _key(name) in taken:  # the same bytes under the same stem in two folders
            name, serial = f"{base}-{serial}", serial + 1
        taken.add(_key(name))
        names.append(name)
    return names


def _content_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:_HASH_CHARS]
    except OSError:  # whoever opens it next reports that; a name is needed all the same
        return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:_HASH_CHARS]


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _cut_bytes(text: str, max_bytes: int) -> str:
    return text.encode("utf-8", "ignore")[:max_bytes].decode("utf-8", "ignore")
