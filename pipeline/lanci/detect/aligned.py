"""Tables from aligned text: few rules or none.

A zone is a stretch of the page, bounded by rules or by where text stops standing in columns. Its columns, rows and
spans come from the text and from what rules there are; they are given back as the rules that would draw them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lanci.detect.columns import (
    Column,
    columns_of,
    columns_to_edges,
    find_columns,
    join_apart,
    split_at_edges,
)
from lanci.detect.heads import Head, build_head, head_blocks, match_columns
from lanci.detect.pieces import Line
from lanci.detect.rows import Placed, find_rows, wrap_pitch
from lanci.detect.zones import Zone, find_zones
from lanci.document import Box, Rule, TableRegion

_SAME_EDGE = 3.0  # points; rules this close draw one edge
_PAD = 0.35  # ems that a cell is larger than its text where no rule bounds it
_USUALLY = 0.6  # of the rows in which a label column has a text, for one without to be part of a wider cell
_CENTRED = 0.8  # ems that a text in the middle of several columns may be off


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region that may be a table; ``bounded`` ones lie between horizontal rules."""

    region: TableRegion
    bounded: bool


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
    columns = find_columns(body_lines)
    inner = [(r.position, r.start, r.end) for r in zone.rules if zone.top + 2 < r.position < zone.head_end - 2]
    blocks = head_blocks(head_lines, em, inner)
    columns = join_apart(columns, blocks, em)
    columns, leaves = match_columns(columns, blocks, em)
    if len(columns) < 2:
        return None
    edges = columns_to_edges(columns, zone.x0, zone.x1, em)
    head = build_head(blocks, leaves, edges, zone.head_end, inner, em) if head_lines else Head((), ())
    placed = _place(body_lines, edges, columns)
    rows, spans = _body_rows(zone, placed, columns, edges, em)
    if not any(line.middle > zone.head_end for line in zone.lines) and not head.edges:
        return None  # a line of texts is no header
    n_head = len(head.edges) + 1 if head_lines else 0
    row_edges = [zone.top, *head.edges, *([zone.head_end] if head_lines else []), *rows]
    all_spans = list(head.spans)
    all_spans += [(r0 + n_head, r1 + n_head, c0, c1) for r0, r1, c0, c1 in spans]
    return Layout(tuple(row_edges), tuple(edges), tuple(all_spans))


def _place(lines: Sequence[Line], edges: Sequence[float], columns: Sequence[Column]) -> list[Placed]:
    placed: list[Placed] = []
    for line in lines:
        for piece in line.pieces:
            for part in split_at_edges(piece, edges):
                placed.append(Placed(part, *columns_of(part, edges, columns)))
    return placed


def _body_rows(
    zone: Zone, placed: Sequence[Placed], columns: Sequence[Column], zone_edges: Sequence[float], em: float
) -> tuple[list[float], list[tuple[int, int, int, int]]]:
    """Row edges below the header (its own edge left out, the bottom included), and the spans of the body."""
    wrap = wrap_pitch(placed, em)
    labels = [k for k in range(first_amount_column(columns)) if not columns[k].is_numeric]
    start = max(zone.head_end, zone.top)
    if not placed:
        return [], []
    drawn = _drawn_edges([r for r in zone.rules if start + 2 < r.position < zone.bottom - 2])
    bounds = [start, *(y for y, _ in drawn), zone.bottom]
    if len(drawn) >= 3:
        wrap = max(wrap, 1e9)  # every row is ruled
    edges: list[float] = []
    spans: list[tuple[int, int, int, int]] = []
    drawn_rows: list[tuple[int, tuple[Rule, ...]]] = []
    n_rows = 0
    for index, (low, high) in enumerate(pairwise(bounds)):
        inside = [p for p in placed if low < p.piece.middle <= high]
        body = find_rows(inside, wrap, em, labels)
        if index:
            edges.append(low)
            drawn_rows.append((n_rows, drawn[index - 1][1]))
        edges.extend((a[1] + b[0]) / 2 for a, b in pairwise(body.rows))
        spans.extend((n_rows + r0, n_rows + r1, c, c + 1) for r0, r1, c in body.spans)
        spans.extend(_wide_cells(inside, body.rows, n_rows, len(columns)))
        spans.extend(_centred_labels(inside, body.rows, n_rows, columns, zone_edges, em))
        n_rows += max(1, len(body.rows))
    edges.append(zone.bottom)
    spans.extend(_undrawn(drawn_rows, columns, n_rows))
    return edges, spans


def _drawn_edges(rules: Sequence[Rule]) -> list[tuple[float, tuple[Rule, ...]]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.position):
        if groups and rule.position - groups[-1][0].position <= _SAME_EDGE:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [(sum(r.position for r in g) / len(g), tuple(g)) for g in groups]


def _wide_cells(
    placed: Sequence[Placed], rows: Sequence[tuple[float, float]], first: int, n_cols: int
) -> list[tuple[int, int, int, int]]:
    """Cells whose text stands in several columns; a text alone in its row that does so spans all of it."""
    spans: list[tuple[int, int, int, int]] = []
    for index, (y0, y1) in enumerate(rows):
        inside = [p for p in placed if y0 <= p.piece.middle <= y1]
        wide = [p for p in inside if p.col_end - p.col > 1]
        if wide and len({(p.col, p.col_end) for p in inside}) == 1:
            spans.append((first + index, first + index + 1, 0, n_cols))
            continue
        spans.extend((first + index, first + index + 1, p.col, p.col_end) for p in wide)
    return spans


def _centred_labels(
    placed: Sequence[Placed],
    rows: Sequence[tuple[float, float]],
    first: int,
    columns: Sequence[Column],
    edges: Sequence[float],
    em: float,
) -> list[tuple[int, int, int, int]]:
    """Labels such as 合计 in the middle of several label columns, which are empty otherwise in that row."""
    n_labels = first_amount_column(columns)
    filled = [len({round(p.piece.middle) for p in placed if p.col == c}) for c in range(n_labels)]
    usual = [n >= _USUALLY * len(rows) and n > 1 for n in filled]
    spans: list[tuple[int, int, int, int]] = []
    for index, (y0, y1) in enumerate(rows):
        inside = [p for p in placed if y0 <= p.piece.middle <= y1]
        labels = [p for p in inside if p.col < n_labels]
        if len(labels) != 1 or labels[0].piece.numeric or labels[0].col_end - labels[0].col > 1:
            continue
        label = labels[0]
        span = _label_extent(label, columns, edges, n_labels, em)
        if span[1] - span[0] == 1 and usual[label.col + 1 :] and all(usual[label.col + 1 :]):
            span = (label.col, n_labels)
        if span[1] - span[0] > 1:
            spans.append((first + index, first + index + 1, *span))
    return spans


def _label_extent(
    label: Placed, columns: Sequence[Column], edges: Sequence[float], n_labels: int, em: float
) -> tuple[int, int]:
    """The label columns over which a label alone in its row stands."""
    if abs(label.piece.x0 - columns[label.col].x0) >= 0.5 * em:
        over = [(c0, c1) for c0 in range(label.col + 1) for c1 in range(label.col + 1, n_labels + 1)]
        off, c0, c1 = min((abs((edges[c0] + edges[c1]) / 2 - label.piece.center), c0, c1) for c0, c1 in over)
        return (c0, c1) if off < _CENTRED * em else (label.col, label.col + 1)
    # A text in a column of codes is none of them: it stands over the names beside them too.
    return (label.col, n_labels) if columns[label.col].is_numeric else (label.col, label.col + 1)


def first_amount_column(columns: Sequence[Column]) -> int:
    """The index of the first column of numbers behind one of texts: serial numbers and codes stand before it."""
    texts = [k for k, column in enumerate(columns) if not column.is_numeric]
    return next((k for k, c in enumerate(columns) if texts and k > texts[0] and c.is_numeric), len(columns))


def _undrawn(
    drawn: Sequence[tuple[int, tuple[Rule, ...]]], columns: Sequence[Column], n_rows: int
) -> list[tuple[int, int, int, int]]:
    """Vertical spans where an edge between two rows is drawn for some columns only."""
    spans: list[tuple[int, int, int, int]] = []
    for col, column in enumerate(columns):
        first = 0
        for row, rules in drawn:
            if any(r.start <= column.center <= r.end for r in rules):
                if first < row - 1 and _all_drawn(drawn, first, row):
                    spans.append((first, row, col, col + 1))
                first = row
        if first < n_rows - 1 and _all_drawn(drawn, first, n_rows):
            spans.append((first, n_rows, col, col + 1))
    return spans


def _all_drawn(drawn: Sequence[tuple[int, tuple[Rule, ...]]], first: int, last: int) -> bool:
    """Whether every edge inside these rows is drawn (for other columns)."""
    rows = {row for row, _ in drawn}
    return all(row in rows for row in range(first + 1, last))


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
    return TableRegion(page, Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(rules), "aligned")


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


def find_aligned(page: int, lines: Sequence[Line], rules: Sequence[Rule]) -> list[Candidate]:
    """Candidate tables from the lines and rules of a page that belong to no other table."""
    if not any(len(line.pieces) > 1 for line in lines):
        return []
    found: list[Candidate] = []
    for zone in find_zones(lines, rules):
        layout = zone_to_layout(zone)
        if layout is not None:
            found.append(Candidate(layout_to_region(layout, page), bounded=bool(zone.rules)))
    return found
