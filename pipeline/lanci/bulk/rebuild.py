"""Opening the ledger of a store, and putting it right by the results where it is lost, damaged or behind them.

The results are the truth: each holds its content's SHA-256 and the key of what made it. What is lost with a ledger are
times, failures and names; failures come again when their files are seen again, and so do the names.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

from lanci.bulk.keys import KEY_ENTRY
from lanci.bulk.ledger import Ledger
from lanci.bulk.results import Results
from lanci.errors import DamagedError, UnsupportedInputError

_log = logging.getLogger(__name__)

_SIDE_FILES = ("-wal", "-shm")
_SHA256 = re.compile("[0-9a-f]{64}")


def open_ledger(results: Results, path: Path) -> Ledger:
    """The ledger, whole and true to the results; a damaged one is put aside and made anew.

    What dead runs left behind among the results is removed.

    Raises:
        UnsupportedInputError: a newer lanci made it.
        OutputError: it cannot be written.
    """
    results.tidy()
    try:
        ledger = Ledger(path)
    except DamagedError:
        aside = path.with_name(path.name + ".damaged")
        path.replace(aside)
        for ending in _SIDE_FILES:
            path.with_name(path.name + ending).unlink(missing_ok=True)
        _log.warning("the ledger %s is damaged; it is kept as %s and made anew", path, aside)
        ledger = Ledger(path)
    if ledger.is_empty():
        count = _record_results(results, ledger)
        if count:
            _log.warning("the ledger %s was made anew from the %d results in the store", path, count)
    for sha256 in ledger.left_in_work():
        correct_result(results, ledger, sha256)
    return ledger


def correct_result(results: Results, ledger: Ledger, sha256: str) -> None:
    """Record which result there is of a content whose work did not come to its end: perhaps a new one was written."""
    key, pages = _read_key(results, sha256) or ("", None)
    ledger.correct_result(sha256, key, pages)


def _record_results(results: Results, ledger: Ledger) -> int:
    count = 0
    with ledger.batch():  # at once: a ledger with a part of them would pass for whole
        for sha256 in results.contents():
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
