"""Small tables written down as lists of texts, and every figure of the metrics of content for two extractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from lanci.document import Box
from lanci_eval.matching import compare
from lanci_eval.metrics.amounts import Amounts
from lanci_eval.metrics.base import Case, Figures, Metric
from lanci_eval.metrics.cells import Cells, Characters
from lanci_eval.metrics.confidence import Confidence
from lanci_eval.metrics.labels import Labels
from lanci_eval.metrics.stitching import Stitching
from lanci_eval.records import EvalCell, EvalFragment, EvalTable, Extraction

Rows = Sequence[Sequence[str]]

METRICS: tuple[type[Metric], ...] = (Cells, Characters, Amounts, Stitching, Labels, Confidence)
LEFT, UP = "<", "^"
"""A place that belongs to the cell on its left, or above it."""


def make_cells(rows: Rows, page: int = 1, roles: Sequence[str | None] = ()) -> tuple[EvalCell, ...]:
    """The cells of rows of texts; roles by column."""
    cells = []
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            if text in (LEFT, UP):
                continue
            width = next((n for n in range(1, len(texts) - col) if texts[col + n] != LEFT), len(texts) - col)
            height = next((n for n in range(1, len(rows) - row) if rows[row + n][col] != UP), len(rows) - row)
            cells.append(EvalCell(row, col, height, width, text, page, role=roles[col] if roles else None))
    return tuple(cells)


def make_table(
    rows: Rows,
    name: str = "t001",
    pages: Sequence[tuple[int, int, int]] | None = None,
    *,
    header: int | None = None,
    roles: Sequence[str | None] = (),
    repeated: Rows = (),
    **fields: str | None,
) -> EvalTable:
    """A table of rows of texts.

    Args:
        rows: texts, with LEFT and UP for the further places of spanning cells.
        name: its id.
        pages: (page, first row, last row); page 1 shows all when left out.
        header: number of header rows.
        roles: of the columns; header cells take that of the column they begin in.
        repeated: header rows that every page but the first prints again.
        fields: ``type``, ``title``, ``unit``.
    """
    pages = pages or ((1, 0, len(rows) - 1),)
    fragments = tuple(
        EvalFragment(page, first, last, None, make_cells(repeated, page, roles) if number else ())
        for number, (page, first, last) in enumerate(pages)
    )
    cells = tuple(
        replace(cell, page=next(page for page, first, last in pages if first <= cell.row <= last))
        for cell in make_cells(rows, roles=roles)
    )
    return EvalTable(name, len(rows), len(rows[0]), cells, fragments, header, **fields)  # type: ignore[arg-type]


def change_cells(table: EvalTable, change: Callable[[EvalCell], EvalCell]) -> EvalTable:
    return replace(table, cells=tuple(change(cell) for cell in table.cells))


def set_text(table: EvalTable, row: int, col: int, text: str, **fields: object) -> EvalTable:
    """The table with another text (and other fields) in the cell that begins at a place, which must exist."""
    assert any((cell.row, cell.col) == (row, col) for cell in table.cells)

    def change(cell: EvalCell) -> EvalCell:
        return replace(cell, text=text, **fields) if (cell.row, cell.col) == (row, col) else cell  # type: ignore[arg-type]

    return change_cells(table, change)


def with_boxes(table: EvalTable, left: float, top: float) -> EvalTable:
    """The table with every fragment at one place of its page, 50 x 10 points a cell."""
    box = Box(left, top, left + 50.0 * table.n_cols, top + 10.0 * table.n_rows)
    return replace(table, fragments=tuple(replace(fragment, box=box) for fragment in table.fragments))


def figures_of(metric: type[Metric], *cases: Case) -> Figures:
    """The figures of one metric through its running form."""
    running = metric()
    for case in cases:
        running.update(case)
    return running.summary()


def all_figures(truth: Iterable[EvalTable], found: Iterable[EvalTable]) -> Figures:
    """The figures of all metrics of content."""
    case = case_of(truth, found)
    return {name: value for metric in METRICS for name, value in figures_of(metric, case).items()}


def case_of(truth: Iterable[EvalTable], found: Iterable[EvalTable]) -> Case:
    claims = Extraction(tuple(found))
    return Case(claims, compare(Extraction(tuple(truth)), claims))
