"""Annotated documents laid out again: digital PDFs, and scans of their pages with the main tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

import pymupdf

from lanci.annotation import AnnotatedDocument, Media
from lanci_eval.datasets.annotations import read_annotations, source_errors
from lanci_eval.datasets.base import Contents, DatasetRequest, Item
from lanci_eval.datasets.request import DatasetError, check_options
from lanci_eval.datasets.sample import Candidate, take
from lanci_eval.datasets.scans import ScanFile
from lanci_eval.datasets.truth import GridLines, Layout, annotation_to_truth
from lanci_eval.demo import (
    last_main_page,
    layout_document,
    layout_grids,
    scan_seed,
    tables_within,
)
from lanci_eval.scanning import Degradation

_FORMS = {"digital": ("digital",), "scan": ("scan",), "both": ("digital", "scan")}
_LEAST_DPI, _MOST_DPI = 72, 600


class Generated:
    """The documents of :mod:`lanci_eval.demo`; both forms of one document are one group.

    Only documents that were annotated from a text are laid out; the others have pages of their own.
    """

    kind = "generated"
    summary = "documents laid out from our annotations (PATH: folder of ID.json), digital and as scans"
    options: ClassVar[dict[str, str]] = {
        "form": "digital, scan or both (default: both)",
        "dpi": f"resolution of the scans, {_LEAST_DPI} to {_MOST_DPI} (default: 200)",
    }

    def load(self, request: DatasetRequest) -> Contents:
        """See :meth:`lanci_eval.datasets.base.Dataset.load`.

        Digital forms know the boxes of all cells. A scan lies askew on its page, so that its boxes are unknown.
        """
        check_options(request, self.options)
        form = request.option("form", "both")
        if form not in _FORMS:
            raise DatasetError(f"dataset generated: form={form} is not one of {', '.join(_FORMS)}")
        dpi = _parse_dpi(request.option("dpi", "200"))
        makers: dict[str, Callable[[AnnotatedDocument], Item]] = {
            "digital": _digital_item,
            "scan": partial(_scan_item, dpi=dpi),
        }
        documents, rejected = read_annotations(request.path)
        candidates = [
            Candidate(f"{document.id}-{one}", partial(makers[one], document))
            for document in documents
            if document.media is Media.TEXT
            for one in _FORMS[form]
        ]
        return take(candidates, request, rejected)


@dataclass(frozen=True, slots=True)
class _DigitalFile:
    """Writes the first ``pages`` pages of the digital form."""

    document: AnnotatedDocument
    name: str
    pages: int

    def __call__(self, folder: Path) -> Path:
        path = folder / self.name
        data = layout_document(self.document)
        if self.pages < self.document.n_pages:
            with pymupdf.open(stream=data, filetype="pdf") as pdf:
                pdf.select(range(self.pages))
                data = pdf.tobytes(garbage=4, deflate=True, no_new_id=True)
        path.write_bytes(data)
        return path


def _digital_item(document: AnnotatedDocument) -> Item:
    made = _DigitalFile(document, f"{document.id}.pdf", document.n_pages)
    return Item(
        id=f"{document.id}-digital",
        group=document.id,
        materialize=made,
        truth=annotation_to_truth(document.tables, document_layout(document)),
        evidence=made,
        tags=(("form", "digital"),),
        remarks=source_errors(document),
    )


def _scan_item(document: AnnotatedDocument, dpi: int) -> Item:
    pages = last_main_page(document) or document.n_pages
    tables = tables_within(document, pages)
    return Item(
        id=f"{document.id}-scan",
        group=document.id,
        materialize=ScanFile(
            _DigitalFile(document, f"{document.id}.pdf", document.n_pages),
            tuple(range(1, pages + 1)),
            f"{document.id}-scan.pdf",
            scan_seed(document),
            Degradation(dpi=dpi),
        ),
        truth=annotation_to_truth(tables, layout={}),
        evidence=_DigitalFile(document, f"{document.id}-evidence.pdf", pages),
        tags=(("dpi", str(dpi)), ("form", "scan")),
        remarks=source_errors(document, (table.table.id for table in tables)),
    )


def document_layout(document: AnnotatedDocument) -> Layout:
    """The lines of all tables of the digital form."""
    return {
        (grid.table, page): GridLines(grid.xs, grid.ys)
        for page, grids in enumerate(layout_grids(document), start=1)
        for grid in grids
    }


def _parse_dpi(text: str) -> int:
    if not text.isdecimal() or not _LEAST_DPI <= int(text) <= _MOST_DPI:
        raise DatasetError(f"dataset generated: dpi={text} is not a whole number from {_LEAST_DPI} to {_MOST_DPI}")
    return int(text)
