"""Input files by their name in the ledger: absolute paths of this machine, and ``s3://`` addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lanci.bulk.remote import fetch, find_tag, is_remote


def source_exists(source: str) -> bool:
    """Whether the file is there, or may be as far as this machine can see.

    Raises:
        StorageError: the storage of an address does not tell.
    """
    if is_remote(source):
        return bool(find_tag(source))
    try:
        Path(source).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # no right to look, a disk that does not answer
        return True
    return True


def read_marks(source: str) -> str:
    """What shows that a file has changed: size, time of change and inode, or the tag of an object.

    Raises:
        OSError: the file cannot be asked.
        StorageError: the storage does not tell.
    """
    if is_remote(source):
        return find_tag(source)
    status = Path(source).stat()
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"


def hash_source(source: str) -> str:
    """SHA-256 of the file's content; errors as of :func:`local_copy`."""
    with local_copy(source) as path, path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def local_copy(source: str) -> Iterator[Path]:
    """The file itself, or a copy of the object under its own name that is gone afterwards.

    Raises:
        UnsupportedInputError: there is no such object.
        StorageError: the storage cannot be reached or refuses.
    """
    if not is_remote(source):
        yield Path(source)
        return
    with TemporaryDirectory(prefix="lanci-") as folder:
        yield fetch(source, Path(folder))
