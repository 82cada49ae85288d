"""What engines are given and what they give back. Plain data: it travels to other processes and machines."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.bulk.records import State
from lanci.jobs.flags import ParseFlags
from lanci.override import Override


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKey:
    """What a result depends on besides its content, as digests; see :mod:`lanci.bulk.keys`.

    Attributes:
        plain: of a result in which nothing was read by OCR.
        with_ocr: of one in which something was.
        tried: of all that can make a document fail, limits included.
    """

    plain: str
    with_ocr: str
    tried: str

    def is_of(self, result: str) -> bool:
        """Whether a result with that key is what would come out again."""
        return result in (self.plain, self.with_ocr)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTask:
    """One content to parse into its folder of the store.

    Attributes:
        sha256: what the content must be.
        sources: paths or addresses that had this content when the run began, the first that is still there is read.
        store: the store's folder, or its address.
        key: goes into the document, see :mod:`lanci.bulk.keys`.
        flags: how documents are read.
        overrides: the joins and splits for this content.
    """

    sha256: str
    sources: tuple[str, ...]
    store: str
    key: DocumentKey
    flags: ParseFlags
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEnd:
    """What came of one task.

    Attributes:
        sha256: of the task.
        state: ``DONE``, ``FAILED`` or ``VANISHED``.
        key: of the result, one of the task's; "" without one.
        category, message, page: of the failure, as of a :class:`lanci.errors.LanciError`.
        retry: another attempt may end otherwise: the process died, or was ended.
        stop: results cannot be written any more: the run has to end, and the document is not to blame.
        pages, tables, findings: of the result.
        seconds: it took.
    """

    sha256: str
    state: State
    key: str = ""
    category: str = ""
    message: str = ""
    page: int | None = None
    retry: bool = False
    stop: bool = False
    pages: int | None = None
    tables: int = 0
    findings: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class EngineNote:
    """Something heard of a task in work: a :class:`lanci.jobs.logs.LogLine`, or a ``PageProgress``."""

    sha256: str
    content: object
