"""Keys of stored results: a hash of everything that decides them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from lanci_eval.records import Extraction
from lanci_eval.systems.base import Limits, SystemRequest


def file_to_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def system_key(request: SystemRequest, versions: Mapping[str, str], limits: Limits) -> str:
    """The key of a system as it started. The label does not decide anything.

    A version of lanci that is being worked on keeps its number while its code changes: the code counts too.
    """
    code = sources_hash("lanci") if request.name == "lanci" else None
    return _hash(request.name, sorted(request.options), sorted(versions.items()), asdict(limits), code)


def outcome_key(sha256: str, key: str) -> str:
    """The key of what the system with this key makes of the document with this hash."""
    return _hash(sha256, key)


def score_key(raw_key: str, truth: Extraction | None, evidence: Path | None) -> str:
    """The key of the score of a stored outcome: also what it is judged by, and the code that judges."""
    truth_hash = hashlib.sha256(repr(truth).encode("utf-8", "backslashreplace")).hexdigest()
    return _hash(raw_key, truth_hash, file_to_hash(evidence) if evidence else None, _judging_hash())


@cache
def sources_hash(package: str) -> str:
    """SHA-256 over the Python sources of a package, in hexadecimal."""
    digest = hashlib.sha256()
    for name, source in sorted(_sources(files(package), package), key=lambda pair: pair[0]):
        digest.update(f"{name}\0{hashlib.sha256(source.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _judging_hash() -> str:
    """The code that judges builds on lanci's own: its texts, numbers and pages."""
    return _hash(sources_hash("lanci_eval"), sources_hash("lanci"))


def _sources(folder: Traversable, name: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _sources(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".py"):
            found.append((f"{name}/{entry.name}", entry))
    return found


def _hash(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
