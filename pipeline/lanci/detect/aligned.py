"""Tables from aligned text: few rules or none.

A zone is a stretch of the page, bounded by rules or by where text stops standing in columns. Its columns, rows and
spans come from the text and from what rules there are; they are given back as the rules that would draw them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.detect.body import body_levels, body_rows
from lanci.detect.columns import (
    Column,
    columns_of,
    columns_to_edges,
    find_columns,
    join_apart,
    split_at_edges,
)
from lanci.detect.heads import Head, build_head, head_blocks, headed_columns, match_columns
from lanci.detect.pieces import Line
from lanci.detect.rows import Placed
from lanci.detect.ruled import column_marks, is_row_ruled
from lanci.detect.zones import Zone
from lanci.document import Box, Rule, TableRegion

_PARTIAL = 0.9  # of the width of a table that a rule under a spanning header text takes at most

ALIGNED = "aligned"
"""The detector of the regions found here."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid: ascending edges, and cells that span, as ``(row, row behind, column, column behind)``."""

    row_edges: tuple[float, ...]
    col_edges: tuple[float, ...]
    spans: tuple[tuple[int, int, int, int], ...]


def zone_to_layout(zone: Zone) -> Layout | None:
    """The grid that explains the text of a zone, None when there are no columns."""
    em = zone.em
    body_lines = [line for line in zone.lines if line.middle > zone.head_end]
    head_lines = [line for line in zone.lines if line.middle <= zone.head_end]
    levels = body_levels(zone)
    marks = column_marks(zone.rules, zone.x0, zone.x1)
    columns = find_columns(body_lines, [lv.y for lv in levels] if is_row_ruled(body_lines, levels) else (), marks)
    inner = [(r.position, r.start, r.end) for r in zone.rules if zone.top + 2 < r.position < zone.head_end - 2]
    blocks = head_blocks(head_lines, em, inner)
    partial = [run for run in inner if run[2] - run[1] < _PARTIAL * (zone.x1 - zone.x0)]
    columns = join_apart(columns, blocks, em, marks, headed_columns(columns, blocks, em, partial))
    columns, leaves = match_columns(columns, blocks, em, partial)
    if len(columns) < 2:
        return None
    edges = columns_to_edges(columns, zone.x0, zone.x1, em, marks)
    head = build_head(blocks, leaves, edges, zone.head_end, inner, em) if head_lines else Head((), ())
    placed = place(body_lines, edges, columns)
    rows, spans = body_rows(zone, placed, columns, edges, em)
    if not body_lines and all(c1 - c0 == 1 for _, _, c0, c1 in head.spans):
        return None  # texts beside and below each other are no header, unless one of them spans others
    n_head = len(head.edges) + 1 if head_lines else 0
    row_edges = [zone.top, *head.edges, *([zone.head_end] if head_lines else []), *rows]
    all_spans = list(head.spans)
    all_spans += [(r0 + n_head, r1 + n_head, c0, c1) for r0, r1, c0, c1 in spans]
    return Layout(tuple(row_edges), tuple(edges), tuple(all_spans))


def place(lines: Sequence[Line], edges: Sequence[float], columns: Sequence[Column]) -> list[Placed]:
    """The pieces of the lines with their columns, cut at edges that run between two words."""
    placed: list[Placed] = []
    for line in lines:
        for piece in line.pieces:
            for part in split_at_edges(piece, edges):
                placed.append(Placed(part, *columns_of(part, edges, columns)))
    return placed


def layout_to_region(layout: Layout, page: int) -> TableRegion:
    """The region with one rule along every side of a cell."""
    n_rows, n_cols = len(layout.row_edges) - 1, len(layout.col_edges) - 1
    owner = [[r * n_cols + c for c in range(n_cols)] for r in range(n_rows)]
    for r0, r1, c0, c1 in layout.spans:
        if r1 - r0 == 1 and c1 - c0 == 1:
            continue
        for r in range(r0, r1):
            for c in range(c0, c1):
                owner[r][c] = r0 * n_cols + c0
    xs, ys = layout.col_edges, layout.row_edges
    rules: list[Rule] = []
    for r in range(n_rows + 1):
        apart = [r in (0, n_rows) or owner[r - 1][c] != owner[r][c] for c in range(n_cols)]
        rules.extend(Rule(True, ys[r], xs[c0], xs[c1]) for c0, c1 in _runs(apart))
    for c in range(n_cols + 1):
        apart = [c in (0, n_cols) or owner[r][c - 1] != owner[r][c] for r in range(n_rows)]
        rules.extend(Rule(False, xs[c], ys[r0], ys[r1]) for r0, r1 in _runs(apart))
    return TableRegion(page, Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(rules), ALIGNED)


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index, flag in enumerate(flags):
        if not flag:
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs
