"""Demo documents: annotated disclosures laid out again as PDFs that resemble the originals.

``python -m lanci_eval.demo -o DIR`` writes, for every document asked for, a digital PDF of all pages and a
scanned-looking PDF of the leading pages that hold the main tables. The same annotations give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from lanci.annotation import AnnotatedDocument
from lanci_eval.demo.blocks import PlacedGrid, PlacedPage
from lanci_eval.demo.draw import draw_pages
from lanci_eval.demo.place import place_page
from lanci_eval.demo.plan import choose_style, plan_pages
from lanci_eval.demo.scan import scan_document
from lanci_eval.demo.truth import last_main_page, tables_within
from lanci_eval.scanning import Degradation

__all__ = [
    "Degradation",
    "PlacedGrid",
    "last_main_page",
    "layout_document",
    "layout_grids",
    "scan_document",
    "scan_seed",
    "tables_within",
]


def layout_document(document: AnnotatedDocument) -> bytes:
    """The document as a PDF, one page for each annotated page; the same document gives the same bytes."""
    return draw_pages(_place(document))


def layout_grids(document: AnnotatedDocument) -> tuple[tuple[PlacedGrid, ...], ...]:
    """Where the tables of :func:`layout_document` stand: page by page the parts of tables that it shows."""
    return tuple(page.grids for page in _place(document))


def _place(document: AnnotatedDocument) -> Iterator[PlacedPage]:
    style = choose_style(document.id)
    return (place_page(content, style) for content in plan_pages(document, style))


def scan_seed(document: AnnotatedDocument) -> int:
    """The seed of a document's scan: a function of its id alone."""
    return crc32(document.id.encode("utf-8"))
