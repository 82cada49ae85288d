"""What one process does with one document of a run: parse it into the store, and turn every error into an end."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from lanci.bulk.keys import KEY_ENTRY
from lanci.bulk.records import State
from lanci.bulk.results import open_results
from lanci.bulk.sources import local_copy, source_exists
from lanci.bulk.tasks import DocumentEnd, DocumentTask
from lanci.document import Document
from lanci.errors import ChangedInputError, StorageError
from lanci.jobs.boundary import Failed, attempt
from lanci.jobs.logs import document_context
from lanci.jobs.telling import tell_progress

_NAME_DIGITS = 16


def do_document(task: DocumentTask) -> DocumentEnd:
    """Parse and write one document; never raises for anything that the document can cause."""
    started = time.monotonic()
    with document_context(PurePath(task.sources[0]).name):
        result = attempt(partial(_parse_and_write, task))
    seconds = time.monotonic() - started
    if isinstance(result, Failed):
        return failed_to_end(task.sha256, result, seconds, retry=result.category == StorageError.category)
    return replace(result, seconds=seconds)


def failed_to_end(sha256: str, failed: Failed, seconds: float, *, retry: bool = False) -> DocumentEnd:
    """The end of a document that has no result."""
    return DocumentEnd(
        sha256=sha256,
        state=State.FAILED,
        category=failed.category,
        message=failed.message,
        page=failed.page,
        retry=retry,
        stop=failed.disk,
        seconds=seconds,
    )


def _parse_and_write(task: DocumentTask) -> DocumentEnd:
    from lanci.parsing import parse

    source = next((source for source in task.sources if source_exists(source)), None)
    if source is None:
        message = f"{task.sources[0]} is not there any more; put it back and run again"
        return DocumentEnd(sha256=task.sha256, state=State.VANISHED, category="vanished", message=message)
    options = task.flags.to_options()
    options = replace(options, stitch=replace(options.stitch, overrides=task.overrides))
    with local_copy(source) as path:
        document = parse(path, options, progress=tell_progress)
    if document.source.sha256 != task.sha256:
        raise ChangedInputError(f"{source} was changed during the run; run again to read what it is now")
    stored = _without_names(document, task)
    open_results(task.store).put(stored, task.sha256)
    return DocumentEnd(
        sha256=task.sha256,
        state=State.DONE,
        key=dict(stored.software)[KEY_ENTRY],
        pages=len(stored.pages),
        tables=len(stored.tables),
        findings=len(stored.all_findings),
    )


def _without_names(document: Document, task: DocumentTask) -> Document:
    """The document as the store keeps it: named by its content, whatever its files are called, with its key."""
    used_ocr = "ocr" in dict(document.software)
    key = task.key.with_ocr if used_ocr else task.key.plain
    return replace(
        document,
        source=replace(document.source, name=task.sha256[:_NAME_DIGITS]),
        software=(*document.software, (KEY_ENTRY, key)),
    )
