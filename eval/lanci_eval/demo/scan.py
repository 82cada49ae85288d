"""The scanned form of a demo document: its leading pages through an office scanner."""

from __future__ import annotations

import pymupdf

from lanci_eval.scanning import Degradation, scan_pages


def scan_document(pdf: bytes, *, pages: int, seed: int, degradation: Degradation | None = None) -> bytes:
    """A PDF of the first ``pages`` pages as images of a scan, without any text.

    Args:
        pdf: the digital document.
        pages: how many leading pages, at least 1 and at most all; page numbers stay those of ``pdf``.
        seed: the same seed gives the same bytes.
        degradation: how bad the scan is; the default is a fair office scan.

    Raises:
        ValueError: when ``pages`` is less than 1.
    """
    if pages < 1:
        raise ValueError(f"a scan needs at least one page, not {pages}")
    with pymupdf.open(stream=pdf, filetype="pdf") as source:
        count = min(pages, source.page_count)
    return scan_pages(pdf, range(1, count + 1), seed, degradation)
