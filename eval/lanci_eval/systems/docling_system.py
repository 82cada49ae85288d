"""docling: layout and table-structure models. Runs only with models that are already here; nothing is downloaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lanci.document import Box
from lanci_eval.records import EvalFragment, EvalTable, Extraction
from lanci_eval.systems.base import Limits, SystemRequest, UnavailableError
from lanci_eval.systems.cells import Placed, clean, placed_to_table
from lanci_eval.systems.options import check_names, choice
from lanci_eval.systems.versions import require, versions
from lanci_eval.systems.warm_up import warm_up

OPTIONS = {
    "artifacts": "the folder of its models; DOCLING_ARTIFACTS_PATH or ~/.cache/docling/models by default",
    "ocr": "on (default, rapidocr for Chinese) or off",
}

_TABLE_MODEL = "docling-project--docling-models"


class DoclingSystem:
    """``DocumentConverter.convert`` with the default PDF pipeline on the CPU."""

    name = "docling"
    summary = "docling: neural layout and table structure; needs its models on this machine"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        default = os.environ.get("DOCLING_ARTIFACTS_PATH") or str(Path.home() / ".cache" / "docling" / "models")
        self._artifacts = Path(request.option("artifacts", default))
        self._with_ocr = choice(request, "ocr", ("on", "off")) == "on"
        self._threads = limits.threads
        self._converter: Any = None

    def prepare(self) -> dict[str, str]:
        require("docling", "pip install docling in an environment of its own")
        if not (self._artifacts / _TABLE_MODEL).is_dir():
            raise UnavailableError(
                f"docling's models are not in {self._artifacts}; run docling-tools models download -o FOLDER on a "
                "machine with a network and give docling,artifacts=FOLDER"
            )
        self._converter = self._make_converter()
        warm_up(self.extract)
        return versions("docling", "docling-slim", "docling-core", "docling-ibm-models", "torch")

    def extract(self, path: Path) -> Extraction:
        return document_to_extraction(self._converter.convert(path).document)

    def _make_converter(self) -> Any:
        from docling.datamodel.accelerator_options import AcceleratorOptions
        from docling.datamodel.base_models import InputFormat
        from docling.datamodel.pipeline_options import PdfPipelineOptions, RapidOcrOptions
        from docling.document_converter import DocumentConverter, ImageFormatOption, PdfFormatOption

        pipeline = PdfPipelineOptions(
            artifacts_path=self._artifacts,
            do_ocr=self._with_ocr,
            ocr_options=RapidOcrOptions(lang=["ch"]),
            accelerator_options=AcceleratorOptions(num_threads=self._threads, device="cpu"),
        )
        return DocumentConverter(
            allowed_formats=[InputFormat.PDF, InputFormat.IMAGE],
            format_options={
                InputFormat.PDF: PdfFormatOption(pipeline_options=pipeline),
                InputFormat.IMAGE: ImageFormatOption(pipeline_options=pipeline),
            },
        )


def document_to_extraction(document: Any) -> Extraction:
    """The tables of a ``DoclingDocument``; those without a page are left out."""
    tables: list[EvalTable] = []
    for item in document.tables:
        if not item.prov:
            continue
        page = int(item.prov[0].page_no)
        height = float(document.pages[page].size.height)
        region = _to_box(item.prov[0].bbox, height)
        table = placed_to_table(len(tables) + 1, page, _placed(item.data.table_cells, height, region))
        if table is not None:
            header = [cell.start_row_offset_idx for cell in item.data.table_cells if cell.column_header]
            last = table.n_rows - 1
            tables.append(
                replace(
                    _without_region(table, region),
                    fragments=(EvalFragment(page, 0, last, region),),
                    n_header_rows=max(header) + 1 if header else 0,
                )
            )
    return Extraction(tuple(tables))


def _placed(cells: Any, height: float, region: Box) -> Iterator[Placed]:
    for cell in cells:
        box = region if cell.bbox is None else _to_box(cell.bbox, height)
        row, col = cell.start_row_offset_idx, cell.start_col_offset_idx
        yield Placed(row, col, max(1, cell.row_span), max(1, cell.col_span), clean(cell.text), box)


def _without_region(table: EvalTable, region: Box) -> EvalTable:
    """Cells that docling gives no box have none, rather than that of the whole table."""
    cells = tuple(replace(cell, box=None) if cell.box is region else cell for cell in table.cells)
    return replace(table, cells=cells)


def _to_box(bbox: Any, height: float) -> Box:
    turned = bbox.to_top_left_origin(height)
    x0, x1 = sorted((float(turned.l), float(turned.r)))
    y0, y1 = sorted((float(turned.t), float(turned.b)))
    return Box(x0, y0, x1, y1)
