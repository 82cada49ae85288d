"""lanci itself, called as a library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lanci.document import Document, Severity, Table
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.options import check_names, choice, flag, number
from lanci_eval.systems.versions import versions
from lanci_eval.systems.warm_up import warm_up

if TYPE_CHECKING:
    from lanci.parsing import ParseOptions

_Place = tuple[str, int, int]
"""Table, row and column."""

OPTIONS = {
    "ocr": "rapidocr (default), openvino, paddle, tesseract or null: the recogniser for scans",
    "dpi": "resolution at which scans are read, 200 by default",
    "force_ocr": "off (default) or on: read every page by OCR",
    "alignment": "on (default) or off: look for tables with few or no rules",
    "stitch": "probability from which parts on two pages are joined, 0.5 by default; 1 joins only what is sure",
}


class LanciSystem:
    """The steps of ``lanci.parsing.parse``; a cell is flagged when a finding points at it."""

    name = "lanci"
    summary = "lanci: digital and scanned documents, tables joined over pages, typed and checked"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        self._ocr = choice(request, "ocr", ("rapidocr", "openvino", "paddle", "tesseract", "null"))
        self._dpi = number(request, "dpi", 200, low=50, high=600)
        self._force_ocr = flag(request, "force_ocr", False)
        self._alignment = flag(request, "alignment", True)
        self._stitch = number(request, "stitch", 0.5, low=0, high=1)
        self._threads = limits.threads

    def prepare(self) -> dict[str, str]:
        from lanci.classify import models_version
        from lanci.errors import MissingProgramError
        from lanci.ocr import make_engine
        from lanci_eval.systems.base import UnavailableError

        options = self._parse_options()
        try:
            engine = make_engine(options.ocr)
        except MissingProgramError as error:
            raise UnavailableError(str(error)) from error
        warm_up(self.extract)
        found = versions("lanci", "pymupdf", "opencv-python-headless")
        return found | {"models": models_version(), "ocr": f"{engine.name} {engine.version}"}

    def extract(self, path: Path) -> Extraction:
        from lanci.parsing import check_tables, join_fragments, read_fragments

        options = self._parse_options()
        reading = read_fragments(path, options)
        tables = join_fragments(reading, options)
        return document_to_extraction(check_tables(reading, tables, options), tables)

    def _parse_options(self) -> ParseOptions:
        from lanci.detect import DetectOptions
        from lanci.ocr import OcrOptions
        from lanci.page import PageOptions
        from lanci.parsing import ParseOptions
        from lanci.stitch import StitchOptions

        return ParseOptions(
            page=PageOptions(dpi=self._dpi, force_ocr=self._force_ocr),
            detect=DetectOptions(use_alignment=self._alignment),
            ocr=OcrOptions(engine=self._ocr, threads=self._threads),
            stitch=StitchOptions(
                threshold=self._stitch,
                doubtful_from=min(0.2, self._stitch),
                doubtful_to=max(0.8, self._stitch),
            ),
        )


def document_to_extraction(document: Document, unchecked: Sequence[Table] = ()) -> Extraction:
    """A parsed document as a claim.

    Roles are those of header cells and of the body cells below them; flagged are cells with a warning or an error, not
    those with a mere remark.

    Args:
        document: with its tables checked.
        unchecked: the same tables before that, whose cells tell what the reading alone doubts; not known without.
    """
    doubts = {(table.id, cell.row, cell.col): cell.needs_review for table in unchecked for cell in table.cells}
    warnings = [finding for finding in document.all_findings if finding.severity is not Severity.INFO]
    flagged = {(ref.table, ref.row, ref.col) for finding in warnings for ref in finding.cells}
    return Extraction(tuple(_to_table(table, flagged, doubts) for table in document.tables))


def _to_table(table: Table, flagged: set[_Place], doubts: Mapping[_Place, bool]) -> EvalTable:
    return EvalTable(
        id=table.id,
        n_rows=table.n_rows,
        n_cols=table.n_cols,
        cells=tuple(
            EvalCell(
                row=cell.row,
                col=cell.col,
                row_span=cell.row_span,
                col_span=cell.col_span,
                text=cell.text,
                page=cell.page,
                box=cell.box,
                role=None if cell.role is None else cell.role.value,
                confidence=cell.confidence,
                needs_review=cell.needs_review,
                flagged=(table.id, cell.row, cell.col) in flagged,
                doubted=doubts.get((table.id, cell.row, cell.col)),
                status=None if cell.status is None else cell.status.value,
            )
            for cell in table.cells
        ),
        fragments=tuple(EvalFragment(f.page, f.first_row, f.last_row, f.box) for f in table.fragments),
        n_header_rows=table.n_header_rows,
        type=table.type,
        title=table.title,
        unit=table.caption.unit,
    )
