"""Files behind ``s3://`` through fsspec: finding inputs, fetching them, and keeping results there.

Credentials and the address of the server come from the environment only (``AWS_ACCESS_KEY_ID``,
``AWS_SECRET_ACCESS_KEY``, ``AWS_PROFILE``, ``AWS_ENDPOINT_URL`` ...): an address that holds any is refused, since
addresses are written to ledgers and logs.

Object storage cannot exchange two folders in one step. ``document.json`` holds all that the other files of a
document's folder are made from, so it goes up last: whoever reads it finds the old result or the new one, whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from lanci.discover import is_document_name
from lanci.errors import LanciError, MissingProgramError, StorageError, UnsupportedInputError
from lanci.store import DOCUMENT_FILE

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

SCHEME = "s3"
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_PATTERN = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True, order=True)
class RemoteFile:
    """One object: its address, and the tag that changes with its content."""

    url: str
    tag: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.url).name


def is_remote(text: str) -> bool:
    """Whether a text is an address and no path of this machine."""
    return _ADDRESS.match(text) is not None


def join_url(url: str, *parts: str) -> str:
    """The address of something in a folder."""
    return "/".join((url.rstrip("/"), *parts))


def find_remote(url: str) -> list[RemoteFile]:
    """The objects behind an address, sorted: itself, all documents below it, or all that a pattern matches.

    Of a folder or pattern only documents by suffix are taken, and nothing hidden, as on a disk.

    Raises:
        UnsupportedInputError: there is nothing.
        StorageError: the storage cannot be reached or refuses.
    """
    with _told(url):
        files, path = _open(url)
        files.invalidate_cache()
        if _PATTERN.search(path):
            base = fixed_part(path)
            entries = [entry for entry in files.glob(path, detail=True).values() if _is_wanted(entry, base)]
        elif files.isfile(path):
            entries = [files.info(path)]
        else:
            entries = [entry for entry in files.find(path, detail=True).values() if _is_wanted(entry, path)]
        found = sorted(_to_file(entry) for entry in entries)
    if not found:
        raise UnsupportedInputError(f"{url}: there is no document there; check the address")
    return found


def fixed_part(path: str) -> str:
    """Of a pattern the folder above its first wildcard, of anything else the path or address itself."""
    pattern = _PATTERN.search(path)
    return path.rstrip("/") if pattern is None else path[: pattern.start()].rpartition("/")[0]


def fetch(url: str, folder: Path) -> Path:
    """Download one object into a folder under its own name.

    Raises:
        UnsupportedInputError: there is no such object.
        StorageError: the storage cannot be reached or refuses, or the disk is full.
    """
    target = folder / PurePosixPath(url).name
    with _told(url):
        files, path = _open(url)
        files.get_file(path, str(target))
    return target


def read_remote(url: str) -> bytes:
    """The content of one object; errors as of :func:`fetch`."""
    with _told(url):
        files, path = _open(url)
        content: bytes = files.cat_file(path)
    return content


def write_remote(url: str, content: bytes) -> None:
    """Write one object, which appears whole or not at all.

    Raises:
        UnsupportedInputError: there is no such bucket.
        StorageError: the storage cannot be reached or refuses.
    """
    with _told(url):
        files, path = _open(url)
        files.pipe_file(path, content)


def find_tag(url: str) -> str:
    """The tag of an object, which changes with its content; "" where there is no such object.

    Raises:
        StorageError: the storage cannot be reached or refuses.
    """
    with _told(url):
        files, path = _open(url)
        files.invalidate_cache()
        return _to_file(files.info(path)).tag if files.isfile(path) else ""


def publish_folder(folder: Path, url: str) -> None:
    """Make the remote folder of a document equal to a local one, ``document.json`` last.

    Raises:
        StorageError: the storage cannot be reached or refuses; an older result is still whole to its readers.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    others = [name for name in names if name != DOCUMENT_FILE]
    with _told(url):
        files, path = _open(url)
        files.invalidate_cache()
        stale = set(files.find(path)) - {f"{path}/{name}" for name in names}
        for part in (others, [DOCUMENT_FILE]):
            files.put([str(folder / name) for name in part], [f"{path}/{name}" for name in part])
        if stale:
            files.rm(sorted(stale))


def list_folders(url: str) -> Iterator[str]:
    """The names in a remote folder, sorted; none where there is no such folder."""
    with _told(url):
        files, path = _open(url)
        files.invalidate_cache()
        entries: Sequence[str] = files.ls(path, detail=False) if files.isdir(path) else ()
    yield from sorted(PurePosixPath(entry).name for entry in entries)


def _open(url: str) -> tuple[AbstractFileSystem, str]:
    """The file system of an address and the path in it, without a slash at the end."""
    scheme = _ADDRESS.match(url)
    if scheme is None or scheme[1].lower() != SCHEME:
        raise UnsupportedInputError(f"{url}: lanci takes paths of this machine and {SCHEME}:// addresses")
    if "@" in url.partition("://")[2].partition("/")[0]:
        place = url.rpartition("@")[2]
        raise UnsupportedInputError(f"{SCHEME}://{place}: give credentials in the environment, not in the address")
    try:
        from fsspec.core import url_to_fs

        files, path = url_to_fs(url)
    except ImportError as error:
        raise MissingProgramError(f"{url} needs packages that are not installed: pip install 'lanci[s3]'") from error
    return files, path.rstrip("/")


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn the errors of the storage into ours."""
    try:
        yield
    except LanciError:
        raise
    except FileNotFoundError as error:
        raise UnsupportedInputError(f"{url}: there is no such file or folder; check the address") from error
    except OSError as error:
        raise StorageError(f"{url}: {_reason(error)}; check the rights, the room and the network") from error
    except Exception as error:
        from botocore.exceptions import BotoCoreError

        if not isinstance(error, BotoCoreError):
            raise
        hint = "check AWS_ENDPOINT_URL, the network and the credentials in the environment"
        raise StorageError(f"{url}: {_reason(error)}; {hint}") from error


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _is_wanted(entry: dict[str, Any], base: str) -> bool:
    """Whether something below ``base`` is a document and no part of its path there is hidden."""
    inside = PurePosixPath(entry["name"]).relative_to(base)
    hidden = any(part.startswith(".") for part in inside.parts)
    return entry["type"] == "file" and is_document_name(inside.name) and not hidden


def _to_file(entry: dict[str, Any]) -> RemoteFile:
    return RemoteFile(f"{SCHEME}://{entry['name']}", str(entry.get("ETag", "")).strip('"'))
