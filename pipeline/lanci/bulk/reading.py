"""Reading a store: its documents and its ledger, one at a time, for exports and reports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from lanci.bulk.database import ledger_errors, open_database_to_read
from lanci.bulk.place import check_place, open_place
from lanci.bulk.records import LedgerEntry, State, Totals
from lanci.bulk.results import Results, read_result
from lanci.document import Document

_ENTRIES = """
SELECT c.sha256, c.state, c.category, c.message, c.page, c.attempts, c.seconds, c.pages, c.result_key, c.outdated,
       c.first_seen, p.name
FROM contents c LEFT JOIN paths p ON p.sha256 = c.sha256 ORDER BY c.sha256, p.name
"""
_UNREADABLE = "SELECT state, category, message, first_seen, name FROM paths WHERE sha256 IS NULL ORDER BY name, path"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One result of a store.

    Attributes:
        sha256: of the source's content.
        paths: the names by which the content came, relative to the inputs that they were found in, sorted; empty
            where the ledger was lost and the files have not been seen since.
        results: where it is.
        outdated: it is of other options or software than the last run asked for.
    """

    sha256: str
    paths: tuple[str, ...]
    results: Results
    outdated: bool = False

    def read(self) -> Document:
        """The document; raises as :func:`lanci.bulk.results.read_result`."""
        return read_result(self.results, self.sha256)


@dataclass(frozen=True, slots=True)
class Store:
    """A store opened for reading; also while a run is at work on it, and where it cannot be written.

    Nothing is kept in memory: every call goes through the ledger anew.

    Attributes:
        folder: of the store; of a store behind an address the folder of this machine that has its ledger.
        ledger: the ledger's file.
        results: where the documents are.
    """

    folder: Path
    ledger: Path
    results: Results

    def documents(self) -> Iterator[StoredDocument]:
        """All documents that have a result, by SHA-256."""
        yield from (stored for entry in self.entries() if (stored := self.document_of(entry)) is not None)

    def document_of(self, entry: LedgerEntry) -> StoredDocument | None:
        """The result of a content of this store, None where there is none."""
        if entry.sha256 is None or not entry.key:
            return None
        return StoredDocument(entry.sha256, entry.paths, self.results, entry.outdated)

    def entries(self) -> Iterator[LedgerEntry]:
        """All contents by SHA-256, then the files that could not be read, by name.

        Raises:
            StoreError: there is no ledger.
            DamagedError: the ledger is damaged.
        """
        with ledger_errors(self.ledger), closing(open_database_to_read(self.ledger)) as connection:
            for _, rows in groupby(connection.execute(_ENTRIES), key=itemgetter(0)):
                yield _rows_to_entry(list(rows))
            for state, category, message, first_seen, name in connection.execute(_UNREADABLE):
                yield LedgerEntry(
                    sha256=None,
                    state=State(state),
                    category=category,
                    message=message,
                    first_seen=first_seen,
                    paths=(name,),
                )

    def totals(self) -> Totals:
        """The counts of the whole store; errors as in :meth:`entries`."""
        with ledger_errors(self.ledger), closing(open_database_to_read(self.ledger)) as connection:
            return read_totals(connection)


def open_store(path: str | Path, *, ledger: Path | None = None) -> Store:
    """Open a store for reading.

    Args:
        path: the folder that ``lanci run --store`` filled, or its address.
        ledger: its ledger, where that is not in the folder.

    Raises:
        UnsupportedInputError: the folder is no store, or one of another version.
        DamagedError: ``store.json`` cannot be understood.
        StorageError: the storage of a store behind an address cannot be reached or refuses.
    """
    place = open_place(str(path))
    check_place(place)
    return Store(place.folder, place.ledger if ledger is None else ledger, place.results)


def read_totals(connection: sqlite3.Connection) -> Totals:
    """The counts of a ledger."""
    both = "(SELECT state, category FROM contents UNION ALL SELECT state, category FROM paths WHERE sha256 IS NULL)"
    states = connection.execute(f"SELECT state, count(*) FROM {both} GROUP BY state ORDER BY state")  # noqa: S608
    failures = connection.execute(
        f"SELECT category, count(*) FROM {both} WHERE state = 'failed' "  # noqa: S608
        "GROUP BY category ORDER BY count(*) DESC, category"
    )
    files = connection.execute("SELECT count(*) FROM paths").fetchone()[0]
    pages, outdated = connection.execute(
        "SELECT coalesce(sum(pages) FILTER (WHERE result_key <> ''), 0), coalesce(sum(outdated), 0) FROM contents"
    ).fetchone()
    return Totals(tuple((State(state), n) for state, n in states), tuple(failures), files, pages, outdated)


def _rows_to_entry(rows: list[tuple[Any, ...]]) -> LedgerEntry:
    sha256, state, category, message, page, attempts, seconds, pages, key, outdated, first_seen, _ = rows[0]
    return LedgerEntry(
        sha256=sha256,
        state=State(state),
        category=category,
        message=message,
        page=page,
        attempts=attempts,
        seconds=seconds,
        pages=pages,
        key=key,
        outdated=bool(outdated),
        first_seen=first_seen,
        paths=tuple(dict.fromkeys(row[-1] for row in rows if row[-1] is not None)),
    )
