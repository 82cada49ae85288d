"""MuPDF made quiet, and its failures under one name."""

from __future__ import annotations

from typing import Any

import pymupdf

MUPDF_ERRORS: tuple[type[Exception], ...] = (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError)
"""What PyMuPDF raises on bad files: MuPDF's own errors, FileDataError (a RuntimeError), or ValueError."""


def quiet_mupdf() -> None:
    """Keep MuPDF from writing to stderr, and forget the warnings collected so far."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    pymupdf.TOOLS.reset_mupdf_warnings()


def open_bytes(data: bytes, kind: str) -> Any:
    """A ``pymupdf.Document`` over the bytes, read as ``kind`` (``pdf``, ``tiff``, ...).

    Raises:
        one of MUPDF_ERRORS.
    """
    return pymupdf.open(stream=data, filetype=kind)
