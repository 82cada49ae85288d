"""Lay the parts of a table under each other: rows counted anew, copies dropped, cut rows and labels joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lanci.document import Cell, HeaderRole, Place, RowRole
from lanci.stitch.cuts import TOTALS, first_rows, is_row_tail, label_goes_on
from lanci.stitch.decide import Chain, Link
from lanci.stitch.view import HEADER_ROLES, FragmentView
from lanci.text import join_lines


@dataclass
class Assembly:
    """A table in the making; private to this stage. ``spans`` are the first and last row of each part."""

    n_cols: int
    cells: list[Cell] = field(default_factory=list)
    roles: list[RowRole] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    n_header_rows: int = 0


def lay_out(chain: Chain, parts: Sequence[FragmentView], n_cols: int) -> Assembly:
    """Put the parts, already on common columns, under each other."""
    made = Assembly(n_cols)
    for index, (part, link) in enumerate(zip(parts, chain.links, strict=True)):
        if index == 0:
            _append(made, part, range(part.n_rows))
            made.n_header_rows = part.labelled.n_header_rows
        else:
            _append_continuation(made, parts[: index + 1], link)
    made.cells.sort(key=lambda cell: (cell.row, cell.col))
    return made


def _append_continuation(made: Assembly, parts: Sequence[FragmentView], link: Link) -> None:
    upper, part = parts[-2], parts[-1]
    dropped = {*link.repeated.leading, *link.repeated.inner}
    rows = [row for row in range(part.n_rows) if row not in dropped]
    header_open = _header_is_open(made, part)
    cut = bool(first_rows(part, dropped)) and is_row_tail(upper, part, rows[0])
    if cut:
        _join_tail(made, part, rows.pop(0))
    if not rows:
        _close_part(made, len(made.roles) - 1)
        return
    grown = set() if cut else _grow_labels(made, parts, rows[0])
    first = _append(made, part, rows, skip=grown, keep_header=header_open)
    if header_open:
        made.n_header_rows = first + sum(1 for row in rows if row < part.labelled.n_header_rows)
    made.spans[-1] = (first - 1, made.spans[-1][1]) if cut else made.spans[-1]


def _header_is_open(made: Assembly, part: FragmentView) -> bool:
    """Whether the header may go on in ``part``: no data row yet, or only the key/value rows at a form's top."""
    if len(made.roles) == made.n_header_rows:
        return True
    return bool(part.header) and all(role is RowRole.SECTION for role in made.roles)


def _close_part(made: Assembly, row: int) -> None:
    """A part that adds no row of its own stands for the last row so far."""
    made.spans.append((max(row, 0), max(row, 0)))


def _append(
    made: Assembly,
    part: FragmentView,
    rows: Iterable[int],
    *,
    skip: Iterable[Cell] = (),
    keep_header: bool = True,
) -> int:
    """Add rows of a part; returns the table's row of the first one."""
    start = len(made.roles)
    rows = list(rows)
    new_row = {row: start + index for index, row in enumerate(rows)}
    skipped = set(skip)
    # A header row in the middle that copies nothing was data taken for a header.
    mistaken = {row for row in rows if part.roles[row] in HEADER_ROLES and not keep_header}
    for cell, own_role in zip(part.labelled.fragment.cells, part.cell_roles, strict=True):
        kept = [new_row[row] for row in cell.rows if row in new_row]
        if kept and not (skipped and cell in skipped):
            role = part.labelled.column_roles[cell.col][0] if cell.row in mistaken else own_role
            made.cells.append(replace(cell, row=kept[0], row_span=len(kept), role=role))
    made.roles.extend(RowRole.DETAIL if row in mistaken else part.roles[row] for row in rows)
    made.spans.append((start, start + len(rows) - 1))
    return start


def _join_tail(made: Assembly, part: FragmentView, row: int) -> None:
    """Write the ends of the cut row's texts to the row above."""
    last = len(made.roles) - 1
    for tail in part.row_cells(row):
        if not tail.text:
            continue
        index = _find(made, last, tail.col)
        if index is None:
            continue
        head = made.cells[index]
        made.cells[index] = replace(
            head,
            text=join_lines([head.text, tail.text]),
            confidence=min(head.confidence, tail.confidence),
            needs_review=head.needs_review or tail.needs_review,
            alternatives=(),
            continued=(*head.continued, Place(tail.page, tail.box)),
        )


def _grow_labels(made: Assembly, parts: Sequence[FragmentView], row: int) -> set[Cell]:
    """Give labels that reach the break their rows below it; returns the empty cells that they swallow.

    Labels are nested from left to right: where one is not cut, none to its right can be.
    """
    part = parts[-1]
    swallowed: set[Cell] = set()
    last = len(made.roles) - 1
    if last < made.n_header_rows:
        return swallowed
    for col in range(part.n_cols):
        blank, index = part.cell(row, col), _find(made, last, col)
        if blank in swallowed:
            continue
        if blank is None or index is None or blank.row != row:
            break
        if blank.text and part.labelled.column_roles[col][0] is HeaderRole.ROW_NUMBER:
            continue
        label = made.cells[index]
        if label.row < made.n_header_rows or not label_goes_on(label, blank, parts[-2:], nested=bool(swallowed)):
            break
        if part.roles[row] in TOTALS and label.row_span == 1:
            break
        made.cells[index] = replace(
            label,
            row_span=label.row_span + blank.row_span,
            continued=(*label.continued, Place(blank.page, blank.box)),
        )
        swallowed.add(blank)
    return swallowed


def _find(made: Assembly, row: int, col: int) -> int | None:
    """The index of the cell that covers the position; the newest cells stand last."""
    for index in range(len(made.cells) - 1, -1, -1):
        cell = made.cells[index]
        if row in cell.rows and col in cell.cols:
            return index
    return None


def fill_gaps(made: Assembly) -> None:
    """Add an empty cell wherever a part has no cell for a column that the table has.

    The new cell has no width and stands where the gap is: at the right end of the cell before it in the row, or
    at the left end of the row.
    """
    by_place = {(row, col): cell for cell in made.cells for row in cell.rows for col in cell.cols}
    for row in range(len(made.roles)):
        printed = [by_place[row, col] for col in range(made.n_cols) if (row, col) in by_place]
        if not printed:
            continue
        edge, near = printed[0].box.x0, printed[0]
        for col in range(made.n_cols):
            found = by_place.get((row, col))
            if found is not None:
                edge, near = found.box.x1, found
                continue
            box = replace(near.box, x0=edge, x1=edge)
            made.cells.append(Cell(row, col, 1, 1, "", near.page, box, role=near.role))
    made.cells.sort(key=lambda cell: (cell.row, cell.col))
