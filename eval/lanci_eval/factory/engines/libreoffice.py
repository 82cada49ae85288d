"""LibreOffice: pages as a word-processor file that it lays out and exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lanci.errors import MissingProgramError
from lanci.source.office import convert_office, find_soffice
from lanci.source.options import SourceOptions
from lanci.source.sniff import MediaType
from lanci_eval.factory.engines.docx import pages_to_docx
from lanci_eval.factory.records import Family, SheetPage


def check_installed() -> None:
    """See :meth:`lanci_eval.factory.engines.Engine.check_installed`."""
    if find_soffice() is None:
        raise MissingProgramError(
            "the layout engine LibreOffice is not installed: make system, or apt-get install libreoffice-writer"
        )


def print_pages(pages: Sequence[SheetPage], family: Family, seed: int, folder: Path) -> bytes:
    """See :meth:`lanci_eval.factory.engines.Engine.print_pages`; LibreOffice keeps to a temporary folder of its own."""
    return convert_office(pages_to_docx(pages, family), MediaType.DOCX, "pages.docx", SourceOptions())
