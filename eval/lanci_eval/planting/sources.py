"""Where documents to plant in come from: truths, and results of ``lanci parse``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from zlib import crc32

import numpy as np

from lanci.annotation import AnnotatedDocument
from lanci.document import Box, PageKind, PageSummary, Place, Statement, Table
from lanci.interpret import interpret
from lanci.store import read_document
from lanci.store.write import DOCUMENT_FILE
from lanci_eval.datasets.annotations import read_annotations
from lanci_eval.datasets.base import DatasetRequest
from lanci_eval.datasets.names import files_to_ids
from lanci_eval.datasets.request import DatasetError, check_options, parse_request
from lanci_eval.datasets.sample import choose
from lanci_eval.datasets.sides import SIDE_OPTIONS, take_sides
from lanci_eval.planting.readings import read_rightly
from lanci_eval.planting.records import Specimen

_PAPER = (595.0, 842.0)
"""Width and height of a page of which no size is known, in points."""
_SCAN_MARK = "-scan"


def load_specimens(text: str, limit: int | None, seed: int) -> list[Specimen]:
    r"""The documents that ``KIND:FOLDER,option=value,...`` asks for, as OCR reads them without a mistake.

    Args:
        text: see :data:`SOURCES`; a comma in the path is written ``\,``.
        limit: most documents, drawn with the seed.
        seed: decides what the limit takes, and what else OCR might have read.

    Raises:
        DatasetError: there is no such kind, option or folder.
        LanciError: the folder holds no such documents, or one cannot be read.
    """
    request = parse_request(text, limit, seed)
    if request.kind not in SOURCES:
        raise DatasetError(f"{text!r}: there is no kind {request.kind}; there are: {', '.join(SOURCES)}")
    if not request.path.is_dir():
        raise DatasetError(f"{text!r}: {request.path} is no folder; check the path")
    return [_as_read(specimen, seed) for specimen in SOURCES[request.kind](request)]


def _as_read(specimen: Specimen, seed: int) -> Specimen:
    rng = np.random.default_rng([seed, crc32(f"readings:{specimen.id}".encode())])
    tables = tuple(read_rightly(interpret(table), rng) for table in specimen.tables)
    return replace(specimen, tables=tables)


def _load_truths(request: DatasetRequest) -> Iterator[Specimen]:
    check_options(request, {"families": "", **SIDE_OPTIONS})
    documents, rejected = read_annotations(request.path)
    if rejected:
        raise DatasetError(f"{request.path}: {rejected[0].reason}")
    families = {name for name in request.option("families", "").split("+") if name}
    wanted = {
        document.id: document
        for document in take_sides(request, documents)
        if not document.id.endswith(_SCAN_MARK) and (not families or document.layout in families)
    }
    for name in choose(wanted, request.limit, request.seed):
        yield _truth_to_specimen(wanted[name])


def _truth_to_specimen(document: AnnotatedDocument) -> Specimen:
    sizes = {page.number: (page.width, page.height) for page in document.pages}
    pages = tuple(
        PageSummary(number, *sizes.get(number, _PAPER), 0, PageKind.SCANNED)
        for number in range(1, document.n_pages + 1)
    )
    errors = sum(len(table.source_errors) for table in document.tables)
    tables = tuple(table.table for table in document.tables)
    return Specimen(document.id, document.id, tables, pages, errors, tuple(_read_prose(document, pages)))


def _read_prose(document: AnnotatedDocument, pages: Sequence[PageSummary]) -> Iterator[Statement]:
    """The paragraphs of prose with the headings above them; that each may stand anywhere on its page plays no part."""
    heading = ""
    for block in document.narrative:
        if block.kind == "heading":
            heading = block.text
        elif block.kind == "paragraph":
            page = pages[block.page - 1]
            yield Statement(block.text, (Place(page.number, Box(0.0, 0.0, page.width, page.height)),), heading)


def _load_parsed(request: DatasetRequest) -> Iterator[Specimen]:
    check_options(request, {})
    folders = files_to_ids((path.parent for path in sorted(request.path.rglob(DOCUMENT_FILE))), request.path)
    if not folders:
        raise DatasetError(f"{request.path}: no {DOCUMENT_FILE} here; name the folder that lanci parse wrote")
    for name in choose(folders, request.limit, request.seed):
        document = read_document(folders[name])
        yield Specimen(name, name, _without_checks(document.tables), document.pages, statements=document.statements)


def _without_checks(tables: Sequence[Table]) -> tuple[Table, ...]:
    return tuple(
        replace(
            table, findings=(), cells=tuple(replace(cell, status=None, proofs=0, value=None) for cell in table.cells)
        )
        for table in tables
    )


SOURCES: dict[str, Callable[[DatasetRequest], Iterator[Specimen]]] = {"truths": _load_truths, "parsed": _load_parsed}
"""``truths:FOLDER,side=train+dev,splits=FILE,families=a+b``: truths (ID.json) of real or made-up documents;
``parsed:FOLDER``: what ``lanci parse`` wrote, taken as right."""
