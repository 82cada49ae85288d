"""Demo documents: annotated disclosures laid out again as PDFs that resemble the originals.

``python -m lanci_eval.demo -o DIR`` writes, for every document asked for, a digital PDF of all pages and a
scanned-looking PDF of the leading pages that hold the main tables. The same annotations give the same bytes.
"""

from __future__ import annotations

from zlib import crc32

from lanci.annotation import AnnotatedDocument
from lanci_eval.demo.draw import draw_pages
from lanci_eval.demo.place import place_page
from lanci_eval.demo.plan import choose_style, plan_pages
from lanci_eval.demo.scan import Degradation, scan_document
from lanci_eval.demo.truth import last_main_page, tables_within

__all__ = [
    "Degradation",
    "last_main_page",
    "layout_document",
    "scan_document",
    "scan_seed",
    "tables_within",
]


def layout_document(document: AnnotatedDocument) -> bytes:
    """The document as a PDF, one page for each annotated page; the same document gives the same bytes."""
    style = choose_style(document.id)
    return draw_pages(place_page(content, style) for content in plan_pages(document, style))


def scan_seed(document: AnnotatedDocument) -> int:
    """The seed of a document's scan: a function of its id alone."""
    return crc32(document.id.encode("utf-8"))
