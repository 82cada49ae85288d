"""Engines for tests of runs: what a document's content says is what becomes of it."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from lanci.bulk.document_work import failed_to_end
from lanci.bulk.keys import KEY_ENTRY
from lanci.bulk.layout import document_folder
from lanci.bulk.records import State
from lanci.bulk.tasks import DocumentEnd, DocumentTask, EngineNote
from lanci.document import Document, PageKind, PageSummary, SourceInfo
from lanci.jobs.boundary import Failed
from lanci.store import replace_document

PAGE = PageSummary(number=1, width=100, height=100, rotation=0, kind=PageKind.DIGITAL, remarks=())


def work_as_told(task: DocumentTask) -> DocumentEnd:
    """``damaged``: a failure; ``segfault``, ``hang`` and ``hog`` do so; ``ocr``: something was read; else a result."""
    told = Path(task.sources[0]).read_text()
    if told.startswith("damaged"):
        return failed_to_end(task.sha256, Failed("damaged", "page 3: it is damaged", 3), 0.1)
    if told.startswith("segfault"):
        ctypes.string_at(0)
    if told.startswith("hang"):
        time.sleep(60)
    if told.startswith("hog"):
        held = [bytearray(1 << 20) for _ in range(2000)]
        time.sleep(60)
        del held
    key = task.key.with_ocr if told.startswith("ocr") else task.key.plain
    replace_document(make_result(task.sha256, key), document_folder(Path(task.store), task.sha256))
    return DocumentEnd(sha256=task.sha256, state=State.DONE, key=key, pages=1, seconds=0.1)


def make_result(sha256: str, key: str) -> Document:
    """A document of one page without tables, as a store keeps it."""
    return Document(SourceInfo(sha256[:16], sha256, "text/plain", 1), ((KEY_ENTRY, key),), (PAGE,), (), ())


def start_slowly(_: object) -> None:
    """A process that takes its time to come up."""
    time.sleep(5)


class RunDiedError(Exception):
    """The run ends here, as if it were killed: nothing more is recorded."""


class InlineEngine:
    """Does the work in this process, and remembers what it was given. ``crash`` ends the task with a retry.

    With ``dies_at`` the run dies when the result of that task is in the store and not in the ledger.
    """

    slots = 1

    def __init__(self, dies_at: int | None = None) -> None:
        self.given: list[str] = []
        self._dies_at = dies_at

    def run(self, tasks: Iterator[DocumentTask]) -> Generator[DocumentEnd | EngineNote, None, None]:
        for task in tasks:
            told = Path(task.sources[0]).read_text()
            self.given.append(told)
            if told.startswith("crash"):
                yield failed_to_end(task.sha256, Failed("crash", "the process died"), 0.1, retry=True)
            elif told.startswith("full"):
                yield failed_to_end(task.sha256, Failed("output", "no space left", disk=True), 0.1)
            else:
                end = work_as_told(task)
                if len(self.given) == self._dies_at:
                    raise RunDiedError
                yield end
