"""Changes of what a table is said to be: header, roles, type, caption, pages, verification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from lanci.annotation.records import AnnotatedFragment, AnnotatedTable, How, Verification
from lanci.document import HeaderRole, RowRole
from lanci.facets import FacetValues
from lanci.text import normalize
from lanci_eval.truth.amend_rebuild import HEADER_ROWS, AmendError, check_range, rebuild

_CAPTION_FIELDS = ("title", "entity", "entity_code", "fiscal_year", "unit", "lines")


def set_header_rows(annotated: AnnotatedTable, n: int) -> AnnotatedTable:
    """Say how many rows stand above the body, key/value and column-number rows among them included.

    Rows that become header rows get the role ``header`` unless they are key/value rows, rows that leave the
    header the role ``detail``; set others after that.
    """
    table = annotated.table
    check_range(n, table.n_rows + 1, "number of header rows")
    if any(cell.row < n < cell.rows.stop for cell in table.cells):
        raise AmendError(f"table {table.id}: a cell spans from row {n - 1} to row {n}; split it first")
    roles = tuple(
        _above(role) if row < n else RowRole.DETAIL if role in HEADER_ROWS else role
        for row, role in enumerate(table.row_roles)
    )
    return rebuild(annotated, row_roles=roles, n_header_rows=n)


def _above(role: RowRole) -> RowRole:
    return role if role in (*HEADER_ROWS, RowRole.SECTION) else RowRole.HEADER


def set_row_role(annotated: AnnotatedTable, rows: int | Iterable[int], role: RowRole | str) -> AnnotatedTable:
    """Say what rows are. Header roles only among the header rows, others (but ``section``) only below them."""
    table, found = annotated.table, RowRole(role)
    roles = list(table.row_roles)
    for row in _numbers(rows):
        check_range(row, table.n_rows, "row")
        in_header = row < table.n_header_rows
        if found is not RowRole.SECTION and in_header != (found in HEADER_ROWS):
            side = "among the header rows" if in_header else "below the header rows"
            message = f"table {table.id}: row {row} is {side}, it cannot be {found.value}; set the header rows first"
            raise AmendError(message)
        roles[row] = found
    return rebuild(annotated, row_roles=tuple(roles))


def set_column_role(annotated: AnnotatedTable, cols: int | Iterable[int], role: HeaderRole | str) -> AnnotatedTable:
    """Say what columns hold; the lowest header cell above each and the body cells take the role with it.

    Where that header cell spans more columns, all of them do.
    """
    table, found = annotated.table, HeaderRole(role)
    if found in (HeaderRole.GROUP, HeaderRole.COLUMN_NUMBER):
        raise AmendError(f"table {table.id}: a column cannot be {found.value}, only a header cell can")
    columns, cells = list(table.columns), list(table.cells)
    for col in _numbers(cols):
        check_range(col, table.n_cols, "column")
        above = [i for i, c in enumerate(cells) if table.row_roles[c.row] is RowRole.HEADER and col in c.cols]
        for index in above[-1:]:
            cells[index] = replace(cells[index], role=found)
        for place in cells[above[-1]].cols if above else (col,):
            columns[place] = replace(columns[place], role=found)
    return rebuild(annotated, cells=cells, columns=tuple(columns))


def _numbers(numbers: int | Iterable[int]) -> Iterable[int]:
    return (numbers,) if isinstance(numbers, int) else numbers


def set_facets(
    annotated: AnnotatedTable,
    *,
    kind: str | None = None,
    fund: str | None = None,
    scope: str | None = None,
    classification: str | None = None,
) -> AnnotatedTable:
    """Say what kind of table it is; what is not given stays. ValueError for a value that no facet has."""
    table = annotated.table
    facets = FacetValues(
        kind or table.kind, fund or table.fund, scope or table.scope, classification or table.classification
    )
    return rebuild(
        annotated, kind=facets.kind, fund=facets.fund, scope=facets.scope, classification=facets.classification
    )


def set_caption(annotated: AnnotatedTable, **fields: Any) -> AnnotatedTable:
    """Set fields of the caption: title, entity, entity_code, fiscal_year, unit, lines (those above the first part)."""
    unknown = sorted(set(fields) - set(_CAPTION_FIELDS))
    if unknown:
        raise AmendError(f"a caption has no {', '.join(unknown)}; it has {', '.join(_CAPTION_FIELDS)}")
    fragments: Sequence[AnnotatedFragment] = annotated.fragments
    if "lines" in fields:
        fields["lines"] = tuple(normalize(line) for line in fields["lines"])
        fragments = (replace(fragments[0], caption_lines=fields["lines"]), *fragments[1:])
    return rebuild(annotated, fragments=fragments, caption=replace(annotated.table.caption, **fields))


def set_notes(annotated: AnnotatedTable, notes: Iterable[str]) -> AnnotatedTable:
    """Set the notes under the table."""
    return rebuild(annotated, notes=tuple(normalize(note) for note in notes))


def set_fragment_caption(annotated: AnnotatedTable, page: int, lines: Iterable[str]) -> AnnotatedTable:
    """Set the lines that are printed above the part of one page; the first part's are those of the table."""
    texts = tuple(normalize(line) for line in lines)
    if fragment_on(annotated, page) is annotated.fragments[0]:
        return set_caption(annotated, lines=texts)
    parts = [replace(p, caption_lines=texts) if p.page == page else p for p in annotated.fragments]
    return rebuild(annotated, fragments=parts)


def move_break(annotated: AnnotatedTable, page: int, first_row: int, *, cut: bool = False) -> AnnotatedTable:
    """Say with which row the part of a page begins; ``cut`` when that row begins on the page before."""
    part = fragment_on(annotated, page)
    index = annotated.fragments.index(part)
    if index == 0:
        raise AmendError(f"table {annotated.table.id}: page {page} shows its beginning, no break stands before it")
    upper = annotated.fragments[index - 1]
    if not upper.first_row < first_row <= part.last_row:
        raise AmendError(f"table {annotated.table.id}: row {first_row} is not on page {upper.page} or {page}")
    parts = list(annotated.fragments)
    parts[index - 1] = replace(upper, last_row=first_row if cut else first_row - 1)
    parts[index] = replace(part, first_row=first_row)
    return rebuild(annotated, fragments=parts)


def fragment_on(annotated: AnnotatedTable, page: int) -> AnnotatedFragment:
    """The part of the table on a page; AmendError where there is none."""
    for part in annotated.fragments:
        if part.page == page:
            return part
    pages = ", ".join(str(part.page) for part in annotated.fragments)
    raise AmendError(f"table {annotated.table.id} is not on page {page}; it is on {pages}")


def set_inconsistencies(annotated: AnnotatedTable, sentences: Iterable[str]) -> AnnotatedTable:
    """Set the true errors of the source, in words."""
    return replace(annotated, inconsistencies=tuple(sentences))


def add_doubt(annotated: AnnotatedTable, sentence: str) -> AnnotatedTable:
    """Add what was doubtful and by which rule it was settled."""
    verification = annotated.verification
    return replace(annotated, verification=replace(verification, doubts=(*verification.doubts, normalize(sentence))))


def set_verification(
    annotated: AnnotatedTable, how: How | str, *, by_eye: int | None = None, remarks: str | None = None
) -> AnnotatedTable:
    """Say what the table rests on.

    Args:
        annotated: the table.
        how: a value of :class:`~lanci.annotation.records.How`.
        by_eye: cells that were settled by looking at the page; the others agree. As counted so far when None, and
            all where ``how`` is "by eye".
        remarks: as before when None.
    """
    found = How(how)
    n_cells, before = len(annotated.table.cells), annotated.verification
    count = n_cells if found is How.BY_EYE else before.by_eye if by_eye is None else by_eye
    check_range(count, n_cells + 1, "number of cells settled by eye")
    return replace(
        annotated,
        verification=Verification(
            how=found,
            agreed=n_cells - count,
            by_eye=count,
            doubts=before.doubts,
            remarks=before.remarks if remarks is None else remarks,
        ),
    )
