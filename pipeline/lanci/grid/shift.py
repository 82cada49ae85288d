"""Grids moved from one frame into another that differs by its origin only."""

from __future__ import annotations

from dataclasses import replace

from lanci.document import Box, Grid, Rule


def shift_grid(grid: Grid, dx: float, dy: float) -> Grid:
    """The grid ``dx`` points further right and ``dy`` further down."""
    region = grid.region
    return replace(
        grid,
        region=replace(
            region, box=_shift_box(region.box, dx, dy), rules=tuple(_shift_rule(r, dx, dy) for r in region.rules)
        ),
        cells=tuple(replace(cell, box=_shift_box(cell.box, dx, dy)) for cell in grid.cells),
        row_edges=tuple(y + dy for y in grid.row_edges),
        col_edges=tuple(x + dx for x in grid.col_edges),
    )


def _shift_box(box: Box, dx: float, dy: float) -> Box:
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def _shift_rule(rule: Rule, dx: float, dy: float) -> Rule:
    across, along = (dy, dx) if rule.horizontal else (dx, dy)
    return replace(rule, position=rule.position + across, start=rule.start + along, end=rule.end + along)
