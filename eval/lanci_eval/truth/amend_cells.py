"""Changes of the grid: texts, spans, rows and columns. Each gives a new table; rows and columns count from 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.annotation.records import NO_BOX, AnnotatedFragment, AnnotatedTable
from lanci.document import Box, Cell, Column, HeaderRole, RowRole, boxes_to_hull
from lanci.text import join_lines, normalize
from lanci_eval.truth.amend_rebuild import (
    HEADER_ROWS,
    AmendError,
    cell_covering,
    check_range,
    place_cell,
    rebuild,
    rows_to_pages,
)


def set_text(annotated: AnnotatedTable, row: int, col: int, text: str) -> AnnotatedTable:
    """Write another text into the cell that covers a position."""
    target = cell_covering(annotated.table, row, col)
    changed = replace(target, text=normalize(text))
    return rebuild(annotated, cells=[changed if cell is target else cell for cell in annotated.table.cells])


def set_box(annotated: AnnotatedTable, row: int, col: int, box: Box) -> AnnotatedTable:
    """Give the cell that covers a position another place on its page (points)."""
    target = cell_covering(annotated.table, row, col)
    changed = replace(target, box=box)
    return rebuild(annotated, cells=[changed if cell is target else cell for cell in annotated.table.cells])


def merge_cells(
    annotated: AnnotatedTable, row: int, col: int, row_span: int, col_span: int, text: str | None = None
) -> AnnotatedTable:
    """Make one cell of a rectangle of cells; their texts are joined unless ``text`` is given."""
    table = annotated.table
    if row_span < 1 or col_span < 1:
        raise AmendError(f"table {table.id}: spans must be at least 1, not {row_span} x {col_span}")
    rows, cols = range(row, row + row_span), range(col, col + col_span)
    cell_covering(table, rows[-1], cols[-1])
    inside = [cell for cell in table.cells if _overlap(cell, rows, cols)]
    if any(c.row < row or c.col < col or c.rows.stop > rows.stop or c.cols.stop > cols.stop for c in inside):
        raise AmendError(f"table {table.id}: a cell lies only partly in rows {rows} and columns {cols}; split it first")
    first = inside[0]
    boxes = [cell.box for cell in inside if cell.box != NO_BOX and cell.page == first.page]
    merged = replace(
        first,
        row=row,
        col=col,
        row_span=row_span,
        col_span=col_span,
        text=join_lines([cell.text for cell in inside]) if text is None else normalize(text),
        box=boxes_to_hull(boxes) if boxes else NO_BOX,
    )
    return rebuild(annotated, cells=[*_without(table.cells, inside), merged])


def split_cell(
    annotated: AnnotatedTable, row: int, col: int, texts: Sequence[Sequence[str]] | None = None
) -> AnnotatedTable:
    """Make cells of one row and one column each of a spanning cell.

    ``texts`` are theirs, row by row; when None the first one has the whole text and the others none.
    """
    table = annotated.table
    target = cell_covering(table, row, col)
    if target.row_span == target.col_span == 1:
        raise AmendError(f"table {table.id}: the cell at row {row}, column {col} spans nothing; insert a row or column")
    if texts is None:
        texts = [
            [target.text if (i, j) == (0, 0) else "" for j in range(target.col_span)] for i in range(target.row_span)
        ]
    if len(texts) != target.row_span or any(len(line) != target.col_span for line in texts):
        raise AmendError(f"table {table.id}: the texts must be {target.row_span} rows of {target.col_span}")
    others = _without(table.cells, [target])
    pieces = [
        _new_cell(annotated.fragments, target.row + i, target.col + j, text, target.role, table.cells)
        for i, line in enumerate(texts)
        for j, text in enumerate(line)
    ]
    return rebuild(annotated, cells=[*others, *pieces])


def insert_row(
    annotated: AnnotatedTable,
    row: int,
    texts: Sequence[str] | None = None,
    *,
    role: RowRole = RowRole.DETAIL,
    page: int | None = None,
) -> AnnotatedTable:
    """Put a new row before ``row`` (``n_rows`` appends one).

    Args:
        annotated: the table.
        row: its number in the result; cells that span over this place grow by it.
        texts: one for each column; those of places that a growing cell covers are ignored.
        role: of the row; a header role puts it among the header rows.
        page: which page shows it; by default the page of the row that stood here, or the last.
    """
    table = annotated.table
    check_range(row, table.n_rows + 1, "row")
    in_header = role in HEADER_ROWS
    if in_header and row > table.n_header_rows:
        raise AmendError(f"table {table.id}: a {role.value} row must stand above the body (row {table.n_header_rows})")
    n_header_rows = table.n_header_rows + (in_header or row < table.n_header_rows)
    fragments = _grow_fragments(annotated.fragments, row, page)
    cells = [_shift_row(cell, row) for cell in table.cells]
    covered = {col for cell in cells if row in cell.rows for col in cell.cols}
    new = [
        _new_cell(fragments, row, col, texts[col] if texts else "", None, ())
        for col in range(table.n_cols)
        if col not in covered
    ]
    roles = (*table.row_roles[:row], role, *table.row_roles[row:])
    return rebuild(annotated, cells=[*cells, *new], fragments=fragments, row_roles=roles, n_header_rows=n_header_rows)


def delete_row(annotated: AnnotatedTable, row: int) -> AnnotatedTable:
    """Take a row out; cells that span over it shrink, a fragment that only shows it goes."""
    table = annotated.table
    check_range(row, table.n_rows, "row")
    cells = []
    for cell in table.cells:
        if row in cell.rows and cell.row_span == 1:
            continue
        span = cell.row_span - (row in cell.rows)
        cells.append(replace(cell, row=cell.row - (cell.row > row), row_span=span))
    fragments = [
        replace(
            part, first_row=part.first_row - (part.first_row > row), last_row=part.last_row - (part.last_row >= row)
        )
        for part in annotated.fragments
    ]
    return rebuild(
        annotated,
        cells=cells,
        fragments=[part for part in fragments if part.last_row >= part.first_row],
        row_roles=table.row_roles[:row] + table.row_roles[row + 1 :],
        n_header_rows=table.n_header_rows - (row < table.n_header_rows),
    )


def insert_column(
    annotated: AnnotatedTable,
    col: int,
    texts: Sequence[str] | None = None,
    *,
    role: HeaderRole = HeaderRole.TEXT,
) -> AnnotatedTable:
    """Put a new column before ``col`` (``n_cols`` appends one); cells that span over this place grow by it.

    ``texts`` has one for each row. Headers printed again get an empty cell there.
    """
    table = annotated.table
    check_range(col, table.n_cols + 1, "column")
    cells = [_shift_col(cell, col) for cell in table.cells]
    covered = {row for cell in cells if col in cell.cols for row in cell.rows}
    new = [
        _new_cell(annotated.fragments, row, col, texts[row] if texts else "", role, ())
        for row in range(table.n_rows)
        if row not in covered
    ]
    columns = [*table.columns[:col], Column(col, role), *table.columns[col:]]
    return rebuild(
        annotated,
        cells=[*cells, *new],
        fragments=[_with_header_column(part, col) for part in annotated.fragments],
        columns=tuple(replace(column, index=index) for index, column in enumerate(columns)),
    )


def delete_column(annotated: AnnotatedTable, col: int) -> AnnotatedTable:
    """Take a column out, of the headers printed again too; cells that span over it shrink."""
    table = annotated.table
    check_range(col, table.n_cols, "column")
    if table.n_cols == 1:
        raise AmendError(f"table {table.id}: its only column cannot go; delete the table")
    columns = [column for column in table.columns if column.index != col]
    return rebuild(
        annotated,
        cells=_drop_col(table.cells, col),
        fragments=[
            replace(part, repeated_header=tuple(_drop_col(part.repeated_header, col))) for part in annotated.fragments
        ],
        columns=tuple(replace(column, index=index) for index, column in enumerate(columns)),
    )


def _overlap(cell: Cell, rows: range, cols: range) -> bool:
    return cell.row < rows.stop and cell.rows.stop > rows.start and cell.col < cols.stop and cell.cols.stop > cols.start


def _without(cells: Sequence[Cell], gone: Sequence[Cell]) -> list[Cell]:
    places = {(cell.row, cell.col) for cell in gone}
    return [cell for cell in cells if (cell.row, cell.col) not in places]


def _new_cell(
    fragments: Sequence[AnnotatedFragment],
    row: int,
    col: int,
    text: str,
    role: HeaderRole | None,
    others: Sequence[Cell],
) -> Cell:
    page = rows_to_pages(fragments, range(row, row + 1))[0]
    return place_cell(Cell(row, col, 1, 1, normalize(text), page, NO_BOX, role=role), others)


def _shift_row(cell: Cell, row: int) -> Cell:
    if cell.row >= row:
        return replace(cell, row=cell.row + 1)
    return replace(cell, row_span=cell.row_span + (row in cell.rows))


def _shift_col(cell: Cell, col: int) -> Cell:
    if cell.col >= col:
        return replace(cell, col=cell.col + 1)
    return replace(cell, col_span=cell.col_span + (col in cell.cols))


def _drop_col(cells: Sequence[Cell], col: int) -> list[Cell]:
    return [
        replace(cell, col=cell.col - (cell.col > col), col_span=cell.col_span - (col in cell.cols))
        for cell in cells
        if not (col in cell.cols and cell.col_span == 1)
    ]


def _with_header_column(part: AnnotatedFragment, col: int) -> AnnotatedFragment:
    """The header printed again with an empty cell for each of its rows in a new column."""
    shifted = [_shift_col(cell, col) for cell in part.repeated_header]
    covered = {row for cell in shifted if col in cell.cols for row in cell.rows}
    gaps = [Cell(row, col, 1, 1, "", part.page, NO_BOX) for row in range(part.n_repeated_rows) if row not in covered]
    header = sorted([*shifted, *gaps], key=lambda cell: (cell.row, cell.col))
    return replace(part, repeated_header=tuple(header))


def _grow_fragments(
    fragments: Sequence[AnnotatedFragment], row: int, page: int | None
) -> tuple[AnnotatedFragment, ...]:
    """The fragments with one more row: in the one of ``page``, or the last that shows the row here or before it."""
    if page is None:
        page = rows_to_pages(fragments, range(row, row + 1))[-1]
        if row > fragments[-1].last_row:
            page = fragments[-1].page
    home = next((index for index, part in enumerate(fragments) if part.page == page), None)
    if home is None or not fragments[home].first_row <= row <= fragments[home].last_row + 1:
        raise AmendError(f"page {page} shows no row next to row {row}; name a page that does")
    return tuple(
        part
        if index < home
        else replace(part, last_row=part.last_row + 1)
        if index == home
        else replace(part, first_row=part.first_row + 1, last_row=part.last_row + 1)
        for index, part in enumerate(fragments)
    )
