"""Bring all parts of a table onto the same columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.document import Cell, HeaderRole, boxes_to_hull
from lanci.numbers import looks_numeric
from lanci.stitch.columns import ColumnFit, fit_columns
from lanci.stitch.view import FragmentView
from lanci.text import join_lines

ColumnRoles = tuple[tuple[HeaderRole, float], ...]


def to_common_columns(parts: Sequence[FragmentView]) -> tuple[FragmentView, ...]:
    """The parts, each rewritten to the columns of the part that shows the table's columns best.

    That is the first part, unless a later one has more columns that hold texts side by side. A column that is
    blank wherever it is printed and that some part lacks (an empty strip beside the table) is dropped.
    """
    base = parts[0]
    for part in parts[1:]:
        if part.n_cols > base.n_cols and not _folds_into(base, part):
            base = part
    moved = [part if part is base else _move(part, base) for part in parts]
    has_all = [part.n_cols == base.n_cols for part in parts]
    return tuple(moved) if all(has_all) else _without_blank_columns(moved, has_all)


def _folds_into(base: FragmentView, part: FragmentView) -> bool:
    """Whether no row of the finer part has two texts within one column of ``base``."""
    fit = fit_columns(base, part)
    for row in range(part.n_rows):
        end = 0
        for cell in part.row_cells(row):
            if cell.text:
                if fit.starts[cell.col] < end:
                    return False
                end = fit.stops[cell.col + cell.col_span - 1]
    return True


def _move(part: FragmentView, base: FragmentView) -> FragmentView:
    fit = fit_columns(base, part)
    if part.n_cols == base.n_cols:
        return part if fit.sure else _in_doubt(part)
    moved = _rewrite(part, [_moved(cell, fit) for cell in part.labelled.fragment.cells], base.n_cols, fit)
    return moved if fit.sure else _in_doubt(moved)


def _in_doubt(part: FragmentView) -> FragmentView:
    """The part with its numbers to be looked at: they may stand under the name of another column."""
    fragment = part.labelled.fragment
    cells = tuple(
        replace(cell, needs_review=True) if cell.row in part.body and looks_numeric(cell.text) else cell
        for cell in fragment.cells
    )
    return FragmentView(replace(part.labelled, fragment=replace(fragment, cells=cells)), is_misfit=True)


def _moved(cell: Cell, fit: ColumnFit) -> Cell:
    start, stop = fit.starts[cell.col], fit.stops[cell.col + cell.col_span - 1]
    return replace(cell, col=start, col_span=stop - start)


def _rewrite(part: FragmentView, cells: Sequence[Cell], n_cols: int, fit: ColumnFit) -> FragmentView:
    labelled = part.labelled
    roles: list[tuple[HeaderRole, float]] = [(HeaderRole.TEXT, 0.0)] * n_cols
    for col, role in enumerate(labelled.column_roles):
        for target in range(fit.starts[col], fit.stops[col]):
            roles[target] = max(roles[target], role, key=lambda pair: pair[1])
    return _with_columns(part, _merge(cells), n_cols, tuple(roles))


def _with_columns(part: FragmentView, cells: tuple[Cell, ...], n_cols: int, column_roles: ColumnRoles) -> FragmentView:
    fragment = replace(part.labelled.fragment, n_cols=n_cols, cells=cells, col_edges=())
    return FragmentView(replace(part.labelled, fragment=fragment, column_roles=column_roles), is_misfit=part.is_misfit)


def _merge(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Cells without overlaps: what fell together becomes one cell, blanks give way to texts."""
    kept: list[Cell] = []
    covered: dict[tuple[int, int], int] = {}
    for cell in sorted(cells, key=lambda c: (not c.text, c.row, c.col)):
        places = [(row, col) for row in cell.rows for col in cell.cols]
        hit = sorted({covered[place] for place in places if place in covered})
        if not hit:
            covered.update(dict.fromkeys(places, len(kept)))
            kept.append(cell)
        else:
            kept[hit[0]] = _together(kept[hit[0]], cell)
    return tuple(sorted(kept, key=lambda c: (c.row, c.col)))


def _together(one: Cell, two: Cell) -> Cell:
    if not two.text:
        same_place = (one.row, one.row_span, one.col) == (two.row, two.row_span, two.col)
        return replace(one, box=boxes_to_hull([one.box, two.box])) if same_place else one
    return replace(one, text=join_lines([one.text, two.text]), box=boxes_to_hull([one.box, two.box]), needs_review=True)


def _without_blank_columns(parts: Sequence[FragmentView], has_all: Sequence[bool]) -> tuple[FragmentView, ...]:
    """Drop columns that are blank in every part and missing in at least one.

    ``has_all`` tells which parts print all columns, so that a text over several of them is printed so. Of the other
    parts a text may only lie over a column because theirs are wider.
    """
    n_cols = parts[0].n_cols
    blank = {
        col
        for col in range(n_cols)
        if any(part.cell(row, col) is None for part in parts for row in range(part.n_rows))
        and all(
            _is_blank(part.cell(row, col), own=own)
            for part, own in zip(parts, has_all, strict=True)
            for row in range(part.n_rows)
        )
    }
    if not blank:
        return tuple(parts)
    kept = [col for col in range(n_cols) if col not in blank]
    place = {col: index for index, col in enumerate(kept)}
    narrowed = []
    for part in parts:
        cells = tuple(
            replace(cell, col=place[cols[0]], col_span=len(cols))
            for cell in part.labelled.fragment.cells
            if (cols := [col for col in cell.cols if col in place])
        )
        roles = tuple(part.labelled.column_roles[col] for col in kept)
        narrowed.append(_with_columns(part, cells, len(kept), roles))
    return tuple(narrowed)


def _is_blank(cell: Cell | None, *, own: bool) -> bool:
    """Whether nothing is printed there; a text over several columns counts where they are the part's ``own``."""
    return cell is None or not cell.text or (cell.col_span > 1 and not own)
