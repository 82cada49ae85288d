"""pdfplumber: tables from drawn lines, as its README recommends by default."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lanci.document import Box
from lanci_eval.records import EvalTable, Extraction
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.cells import Placed, placed_to_table, rows_to_placed
from lanci_eval.systems.options import check_names, choice
from lanci_eval.systems.pages import PageFrame, read_frames
from lanci_eval.systems.versions import require, versions
from lanci_eval.systems.warm_up import warm_up

OPTIONS = {"strategy": "lines (default), lines_strict or text: what columns and rows are made of"}


class PdfplumberSystem:
    """``page.find_tables()`` and ``table.extract()`` on every page."""

    name = "pdfplumber"
    summary = "pdfplumber: tables from the drawn lines of digital PDFs"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        strategy = choice(request, "strategy", ("lines", "lines_strict", "text"))
        self._settings = {"vertical_strategy": strategy, "horizontal_strategy": strategy}

    def prepare(self) -> dict[str, str]:
        require("pdfplumber", "pip install 'lanci[eval]'")
        warm_up(self.extract)
        return versions("pdfplumber", "pdfminer.six")

    def extract(self, path: Path) -> Extraction:
        import pdfplumber

        tables: list[EvalTable] = []
        frames = read_frames(path)
        with pdfplumber.open(path) as document:
            for page, frame in zip(document.pages, frames, strict=True):
                left, top = float(page.bbox[0]), float(page.bbox[1])
                for found in page.find_tables(self._settings):
                    placed = rows_to_placed([row.cells for row in found.rows], found.extract())
                    moved = [_to_page(item, frame, left, top) for item in placed]
                    table = placed_to_table(len(tables) + 1, frame.number, moved)
                    if table is not None:
                        tables.append(table)
                page.close()
        return Extraction(tuple(tables))


def _to_page(item: Placed, frame: PageFrame, left: float, top: float) -> Placed:
    """From the media box, from which pdfplumber counts, whose corner need not be its origin."""
    box = item.box
    return replace(item, box=frame.from_media(Box(box.x0 - left, box.y0 - top, box.x1 - left, box.y1 - top)))
