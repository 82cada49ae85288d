"""Truth as :class:`~lanci_eval.records.Extraction`: tables made of cells that are checked, and of annotations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lanci.annotation import NO_BOX, AnnotatedFragment, AnnotatedTable, table_to_fragments
from lanci.document import Box, Cell
from lanci.errors import LanciError
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction

MAX_POSITIONS = 1_000_000
"""Most rows times columns of a true table; a larger one is a slip or an attack."""


class TruthError(LanciError):
    """What is said to be true of a document contradicts itself."""

    category = "truth"


@dataclass(frozen=True, slots=True)
class GridLines:
    """Where the rules of a table's part on one page run, in points.

    ``xs`` are the ``n_cols + 1`` edges of the columns, ``ys`` the edges of the rows of the part, the header rows
    that the page prints again included.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    @property
    def box(self) -> Box:
        """The box around the whole part."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def span_box(self, rows: range, cols: range) -> Box:
        """The box of a cell over these rows (of the part) and columns."""
        return Box(self.xs[cols.start], self.ys[rows.start], self.xs[cols.stop], self.ys[rows.stop])


Layout = Mapping[tuple[str, int], GridLines]
"""The lines of every part of every table, by table id and page."""


def annotation_to_truth(tables: Iterable[AnnotatedTable], layout: Layout | None = None) -> Extraction:
    """The truth of annotated tables, in their order.

    Cells have the roles of their columns (header cells their own), types, units and pages are known. Boxes are
    those of the annotation where it has some. With ``layout`` the tables stand on other pages than those that were
    annotated: boxes are then those of the layout, unknown for parts that it does not hold.
    """
    return Extraction(tuple(_annotated_to_table(table, layout) for table in tables))


def _annotated_to_table(annotated: AnnotatedTable, layout: Layout | None) -> EvalTable:
    table = annotated.table
    repeated = _repeated_cells(annotated)
    parts = {part.page: part for part in annotated.fragments}
    cells = [_to_eval_cell(cell, _cell_box(cell, parts[cell.page], table.id, layout)) for cell in table.cells]
    fragments = []
    for part in annotated.fragments:
        again = tuple(_to_eval_cell(cell, _repeated_box(cell, part, table.id, layout)) for cell in repeated[part.page])
        box = _fragment_box(part, table.id, layout)
        fragments.append(EvalFragment(part.page, part.first_row, part.last_row, box, again))
    return EvalTable(
        id=table.id,
        n_rows=table.n_rows,
        n_cols=table.n_cols,
        cells=tuple(cells),
        fragments=tuple(fragments),
        n_header_rows=table.n_header_rows,
        type=table.type,
        title=table.title,
        unit=table.caption.unit,
    )


def _cell_box(cell: Cell, part: AnnotatedFragment, table: str, layout: Layout | None) -> Box | None:
    """Where the first part of a cell stands."""
    if layout is None:
        return _known(cell.box)
    lines = layout.get((table, part.page))
    if lines is None:
        return None
    first, last = max(cell.row, part.first_row), min(cell.row + cell.row_span - 1, part.last_row)
    shift = part.n_repeated_rows - part.first_row
    return lines.span_box(range(first + shift, last + 1 + shift), cell.cols)


def _repeated_box(cell: Cell, part: AnnotatedFragment, table: str, layout: Layout | None) -> Box | None:
    if layout is None:
        return _known(cell.box)
    lines = layout.get((table, part.page))
    return lines.span_box(cell.rows, cell.cols) if lines else None


def _fragment_box(part: AnnotatedFragment, table: str, layout: Layout | None) -> Box | None:
    if layout is None:
        return _known(part.box)
    lines = layout.get((table, part.page))
    return lines.box if lines else None


def _known(box: Box) -> Box | None:
    return None if box == NO_BOX else box


def _repeated_cells(annotated: AnnotatedTable) -> dict[int, tuple[Cell, ...]]:
    """The header cells printed again, by page, each with the role of the cell that it repeats."""
    found = {}
    for part, (fragment, truth) in zip(annotated.fragments, table_to_fragments(annotated), strict=True):
        header = [cell for cell in fragment.cells if cell.row < truth.n_header_rows]
        roles = {(c.row, c.col): role for c, role in zip(header, truth.header_roles, strict=True)}
        found[part.page] = tuple(replace(c, role=roles[c.row, c.col]) for c in part.repeated_header)
    return found


def _to_eval_cell(cell: Cell, box: Box | None) -> EvalCell:
    role = str(cell.role) if cell.role is not None else None
    return EvalCell(cell.row, cell.col, cell.row_span, cell.col_span, cell.text, cell.page, box, role)


def complete_cells(cells: Sequence[EvalCell], fragments: Sequence[EvalFragment], where: str) -> tuple[EvalCell, ...]:
    """The cells in row-major order with empty cells where there are none, so that the rectangle is covered.

    Truths of other projects leave out empty cells; a cell that fills a gap has no box and stands on the page
    of the first fragment that shows its row.

    Args:
        cells: in any order; rows and columns count from 0.
        fragments: of the table.
        where: names the table in messages.

    Raises:
        TruthError: cells overlap, a span is less than 1, a row belongs to no fragment, or the table is too large.
    """
    owner = _cover(cells, where)
    n_rows = 1 + max((row for row, _ in owner), default=-1)
    n_cols = 1 + max((col for _, col in owner), default=-1)
    _check_size(n_rows, n_cols, where)
    pages: dict[int, int] = {}
    for fragment in fragments:
        for row in range(fragment.first_row, fragment.last_row + 1):
            pages.setdefault(row, fragment.page)
    if any(row not in pages for row in range(n_rows)):
        raise TruthError(f"{where}: a row stands on no page; correct the rows of its parts")
    gaps = [
        EvalCell(row, col, 1, 1, "", pages[row])
        for row in range(n_rows)
        for col in range(n_cols)
        if (row, col) not in owner
    ]
    return tuple(sorted([*cells, *gaps], key=lambda cell: (cell.row, cell.col)))


def _cover(cells: Iterable[EvalCell], where: str) -> set[tuple[int, int]]:
    """All positions that the cells cover; raises TruthError where two cover the same."""
    covered: set[tuple[int, int]] = set()
    for cell in cells:
        place = f"{where}, cell ({cell.row}, {cell.col})"
        if cell.row < 0 or cell.col < 0 or cell.row_span < 1 or cell.col_span < 1:
            raise TruthError(f"{place}: ends before it begins, or begins before the table does")
        _check_size(cell.row + cell.row_span, cell.col + cell.col_span, where)
        own = {(row, col) for row in cell.rows for col in cell.cols}
        if not covered.isdisjoint(own):
            row, col = min(covered & own)
            raise TruthError(f"{place}: another cell covers row {row}, column {col} too")
        covered |= own
    return covered


def _check_size(n_rows: int, n_cols: int, where: str) -> None:
    if n_rows * n_cols > MAX_POSITIONS:
        raise TruthError(f"{where}: {n_rows} rows x {n_cols} columns are too many to be true")
