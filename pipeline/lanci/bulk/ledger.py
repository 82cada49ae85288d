"""The ledger of a store: every file that was seen, every content, and what came of it.

One process writes it, in one thread. A content that is handed out is marked as in work; a run that dies leaves the
mark, and the next run finds by it what was not ended. That is not held against the document: it is only tried later
than others, so that one that takes the whole machine with it does not keep the rest from being done.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from lanci.bulk.database import ledger_errors, open_database
from lanci.bulk.records import State
from lanci.bulk.sources import source_exists
from lanci.bulk.tasks import DocumentEnd

_CHUNK = 500
_IN_WORK, _GIVEN_BACK = 1, 2
"""Values of ``in_work``, else 0: taken by a run, and not ended when that run was interrupted by its user."""

_READ = "read"
"""The state of a path whose content is known; else it has one of :class:`State`."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the ledger has of a path: the marks by which a change shows, and its content."""

    marks: str
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A content as planning needs it; see :class:`lanci.bulk.records.LedgerEntry`."""

    sha256: str
    state: State
    tried_key: str
    result_key: str
    category: str
    message: str


class Ledger:
    """The ledger, opened by the one run that writes it. A context manager; closing folds SQLite's side files in.

    Every method raises OutputError when the disk is full, and DamagedError when the file turns out to be damaged.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the ledger; raises as :func:`lanci.bulk.database.open_database`."""
        self.path = path
        self._database = open_database(path)
        self._run = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Write all that is written inside at once, or nothing of it."""
        with ledger_errors(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def is_empty(self) -> bool:
        return not self._sql("SELECT 1 FROM contents UNION ALL SELECT 1 FROM paths LIMIT 1")

    def left_in_work(self) -> list[str]:
        """The contents whose work began in an earlier run and did not come to its end there."""
        return [str(sha256) for (sha256,) in self._sql("SELECT sha256 FROM contents WHERE in_work <> 0")]

    def begin_run(self, jobs: int) -> None:
        """Count a new run, and take up what one before left in work."""
        with self.batch():
            self._sql(
                "UPDATE contents SET interrupted = interrupted + (in_work = ?), in_work = 0 WHERE in_work <> 0",
                (_IN_WORK,),
            )
            started = (time.time(), jobs)
            [(self._run,)] = self._sql("INSERT INTO runs (started, jobs) VALUES (?, ?) RETURNING run", started)

    def end_run(self) -> None:
        """Note the end, also of a run that the user interrupted: that is no sign against what is in work."""
        with self.batch():
            self._sql("UPDATE contents SET in_work = ? WHERE in_work = ?", (_GIVEN_BACK, _IN_WORK))
            self._sql("UPDATE runs SET ended = ? WHERE run = ?", (time.time(), self._run))

    # Files

    def find_file(self, path: str) -> KnownFile | None:
        rows = self._sql("SELECT marks, sha256 FROM paths WHERE path = ?", (_encode(path),))
        return KnownFile(*rows[0]) if rows else None

    def record_file(self, path: str, name: str, known: KnownFile) -> None:
        """A file was read, or is as it was; ``known`` has its content now."""
        self._put_path(path, name, known, _READ, "", "")
        self._sql(
            "INSERT INTO contents (sha256, state, first_seen) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (known.sha256, State.PENDING, time.time()),
        )

    def record_problem(self, path: str, name: str, category: str, message: str) -> None:
        """An input gave no file. One that did before has vanished; another one has failed."""
        known = self.find_file(path)
        if known is not None and known.sha256 is not None:
            self._put_path(path, name, known, State.VANISHED, "vanished", message)
        else:
            self._put_path(path, name, KnownFile("", None), State.FAILED, category, message)

    def mark_vanished(self, folder: str) -> None:
        """What was known below a folder, did not come in this run and is not there any more has vanished."""
        rows = self._sql(
            "SELECT path, sha256 FROM paths WHERE path > ? AND path < ? AND run < ?",
            (_encode(folder + "/"), _encode(folder + "0"), self._run),  # 0 follows / in ASCII
        )
        gone = [(path, sha256) for path, sha256 in rows if not source_exists(_decode(path))]
        for path, sha256 in gone:
            if sha256 is None:
                self._sql("DELETE FROM paths WHERE path = ?", (path,))
            else:
                self._sql(
                    "UPDATE paths SET state = ?, category = 'vanished', message = 'it is not there any more' "
                    "WHERE path = ?",
                    (State.VANISHED, path),
                )

    def close_vanished(self) -> None:
        """Contents without a file and without a result are not waited for."""
        self._sql(
            "UPDATE contents SET state = ?, category = 'vanished', message = 'no file has this content any more' "
            "WHERE state IN (?, ?) AND NOT EXISTS "
            "(SELECT 1 FROM paths p WHERE p.sha256 = contents.sha256 AND p.state = ?)",
            (State.VANISHED, State.PENDING, State.FAILED, _READ),
        )

    def sources(self, sha256: str) -> list[tuple[str, str]]:
        """Paths and names of the files that have a content now, sorted by name."""
        rows = self._sql(
            "SELECT path, name FROM paths WHERE sha256 = ? AND state = ? ORDER BY name, path", (sha256, _READ)
        )
        return [(_decode(path), name) for path, name in rows]

    # Planning

    def contents_seen(self) -> Iterator[Content]:
        """The contents of this run's files, by SHA-256; they may be changed meanwhile."""
        after = ""
        while True:
            rows = self._sql(
                "SELECT sha256, state, tried_key, result_key, category, message FROM contents c WHERE sha256 > ? "
                "AND EXISTS (SELECT 1 FROM paths p WHERE p.sha256 = c.sha256 AND p.run = ? AND p.state = ?) "
                "ORDER BY sha256 LIMIT ?",
                (after, self._run, _READ, _CHUNK),
            )
            for sha256, state, tried, result, category, message in rows:
                yield Content(
                    sha256=sha256,
                    state=State(state),
                    tried_key=tried,
                    result_key=result,
                    category=category,
                    message=message,
                )
            if len(rows) < _CHUNK:
                return
            after = rows[-1][0]

    def problems_seen(self) -> list[tuple[str, str, str]]:
        """Name, category and message of this run's inputs that gave no file, sorted by name."""
        return self._sql(
            "SELECT name, category, message FROM paths WHERE run = ? AND state <> ? ORDER BY name, path",
            (self._run, _READ),
        )

    def record_result(self, sha256: str, key: str, pages: int) -> None:
        """A result that was found in the store."""
        self._sql(
            "INSERT INTO contents (sha256, state, result_key, pages, first_seen) VALUES (?, ?, ?, ?, ?)",
            (sha256, State.DONE, key, pages, time.time()),
        )

    def correct_result(self, sha256: str, key: str, pages: int | None) -> None:
        """Which result of a content is in the store, whatever was recorded; none with the key ""."""
        self._sql(
            "UPDATE contents SET result_key = ?, pages = coalesce(?, pages) WHERE sha256 = ?", (key, pages, sha256)
        )

    def hold_result(self, sha256: str) -> None:
        """The result that is in the store is the one that is asked for, whatever was tried since."""
        self._sql(
            "UPDATE contents SET state = ?, outdated = 0, category = '', message = '', page = NULL WHERE sha256 = ?",
            (State.DONE, sha256),
        )

    def ask_for(self, sha256: str, tried_key: str, *, has_result: bool, afresh: bool) -> None:
        """Put a content among what this run has to do; ``afresh`` forgets the attempts so far."""
        self._sql(
            "UPDATE contents SET state = ?, run = ?, tried_key = ?, outdated = ?, "
            "result_key = CASE WHEN ? THEN result_key ELSE '' END, attempts = CASE WHEN ? THEN 0 ELSE attempts END, "
            "interrupted = CASE WHEN ? THEN 0 ELSE interrupted END WHERE sha256 = ?",
            (State.PENDING, self._run, tried_key, has_result, has_result, afresh, afresh, sha256),
        )

    # Work

    def count_waiting(self) -> int:
        """The contents that this run still has to do."""
        waiting = "SELECT count(*) FROM contents WHERE state = ? AND run = ?"
        [(count,)] = self._sql(waiting, (State.PENDING, self._run))
        return int(count)

    def lowest_level(self) -> int | None:
        """The fewest attempts, ended or interrupted, among what this run still has to do; None when it is done."""
        [(level,)] = self._sql(
            "SELECT min(attempts + interrupted) FROM contents WHERE state = ? AND run = ?", (State.PENDING, self._run)
        )
        return None if level is None else int(level)

    def take(self, level: int) -> str | None:
        """The next content of a level, marked as in work; None when there is none."""
        rows = self._sql(
            "UPDATE contents SET in_work = ? WHERE sha256 = (SELECT sha256 FROM contents WHERE state = ? AND run = ? "
            "AND in_work = 0 AND attempts + interrupted = ? ORDER BY sha256 LIMIT 1) RETURNING sha256",
            (_IN_WORK, State.PENDING, self._run, level),
        )
        return str(rows[0][0]) if rows else None

    def record_end(self, end: DocumentEnd, max_attempts: int) -> State:
        """What came of a content that was taken; returns its state now: ``PENDING`` when it is to be tried again."""
        with self.batch():
            [(attempts,)] = self._sql("SELECT attempts FROM contents WHERE sha256 = ?", (end.sha256,))
            again = end.stop or (end.retry and attempts + 1 < max_attempts)
            state = State.PENDING if again else end.state
            done = end.state is State.DONE
            self._sql(
                "UPDATE contents SET state = ?, in_work = 0, attempts = attempts + ?, category = ?, message = ?, "
                "page = ?, seconds = ?, pages = coalesce(?, pages), "
                "result_key = CASE WHEN ? THEN ? ELSE result_key END, outdated = CASE WHEN ? THEN 0 ELSE outdated END "
                "WHERE sha256 = ?",
                (
                    *(state, not end.stop, end.category, _clean(end.message), end.page, end.seconds, end.pages),
                    *(done, end.key, done, end.sha256),
                ),
            )
        return state

    def _sql(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with ledger_errors(self.path):
            return self._database.execute(statement, values).fetchall()

    def _put_path(self, path: str, name: str, known: KnownFile, state: str, category: str, message: str) -> None:
        self._sql(
            "INSERT INTO paths (path, name, marks, sha256, state, category, message, first_seen, run) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "name = excluded.name, marks = excluded.marks, sha256 = excluded.sha256, state = excluded.state, "
            "category = excluded.category, "
            "message = excluded.message, run = excluded.run",
            (
                *(_encode(path), _clean(name), known.marks, known.sha256, state, category, _clean(message)),
                *(time.time(), self._run),
            ),
        )


def _encode(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _decode(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _clean(text: str) -> str:
    """A text that SQLite can hold: names that are no Unicode come as lone surrogates."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
