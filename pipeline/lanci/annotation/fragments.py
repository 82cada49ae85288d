"""Cut an annotated table into the physical fragments that its pages show, with the truth about each.

Models of headers and joins learn from these, so they look as a page would: a continuation begins with the
header rows that are printed again, its rows count from 0, a label that the break cut goes on as an empty cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, chain

from lanci.annotation.checks import HEADER_ROWS
from lanci.annotation.edges import Lines, measure_lines
from lanci.annotation.records import NO_BOX, AnnotatedFragment, AnnotatedTable
from lanci.document import Caption, Cell, Fragment, HeaderRole, RowRole, Table, boxes_to_hull
from lanci.facets import FacetValues
from lanci.text import squash

PAGE_WIDTH = 842.0
PAGE_HEIGHT = 595.0
PORTRAIT_WIDTH = PAGE_HEIGHT
ROW_HEIGHT = 18.0
_MARGIN = 40.0
_TOP = 100.0
_MIN_CHARS, _MAX_CHARS = 3, 24
"""A column is as wide as its longest text, within these numbers of characters."""

MEASURED, INVENTED = "annotation", "invented"
"""The detector of a fragment whose lines were measured on its page, and of one whose lines are made up."""


@dataclass(frozen=True, slots=True)
class FragmentTruth:
    """What is true of a fragment.

    ``n_header_rows`` counts the leading header rows that the fragment shows, ``row_roles`` has one entry a
    row, ``header_roles`` one for every cell that begins in a header row, in the order of the fragment's cells,
    ``column_roles`` one for every column.
    """

    n_header_rows: int
    row_roles: tuple[RowRole, ...]
    header_roles: tuple[HeaderRole, ...]
    column_roles: tuple[HeaderRole, ...]
    facets: FacetValues


def table_to_fragments(table: AnnotatedTable) -> tuple[tuple[Fragment, FragmentTruth], ...]:
    """The fragments of a table in page order, each with its truth.

    Cells have no role (that is for the models to find). The lines between rows and columns are those that the
    annotated boxes show, upright as the table is read; cells fill the lines' rectangles. Where no boxes are known
    they are made up: column widths follow the text, rows are 18 points high (less where a page would overflow) on a
    landscape A4 page.
    """
    widths = _column_widths(table.table)
    return tuple(_cut(table, number, widths) for number in range(len(table.fragments)))


def _cut(annotated: AnnotatedTable, number: int, widths: tuple[float, ...]) -> tuple[Fragment, FragmentTruth]:
    table, part = annotated.table, annotated.fragments[number]
    n_repeated = part.n_repeated_rows
    begun = annotated.fragments[number - 1].last_row + 1 if number else 0
    own = _own_cells(table, part, n_repeated, begun)
    repeated_roles = _repeated_header_roles(annotated, part)
    cells = sorted(part.repeated_header + own, key=lambda cell: (cell.row, cell.col))
    row_roles = (
        *_repeated_row_roles(annotated, part),
        *table.row_roles[part.first_row : part.last_row + 1],
    )
    own_header_rows = max(0, min(table.n_header_rows, part.last_row + 1) - part.first_row)
    n_header_rows = n_repeated + own_header_rows
    roles = {(cell.row, cell.col): role for cell, role in zip(part.repeated_header, repeated_roles, strict=True)}
    roles |= {(cell.row, cell.col): cell.role or HeaderRole.TEXT for cell in own}
    header_roles = tuple(roles[cell.row, cell.col] for cell in cells if cell.row < n_header_rows)
    truth = FragmentTruth(
        n_header_rows, row_roles, header_roles, tuple(c.role for c in table.columns), annotated.facets
    )
    is_last = number == len(annotated.fragments) - 1
    return _lay_out(table, part, cells, widths, table.notes if is_last else ()), truth


def _own_cells(table: Table, part: AnnotatedFragment, n_repeated: int, begun: int) -> tuple[Cell, ...]:
    """The table's cells in the fragment's rows, cut at its ends, in rows of the fragment.

    Cells above row ``begun`` of the table go on from the page before: their text stands there, and so does their
    box.
    """
    own = []
    for cell in table.cells:
        first = max(cell.row, part.first_row)
        last = min(cell.row + cell.row_span - 1, part.last_row)
        if first > last:
            continue
        own.append(
            replace(
                cell,
                row=first - part.first_row + n_repeated,
                row_span=last - first + 1,
                text=cell.text if cell.row >= begun else "",
                page=part.page,
                box=cell.box if (cell.page, first) == (part.page, cell.row) and cell.row >= begun else NO_BOX,
                continued=(),
            )
        )
    return tuple(own)


def _repeated_rows_to_table_rows(annotated: AnnotatedTable, part: AnnotatedFragment) -> list[int]:
    """The row of the table that each repeated header row repeats.

    Key/value rows among the header rows are as a rule not repeated, and a page may repeat only some of the
    header levels, so that the run of header rows is taken whose texts agree best.
    """
    rows = [row for row in range(annotated.table.n_header_rows) if annotated.table.row_roles[row] in HEADER_ROWS]
    length = part.n_repeated_rows
    if length > len(rows):
        rows = list(range(annotated.table.n_header_rows))
    starts = range(max(1, len(rows) - length + 1))

    def agreement(start: int) -> int:
        texts = {(cell.row, cell.col, squash(cell.text)) for cell in annotated.header_cells}
        run = rows[start : start + length]
        return sum(
            (run[cell.row], cell.col, squash(cell.text)) in texts
            for cell in part.repeated_header
            if cell.row < len(run)
        )

    best = max(starts, key=agreement)
    return rows[best : best + length]


def _repeated_row_roles(annotated: AnnotatedTable, part: AnnotatedFragment) -> tuple[RowRole, ...]:
    rows = _repeated_rows_to_table_rows(annotated, part)
    roles = [annotated.table.row_roles[row] for row in rows]
    return tuple(roles + [RowRole.HEADER] * (part.n_repeated_rows - len(roles)))


def _repeated_header_roles(annotated: AnnotatedTable, part: AnnotatedFragment) -> list[HeaderRole]:
    rows = _repeated_rows_to_table_rows(annotated, part)
    roles = []
    for cell in part.repeated_header:
        original = annotated.table.cell_at(rows[cell.row], cell.col) if cell.row < len(rows) else None
        column_role = annotated.table.columns[cell.col].role
        roles.append(original.role if original and original.role else column_role)
    return roles


def _column_widths(table: Table) -> tuple[float, ...]:
    """Widths in points that fill the page between its margins."""
    chars = [_MIN_CHARS] * table.n_cols
    for cell in table.cells:
        if cell.col_span == 1:
            chars[cell.col] = max(chars[cell.col], min(len(cell.text), _MAX_CHARS))
    scale = (PAGE_WIDTH - 2 * _MARGIN) / sum(chars)
    return tuple(count * scale for count in chars)


def _lay_out(
    table: Table,
    part: AnnotatedFragment,
    cells: list[Cell],
    widths: tuple[float, ...],
    notes: tuple[str, ...],
) -> Fragment:
    n_rows = part.n_repeated_rows + part.last_row - part.first_row + 1
    measured = measure_lines(cells, n_rows, table.n_cols, part.box)
    lines = measured or _invent_lines(n_rows, widths)
    placed = tuple(replace(cell, box=lines.span_to_box(cell.rows, cell.cols), role=None) for cell in cells)
    return Fragment(
        page=part.page,
        index=0,
        box=boxes_to_hull([cell.box for cell in placed]) if placed else NO_BOX,
        n_rows=n_rows,
        n_cols=table.n_cols,
        cells=placed,
        col_edges=lines.cols,
        caption=_caption_in(part.caption_lines, table.caption),
        notes=notes,
        detector=MEASURED if measured else INVENTED,
        page_width=max(PAGE_WIDTH, lines.cols[-1] + _MARGIN) if lines.cols[-1] > PORTRAIT_WIDTH else PORTRAIT_WIDTH,
    )


def _invent_lines(n_rows: int, widths: tuple[float, ...]) -> Lines:
    height = min(ROW_HEIGHT, (PAGE_HEIGHT - _TOP - _MARGIN) / n_rows)
    return Lines(
        rows=tuple(_TOP + row * height for row in range(n_rows + 1)),
        cols=tuple(accumulate(chain((_MARGIN,), widths))),
    )


def _caption_in(lines: tuple[str, ...], full: Caption) -> Caption:
    """What the lines above one fragment say of the table: a field counts only where it is printed there."""
    printed = squash(" ".join(lines))

    def known(value: str) -> str:
        return value if value and squash(value) in printed else ""

    return Caption(
        lines=lines,
        title=known(full.title),
        entity=known(full.entity),
        entity_code=known(full.entity_code),
        fiscal_year=full.fiscal_year if known(str(full.fiscal_year)) else None,
        unit=known(full.unit),
    )
