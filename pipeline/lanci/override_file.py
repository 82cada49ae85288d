"""The user's joins and splits for many documents in one small TOML file, of the form ``lanci/overrides/1``.

schema = "lanci/overrides/1"

[[documents]]
name = "平乡县2023.pdf"
join = ["12"]
split = ["30:2"]
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lanci.errors import OverrideError
from lanci.override import Override, OverrideAction, text_to_override

OVERRIDES_SCHEMA = "lanci/overrides/1"
"""The value of the ``schema`` key that this version of lanci reads."""

MAX_BYTES = 1 << 20
"""A larger file is refused before it is read: places of thousands of documents need less."""

MAX_LINE = 1000
"""Longest line in characters: a key of many thousand parts would keep the TOML reader busy for hours."""

_ACTIONS = tuple(action.value for action in OverrideAction)
_ENTRY_KEYS = ("name", "sha256", *_ACTIONS)


@dataclass(frozen=True, slots=True)
class DocumentOverrides:
    """What the file asks for one document.

    Attributes:
        origin: the file and the entry, for messages.
        name: the document's file name without folder; "" where the entry has none.
        sha256: of the document's bytes; "" where the entry has none. One of the two is there.
        overrides: joins and splits in the order of the entry.
    """

    origin: str
    name: str
    sha256: str
    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True)
class OverrideFile:
    """An overrides file, read and checked."""

    path: Path
    documents: tuple[DocumentOverrides, ...] = ()

    def overrides_of(self, document: Path) -> tuple[Override, ...]:
        """The joins and splits for one input file, of all entries that have its name or its SHA-256.

        Raises:
            OverrideError: an entry has the file's name and another file's SHA-256, or the file cannot be read.
        """
        digest = _digest(document) if any(entry.sha256 for entry in self.documents) else ""
        return self.find(document.name, digest)

    def find(self, name: str, sha256: str) -> tuple[Override, ...]:
        """The joins and splits for a file of that name and content; raises as :meth:`overrides_of`."""
        found: list[Override] = []
        for entry in self.documents:
            if entry.sha256 and entry.sha256 != sha256:
                if entry.name == name:
                    raise OverrideError(
                        f"{entry.origin}: {name} is another file now (its sha256 is {sha256}); check that the "
                        "places still hold, then correct or remove the sha256 of the entry"
                    )
            elif entry.sha256 or entry.name == name:
                found += entry.overrides
        return tuple(found)


def read_override_file(path: Path) -> OverrideFile:
    """Read and check an overrides file.

    Raises:
        OverrideError: it cannot be read, is too large or no TOML, of another version, or says something that is not
            understood; the message names the entry.
    """
    data = _load(path)
    schema = data.get("schema")
    if schema != OVERRIDES_SCHEMA:
        raise OverrideError(_other_schema(path, schema))
    _check_keys(data, ("schema", "documents"), str(path))
    entries = data.get("documents", [])
    if not isinstance(entries, list):
        raise OverrideError(f"{path}: documents is no list of tables; begin each with [[documents]]")
    documents = tuple(_read_entry(entry, f"{path}, document {n}") for n, entry in enumerate(entries, start=1))
    return OverrideFile(path, documents)


def _load(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise OverrideError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise OverrideError(f"{path} has more than {MAX_BYTES:,} bytes, the most of an overrides file; divide it")
    try:
        text = content.decode("utf-8-sig")  # editors on Windows write a byte-order mark
        _check_lines(text, path)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise OverrideError(f"{path} is no TOML in UTF-8: {str(error)[:200]}; correct it there") from error


def _check_lines(text: str, path: Path) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            raise OverrideError(
                f"{path}, line {number} has over {MAX_LINE:,} characters; put its list on several lines"
            )


def _other_schema(path: Path, schema: object) -> str:
    if isinstance(schema, str) and re.fullmatch(r"lanci/overrides/[0-9]{1,9}", schema):
        return f"{path} is of schema {schema}, this version of lanci reads {OVERRIDES_SCHEMA}: use the lanci it is for"
    return f'{path}: it must begin with the line schema = "{OVERRIDES_SCHEMA}"'


def _read_entry(entry: object, origin: str) -> DocumentOverrides:
    if not isinstance(entry, dict):
        raise OverrideError(f"{origin} is no table; begin it with [[documents]]")
    _check_keys(entry, _ENTRY_KEYS, origin)
    name, sha256 = entry.get("name", ""), entry.get("sha256", "")
    if not isinstance(name, str) or not isinstance(sha256, str) or not (name or sha256):
        raise OverrideError(f"{origin}: give the file's name or its sha256, or both, as texts")
    if name != Path(name).name:
        raise OverrideError(f"{origin}: the name {name[:80]!r} must be that of a file, without its folder")
    if sha256 and not re.fullmatch("[0-9a-f]{64}", sha256):
        raise OverrideError(f"{origin}: sha256 must be 64 digits of 0-9 and a-f, as document.json has it")
    origin = f"{origin} ({name or sha256[:8]})"
    overrides = [override for key in _ACTIONS for override in _read_places(entry.get(key, []), key, origin)]
    return DocumentOverrides(origin, name, sha256, tuple(overrides))


def _read_places(places: object, key: str, origin: str) -> list[Override]:
    if not isinstance(places, list) or not all(isinstance(place, str) for place in places):
        raise OverrideError(f'{origin}: {key} must be a list of places as texts, such as ["12:1", "30:2"]')
    return [text_to_override(place, OverrideAction(key), f"{origin}, {key} {place[:40]!r}") for place in places]


def _check_keys(table: dict[str, Any], known: tuple[str, ...], origin: str) -> None:
    strange = sorted(set(table) - set(known))
    if strange:
        raise OverrideError(f"{origin}: the key {strange[0][:80]!r} is unknown; there are {', '.join(known)}")


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise OverrideError(f"{path} cannot be read: {error.strerror or error}") from error
