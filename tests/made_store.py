"""Stores of given documents, without parsing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lanci.bulk import Store, open_store
from lanci.bulk.layout import LEDGER_FILE, document_folder, prepare_store
from lanci.bulk.ledger import KnownFile, Ledger
from lanci.document import Document
from lanci.store import replace_document


def make_store(folder: Path, documents: Sequence[Document], names: Mapping[str, Sequence[str]] | None = None) -> Store:
    """A store with the results of ``documents``, and one file that cannot be read.

    ``names`` has the names by which a content came; by default it is the source's name.
    """
    prepare_store(folder)
    with Ledger(folder / LEDGER_FILE) as ledger:
        ledger.begin_run(1)
        for document in documents:
            sha256 = document.source.sha256
            ledger.record_result(sha256, "key", len(document.pages))
            replace_document(document, document_folder(folder, sha256))
            for name in (names or {}).get(sha256, (document.source.name,)):
                ledger.record_file(f"/in/{name}", name, KnownFile("1", sha256))
        ledger.record_problem("/in/lost.pdf", "lost.pdf", "missing", "lost.pdf is not there")
        ledger.end_run()
    return open_store(folder)
