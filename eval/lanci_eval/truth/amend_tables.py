"""Changes of which tables a document has. Tables are named by id; ids are counted anew in page order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.annotation.records import (
    NO_BOX,
    AnnotatedDocument,
    AnnotatedFragment,
    AnnotatedTable,
    How,
    Narrative,
    Verification,
)
from lanci.document import Box, Caption, Cell, Column, HeaderRole, RowRole, Table, TableFragment
from lanci.facets import FacetValues
from lanci.text import normalize
from lanci_eval.truth.amend_rebuild import HEADER_ROWS, AmendError, rebuild

LEFT = "<"
"""In rows given as texts: the place belongs to the cell on its left."""
UP = "^"
"""In rows given as texts: the place belongs to the cell above."""


def get_table(document: AnnotatedDocument, table_id: str) -> AnnotatedTable:
    """The table with an id; AmendError where there is none."""
    for table in document.tables:
        if table.table.id == table_id:
            return table
    raise AmendError(f"{document.id}: there is no table {table_id}")


def put_table(document: AnnotatedDocument, table: AnnotatedTable) -> AnnotatedDocument:
    """The document with this table in the place of the one with its id."""
    get_table(document, table.table.id)
    return replace(document, tables=tuple(table if t.table.id == table.table.id else t for t in document.tables))


def delete_table(document: AnnotatedDocument, table_id: str) -> AnnotatedDocument:
    """Take a table out; its companion has none then."""
    gone = get_table(document, table_id)
    kept = [_without_companion(table, table_id) for table in document.tables if table is not gone]
    narrative = tuple(_moved(block, {table_id: _next_id(document, table_id)}) for block in document.narrative)
    return renumber_tables(replace(document, tables=tuple(kept), narrative=narrative))


def renumber_tables(document: AnnotatedDocument) -> AnnotatedDocument:
    """Tables in the order of their first pages (top to bottom where boxes are known), with ids t001, t002 and so on."""
    tables = sorted(document.tables, key=_place)
    ids = {table.table.id: f"t{number:03d}" for number, table in enumerate(tables, start=1)}
    if len(ids) < len(tables):
        raise AmendError(f"{document.id}: two tables have one id; give one of them another before renumbering")
    renamed = tuple(
        replace(t, table=replace(t.table, id=ids[t.table.id], companion=ids.get(t.table.companion or "")))
        for t in tables
    )
    narrative = tuple(_moved(block, ids) for block in document.narrative)
    return replace(document, tables=renamed, narrative=narrative)


def split_table(document: AnnotatedDocument, table_id: str, row: int) -> AnnotatedDocument:
    """Make two tables of one: the second begins at ``row``, which must be the first of a page's part.

    The header that this part prints again becomes the second table's own; so do its caption lines, whose title and
    unit are to be set after that. Both keep type and column roles.
    """
    whole = get_table(document, table_id)
    index = next((i for i, part in enumerate(whole.fragments) if i and part.first_row == row), None)
    if index is None or whole.fragments[index - 1].last_row >= row:
        raise AmendError(f"table {table_id}: no page begins with row {row} (uncut); move the break there first")
    if any(cell.row < row < cell.rows.stop for cell in whole.table.cells):
        raise AmendError(f"table {table_id}: a cell spans over the break at row {row}; split it first")
    if row < whole.table.n_header_rows:
        raise AmendError(f"table {table_id}: row {row} is a header row; set the header rows first")
    upper = rebuild(
        whole,
        cells=[cell for cell in whole.table.cells if cell.row < row],
        fragments=whole.fragments[:index],
        row_roles=whole.table.row_roles[:row],
        companion=None,
    )
    lower = _lower_half(whole, index, row)
    tables = [t for t in document.tables if t is not whole]
    at = document.tables.index(whole)
    tables[at:at] = [upper, lower]
    return renumber_tables(replace(document, tables=tuple(tables)))


def _lower_half(whole: AnnotatedTable, index: int, row: int) -> AnnotatedTable:
    part = whole.fragments[index]
    n_header = part.n_repeated_rows
    shift = n_header - row
    fragments = [
        replace(p, first_row=p.first_row + shift, last_row=p.last_row + shift) for p in whole.fragments[index:]
    ]
    fragments[0] = replace(fragments[0], first_row=0, repeated_header=())
    header_roles = [role for role in whole.table.row_roles[: whole.table.n_header_rows] if role in HEADER_ROWS]
    header_roles = (header_roles + [RowRole.HEADER] * n_header)[:n_header]
    own = [replace(cell, row=cell.row + shift) for cell in whole.table.cells if cell.row >= row]
    return rebuild(
        whole,
        cells=[*part.repeated_header, *own],
        fragments=fragments,
        row_roles=(*header_roles, *whole.table.row_roles[row:]),
        n_header_rows=n_header,
        id=f"{whole.table.id}b",
        caption=Caption(lines=part.caption_lines, fiscal_year=whole.table.caption.fiscal_year),
        companion=None,
    )


def join_tables(
    document: AnnotatedDocument, upper_id: str, lower_id: str, *, repeated: int | None = None
) -> AnnotatedDocument:
    """Make one table of two: the lower goes on where the upper ends.

    Args:
        document: the document.
        upper_id: the table that keeps its caption, header and type.
        lower_id: the table that goes on with it; it must have as many columns and begin on a later page.
        repeated: how many of its first rows print the header again; its header rows when None.
    """
    upper, lower = get_table(document, upper_id), get_table(document, lower_id)
    n_repeated = lower.table.n_header_rows if repeated is None else repeated
    _check_join(upper, lower, n_repeated)
    shift = upper.table.n_rows - n_repeated
    first = lower.fragments[0]
    header = tuple(replace(c, role=None, continued=()) for c in lower.table.cells if c.row < n_repeated)
    parts = [replace(p, first_row=p.first_row + shift, last_row=p.last_row + shift) for p in lower.fragments]
    parts[0] = replace(parts[0], first_row=upper.table.n_rows, repeated_header=header)
    roles = [RowRole.DETAIL if role in HEADER_ROWS else role for role in lower.table.row_roles[n_repeated:]]
    whole = rebuild(
        upper,
        cells=[
            *upper.table.cells,
            *(replace(c, row=c.row + shift) for c in lower.table.cells if c.row >= n_repeated),
        ],
        fragments=[*upper.fragments, *parts],
        row_roles=(*upper.table.row_roles, *roles),
        notes=tuple(dict.fromkeys((*upper.table.notes, *lower.table.notes))),
    )
    agreed = min(upper.verification.agreed + lower.verification.agreed, len(whole.table.cells))
    verification = replace(
        upper.verification,
        how=upper.verification.how if upper.verification.how is lower.verification.how else How.BY_EYE,
        doubts=(*upper.verification.doubts, *lower.verification.doubts),
    )
    agreed = 0 if verification.how is How.BY_EYE else max(0, agreed - len(header))
    verification = replace(verification, agreed=agreed, by_eye=len(whole.table.cells) - agreed)
    whole = replace(whole, verification=verification, inconsistencies=(*upper.inconsistencies, *lower.inconsistencies))
    assert first.page > upper.fragments[-1].page
    return delete_table(put_table(document, whole), lower_id)


def _check_join(upper: AnnotatedTable, lower: AnnotatedTable, n_repeated: int) -> None:
    ids = f"tables {upper.table.id} and {lower.table.id}"
    if upper.table.n_cols != lower.table.n_cols:
        counts = f"{upper.table.n_cols} and {lower.table.n_cols} columns"
        raise AmendError(f"{ids} have {counts}; insert or delete columns first")
    if lower.fragments[0].page <= upper.fragments[-1].page:
        raise AmendError(f"{ids}: the second must begin on a later page than the first ends")
    if not 0 <= n_repeated <= lower.fragments[0].last_row:
        raise AmendError(f"{ids}: the first part of the second must show a row besides {n_repeated} repeated ones")
    if any(cell.row < n_repeated < cell.rows.stop for cell in lower.table.cells):
        raise AmendError(f"{ids}: a cell spans out of the {n_repeated} repeated rows; split it first")


def add_table_from_rows(
    document: AnnotatedDocument,
    rows: Sequence[Sequence[str]],
    *,
    page: int,
    n_header_rows: int,
    box: Box = NO_BOX,
    roles: Sequence[HeaderRole] = (),
    facets: FacetValues | None = None,
) -> AnnotatedDocument:
    """Add a table of one page, written down row by row.

    Args:
        document: the document.
        rows: texts; ``"<"`` stands for a place that belongs to the cell on its left, ``"^"`` for one that belongs
            to the cell above.
        page: the page that shows it.
        n_header_rows: rows above the body; give column-number rows their role after that.
        box: around the table on the page (points).
        roles: of the columns; text where none is given.
        facets: what kind of table it is; ``other`` when None.
    """
    n_cols = len(rows[0]) if rows else 0
    if not n_cols or any(len(row) != n_cols for row in rows):
        raise AmendError("rows must be there and all have as many places; write '<' and '^' for spans")
    kind = facets or FacetValues("other")
    columns = tuple(Column(c, roles[c] if c < len(roles) else HeaderRole.TEXT) for c in range(n_cols))
    row_roles = tuple(RowRole.HEADER if row < n_header_rows else RowRole.DETAIL for row in range(len(rows)))
    table = Table(
        id="t000",
        type=kind.type,
        kind=kind.kind,
        fund=kind.fund,
        scope=kind.scope,
        classification=kind.classification,
        type_probability=1.0,
        caption=Caption(),
        notes=(),
        n_rows=len(rows),
        n_cols=n_cols,
        n_header_rows=n_header_rows,
        row_roles=row_roles,
        columns=columns,
        fragments=(TableFragment(page, box, 0, len(rows) - 1),),
        cells=_rows_to_cells(rows, page),
    )
    fragment = AnnotatedFragment(page, 0, len(rows) - 1, (), (), box)
    new = AnnotatedTable(table, (fragment,), Verification(How.BY_EYE, 0, len(table.cells)))
    return renumber_tables(replace(document, tables=(*document.tables, rebuild(new))))


def _rows_to_cells(rows: Sequence[Sequence[str]], page: int) -> tuple[Cell, ...]:
    """The cells of texts with marks for spans; AmendError where these make no rectangle."""
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for r, line in enumerate(rows):
        for c, text in enumerate(line):
            before = {LEFT: (r, c - 1), UP: (r - 1, c)}.get(text)
            if before is not None and before not in owner:
                raise AmendError(f"row {r}, column {c}: nothing stands where {text!r} points")
            owner[r, c] = owner[before] if before is not None else (r, c)
    cells = []
    for corner in sorted(set(owner.values())):
        places = [place for place, found in owner.items() if found == corner]
        row_span = max(row for row, _ in places) - corner[0] + 1
        col_span = max(col for _, col in places) - corner[1] + 1
        if len(places) != row_span * col_span:
            raise AmendError(f"row {corner[0]}, column {corner[1]}: its places form no rectangle")
        cells.append(Cell(*corner, row_span, col_span, normalize(rows[corner[0]][corner[1]]), page, NO_BOX))
    return tuple(cells)


def _place(table: AnnotatedTable) -> tuple[int, float]:
    """The page and, where known, the upper edge; tables without a box stay in their order after that."""
    first = table.fragments[0]
    return first.page, first.box.y0 if first.box != NO_BOX else float("inf")


def _without_companion(table: AnnotatedTable, gone: str) -> AnnotatedTable:
    return replace(table, table=replace(table.table, companion=None)) if table.table.companion == gone else table


def _next_id(document: AnnotatedDocument, table_id: str) -> str | None:
    ids = [table.table.id for table in document.tables]
    after = ids.index(table_id) + 1
    return ids[after] if after < len(ids) else None


def _moved(block: Narrative, ids: dict[str, str] | dict[str, str | None]) -> Narrative:
    return replace(block, before=ids.get(block.before, block.before)) if block.before is not None else block
