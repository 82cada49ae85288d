"""PyMuPDF: ``page.find_tables()`` with its defaults.

Since 2.0 the default first asks a layout model (package ``pymupdf_layout``) where tables are, and keeps drawn
tables only where it sees one. On pages that are both turned by /Rotate and cropped its boxes are shifted; they are
passed on as they come.
"""

from __future__ import annotations

from pathlib import Path

from lanci_eval.records import EvalTable, Extraction
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.cells import placed_to_table, rows_to_placed
from lanci_eval.systems.options import check_names, choice, flag
from lanci_eval.systems.versions import versions
from lanci_eval.systems.warm_up import warm_up

OPTIONS = {
    "strategy": "lines (default), lines_strict or text: what columns and rows are made of",
    "layout": "on (default) or off: look for tables only where the layout model sees one",
    "refine": "off (default) or on: split rows and columns that the drawn lines merge",
}


class FindTablesError(RuntimeError):
    """PyMuPDF swallowed an exception of its own; the page is named, the reason is on stderr."""


class PymupdfSystem:
    """``page.find_tables()`` and ``table.extract()`` on every page."""

    name = "pymupdf"
    summary = "PyMuPDF find_tables: drawn lines and a layout model, digital PDFs"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        self._strategy = choice(request, "strategy", ("lines", "lines_strict", "text"))
        self._layout = flag(request, "layout", True)
        self._refine = flag(request, "refine", False)

    def prepare(self) -> dict[str, str]:
        warm_up(self.extract)
        return versions("pymupdf", "pymupdf_layout")

    def extract(self, path: Path) -> Extraction:
        import pymupdf

        tables: list[EvalTable] = []
        with pymupdf.open(path) as document:
            for index in range(document.page_count):
                page = document[index]
                finder = page.find_tables(strategy=self._strategy, use_layout=self._layout, refine=self._refine)
                if finder is None:
                    raise FindTablesError(f"find_tables failed on page {index + 1}")
                for found in finder.tables:
                    placed = rows_to_placed([row.cells for row in found.rows], found.extract())
                    table = placed_to_table(len(tables) + 1, index + 1, placed)
                    if table is not None:
                        tables.append(table)
        return Extraction(tuple(tables))
