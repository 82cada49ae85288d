"""Taking a run's inputs into the ledger: every file's content by SHA-256, read only where it may have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lanci.bulk.batches import in_batches
from lanci.bulk.inputs import Found, InputFile, InputProblem
from lanci.bulk.ledger import KnownFile, Ledger
from lanci.bulk.sources import hash_source, read_marks
from lanci.errors import LanciError

_BATCH_FILES = 200


def take_in(ledger: Ledger, found: Iterable[Found], tell: Callable[[int], None]) -> None:
    """Record all inputs; ``tell`` is called with the number of files so far.

    A file whose marks, such as size and time of change, are those in the ledger is not read again.
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
        marks = file.marks or read_marks(file.path)
        known = ledger.find_file(file.path)
        if known is None or known.sha256 is None or known.marks != marks:
            known = KnownFile(marks, hash_source(file.path))
            if read_marks(file.path) != marks:
                known = KnownFile("", known.sha256)  # it is being written: the next run has to look again
    except LanciError as error:
        ledger.record_problem(file.path, file.name, error.category, str(error))
    except OSError as error:
        message = f"{file.path}: cannot be read ({error.strerror or error}); check the rights and the disk"
        ledger.record_problem(file.path, file.name, "unreadable", message)
    else:
        ledger.record_file(file.path, file.name, known)
