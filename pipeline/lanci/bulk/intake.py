"""Taking a run's inputs into the ledger: every file's content by SHA-256, read only where it may have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from lanci.bulk.batches import in_batches
from lanci.bulk.inputs import Found, InputFile, InputProblem
from lanci.bulk.ledger import KnownFile, Ledger

_BATCH_FILES = 200


def take_in(ledger: Ledger, found: Iterable[Found], tell: Callable[[int], None]) -> None:
    """Record all inputs; ``tell`` is called with the number of files so far.

    A file whose size, time of change and inode are those in the ledger is not read again.
    """
    files = 0
    for batch in in_batches(found, _BATCH_FILES):
        with ledger.batch():
            for item in batch:
                if isinstance(item, InputFile):
                    _take_file(ledger, item)
                    files += 1
                elif isinstance(item, InputProblem):
                    ledger.record_problem(item.path, item.name, item.error.category, str(item.error))
                else:
                    ledger.mark_vanished(item.path)
        tell(files)
    with ledger.batch():
        ledger.close_vanished()


def _take_file(ledger: Ledger, file: InputFile) -> None:
    try:
        marks = _read_marks(Path(file.path))
        known = ledger.find_file(file.path)
        if known is None or known.sha256 is None or known.marks != marks:
            with Path(file.path).open("rb") as content:
                known = KnownFile(marks, hashlib.file_digest(content, "sha256").hexdigest())
            if _read_marks(Path(file.path)) != marks:
                known = KnownFile("", known.sha256)  # it is being written: the next run has to look again
    except OSError as error:
        category = "vanished" if isinstance(error, FileNotFoundError) else "unreadable"
        message = f"{file.path}: cannot be read ({error.strerror or error}); check the rights and the disk"
        ledger.record_problem(file.path, file.name, category, message)
    else:
        ledger.record_file(file.path, file.name, known)


def _read_marks(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"
