"""The truth about the leading pages of a document, for demo files that show no more than those."""

from __future__ import annotations

from dataclasses import replace

from lanci.annotation import AnnotatedDocument, AnnotatedTable
from lanci.document import Cell

_MAIN_KINDS = ("summary", "income", "expenditure", "three_public_expenses")


def last_main_page(document: AnnotatedDocument) -> int:
    """The last page with a part of a main table (收支总表 to “三公”经费支出表); 0 where there is none."""
    return max((f.page for t in document.tables if t.table.kind in _MAIN_KINDS for f in t.fragments), default=0)


def tables_within(document: AnnotatedDocument, last_page: int) -> tuple[AnnotatedTable, ...]:
    """The tables of pages 1 to ``last_page``, cut off where a table goes on after it.

    A cell over the cut keeps its text and ends at the cut. Notes go with the last part of a table, so that a
    cut table has none; a companion that lies behind the cut is not named.
    """
    kept = [cut for table in document.tables if (cut := _cut(table, last_page)) is not None]
    ids = {table.table.id for table in kept}
    return tuple(
        table if table.table.companion in ids else replace(table, table=replace(table.table, companion=None))
        for table in kept
    )


def _cut(annotated: AnnotatedTable, last_page: int) -> AnnotatedTable | None:
    table = annotated.table
    fragments = tuple(fragment for fragment in annotated.fragments if fragment.page <= last_page)
    if not fragments:
        return None
    if len(fragments) == len(annotated.fragments):
        return annotated
    n_rows = fragments[-1].last_row + 1
    cells = tuple(_cut_cell(cell, n_rows, last_page) for cell in table.cells if cell.row < n_rows)
    cut = replace(
        table,
        n_rows=n_rows,
        n_header_rows=min(table.n_header_rows, n_rows),
        row_roles=table.row_roles[:n_rows],
        fragments=table.fragments[: len(fragments)],
        cells=cells,
        notes=(),
    )
    return replace(annotated, table=cut, fragments=fragments)


def _cut_cell(cell: Cell, n_rows: int, last_page: int) -> Cell:
    span = min(cell.row_span, n_rows - cell.row)
    return replace(cell, row_span=span, continued=tuple(p for p in cell.continued if p.page <= last_page))
