"""WeasyPrint: HTML and CSS to PDF in Python."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lanci.errors import MissingProgramError
from lanci_eval.factory.engines.html import pages_to_html
from lanci_eval.factory.records import Family, SheetPage


def check_installed() -> None:
    """See :meth:`lanci_eval.factory.engines.Engine.check_installed`."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:  # OSError: the package is there, Pango is not
        raise MissingProgramError(
            f"the layout engine WeasyPrint cannot be used ({error}): pip install 'lanci[factory]' and "
            "make system, or apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        ) from error


def print_pages(pages: Sequence[SheetPage], family: Family, seed: int, folder: Path) -> bytes:
    """See :meth:`lanci_eval.factory.engines.Engine.print_pages`."""
    check_installed()
    from weasyprint import HTML

    data: bytes = HTML(string=pages_to_html(pages, family), base_url=str(folder)).write_pdf()
    return data
