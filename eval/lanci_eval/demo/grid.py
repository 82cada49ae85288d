"""Sizes and rules of a grid: pure functions from cells to widths, heights and lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from lanci_eval.demo.blocks import GridBlock, GridCell, PlacedRule
from lanci_eval.demo.typeset import LINE_PITCH, measure, widest_atom, wrap

PAD_X = 0.5
"""Space between a rule and the text beside it, in ems: the 0.19 cm of word processors at their usual size."""

PAD_Y = 0.25
"""Space above and below the text of a cell, in ems."""

_NARROWEST_HEADER = 4.1
_NARROWEST_BODY = 5.0
_LONG_TEXT = 12.0


def cell_to_lines(cell: GridCell, width: float) -> tuple[str, ...]:
    """The lines of a cell of ``width`` ems."""
    return wrap(cell.text, width - 2 * PAD_X - cell.indent)


def _cell_to_range(cell: GridCell) -> tuple[float, float]:
    """Narrowest and preferred width of a cell in ems, padding included."""
    full, atom = measure(cell.text), widest_atom(cell.text)
    frame = 2 * PAD_X + cell.indent
    if cell.header:
        # Headers wrap to about two lines, as they do in the originals.
        return frame + max(atom, min(full, _NARROWEST_HEADER)), frame + max(atom, full / 2, min(full, 4.5))
    # A long text claims less and less, or one column of prose would starve all others.
    wanted = full if full <= _LONG_TEXT else _LONG_TEXT + min((full - _LONG_TEXT) * 0.2, _LONG_TEXT)
    return frame + max(atom, min(full, _NARROWEST_BODY)), frame + max(atom, wanted)


def block_to_ranges(block: GridBlock) -> tuple[list[float], list[float]]:
    """Narrowest and preferred width of every column in ems."""
    narrow, wanted = [1.5] * block.n_cols, [1.5] * block.n_cols
    for cell in sorted(block.measure, key=lambda cell: cell.col_span):
        low, high = _cell_to_range(cell)
        columns = range(cell.col, cell.col + cell.col_span)
        if cell.col_span > 1:
            high = low  # a spanning text wraps into what the columns under it need anyway
        for widths, least in ((narrow, low), (wanted, high)):
            missing = least - sum(widths[col] for col in columns)
            if missing > 0:
                for col in columns:
                    widths[col] += missing / cell.col_span
    return narrow, [max(pair) for pair in zip(narrow, wanted, strict=True)]


def ranges_to_widths(narrow: Sequence[float], wanted: Sequence[float], total: float) -> list[float]:
    """Column widths that add up to ``total``, in the units of the arguments.

    Like the automatic layout of HTML tables: every column gets its narrowest width and a share of the rest
    by what it would like. Where even the narrowest do not fit, all shrink alike.
    """
    least, most = sum(narrow), sum(wanted)
    if total >= most:
        return [width * total / most for width in wanted]
    if total <= least:
        return [width * total / least for width in narrow]
    share = (total - least) / (most - least)
    return [low + (high - low) * share for low, high in zip(narrow, wanted, strict=True)]


def block_to_heights(block: GridBlock, widths: Sequence[float], lowest: float) -> list[float]:
    """Row heights in ems for columns of ``widths`` ems; no row is under ``lowest``."""
    heights = [lowest] * block.n_rows
    for cell in sorted(block.cells, key=lambda cell: cell.row_span):
        lines = cell_to_lines(cell, sum(widths[cell.col : cell.col + cell.col_span]))
        rows = range(cell.row, cell.row + cell.row_span)
        missing = len(lines) * LINE_PITCH + 2 * PAD_Y - sum(heights[row] for row in rows)
        if missing > 0:
            for row in rows:
                heights[row] += missing / cell.row_span
    return heights


def sizes_to_edges(start: float, sizes: Sequence[float]) -> list[float]:
    """Positions of the ``len(sizes) + 1`` edges."""
    return list(accumulate(sizes, initial=start))


def cells_to_rules(cells: Sequence[GridCell], xs: Sequence[float], ys: Sequence[float]) -> list[PlacedRule]:
    """The rules around all cells, each as long as it runs straight; none inside a merged cell."""
    across: set[tuple[int, int]] = set()  # (edge, column): a piece of a horizontal rule
    down: set[tuple[int, int]] = set()  # (edge, row): a piece of a vertical rule
    for cell in cells:
        bottom, right = cell.row + cell.row_span, cell.col + cell.col_span
        across.update((edge, col) for edge in (cell.row, bottom) for col in range(cell.col, right))
        down.update((edge, row) for edge in (cell.col, right) for row in range(cell.row, bottom))
    rules = [PlacedRule(xs[a], ys[edge], xs[b], ys[edge]) for edge, a, b in _pieces_to_runs(across)]
    return rules + [PlacedRule(xs[edge], ys[a], xs[edge], ys[b]) for edge, a, b in _pieces_to_runs(down)]


def _pieces_to_runs(pieces: set[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Join neighbouring pieces of the same edge into ``(edge, first, after_last)``."""
    runs: list[tuple[int, int, int]] = []
    for edge, at in sorted(pieces):
        if runs and runs[-1][0] == edge and runs[-1][2] == at:
            runs[-1] = (edge, runs[-1][1], at + 1)
        else:
            runs.append((edge, at, at + 1))
    return runs
