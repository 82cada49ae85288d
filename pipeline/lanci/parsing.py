"""The main job: one input file in, one checked document out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path

from lanci.caption import PageContent, PageDraft, draft_page, make_fragments, make_statements
from lanci.classify import label_fragments, models_version
from lanci.detect import DetectOptions
from lanci.document import (
    Document,
    LabelledFragment,
    PageEvidence,
    PageKind,
    PageSummary,
    SourceInfo,
    Statement,
    Table,
    TableRegion,
    TextSource,
)
from lanci.errors import MissingPageError
from lanci.interpret import interpret
from lanci.ocr import OcrEngine, OcrOptions, confidence_version, make_engine
from lanci.page import PageOptions
from lanci.page_content import ContentReader
from lanci.source import Source, SourceOptions, open_source
from lanci.stitch import StitchOptions, check_pages, link_model_version, stitch, weigh_overrides
from lanci.validate import validate

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called after each page with the number of pages done and the number to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseOptions:
    """How a document is parsed.

    Attributes:
        pages: numbers of the pages to read, from 1; all when None. Numbers beyond the end are an error.
        source, page, detect, ocr, stitch: the options of these stages.
    """

    pages: tuple[int, ...] | None = None
    source: SourceOptions = field(default_factory=SourceOptions)
    page: PageOptions = field(default_factory=PageOptions)
    detect: DetectOptions = field(default_factory=DetectOptions)
    ocr: OcrOptions = field(default_factory=OcrOptions)
    stitch: StitchOptions = field(default_factory=StitchOptions)


def parse(path: str | Path, options: ParseOptions | None = None, *, progress: Progress | None = None) -> Document:
    """Parse one PDF, image or office file.

    Args:
        path: the file; its type is found from its content.
        options: see :class:`ParseOptions`.
        progress: called after each page.

    Returns:
        The document with its tables stitched, typed, interpreted and checked.

    Raises:
        LanciError: the file cannot be read; the message says why and what to do.
    """
    options = options or ParseOptions()
    reading = read_fragments(path, options, progress=progress)
    return check_tables(reading, join_fragments(reading, options), options)


def join_fragments(reading: Reading, options: ParseOptions) -> tuple[Table, ...]:
    """The second step of :func:`parse`: the tables stitched, typed and interpreted, none of them checked."""
    return tuple(interpret(table) for table in stitch(reading.fragments, options.stitch, reading.blank))


def check_tables(reading: Reading, tables: Sequence[Table], options: ParseOptions) -> Document:
    """The last step of :func:`parse`: the document with its tables checked."""
    checked, findings = validate(tables, reading.pages, reading.statements)
    return Document(
        source=reading.source,
        software=reading.software,
        pages=reading.pages,
        tables=checked,
        findings=findings,
        overrides=weigh_overrides(reading.fragments, options.stitch, reading.blank),
        statements=reading.statements,
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a document before its fragments are joined, in page order."""

    source: SourceInfo
    software: tuple[tuple[str, str], ...]
    pages: tuple[PageSummary, ...]
    fragments: tuple[LabelledFragment, ...]
    statements: tuple[Statement, ...] = ()

    @property
    def blank(self) -> frozenset[int]:
        """The numbers of the pages on which nothing is printed."""
        return frozenset(page.number for page in self.pages if page.kind is PageKind.BLANK)


def read_fragments(
    path: str | Path, options: ParseOptions | None = None, *, progress: Progress | None = None
) -> Reading:
    """The first step of :func:`parse`, with its arguments and errors: the labelled fragments of all pages."""
    options = options or ParseOptions()
    with open_source(Path(path), options.source) as source:
        numbers = _page_numbers(source, options)
        check_pages(options.stitch.overrides, numbers, source.n_pages)
        pages: list[PageSummary] = []
        drafts: list[PageDraft] = []
        before: TableRegion | None = None
        reader = ContentReader(options.page, options.detect, partial(_engine, options.ocr))
        for done, number in enumerate(numbers, start=1):
            if before is not None and before.page != number - 1:
                before = None
            contents = reader.read(source.page(number), before)
            before = next((content.grids[-1].region for content in contents[::-1] if content.grids), None)
            pages.append(_summarize([content.evidence for content in contents]))
            # Of a page only this is kept: memory must not grow with what pages show.
            drafts.extend(_draft(contents, after_table=bool(drafts and drafts[-1].tables)))
            if progress is not None:
                progress(done, len(numbers))
        entries = [entry for draft in drafts for entry in draft.contents]
        labelled = label_fragments(make_fragments(drafts), contents=entries)
        for remark in source.remarks:
            _log.warning("%s", remark)
        # What is to be said of the whole file stands with the first page.
        pages[0] = replace(pages[0], remarks=source.remarks + pages[0].remarks)
        software = _software(options, with_ocr=_used_ocr(pages, labelled))
        return Reading(source.info(), software, tuple(pages), labelled, make_statements(drafts))


def _page_numbers(source: Source, options: ParseOptions) -> tuple[int, ...]:
    if options.pages is None:
        return tuple(range(1, source.n_pages + 1))
    beyond = [n for n in options.pages if not 1 <= n <= source.n_pages]
    if beyond:
        message = f"{source.name} has {source.n_pages} pages; --pages asks for page {beyond[0]}"
        raise MissingPageError(message, page=beyond[0])
    return tuple(sorted(set(options.pages)))


@lru_cache(maxsize=2)
def _engine(options: OcrOptions) -> OcrEngine:
    """One engine a process: loading its models takes longer than reading a page."""
    return make_engine(options)


def _draft(contents: Sequence[PageContent], *, after_table: bool) -> list[PageDraft]:
    """The drafts of a page and of its pictures, their fragments counted through."""
    drafts: list[PageDraft] = []
    count = 0
    for content in contents:
        drafts.append(draft_page(content, after_table=after_table, first=count))
        count += len(drafts[-1].fragments)
    return drafts


def _summarize(areas: Sequence[PageEvidence]) -> PageSummary:
    """The page as the output tells of it; what was done to its pictures follows the remarks on the page."""
    page = next((area for area in areas if area.words), areas[0])
    others = [f"the picture was {remark}" for area in areas if area is not page for remark in area.remarks]
    return PageSummary(
        number=page.number,
        width=page.width,
        height=page.height,
        rotation=page.rotation,
        kind=page.kind,
        remarks=page.remarks + tuple(dict.fromkeys(others)),
    )


def _used_ocr(pages: Sequence[PageSummary], fragments: Sequence[LabelledFragment]) -> bool:
    cells = (cell for labelled in fragments for cell in labelled.fragment.cells)
    return any(page.kind is PageKind.SCANNED for page in pages) or any(c.source is TextSource.OCR for c in cells)


def _software(options: ParseOptions, *, with_ocr: bool) -> tuple[tuple[str, str], ...]:
    """Versions of everything that can change the result."""
    entries = [
        ("lanci", version("lanci")),
        ("models", models_version()),
        ("stitch", link_model_version()),
        ("pymupdf", version("pymupdf")),
        ("opencv", version("opencv-python-headless")),
    ]
    if with_ocr:
        engine = _engine(options.ocr)
        entries.append(("ocr", f"{engine.name} {engine.version}"))
        entries.append(("ocr_confidence", confidence_version()))
    return tuple(entries)
