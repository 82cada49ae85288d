"""Checks of the ground truth against itself: every contradiction becomes a problem that names its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from lanci.annotation.boxes import check_boxes, check_pages
from lanci.annotation.problems import Issue, Problem
from lanci.annotation.records import NO_TABLES, AnnotatedDocument, AnnotatedFragment, AnnotatedTable, How
from lanci.document import Cell, HeaderRole, RowRole, Table
from lanci.text import squash

HEADER_ROWS = (RowRole.HEADER, RowRole.COLUMN_NUMBER)
"""Row roles that only stand in the header."""

_COLUMN_NUMBER = re.compile(r"(\d+)(=.*)?")
"""The number of a column, also with what it is made of: 2=3+4."""


def check_annotations(documents: Sequence[AnnotatedDocument]) -> tuple[Problem, ...]:
    """All contradictions in the documents, in the order of documents and tables; empty when there is none."""
    return tuple(problem for document in documents for problem in _check_document(document))


def _check_document(document: AnnotatedDocument) -> Iterator[Problem]:
    if (document.layout == NO_TABLES) != (not document.tables):
        message = f"layout {NO_TABLES} is that of documents without tables, and only theirs"
        yield Problem(document.id, "", f"{message}: it has layout {document.layout} and {len(document.tables)} tables")
    yield from (issue.at(document.id, "") for issue in check_pages(document))
    seen: set[str] = set()
    for annotated in document.tables:
        name = annotated.table.id
        if name in seen:
            yield Problem(document.id, name, "another table of the document has this id")
        seen.add(name)
        yield from (issue.at(document.id, name) for issue in _check_table(annotated, document))
    yield from _check_narrative(document, seen)


def _check_narrative(document: AnnotatedDocument, tables: Collection[str]) -> Iterator[Problem]:
    page = 1
    for block in document.narrative:
        if block.before is not None and block.before not in tables:
            yield Problem(document.id, block.before, "narrative stands before it, but there is no such table")
        if not page <= block.page <= document.n_pages:
            message = f"narrative on page {block.page} after page {page} of {document.n_pages}"
            yield Problem(document.id, "", f"{message}: {block.text[:20]}")
        page = max(page, block.page)


def _check_table(annotated: AnnotatedTable, document: AnnotatedDocument) -> Iterator[Issue]:
    table = annotated.table
    sizes = list(_check_sizes(table))
    yield from sizes
    cover = list(_check_cover(table.cells, table.n_rows, table.n_cols))
    yield from cover
    yield from _check_fragments(annotated, document.n_pages)
    yield from _check_companion(table, document)
    yield from _check_verification(annotated)
    yield from check_boxes(annotated, document)
    if not sizes and not cover:
        yield from _check_row_roles(table)
        yield from _check_column_numbers(table)
        yield from _check_columns(table)
        yield from _check_body_roles(table)


def _check_sizes(table: Table) -> Iterator[Issue]:
    if len(table.row_roles) != table.n_rows:
        yield Issue(f"{len(table.row_roles)} row_roles for {table.n_rows} rows")
    if [column.index for column in table.columns] != list(range(table.n_cols)):
        yield Issue(f"columns must be numbered 0 to {table.n_cols - 1}, one entry each")
    if table.n_header_rows > table.n_rows:
        yield Issue(f"{table.n_header_rows} header rows, but only {table.n_rows} rows")


def _check_cover(cells: Iterable[Cell], n_rows: int, n_cols: int) -> Iterator[Issue]:
    """The cells must cover the rectangle without gap or overlap, in row-major order."""
    owner: dict[tuple[int, int], Cell] = {}
    before = (-1, -1)
    for cell in cells:
        if (cell.row, cell.col) <= before:
            yield Issue("cells must stand in row-major order", cell.row, cell.col)
        before = max(before, (cell.row, cell.col))
        if cell.row + cell.row_span > n_rows or cell.col + cell.col_span > n_cols:
            size = f"{n_rows} x {n_cols}"
            yield Issue(f"spans {cell.row_span} x {cell.col_span}: out of the {size} grid", cell.row, cell.col)
            continue
        for position in ((row, col) for row in cell.rows for col in cell.cols):
            if position in owner:
                other = owner[position]
                message = f"overlaps cell ({other.row}, {other.col}) at {position}"
                yield Issue(message, cell.row, cell.col)
                break
            owner[position] = cell
    for row in range(n_rows):
        for col in range(n_cols):
            if (row, col) not in owner:
                yield Issue("no cell covers this position", row, col)


def _check_fragments(annotated: AnnotatedTable, n_pages: int) -> Iterator[Issue]:
    table, next_row, page = annotated.table, 0, 0
    for number, fragment in enumerate(annotated.fragments, start=1):
        where = f"fragment {number} (page {fragment.page})"
        if not page < fragment.page <= n_pages:
            yield Issue(f"{where}: its page must come after page {page} and be at most {n_pages}")
        # A row that the break cuts is the last of one fragment and the first of the next.
        if fragment.first_row != next_row and not (number > 1 and fragment.first_row == next_row - 1):
            yield Issue(f"{where}: begins at row {fragment.first_row}, expected row {next_row}")
        if fragment.last_row < fragment.first_row:
            yield Issue(f"{where}: ends at row {fragment.last_row}, before it begins")
        next_row, page = fragment.last_row + 1, fragment.page
        yield from _check_repeated_header(fragment, table, where, first=number == 1)
    if next_row != table.n_rows:
        yield Issue(f"the fragments end at row {next_row - 1}, the table at row {table.n_rows - 1}")
    if annotated.fragments and annotated.fragments[0].caption_lines != table.caption.lines:
        yield Issue("the caption lines of the table differ from those of its first fragment")


def _check_repeated_header(fragment: AnnotatedFragment, table: Table, where: str, *, first: bool) -> Iterator[Issue]:
    if first and fragment.repeated_header:
        yield Issue(f"{where}: the first fragment cannot repeat a header")
    for issue in _check_cover(fragment.repeated_header, fragment.n_repeated_rows, table.n_cols):
        yield Issue(f"{where}, repeated header: {issue.message}", issue.row, issue.col)


def _check_companion(table: Table, document: AnnotatedDocument) -> Iterator[Issue]:
    if table.companion is None:
        return
    partner = next((t.table for t in document.tables if t.table.id == table.companion), None)
    if partner is None or partner.id == table.id:
        yield Issue(f"its companion {table.companion} is no other table of the document")
    elif partner.companion != table.id:
        yield Issue(f"its companion {partner.id} names {partner.companion} as companion")
    elif partner.caption.title != table.caption.title:
        yield Issue(f"its companion {partner.id} has another title")


def _check_verification(annotated: AnnotatedTable) -> Iterator[Issue]:
    verification, n_cells = annotated.verification, len(annotated.table.cells)
    counted = f"verified: {verification.agreed} cells agreed, {verification.by_eye} by eye"
    if verification.agreed + verification.by_eye != n_cells:
        yield Issue(f"{counted}, but the table has {n_cells}")
    elif verification.how is How.BY_EYE and verification.agreed:
        yield Issue(f"{counted}, but all cells of a table verified by eye are settled by eye")


def _check_row_roles(table: Table) -> Iterator[Issue]:
    for row, role in enumerate(table.row_roles):
        in_header = row < table.n_header_rows
        if not in_header and role in HEADER_ROWS:
            yield Issue(f"a {role.value} row below the {table.n_header_rows} header rows", row)
        if in_header and role not in (*HEADER_ROWS, RowRole.SECTION):
            yield Issue(f"a {role.value} row among the header rows", row)
    for cell in table.cells:
        if cell.row < table.n_header_rows < cell.row + cell.row_span:
            yield Issue("spans from the header into the body", cell.row, cell.col)


def _check_column_numbers(table: Table) -> Iterator[Issue]:
    """The numbers in the 栏次 row and those of the columns say the same; that they count up is for identities."""
    rows = [row for row, role in enumerate(table.row_roles) if role is RowRole.COLUMN_NUMBER]
    printed: dict[int, int] = {}
    for cell in (cell for cell in table.cells if cell.row in rows):
        if cell.role is not HeaderRole.COLUMN_NUMBER:
            yield Issue("a cell of the column-number row must have role column_number", cell.row, cell.col)
        if number := _COLUMN_NUMBER.fullmatch(squash(cell.text)):
            printed[cell.col] = int(number[1])
    for column in table.columns:
        if column.column_number != printed.get(column.index):
            says = f"column_number {column.column_number}"
            yield Issue(f"{says}, but {printed.get(column.index)} is printed", rows[0] if rows else None, column.index)


def _check_columns(table: Table) -> Iterator[Issue]:
    """Path and role of a column follow from the header cells above it."""
    header = [cell for cell in table.cells if table.row_roles[cell.row] is RowRole.HEADER]
    for column in table.columns:
        above = [cell for cell in header if column.index in cell.cols]
        path = tuple(cell.text for cell in above if cell.text)
        if path != column.path:
            yield Issue(f"path {list(column.path)}, but the header cells say {list(path)}", None, column.index)
        if above and above[-1].role is not column.role:
            role = above[-1].role
            says = f"role {column.role.value}, but the header cell above has {role.value if role else None}"
            yield Issue(says, above[-1].row, column.index)
        for cell in above[:-1]:
            if cell.role is not HeaderRole.GROUP and cell.col_span > 1:
                yield Issue("spans over other header cells, so its role must be group", cell.row, cell.col)


def _check_body_roles(table: Table) -> Iterator[Issue]:
    for cell in table.cells:
        row_role = table.row_roles[cell.row]
        if row_role in HEADER_ROWS:
            if not squash(cell.text) and cell.role is HeaderRole.GROUP:
                yield Issue("an empty header cell cannot be a group", cell.row, cell.col)
            continue
        expected = HeaderRole.TEXT if row_role is RowRole.SECTION else table.columns[cell.col].role
        if cell.role is not expected:
            found = cell.role.value if cell.role else None
            yield Issue(f"role {found}, expected {expected.value}", cell.row, cell.col)
