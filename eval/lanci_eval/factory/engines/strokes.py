"""Which rules and fills a family draws around a cell; the same for all engines."""

from __future__ import annotations

from dataclasses import dataclass

from lanci_eval.demo.blocks import GridCell
from lanci_eval.factory.records import Family, Rules
from lanci_eval.factory.sheet import PrintedTable

WIDTH = 0.75
"""Of rules, points: one pixel of a browser."""

_BLACK, _PALE, _WHITE = "#000000", "#b9b9b9", "#ffffff"
_FILLS = ("#dfe6f0", "#f3f5f9", "#e9edf4")  # header rows, then odd and even rows


@dataclass(frozen=True, slots=True)
class Stroke:
    """How an edge is drawn; ``strong`` edges may be drawn thicker where that moves nothing."""

    color: str
    dotted: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Edges:
    """The strokes of a cell's four edges, None where nothing is drawn, and the colour behind it ("" for none)."""

    top: Stroke | None
    right: Stroke | None
    bottom: Stroke | None
    left: Stroke | None
    fill: str = ""


def cell_edges(cell: GridCell, table: PrintedTable, family: Family) -> Edges:
    """What is drawn around and behind a cell of the table."""
    rules = family.rules
    fill = family.style.header_fill if cell.row < table.n_header_rows else ""
    if rules is Rules.FILLS:
        white = Stroke(_WHITE)
        fill = _FILLS[0] if cell.row < table.n_header_rows else _FILLS[1 + cell.row % 2]
        return Edges(white, white, white, white, fill)
    if rules is Rules.HORIZONTAL:
        thin = Stroke(_BLACK)
        return Edges(thin, None, thin, None, fill)
    if rules is Rules.THREE_LINE:
        strong = Stroke(_BLACK, strong=True)
        bottom = cell.row + cell.row_span
        below = strong if bottom == table.n_rows else Stroke(_BLACK) if bottom == table.n_header_rows else None
        return Edges(strong if cell.row == 0 else None, None, below, None, fill)
    if rules is Rules.NONE:
        return Edges(None, None, None, None, fill)
    stroke = Stroke(_PALE if rules is Rules.PALE else _BLACK, dotted=rules is Rules.DOTTED)
    return Edges(stroke, stroke, stroke, stroke, fill)
