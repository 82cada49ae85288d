"""The sheets before the tables: what the document is, and everything that was found."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils import get_column_letter

from lanci.document import Cell, CellRef, Document, Finding, Table
from lanci.export.xlsx.marks import CellIndex, Doubt
from lanci.export.xlsx.plan import FINDINGS, SheetPlan, name_to_target
from lanci.export.xlsx.sheet import SheetWriter
from lanci.export.xlsx.styles import Look
from lanci.validate.summary import summarize_amounts

_HEADER = Look(framed=True, header=True)
_LINE = Look(framed=True)
_COUNT = Look(number_format="0")
_NUMBER = Look(number_format="0", framed=True)

_TABLE_COLUMNS = (
    "table",
    "title",
    "type",
    "entity",
    "year",
    "unit",
    "pages",
    "rows",
    "columns",
    "proven",
    "unchecked",
    "in conflict",
    "to review",
    "findings",
)
_FIRST_COUNT = _TABLE_COLUMNS.index("rows")

_FINDING_COLUMNS = (
    "no.",
    "severity",
    "rule",
    "message",
    "table",
    "cell",
    "printed",
    "page",
    "expected",
    "found",
    "proposal",
    "verdict",
)
_LINK_COLUMN = _FINDING_COLUMNS.index("cell") + 1

_LEGEND = {
    Doubt.CONFLICT: "amount in conflict with others; the comment says why",
    Doubt.REVIEW: "a person should look: read by OCR and not sure",
    Doubt.FINDING: "named by a finding, or not shown as printed",
}


def write_summary(writer: SheetWriter, document: Document, plans: Mapping[str, SheetPlan]) -> None:
    """The first sheet: source, versions, totals, the meaning of the colours, and the tables with links."""
    source, amounts = document.source, summarize_amounts(document.tables)
    row = 0
    for label, text in (
        ("file", source.name),
        ("sha256", source.sha256),
        ("pages", str(source.n_pages)),
        ("amounts", f"{amounts.amounts}: {amounts.proven} proven, {amounts.conflict} in conflict"),
        ("software", ", ".join(f"{name} {version}" for name, version in document.software)),
    ):
        row += 1
        writer.put_text(row, 1, label)
        writer.put_text(row, 2, text)
    row += 1
    writer.put_text(row, 1, "findings")
    writer.put_link(row, 2, str(len(document.all_findings)), name_to_target(FINDINGS, "A1"))
    for doubt, meaning in _LEGEND.items():
        row += 1
        writer.put_text(row, 1, "colour", Look(doubt=doubt))
        writer.put_text(row, 2, meaning)
    row += 2
    writer.put_row(row, _TABLE_COLUMNS, _HEADER)
    for table in document.tables:
        row += 1
        _write_table_line(writer, row, table, plans[table.id])
    writer.finish()


def _write_table_line(writer: SheetWriter, row: int, table: Table, plan: SheetPlan) -> None:
    amounts, caption = summarize_amounts([table]), table.caption
    pages = [fragment.page for fragment in table.fragments]
    texts = (
        table.id,
        table.title,
        table.type,
        caption.entity,
        "" if caption.fiscal_year is None else str(caption.fiscal_year),
        caption.unit,
        "" if not pages else (str(pages[0]) if pages[0] == pages[-1] else f"{pages[0]}-{pages[-1]}"),
    )
    counts = (
        table.n_rows,
        table.n_cols,
        amounts.proven,
        amounts.unchecked,
        amounts.conflict,
        sum(cell.needs_review for cell in table.cells),
        len(table.findings),
    )
    writer.put_row(row, texts)
    writer.put_link(row, 1, table.id, plan.target(0, 0))
    for col, count in enumerate(counts, _FIRST_COUNT + 1):
        writer.put_number(row, col, count, _COUNT)


def write_findings(writer: SheetWriter, document: Document, plans: Mapping[str, SheetPlan], index: CellIndex) -> None:
    """The second sheet: a line for every cell of every finding, with a link to the cell; findings count from 1."""
    writer.put_row(1, _FINDING_COLUMNS, _HEADER)
    row = 1
    for number, finding in enumerate(document.all_findings, 1):
        for ref in finding.cells or (None,):
            row += 1
            writer.put_number(row, 1, number, _NUMBER)
            cell = index.find(ref) if ref else None
            for col, text in enumerate(_finding_to_texts(finding, ref, cell), 2):
                writer.put_text(row, col, text, _LINE)
                writer.widen(col, text)
            if ref and cell:
                sheet = plans[ref.table]
                address, target = sheet.address(cell.row, cell.col), sheet.target(cell.row, cell.col)
                writer.put_link(row, _LINK_COLUMN, address, target, _LINE)
    writer.finish()
    writer.sheet.freeze_panes = "A2"
    writer.sheet.auto_filter.ref = f"A1:{get_column_letter(len(_FINDING_COLUMNS))}{row}"


def _finding_to_texts(finding: Finding, ref: CellRef | None, cell: Cell | None) -> tuple[str, ...]:
    """The texts of a line, from the second column on."""
    page = cell.page if cell else next((place.page for place in finding.places), None)
    return (
        finding.severity.value,
        finding.rule,
        finding.message,
        ref.table if ref else "",
        "",
        cell.text if cell else "",
        "" if page is None else str(page),
        finding.expected or "",
        finding.found or "",
        finding.proposal or "",
        finding.verdict.value if finding.verdict else "",
    )
