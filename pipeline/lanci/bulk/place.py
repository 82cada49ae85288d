"""Where a store is: its results, and the folder of this machine that holds its ledger and its lock.

The ledger of a store behind an address is in the user's cache folder. A copy is put beside the results when a run ends,
and fetched where this machine has none or an older one, so that a run may go on from another machine. Two machines
must not run on one address at the same time: object storage has no locks.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lanci.bulk.layout import (
    LEDGER_FILE,
    STORE_FILE,
    check_store,
    check_store_content,
    prepare_store,
)
from lanci.bulk.remote import fetch, find_tag, is_remote, join_url, read_remote, write_remote
from lanci.bulk.results import Results, open_results
from lanci.errors import OutputError

CACHE_VARIABLE = "LANCI_CACHE"
"""The environment variable that names the folder for the ledgers of stores behind addresses."""

_TAG_FILE = "ledger.tag"
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A store: the name that the user gave, the local folder with its ledger, and its results."""

    name: str
    folder: Path
    results: Results

    @property
    def address(self) -> str:
        """The name as other processes and machines understand it."""
        return self.name if is_remote(self.name) else str(self.folder.absolute())

    @property
    def ledger(self) -> Path:
        return self.folder / LEDGER_FILE


def open_place(store: str) -> Place:
    """The place of a store, given its folder or its address; nothing is read or made."""
    folder = _cache_folder(store) if is_remote(store) else Path(store)
    return Place(store, folder, open_results(store))


def prepare_place(place: Place) -> None:
    """Make the store, or check that it is one that this lanci can go on with, and bring its ledger here.

    Raises:
        UnsupportedInputError: it is of another version, or a folder with other things in it.
        DamagedError: its ``store.json`` cannot be understood.
        OutputError: it cannot be made or written to.
        StorageError: the storage cannot be reached or refuses.
    """
    prepare_store(place.folder)
    if not is_remote(place.name):
        return
    mark = join_url(place.name, STORE_FILE)
    if find_tag(mark):
        check_store_content(read_remote(mark), mark)
        _fetch_ledger(place)
    else:
        write_remote(mark, (place.folder / STORE_FILE).read_bytes())


def check_place(place: Place) -> None:
    """Check that there is a store that this lanci reads, and bring its ledger here; errors as above."""
    if is_remote(place.name):
        mark = join_url(place.name, STORE_FILE)
        check_store_content(read_remote(mark), mark)
        prepare_store(place.folder)
        _fetch_ledger(place)
    else:
        check_store(place.folder)


def save_ledger(place: Place) -> None:
    """Put a copy of the ledger of a store behind an address beside its results; of another one nothing is done.

    Raises:
        OutputError: the copy cannot be made.
        StorageError: the storage cannot be reached or refuses.
    """
    if not is_remote(place.name):
        return
    url = join_url(place.name, LEDGER_FILE)
    try:
        with TemporaryDirectory(prefix="lanci-") as folder:
            copy = Path(folder) / LEDGER_FILE
            with closing(sqlite3.connect(place.ledger)) as ledger, closing(sqlite3.connect(copy)) as target:
                ledger.backup(target)
            write_remote(url, copy.read_bytes())
        (place.folder / _TAG_FILE).write_text(find_tag(url))
    except (OSError, sqlite3.Error) as error:
        raise OutputError(f"the ledger {place.ledger} cannot be copied to {url}: {error}") from error


def _fetch_ledger(place: Place) -> None:
    """Take the copy beside the results when it is not the one that this machine put there or took before."""
    url = join_url(place.name, LEDGER_FILE)
    known = place.folder / _TAG_FILE
    try:
        tag = find_tag(url)
        if not tag or (place.ledger.exists() and known.exists() and known.read_text() == tag):
            return
        with TemporaryDirectory(prefix=".", dir=place.folder) as folder:
            copy = fetch(url, Path(folder))
            for ending in ("-wal", "-shm"):
                place.ledger.with_name(place.ledger.name + ending).unlink(missing_ok=True)
            copy.replace(place.ledger)
        known.write_text(tag)
    except OSError as error:
        raise OutputError(f"the ledger of {place.name} cannot be kept in {place.folder}: {error.strerror}") from error


def _cache_folder(url: str) -> Path:
    """The folder of this machine for what belongs to an address."""
    given = os.environ.get(CACHE_VARIABLE)
    home = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lanci"
    return home / "stores" / hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:_DIGITS]
