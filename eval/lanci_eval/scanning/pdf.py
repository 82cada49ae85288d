"""PDF files that are the same bytes in every run."""

from __future__ import annotations

import pymupdf


def pdf_to_bytes(document: pymupdf.Document) -> bytes:
    """Save without anything that changes from run to run (no dates, no file identifier), and close."""
    data: bytes = document.tobytes(garbage=4, deflate=True, deflate_fonts=True, no_new_id=True)
    document.close()
    return data


def page_to_pdf(source: pymupdf.Document, number: int) -> bytes:
    """One page (from 1) as a document of its own, text layer and all."""
    single = pymupdf.open()
    single.insert_pdf(source, from_page=number - 1, to_page=number - 1, links=False, annots=True, widgets=False)
    return pdf_to_bytes(single)
