"""Opening the ledger of a store, and making it anew from the results where it is lost or damaged.

The results are the truth: each holds its content's SHA-256 and the key of what made it. What is lost with a ledger are
times, failures and names; failures come again when their files are seen again, and so do the names.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

from lanci.bulk.batches import in_batches
from lanci.bulk.keys import KEY_ENTRY
from lanci.bulk.ledger import Ledger
from lanci.bulk.results import Results
from lanci.errors import DamagedError, UnsupportedInputError

_log = logging.getLogger(__name__)

_SIDE_FILES = ("-wal", "-shm")
_BATCH_RESULTS = 200
_SHA256 = re.compile("[0-9a-f]{64}")


def open_ledger(results: Results, path: Path) -> Ledger:
    """The ledger, whole; a damaged one is put aside under the ending ``.damaged`` and made anew.

    Raises:
        UnsupportedInputError: a newer lanci made it.
        OutputError: it cannot be written.
    """
    try:
        ledger = Ledger(path)
    except DamagedError as error:
        aside = path.with_name(path.name + ".damaged")
        path.replace(aside)
        for ending in _SIDE_FILES:
            path.with_name(path.name + ending).unlink(missing_ok=True)
        _log.warning("%s The damaged one is kept as %s.", error, aside)
        ledger = Ledger(path)
    if ledger.is_empty():
        count = _record_results(results, ledger)
        if count:
            _log.warning("the ledger %s was made anew from the %d results in the store", path, count)
    return ledger


def _record_results(results: Results, ledger: Ledger) -> int:
    count = 0
    for contents in in_batches(results.contents(), _BATCH_RESULTS):
        with ledger.batch():
            for sha256 in contents:
                found = _read_key(results, sha256)
                if found is not None:
                    ledger.record_result(sha256, *found)
                    count += 1
    return count


def _read_key(results: Results, folder: str) -> tuple[str, int] | None:
    """Key and number of pages of a result; None for one that is not whole, which is then made again."""
    try:
        data = json.loads(results.read_bytes(folder))
        key, sha256, pages = data["software"][KEY_ENTRY], data["source"]["sha256"], len(data["pages"])
    except (UnsupportedInputError, ValueError, KeyError, TypeError):
        return None
    whole = isinstance(key, str) and sha256 == folder and _SHA256.fullmatch(folder)
    return (key, pages) if whole else None
