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
from lanci.bulk.layout import result_folders
from lanci.bulk.ledger import Ledger
from lanci.errors import DamagedError
from lanci.store import DOCUMENT_FILE

_log = logging.getLogger(__name__)

_SIDE_FILES = ("-wal", "-shm")
_BATCH_RESULTS = 200
_SHA256 = re.compile("[0-9a-f]{64}")


def open_ledger(store: Path, path: Path) -> Ledger:
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
        count = _record_results(store, ledger)
        if count:
            _log.warning("the ledger %s was made anew from the %d results in the store", path, count)
    return ledger


def _record_results(store: Path, ledger: Ledger) -> int:
    count = 0
    for folders in in_batches(result_folders(store), _BATCH_RESULTS):
        with ledger.batch():
            for folder in folders:
                found = _read_key(folder)
                if found is not None:
                    ledger.record_result(folder.name, *found)
                    count += 1
    return count


def _read_key(folder: Path) -> tuple[str, int] | None:
    """Key and number of pages of a result; None for one that is not whole, which is then made again."""
    try:
        data = json.loads((folder / DOCUMENT_FILE).read_bytes())
        key, sha256, pages = data["software"][KEY_ENTRY], data["source"]["sha256"], len(data["pages"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = isinstance(key, str) and sha256 == folder.name and _SHA256.fullmatch(folder.name)
    return (key, pages) if whole else None
