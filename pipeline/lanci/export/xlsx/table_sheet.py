"""The sheet of one table: as it is printed, with its spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import product

from openpyxl.worksheet.cell_range import CellRange

from lanci.document import Cell, CellRef, Table
from lanci.export.xlsx.amounts import amount_to_number
from lanci.export.xlsx.marks import Mark
from lanci.export.xlsx.plan import SheetPlan, caption_lines
from lanci.export.xlsx.sheet import SheetWriter
from lanci.export.xlsx.styles import Look

_BODY = Look(framed=True)
_HEADER = Look(framed=True, header=True)


def write_table(writer: SheetWriter, table: Table, plan: SheetPlan, marks: Mapping[CellRef, Mark]) -> None:
    """Write caption, cells and notes of a table into its sheet."""
    for row, line in enumerate(caption_lines(table), 1):
        writer.put_text(row, 1, line)
    claims = Counter(place for cell in table.cells for place in product(cell.rows, cell.cols))
    for cell in table.cells:
        look = _HEADER if cell.row < table.n_header_rows else _BODY
        _write_cell(writer, cell, plan, look, marks.get(CellRef(table.id, cell.row, cell.col)))
        is_span = cell.row_span > 1 or cell.col_span > 1
        # A workbook whose merged cells overlap is damaged to Excel, and merging would hide the text of the other cell.
        if is_span and all(claims[place] == 1 for place in product(cell.rows, cell.cols)):
            _merge(writer, cell, plan, look)
    for row, note in enumerate(table.notes, plan.first_row + table.n_rows):
        writer.put_text(row, 1, note)
    writer.finish()
    if 0 < table.n_header_rows < table.n_rows:
        writer.sheet.freeze_panes = plan.address(table.n_header_rows, 0)


def _write_cell(writer: SheetWriter, cell: Cell, plan: SheetPlan, look: Look, mark: Mark | None) -> None:
    row, col = cell.row + plan.first_row, cell.col + 1
    number = amount_to_number(cell.text, cell.value)
    if number is not None:
        look = replace(look, number_format=number.number_format)
        writer.put_number(row, col, number.value, look, mark)
    else:
        writer.put_text(row, col, cell.text, look, mark)
    if cell.col_span == 1:
        writer.widen(col, cell.text)


def _merge(writer: SheetWriter, cell: Cell, plan: SheetPlan, look: Look) -> None:
    row, col = cell.row + plan.first_row, cell.col + 1
    last_row, last_col = row + cell.row_span - 1, col + cell.col_span - 1
    for covered_row in range(row, last_row + 1):
        for covered_col in range(col, last_col + 1):
            if (covered_row, covered_col) != (row, col):
                writer.put_blank(covered_row, covered_col, look)
    # merge_cells() compares a range with all others, which takes minutes for tables of a thousand spans
    writer.sheet.merged_cells.ranges.add(CellRange(min_col=col, min_row=row, max_col=last_col, max_row=last_row))
