"""What is true of some pages of a document: single ones, its truth cut at the page breaks, or whole runs of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction


def whole_pages(truth: Extraction) -> tuple[int, ...]:
    """The pages with tables whose truth is known for the page alone, ascending.

    On which side of a page break the text of a cell stands that the break cuts is not recorded, so that pages with
    such a cell are left out.
    """
    pages: set[int] = set()
    cut: set[int] = set()
    for table in truth.tables:
        pages.update(fragment.page for fragment in table.fragments)
        for cell in table.cells:
            shown = [fragment.page for fragment in table.fragments if _shown_rows(cell, fragment)]
            if cell.text and len(shown) > 1:
                cut.update(shown)
    return tuple(sorted(pages - cut))


def page_truth(truth: Extraction, page: int) -> Extraction:
    """What is true of one page as a document of its own, whose only page is number 1.

    A header that the page prints again is the header of its part. Boxes are left out, and for a part that does not
    begin its table also type and title, which the page may not tell. A cell that a page break cuts has its text on
    the page where it begins.
    """
    parts = ((table, fragment) for table in truth.tables for fragment in table.fragments)
    return Extraction(tuple(_cut(table, fragment) for table, fragment in parts if fragment.page == page))


def whole_runs(truth: Extraction) -> tuple[tuple[int, ...], ...]:
    """The runs of pages over which tables go on, ascending: no table is both on a run and outside of it."""
    runs: list[list[int]] = []
    for first, last in sorted(_first_and_last(table) for table in truth.tables):
        if first == last:
            continue
        if runs and first <= runs[-1][1]:
            runs[-1][1] = max(runs[-1][1], last)
        else:
            runs.append([first, last])
    return tuple(tuple(range(first, last + 1)) for first, last in runs)


def run_truth(truth: Extraction, pages: Sequence[int]) -> Extraction:
    """What is true of a whole run of pages as a document of its own, whose first page is number 1; without boxes.

    Args:
        truth: of the document.
        pages: one of its :func:`whole_runs`.
    """
    tables = tuple(table for table in truth.tables if _first_and_last(table)[0] in pages)
    shift = pages[0] - 1
    return without_boxes(Extraction(tuple(_renumber(table, shift) for table in tables)))


def _first_and_last(table: EvalTable) -> tuple[int, int]:
    pages = [part.page for part in table.fragments]
    return min(pages), max(pages)


def _renumber(table: EvalTable, shift: int) -> EvalTable:
    def move(cells: tuple[EvalCell, ...]) -> tuple[EvalCell, ...]:
        return tuple(replace(cell, page=cell.page - shift) for cell in cells)

    fragments = (replace(part, page=part.page - shift, repeated=move(part.repeated)) for part in table.fragments)
    return replace(table, cells=move(table.cells), fragments=tuple(fragments))


def without_boxes(truth: Extraction) -> Extraction:
    """The same with no place known, as for pages that a scanner turned and moved."""
    return Extraction(tuple(_forget_boxes(table) for table in truth.tables))


def _forget_boxes(table: EvalTable) -> EvalTable:
    def forget(cells: tuple[EvalCell, ...]) -> tuple[EvalCell, ...]:
        return tuple(replace(cell, box=None) for cell in cells)

    fragments = (replace(part, box=None, repeated=forget(part.repeated)) for part in table.fragments)
    return replace(table, cells=forget(table.cells), fragments=tuple(fragments))


def _cut(table: EvalTable, part: EvalFragment) -> EvalTable:
    n_repeated = max((cell.rows.stop for cell in part.repeated), default=0)
    n_rows = n_repeated + part.last_row - part.first_row + 1
    cells = [replace(cell, page=1, box=None) for cell in part.repeated]
    cells += _own_cells(table, part, n_repeated)
    n_header_rows = None
    if table.n_header_rows is not None:
        n_header_rows = n_repeated + max(0, min(table.n_header_rows, part.last_row + 1) - part.first_row)
    begins = part == table.fragments[0]
    return replace(
        table,
        n_rows=n_rows,
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
        fragments=(EvalFragment(1, 0, n_rows - 1),),
        n_header_rows=n_header_rows,
        type=table.type if begins else None,
        title=table.title if begins else "",
    )


def _own_cells(table: EvalTable, part: EvalFragment, shift: int) -> Iterator[EvalCell]:
    """The table's cells in the rows of the part, ``shift`` rows further down than these."""
    for cell in table.cells:
        rows = _shown_rows(cell, part)
        if rows:
            yield replace(
                cell,
                row=rows.start - part.first_row + shift,
                row_span=len(rows),
                text=cell.text if cell.page == part.page else "",
                page=1,
                box=None,
            )


def _shown_rows(cell: EvalCell, part: EvalFragment) -> range:
    """The rows of the table in which a part shows a cell; empty when it does not."""
    return range(max(cell.row, part.first_row), min(cell.rows.stop, part.last_row + 1))
