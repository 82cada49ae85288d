"""Lay the parts of a table under each other: rows counted anew, copies dropped, cut rows and labels joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lanci.document import Cell, HeaderRole, Place, RowRole
from lanci.stitch.cuts import find_row_tail, first_rows
from lanci.stitch.decide import Chain, Link
from lanci.stitch.headers import find_repeated_header
from lanci.stitch.labels import Facing, Habits, find_cut_cells
from lanci.stitch.view import HEADER_ROLES, FragmentView
from lanci.text import join_lines, squash


@dataclass
class Assembly:
    """A table in the making; private to this stage. ``spans`` are the first and last row of each part."""

    n_cols: int
    habits: Habits
    cells: list[Cell] = field(default_factory=list)
    roles: list[RowRole] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    n_header_rows: int = 0


def lay_out(chain: Chain, parts: Sequence[FragmentView], n_cols: int) -> Assembly:
    """Put the parts, already on common columns, under each other."""
    made = Assembly(n_cols, Habits(parts))
    for index, (part, link) in enumerate(zip(parts, chain.links, strict=True)):
        if index == 0:
            inner = find_repeated_header(parts[:1], part).inner
            _append(made, part, [row for row in range(part.n_rows) if row not in inner])
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
    tail = find_row_tail(upper, part, rows[0]) if first_rows(part, dropped) else {}
    cut = bool(tail)
    joined = _join_cut_cells(made, (upper, part), rows[0], with_tail=cut) if rows else set()
    if cut:
        _join_tail(made, part, rows.pop(0), tail, skip=joined)
    if not rows:
        _close_part(made, len(made.roles) - 1)
        return
    first = _append(made, part, rows, skip=joined, keep_header=header_open)
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


def _join_tail(made: Assembly, part: FragmentView, row: int, heads: Mapping[int, int], *, skip: set[Cell]) -> None:
    """Join the lower halves of a cut row's cells, most of them blank, to those of the row above.

    ``heads`` are by the columns of the texts below the break those of the texts above it.
    """
    last = len(made.roles) - 1
    for tail in part.row_cells(row):
        if tail in skip:
            continue
        index = _find(made, last, heads.get(tail.col, tail.col))
        if index is None:
            made.cells.append(replace(tail, row=last))
            continue
        head = made.cells[index]
        made.cells[index] = _join(head, tail, row_span=head.row_span)


def _join_cut_cells(
    made: Assembly, parts: tuple[FragmentView, FragmentView], row: int, *, with_tail: bool
) -> set[Cell]:
    """Give cells that the break cuts their rows and texts below it; returns the cells that they swallow.

    ``row`` is the first row of the lower part. ``with_tail`` tells that it is the rest of the table's last row: only
    cells of more rows are joined then.
    """
    last = len(made.roles) - 1
    if last < made.n_header_rows:
        return set()
    places: dict[int, int] = {}
    facing: list[Facing] = []
    swallowed: set[Cell] = set()
    for col in range(made.n_cols):
        if col in places:
            continue
        lower, index = parts[1].cell(row, col), _find(made, last, col)
        if lower is None or index is None:
            break
        upper = made.cells[index]
        if with_tail and (lower.row, lower.row_span) == (row, 1):
            continue
        if (upper.col, upper.col_span) != (lower.col, lower.col_span):
            break
        if lower.row == row:
            facing.append(Facing(upper, lower))
        elif _is_same_label(upper, lower):
            n_rows = lower.rows.stop - row
            made.cells[index] = _join(upper, replace(lower, text=""), row_span=upper.row_span + n_rows - with_tail)
            swallowed.add(lower)
        else:
            break
        places |= dict.fromkeys(upper.cols, index)
    cut = find_cut_cells(facing, made.habits, parts)
    for one in cut:
        index = places[one.col]
        made.cells[index] = _join(one.upper, one.lower, row_span=one.upper.row_span + one.lower.row_span - with_tail)
        if made.cells[index].text:
            made.habits.add_cell(made.cells[index])
    return swallowed | {one.lower for one in cut}


def _is_same_label(upper: Cell, lower: Cell) -> bool:
    """Whether a label that begins beside a copied header row is the one beside the header, printed again."""
    return min(upper.row_span, lower.row_span) > 1 and squash(upper.text) == squash(lower.text) != ""


def _join(upper: Cell, lower: Cell, *, row_span: int) -> Cell:
    """One cell of the two parts of it that a page break left; it stands on the page of the upper one."""
    read = lower if lower.text and not upper.text else upper
    torn = bool(upper.text and lower.text)
    return replace(
        upper,
        row_span=row_span,
        text=join_lines([upper.text, lower.text]) if torn else read.text,
        source=read.source,
        confidence=min(upper.confidence, lower.confidence),
        needs_review=upper.needs_review or lower.needs_review,
        alternatives=() if torn else read.alternatives,
        continued=(*upper.continued, Place(lower.page, lower.box)),
    )


def _find(made: Assembly, row: int, col: int) -> int | None:
    """The index of the cell that covers the position; the newest cells stand last."""
    for index in range(len(made.cells) - 1, -1, -1):
        cell = made.cells[index]
        if row in cell.rows and col in cell.cols:
            return index
    return None


def fill_gaps(made: Assembly, roles: Sequence[HeaderRole]) -> None:
    """Add an empty cell wherever a part has no cell for a column that the table has.

    The new cell has no width and stands where the gap is: at the right end of the cell before it in the row, or
    at the left end of the row. ``roles`` are those of the columns.
    """
    by_place = {(row, col): cell for cell in made.cells for row in cell.rows for col in cell.cols}
    if len(by_place) == len(made.roles) * made.n_cols:
        return
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
            made.cells.append(Cell(row, col, 1, 1, "", near.page, box, role=roles[col]))
    made.cells.sort(key=lambda cell: (cell.row, cell.col))
