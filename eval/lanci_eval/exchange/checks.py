"""Claims that cannot be true are thrown out before anything is measured, each with a remark in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator

from lanci.document import Box
from lanci_eval.records import EvalCell, EvalFragment, EvalLine, EvalTable, Extraction

MAX_TABLES = 5_000
MAX_POSITIONS = 1_000_000
"""Most rows times columns of one table."""
MAX_CELLS = 2_000_000
"""Most cells of all tables of a document together."""
MAX_TEXT = 20_000
"""Most characters of one cell or line; the longest cells of real disclosures have a few thousand."""
MAX_LINES = 500_000
_MAX_REMARKS = 50


def check_extraction(extraction: Extraction, n_pages: int) -> tuple[Extraction, tuple[str, ...]]:
    """What is left when impossible tables and lines are gone, and a remark on each of those.

    Args:
        extraction: as a system claims it.
        n_pages: pages of the document.

    Returns:
        The extraction with tables unchanged or left out as a whole, and remarks in the order of the tables.
    """
    remarks: list[str] = []
    kept: list[EvalTable] = []
    n_cells = 0
    for table in extraction.tables:
        n_cells += len(table.cells)
        if len(kept) == MAX_TABLES:
            remarks.append(f"only the first {MAX_TABLES} tables were kept, there are {len(extraction.tables)}")
            break
        if n_cells > MAX_CELLS:
            remarks.append(f"the tables from {table.id[:40]} on were left out: more than {MAX_CELLS} cells in all")
            break
        fault = next(_table_faults(table, n_pages), None)
        if fault is None:
            kept.append(table)
        else:
            remarks.append(f"table {table.id[:40]} was left out: {fault}")
    lines = tuple(line for line in extraction.lines[:MAX_LINES] if _is_possible(line, n_pages))
    if len(lines) < len(extraction.lines):
        dropped = len(extraction.lines) - len(lines)
        remarks.append(f"{dropped} of {len(extraction.lines)} lines were left out: no such page, too long or too many")
    if len(remarks) > _MAX_REMARKS:
        remarks = [*remarks[:_MAX_REMARKS], f"and {len(remarks) - _MAX_REMARKS} more remarks like these"]
    return Extraction(tuple(kept), lines), tuple(remarks)


def _table_faults(table: EvalTable, n_pages: int) -> Iterator[str]:
    if not table.cells or table.n_rows < 1 or table.n_cols < 1:
        yield "it has no cells"
    if table.n_rows * table.n_cols > MAX_POSITIONS:
        yield f"{table.n_rows} rows by {table.n_cols} columns are more than {MAX_POSITIONS} positions"
    if table.n_header_rows is not None and table.n_header_rows > table.n_rows:
        yield f"{table.n_header_rows} header rows are more than its {table.n_rows} rows"
    for cell in table.cells:
        yield from _cell_faults(cell, table.n_rows, table.n_cols, n_pages)
    yield from _overlaps(table.cells, table.n_rows * table.n_cols, "")
    if not table.fragments:
        yield "no page shows any of it"
    for fragment in table.fragments:
        yield from _fragment_faults(fragment, table, n_pages)
    pages = [fragment.page for fragment in table.fragments]
    if pages != sorted(pages):
        yield "its fragments are not in the order of the pages"


def _cell_faults(cell: EvalCell, n_rows: int, n_cols: int, n_pages: int) -> Iterator[str]:
    place = f"the cell at row {cell.row}, column {cell.col}"
    if not 1 <= cell.page <= n_pages:
        yield f"{place} is on page {cell.page}, the document has {n_pages}"
    if cell.row < 0 or cell.col < 0 or cell.row_span < 1 or cell.col_span < 1:
        yield f"{place} has an impossible position or span"
    if cell.rows.stop > n_rows or cell.cols.stop > n_cols:
        yield f"{place} reaches beyond {n_rows} rows and {n_cols} columns"
    if len(cell.text) > MAX_TEXT:
        yield f"{place} has {len(cell.text)} characters, more than {MAX_TEXT}"
    if not _is_box(cell.box):
        yield f"{place} has an impossible box"
    if cell.confidence is not None and not 0 <= cell.confidence <= 1:
        yield f"{place} has a confidence that is not from 0 to 1"


def _fragment_faults(fragment: EvalFragment, table: EvalTable, n_pages: int) -> Iterator[str]:
    if not 1 <= fragment.page <= n_pages:
        yield f"it is on page {fragment.page}, the document has {n_pages}"
    if not 0 <= fragment.first_row <= fragment.last_row < table.n_rows:
        yield f"page {fragment.page} shows rows {fragment.first_row} to {fragment.last_row} of {table.n_rows}"
    if not _is_box(fragment.box):
        yield f"it has an impossible box on page {fragment.page}"
    for cell in fragment.repeated:
        yield from _cell_faults(cell, table.n_rows, table.n_cols, n_pages)
    yield from _overlaps(fragment.repeated, MAX_POSITIONS, "repeated header ")


def _overlaps(cells: tuple[EvalCell, ...], n_positions: int, kind: str) -> Iterator[str]:
    if sum(cell.row_span * cell.col_span for cell in cells) > n_positions:
        yield f"its {kind}cells overlap: together they are larger than the table"
        return
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        for position in ((row, col) for row in cell.rows for col in cell.cols):
            if position in taken:
                yield f"two {kind}cells overlap at row {position[0]}, column {position[1]}"
                return
            taken.add(position)


def _is_possible(line: EvalLine, n_pages: int) -> bool:
    return 1 <= line.page <= n_pages and len(line.text) <= MAX_TEXT and _is_box(line.box)


def _is_box(box: Box | None) -> bool:
    if box is None:
        return True
    finite = all(math.isfinite(value) for value in (box.x0, box.y0, box.x1, box.y1))
    return finite and box.x0 <= box.x1 and box.y0 <= box.y1
