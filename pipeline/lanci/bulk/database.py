"""The ledger's SQLite file: its tables, and its errors in the words of lanci."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from lanci.errors import DamagedError, OutputError, StoreError, UnsupportedInputError

LEDGER_VERSION = 1
"""Counts up with every change of the tables; kept as SQLite's ``user_version``."""

_BUSY_SECONDS = 10.0

# Paths are bytes: file names need not be Unicode. A path has one content at a time, a content any number of paths.
_TABLES = """
CREATE TABLE runs (run INTEGER PRIMARY KEY, started REAL NOT NULL, ended REAL, jobs INTEGER NOT NULL);
CREATE TABLE paths (
    path BLOB PRIMARY KEY, name TEXT NOT NULL, marks TEXT NOT NULL,
    sha256 TEXT, state TEXT NOT NULL, category TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
    first_seen REAL NOT NULL, run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX paths_of_content ON paths (sha256);
CREATE TABLE contents (
    sha256 TEXT PRIMARY KEY, state TEXT NOT NULL, tried_key TEXT NOT NULL DEFAULT '',
    result_key TEXT NOT NULL DEFAULT '', category TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
    page INTEGER, attempts INTEGER NOT NULL DEFAULT 0, interrupted INTEGER NOT NULL DEFAULT 0,
    in_work INTEGER NOT NULL DEFAULT 0, seconds REAL, pages INTEGER, outdated INTEGER NOT NULL DEFAULT 0,
    first_seen REAL NOT NULL, run INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX contents_to_do ON contents (state, run, in_work, attempts + interrupted, sha256);
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the ledger for writing; an empty one is made where there is none.

    Raises:
        DamagedError: the file is no whole SQLite database.
        UnsupportedInputError: a newer lanci made it.
        OutputError: it cannot be written.
    """
    with ledger_errors(path):
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            # A commit outlives the death of this process; a power cut may take the last ones, never the whole.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if _check(connection, path) == 0:
                connection.executescript(f"BEGIN;{_TABLES}PRAGMA user_version = {LEDGER_VERSION};COMMIT;")
        except BaseException:
            connection.close()
            raise
        return connection


def open_database_to_read(path: Path) -> sqlite3.Connection:
    """Open the ledger without writing to it, also in a folder that cannot be written; errors as above."""
    if not path.is_file():
        raise StoreError(f"{path} is not there: lanci run on the same inputs makes it anew from the results")
    with ledger_errors(path):
        connection = _connect_read_only(path)
        try:
            if _check(connection, path) == 0:
                _refuse("it is empty")
        except BaseException:
            connection.close()
            raise
        return connection


def _connect_read_only(path: Path) -> sqlite3.Connection:
    address = path.resolve().as_uri()
    # Reading beside a writer needs files next to the ledger, which only a connection that may write takes away again.
    connection = sqlite3.connect(f"{address}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()  # they cannot be made: nobody writes there
        return sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, isolation_level=None)
    return connection


@contextmanager
def ledger_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into lanci's."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OutputError(
            f"the ledger {path} cannot be written: {error}; make room or make it writable, then run again: "
            "nothing that was recorded is lost"
        ) from error
    except sqlite3.DatabaseError as error:
        raise DamagedError(
            f"the ledger {path} is damaged ({error}); run again: it is made anew from the results"
        ) from error


def _check(connection: sqlite3.Connection, path: Path) -> int:
    """The version of a whole ledger; 0 for an empty file."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        _refuse(found)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > LEDGER_VERSION:
        raise UnsupportedInputError(f"the ledger {path} was made by a newer lanci: update lanci")
    return version


def _refuse(reason: str) -> NoReturn:
    raise sqlite3.DatabaseError(reason)
