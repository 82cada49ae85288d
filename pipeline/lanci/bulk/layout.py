"""Where things are in a store, and the file that says that a folder is one.

STORE/store.json                               the store's schema and the lanci that made it
STORE/ledger.sqlite                            what came of every file: states, times, paths
STORE/documents/<ab>/<sha256>/document.json    one folder for each content, as ``lanci parse`` writes it

The documents hold nothing of time, path or host: the same contents give the same bytes, whoever worked them off and
in whatever order. All of that is in the ledger alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lanci.artefact import lanci_version, version_to_key
from lanci.errors import DamagedError, LanciError, OutputError, StoreError, UnsupportedInputError
from lanci.store import DOCUMENT_FILE

if sys.platform != "win32":
    import fcntl

STORE_SCHEMA = "lanci/store/1"
"""The value of the ``schema`` key of ``store.json`` that this version of lanci reads and writes."""

STORE_FILE = "store.json"
LEDGER_FILE = "ledger.sqlite"
DOCUMENTS_FOLDER = "documents"
PREFIX_DIGITS = 2


def document_folder(store: Path, sha256: str) -> Path:
    """The folder of the document with this content; it need not exist."""
    return store / DOCUMENTS_FOLDER / sha256[:PREFIX_DIGITS] / sha256


def prefix_folders(store: Path) -> list[Path]:
    """The folders that hold documents' folders, sorted."""
    documents = store / DOCUMENTS_FOLDER
    return sorted(path for path in documents.iterdir() if path.is_dir()) if documents.is_dir() else []


def result_folders(store: Path) -> Iterator[Path]:
    """The folders of all documents whose result is there, sorted by SHA-256; no hidden ones."""
    for prefix in prefix_folders(store):
        yield from (path for path in sorted(prefix.glob("[!.]*")) if (path / DOCUMENT_FILE).is_file())


def prepare_store(store: Path) -> None:
    """Make a new store, or check that the folder is one that this lanci can go on with.

    Raises:
        UnsupportedInputError: it is a store of another version, or a folder with other things in it.
        DamagedError: its ``store.json`` cannot be understood.
        OutputError: it cannot be made or written to.
    """
    if (store / STORE_FILE).exists():
        check_store(store)
        if not os.access(store, os.W_OK):
            raise OutputError(f"the store {store} is read-only; mount it writable or choose another with --store")
        return
    try:
        if store.exists() and any(store.iterdir()):
            raise UnsupportedInputError(
                f"{store} is a folder with files and no store of lanci: choose an empty or a new folder with --store"
            )
        (store / DOCUMENTS_FOLDER).mkdir(parents=True, exist_ok=True)
        _write_whole(store / STORE_FILE, json.dumps({"schema": STORE_SCHEMA, "lanci": lanci_version()}) + "\n")
    except OSError as error:
        raise OutputError(
            f"the store {store} cannot be made: {error.strerror or error}; choose another place with --store"
        ) from error


def check_store(store: Path) -> None:
    """Check that a folder is a store that this lanci reads; errors as in :func:`prepare_store`."""
    file = store / STORE_FILE
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnsupportedInputError(
            f"{store} is no store of lanci ({file}: {error.strerror or error}); make one with lanci run"
        ) from error
    check_store_content(content, str(file))


def check_store_content(content: bytes, file: str) -> None:
    """Check what is in a ``store.json``; errors as in :func:`prepare_store`."""
    try:
        data = json.loads(content)
    except ValueError as error:
        raise DamagedError(f"{file} is no JSON ({error}); put back {{'schema': '{STORE_SCHEMA}'}}") from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema == STORE_SCHEMA:
        return
    made_by = str(data.get("lanci", "")) if isinstance(data, dict) else ""
    if isinstance(schema, str) and schema.startswith("lanci/store/"):
        newer = version_to_key(schema.rpartition("/")[2]) > version_to_key(STORE_SCHEMA.rpartition("/")[2])
        raise UnsupportedInputError(
            f"{file} is of schema {schema[:60]}{f', made by lanci {made_by[:20]}' if made_by else ''}; this lanci "
            f"{lanci_version()} reads {STORE_SCHEMA}: {'update lanci' if newer else 'use the lanci that made it'}"
        )
    raise DamagedError(f"{file} names no schema of a store; put back {{'schema': '{STORE_SCHEMA}'}}")


@contextmanager
def lock_store(store: Path) -> Iterator[None]:
    """Hold the store against other runs; the system drops the lock when this process ends, however it ends.

    Raises:
        StoreError: another run holds it.
        OutputError: the file system has no locks.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(store, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise StoreError(
            f"another lanci run is at work on {store}: wait for its end (lanci status {store} shows it)"
        ) from error
    except OSError as error:
        os.close(descriptor)
        raise OutputError(
            f"the store {store} cannot be locked ({error.strerror or error}): choose another place with --store"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def is_locked(store: Path) -> bool:
    """Whether a run holds the store."""
    try:
        with lock_store(store):
            return False
    except LanciError as error:
        return isinstance(error, StoreError)


def _write_whole(path: Path, text: str) -> None:
    """Write a small file so that it is never seen half."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
