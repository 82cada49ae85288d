"""A document as the bytes of a workbook."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from lanci.artefact import lanci_version
from lanci.document import Document
from lanci.export.xlsx.marks import CellIndex, document_to_marks
from lanci.export.xlsx.overview import write_findings, write_summary
from lanci.export.xlsx.plan import FINDINGS, SUMMARY, document_to_plans
from lanci.export.xlsx.sheet import SheetWriter
from lanci.export.xlsx.styles import StyleBook
from lanci.export.xlsx.table_sheet import write_table
from lanci.export.xlsx.texts import text_to_sheet_text

_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def make_workbook(document: Document) -> bytes:
    """The whole file: a summary, the findings, and a sheet for each table; same document, same bytes.

    Raises:
        LimitError: a table is longer or wider than a sheet can be.
    """
    plans, index = document_to_plans(document), CellIndex(document)
    marks = document_to_marks(document, index)
    workbook = Workbook()
    properties = workbook.properties
    properties.creator = f"lanci {lanci_version()}"
    properties.title = text_to_sheet_text(document.source.name).text
    properties.created = properties.modified = _EPOCH
    summary = workbook.active
    summary.title = SUMMARY
    styles = StyleBook(summary)
    write_summary(SheetWriter(summary, styles), document, plans)
    write_findings(SheetWriter(workbook.create_sheet(FINDINGS), styles), document, plans, index)
    for table in document.tables:
        plan = plans[table.id]
        write_table(SheetWriter(workbook.create_sheet(plan.name), styles), table, plan, marks)
    return _workbook_to_bytes(workbook)


def _workbook_to_bytes(workbook: Workbook) -> bytes:
    """The file without the times of its making, which save() would put in."""
    written, fixed = BytesIO(), BytesIO()
    # save() closes the archive itself
    ExcelWriter(workbook, zipfile.ZipFile(written, "w", zipfile.ZIP_STORED)).save()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
