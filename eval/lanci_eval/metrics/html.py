"""A page grid as an HTML table, the form that other implementations of the table metrics read."""

from __future__ import annotations

from html import escape

from lanci_eval.matching import PageGrid
from lanci_eval.metrics.grid_views import printed
from lanci_eval.records import EvalCell


def grid_to_html(grid: PageGrid) -> str:
    """A document with one table of ``tr`` and ``td`` only; every row of the grid is there, empty ones too."""
    rows: list[list[str]] = [[] for _ in range(grid.n_rows)]
    for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.col)):
        rows[cell.row].append(f"<td{_spans(cell)}>{escape(printed(cell.text))}</td>")
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f"<html><body><table>{body}</table></body></html>"


def _spans(cell: EvalCell) -> str:
    spans = (("colspan", cell.col_span), ("rowspan", cell.row_span))
    return "".join(f' {name}="{span}"' for name, span in spans if span > 1)
