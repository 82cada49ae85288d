"""img2table: tables from the drawn lines of a page's picture, text from the PDF or by rapidocr.

It installs ``opencv-contrib-python``, which clashes with the OpenCV that lanci needs: give it an environment of
its own (see eval/README.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lanci.document import Box
from lanci_eval.records import EvalTable, Extraction
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.cells import Placed, clean, placed_to_table
from lanci_eval.systems.options import check_names, choice, flag
from lanci_eval.systems.rapidocr_system import engine_params
from lanci_eval.systems.versions import require, versions
from lanci_eval.systems.warm_up import warm_up

OPTIONS = {
    "ocr": "rapidocr (default, Chinese) or none: for pages without a text layer",
    "implicit_rows": "off (default) or on: cut rows that no line divides",
    "implicit_columns": "off (default) or on: cut columns that no line divides",
    "borderless": "off (default) or on: look for tables without lines too",
    "detect_rotation": "off (default) or on: deskew; boxes then no longer fit the page and are left out",
}

_PDF_DPI = 200.0
"""img2table draws PDF pages at this resolution; its boxes are pixels of them."""


class Img2tableSystem:
    """``PDF(path).extract_tables(ocr=RapidOCR(...))``, all pages at once, as its README does it."""

    name = "img2table"
    summary = "img2table: drawn lines of the page's picture; text layer or rapidocr"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        self._with_ocr = choice(request, "ocr", ("rapidocr", "none")) == "rapidocr"
        self._rotate = flag(request, "detect_rotation", False)
        self._arguments: dict[str, Any] = {
            "implicit_rows": flag(request, "implicit_rows", False),
            "implicit_columns": flag(request, "implicit_columns", False),
            "borderless_tables": flag(request, "borderless", False),
        }
        self._threads = limits.threads
        self._ocr: Any = None

    def prepare(self) -> dict[str, str]:
        require("img2table", "pip install 'lanci[eval,peers]' in an environment of its own (see eval/README.md)")
        if self._with_ocr:
            require("rapidocr", "pip install 'rapidocr>=3.10,<4'")
            from img2table.ocr import RapidOCR
            from rapidocr import LangRec

            # its default is the English recogniser
            self._ocr = RapidOCR(params=engine_params(self._threads) | {"Rec.lang_type": LangRec.CH})
        warm_up(self.extract)
        return versions("img2table", "opencv-contrib-python", "pypdfium2", "rapidocr", "onnxruntime")

    def extract(self, path: Path) -> Extraction:
        from img2table.document import PDF, Image

        with path.open("rb") as file:
            is_pdf = b"%PDF-" in file.read(1024)
        tables: list[EvalTable] = []
        if is_pdf:
            document = PDF(str(path), detect_rotation=self._rotate)
            pages = document.extract_tables(ocr=self._ocr, **self._arguments)
            scale = 72.0 / _PDF_DPI
        else:
            document = Image(str(path), detect_rotation=self._rotate)
            pages = {0: document.extract_tables(ocr=self._ocr, **self._arguments)}
            scale = _picture_width(path) / document.images[0].shape[1]
        for index in sorted(pages):
            for found in pages[index]:
                table = placed_to_table(len(tables) + 1, index + 1, _placed(found, scale))
                if table is not None:
                    tables.append(table)
        return Extraction(tuple(tables))


def _picture_width(path: Path) -> float:
    """Points of the page that lanci makes of a picture file, by the resolution that it states."""
    from lanci.source import open_source

    with open_source(path) as source:
        return source.page(1).width


def _placed(table: Any, scale: float) -> Iterator[Placed]:
    """A merged cell stands at every place that it covers, with the same box."""
    rows = list(table.content.values())
    covered: dict[tuple[int, int, int, int], list[tuple[int, int]]] = {}
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            covered.setdefault((cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2), []).append((i, j))
    for pixels, places in covered.items():
        top, left = places[0]
        row_span = max(i for i, _ in places) - top + 1
        col_span = max(j for _, j in places) - left + 1
        text = clean(rows[top][left].value)
        yield Placed(top, left, row_span, col_span, text, Box(*(value * scale for value in pixels)))
