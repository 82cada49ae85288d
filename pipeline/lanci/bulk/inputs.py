"""From arguments to files, one at a time: files, folders, patterns, and manifests that list files."""

from __future__ import annotations

import csv
import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lanci.bulk.remote import find_remote, fixed_part, is_remote
from lanci.discover import discover, is_document_name, may_be_file, no_documents_error, unreadable_error
from lanci.errors import DamagedError, LanciError, UnsupportedInputError

MANIFEST_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
"""A file with one of these endings is a list of files, not a document."""

PATH_COLUMNS = ("path", "file", "文件", "路径")
"""The column of a manifest with a header that holds the paths has one of these names."""

_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read: its absolute path or address, and its name relative to the input that it was found in.

    ``marks`` are those of :func:`lanci.bulk.sources.read_marks` where they came with the finding, else "".
    """

    path: str
    name: str
    marks: str = ""


@dataclass(frozen=True, slots=True)
class InputProblem:
    """An input that gives no file: its absolute path, its name as the user wrote it, and the reason."""

    path: str
    name: str
    error: LanciError


@dataclass(frozen=True, slots=True)
class SearchedFolder:
    """All files of a folder have been given: what was known of it before and did not come is gone."""

    path: str


Found = InputFile | InputProblem | SearchedFolder


def find_inputs(arguments: Sequence[str], store: Path) -> Iterator[Found]:
    """All files behind the arguments, in the order given; those in the store are left out. May repeat files."""
    for argument in arguments:
        yield from _find(argument, os.path.abspath(store))  # noqa: PTH100 (links are kept: names tell where from)


def _find(argument: str, store: str) -> Iterator[Found]:
    if is_remote(argument):
        yield from _find_behind(argument)
        return
    path = Path(argument)
    absolute = _absolute(path)
    if path.is_dir():
        yield from _find_in_folder(path, absolute, store)
    elif path.exists():
        yield from _read_manifest(path) if _is_manifest(path) else (InputFile(absolute, path.name),)
    elif _MAGIC & set(argument):
        yield from _find_matches(argument, store)
    else:
        error = UnsupportedInputError(f"{argument}: there is no such file or folder; check the path")
        yield InputProblem(absolute, argument, error)


def _find_in_folder(folder: Path, absolute: str, store: str) -> Iterator[Found]:
    unread: list[OSError] = []
    files = discover([folder], on_error=unread.append)
    for error in unread:
        below = Path(os.fsdecode(error.filename))
        yield InputProblem(_absolute(below), str(below), unreadable_error(error))
    inside = bool(unread)
    for file in files:
        path = _absolute(file)
        if not _is_below(path, store):
            inside = True
            yield InputFile(path, file.relative_to(folder).as_posix())
    if not inside:
        yield InputProblem(absolute, str(folder), no_documents_error(folder))
    yield SearchedFolder(absolute)


def _find_matches(pattern: str, store: str) -> Iterator[Found]:
    """What a pattern matches, named from its first part with a wildcard on."""
    parts = Path(pattern).parts
    n_fixed = next(n for n, part in enumerate(parts) if _MAGIC & set(part))
    root = Path(*parts[:n_fixed])
    pattern_below = str(Path(*parts[n_fixed:]))
    names = glob.glob(pattern_below, root_dir=root, recursive=True)  # noqa: PTH207 (no file is hidden from Path.glob)
    found = False
    for match in (root / name for name in sorted(names)):
        path = _absolute(match)
        if is_document_name(match.name) and may_be_file(match) and not _is_below(path, store):
            found = True
            yield InputFile(path, match.relative_to(root).as_posix())
    if not found:
        error = UnsupportedInputError(f"{pattern}: no document matches it; check the pattern, and quote it in a shell")
        yield InputProblem(_absolute(Path(pattern)), pattern, error)


def _find_behind(url: str) -> Iterator[Found]:
    """What is behind an address, named relative to what was asked for; an object itself by its last name."""
    try:
        found = find_remote(url)
    except LanciError as error:
        yield InputProblem(url, url, error)
        return
    base = fixed_part(url)
    for file in found:
        yield InputFile(file.url, file.url.removeprefix(f"{base}/") or file.name, file.tag)
    if base == url.rstrip("/") and found[0].url != base:
        yield SearchedFolder(base)


def _is_manifest(path: Path) -> bool:
    return path.suffix.lower() in MANIFEST_SUFFIXES


def _read_manifest(manifest: Path) -> Iterator[Found]:
    """The files that a manifest lists, relative to its folder; a line without a file is a problem of its own."""
    try:
        lines = list(_manifest_lines(manifest))
    except LanciError as error:
        yield InputProblem(_absolute(manifest), str(manifest), error)
        return
    for number, entry in lines:
        if is_remote(entry):
            yield from _find_behind(entry)
            continue
        path = manifest.parent / entry
        absolute = _absolute(path)
        # unlike those of Path these are false, and raise nothing, for a name that is too long
        if os.path.isfile(absolute):  # noqa: PTH113
            yield InputFile(absolute, entry)
        else:
            is_folder = os.path.isdir(absolute)  # noqa: PTH112
            what = "is a folder; name it as an input of its own" if is_folder else "there is no such file"
            reason = UnsupportedInputError(f"{manifest}, line {number}: {entry}: {what}")
            yield InputProblem(absolute, entry, reason)


def _manifest_lines(manifest: Path) -> Iterator[tuple[int, str]]:
    """Number of the line and path of each entry.

    A text has one path a line; empty lines and such that begin with # are left out. Of a table with a header one
    column is taken, see :data:`PATH_COLUMNS`; of a table with one column its rows.
    """
    try:
        text = _decode(manifest.read_bytes())
    except OSError as error:
        raise UnsupportedInputError(f"{manifest}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DamagedError(f"{manifest} is no text in UTF-8 or GB18030; save it as UTF-8") from error
    if manifest.suffix.lower() == ".txt":
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                yield number, line.strip()
        return
    rows = csv.reader(text.splitlines(), delimiter="\t" if manifest.suffix.lower() == ".tsv" else ",")
    try:
        header = next(rows, [])
        column = next((n for n, name in enumerate(header) if name.strip().lower() in PATH_COLUMNS), None)
        if column is None and len(header) > 1:
            raise DamagedError(f"{manifest}: no column is named {', '.join(PATH_COLUMNS)}; name the one with the paths")
        if column is None and header:
            yield 1, header[0].strip()
        for row in rows:
            if any(row):
                yield rows.line_num, (row[column or 0] if len(row) > (column or 0) else "").strip()
    except csv.Error as error:
        raise DamagedError(f"{manifest}, line {rows.line_num}: no CSV ({error})") from error


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")  # what office programs in China save


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 (without following links: a file is known by its own name)
