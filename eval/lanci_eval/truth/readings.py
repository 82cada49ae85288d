"""What independent extractors read of one document, side by side.

That is: lanci's fragments before they are joined, the tables that others find on each page, and where pages look as
if they held a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from lanci.document import Box, LabelledFragment, PageKind, PageSummary
from lanci.errors import LanciError
from lanci.parsing import ParseOptions, Reading, read_fragments
from lanci_eval.evidence import AreaKind, read_evidence
from lanci_eval.isolation import SystemProcess
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction, Status
from lanci_eval.systems.base import Limits, SystemRequest

RIVALS = ("pdfplumber", "camelot-lattice")
"""The systems that read digital pages beside lanci: neither shares code for text or rules with it."""


@dataclass(frozen=True, slots=True)
class OtherReading:
    """What another extractor found; ``failure`` says why it found nothing when it broke down."""

    name: str
    tables: Extraction
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a page that looks like a table; ``ruled`` when lines draw cells."""

    page: int
    box: Box
    ruled: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """All readings of one document."""

    path: Path
    own: Reading
    others: tuple[OtherReading, ...]
    areas: tuple[Area, ...]

    @property
    def fragments(self) -> tuple[LabelledFragment, ...]:
        """What lanci read, in page order."""
        return self.own.fragments

    def page(self, number: int) -> PageSummary:
        """What is known of a page."""
        return next(page for page in self.own.pages if page.number == number)

    def is_picture(self, number: int) -> bool:
        """Whether a page has no text layer to trust, so that other extractors see nothing there."""
        return self.page(number).kind is PageKind.SCANNED


class Readers:
    """The extractors, ready to read one document after the other; a context manager.

    Args:
        names: of the systems beside lanci.
        limits: time and memory for one document of one system.
    """

    def __init__(self, names: Sequence[str] = RIVALS, limits: Limits | None = None) -> None:
        self._processes = [SystemProcess(SystemRequest(name, name), limits or Limits()) for name in names]
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for process in self._processes:
            self._stack.enter_context(process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def read(self, path: Path, options: ParseOptions | None = None) -> Readings:
        """Read a document with all of them; a system that breaks down is told of, not raised.

        Others are only asked where a page has a text layer. Raises LanciError when lanci cannot read the file.
        """
        own = read_fragments(path, options)
        if own.source.media_type != "application/pdf" or all(p.kind is PageKind.SCANNED for p in own.pages):
            return Readings(path, own, (), ())
        others = tuple(self._ask(process, path, own.source.n_pages) for process in self._processes)
        return Readings(path, own, others, _read_areas(path))

    def _ask(self, process: SystemProcess, path: Path, n_pages: int) -> OtherReading:
        outcome = process.run(path, n_pages)
        failure = "" if outcome.status is Status.OK else f"{outcome.status.value}: {outcome.message}"
        return OtherReading(process.request.label, outcome.extraction, failure)


def _read_areas(path: Path) -> tuple[Area, ...]:
    try:
        pages = read_evidence(path).pages
    except LanciError:
        return ()  # lanci can open what the evidence cannot (a password); areas are only a hint
    return tuple(Area(page.number, area.box, area.kind is AreaKind.RULED) for page in pages for area in page.areas)


def fragments_to_extraction(fragments: Sequence[LabelledFragment]) -> Extraction:
    """Each fragment as a table of its own, the headers that a page prints again included."""
    return Extraction(tuple(_to_table(number, labelled) for number, labelled in enumerate(fragments)))


def _to_table(number: int, labelled: LabelledFragment) -> EvalTable:
    fragment = labelled.fragment
    cells = tuple(
        EvalCell(c.row, c.col, c.row_span, c.col_span, c.text, fragment.page, c.box, confidence=c.confidence)
        for c in fragment.cells
    )
    part = EvalFragment(fragment.page, 0, fragment.n_rows - 1, fragment.box)
    return EvalTable(f"t{number:03d}", fragment.n_rows, fragment.n_cols, cells, (part,), labelled.n_header_rows)
