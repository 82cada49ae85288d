"""Where in the workbook every table and cell of a document goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from lanci.document import Document, Table
from lanci.errors import LimitError
from lanci.export.xlsx.texts import assign_sheet_names

MAX_ROWS = 1_048_576
MAX_COLS = 16_384

SUMMARY, FINDINGS = "Summary", "Findings"


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """The sheet of one table: its caption from the first row on, the table from ``first_row`` (from 1), its notes."""

    name: str
    first_row: int

    def address(self, row: int, col: int) -> str:
        """The name of a cell of the table in its sheet, as ``C7``."""
        return f"{get_column_letter(col + 1)}{row + self.first_row}"

    def target(self, row: int, col: int) -> str:
        """The cell as the target of a link inside the workbook."""
        return name_to_target(self.name, self.address(row, col))


def name_to_target(sheet: str, address: str) -> str:
    """A place in the workbook as the target of a link."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{address}"


def document_to_plans(document: Document) -> Mapping[str, SheetPlan]:
    """The sheets of all tables of a document, by the table's id.

    Raises:
        LimitError: a table is longer or wider than a sheet can be.
    """
    for table in document.tables:
        _check_size(table, document.source.name)
    wanted = [SUMMARY, FINDINGS, *(f"{table.id} {table.title or table.type}" for table in document.tables)]
    names = assign_sheet_names(wanted)[2:]
    return {
        table.id: SheetPlan(name, len(caption_lines(table)) + 1)
        for table, name in zip(document.tables, names, strict=True)
    }


def caption_lines(table: Table) -> tuple[str, ...]:
    """What stands above a table in its sheet."""
    return table.caption.lines or ((table.title,) if table.title else ())


def _check_size(table: Table, name: str) -> None:
    n_rows = table.n_rows + len(caption_lines(table)) + len(table.notes)
    if n_rows > MAX_ROWS or table.n_cols > MAX_COLS:
        raise LimitError(
            f"{name}: table {table.id} has {n_rows} rows with its caption and notes and {table.n_cols} columns; "
            f"a sheet of a workbook holds {MAX_ROWS} and {MAX_COLS}: export this document as csv or parquet"
        )
