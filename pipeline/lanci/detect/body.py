"""The rows of a table's body, and its cells that span rows or columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from lanci.detect.columns import Column
from lanci.detect.rows import Body, Placed, find_rows, wrap_pitch
from lanci.detect.ruled import Level, is_row_ruled, is_stacked, open_spans, rules_to_levels
from lanci.detect.zones import Zone

Span = tuple[int, int, int, int]
"""``(row, row behind, column, column behind)``."""

_INSIDE = 2.0  # points from the top or bottom of the body to an edge between its rows at least
_USUALLY = 0.6  # of the rows in which a label column has a text, for one without to be part of a wider cell
_CENTRED = 0.8  # ems that a text in the middle of several columns may be off


def body_levels(zone: Zone) -> list[Level]:
    """The rules between the rows of the body."""
    start = max(zone.head_end, zone.top)
    return rules_to_levels(r for r in zone.rules if start + _INSIDE < r.position < zone.bottom - _INSIDE)


def body_rows(
    zone: Zone, placed: Sequence[Placed], columns: Sequence[Column], col_edges: Sequence[float], em: float
) -> tuple[list[float], list[Span]]:
    """Row edges below the header (its own edge left out, the bottom included), and the spans of the body."""
    if not placed:
        return [], []
    wrap = wrap_pitch(placed, em)
    labels = [k for k in range(first_amount_column(columns)) if not columns[k].is_numeric]
    levels = body_levels(zone)
    ruled = is_row_ruled([line for line in zone.lines if line.middle > zone.head_end], levels)
    bounds = [max(zone.head_end, zone.top), *(level.y for level in levels), zone.bottom]
    stripes = _by_stripe(placed, bounds)
    edges: list[float] = []
    spans: list[Span] = []
    rows: list[tuple[float, float]] = []
    drawn: list[tuple[int, Level]] = []
    for index, (low, high) in enumerate(pairwise(bounds)):
        inside = stripes[index]
        if index:
            edges.append(low)
            drawn.append((len(rows), levels[index - 1]))
        own = [p for p in inside if not _is_open(p, levels[max(index - 1, 0) : index + 1], col_edges)] if ruled else []
        if ruled and not is_stacked((p.piece for p in own), em):
            rows.append((low, high))
            continue
        body = find_rows(inside, wrap, em, labels) if inside else Body(((low, high),), ())
        edges.extend((a[1] + b[0]) / 2 for a, b in pairwise(body.rows))
        spans.extend((len(rows) + r0, len(rows) + r1, c, c + 1) for r0, r1, c in body.spans)
        rows.extend(body.rows)
    edges.append(zone.bottom)
    spans.extend(open_spans(drawn, col_edges, len(rows)))
    spans.extend(_wide_spans(_by_row(placed, rows), spans, columns, col_edges, em))
    return edges, spans


def _is_open(placed: Placed, levels: Sequence[Level], edges: Sequence[float]) -> bool:
    """Whether one of the rules next to a piece leaves out its column: its cell is one of several rows."""
    return any(not level.covers(edges[placed.col], edges[placed.col_end]) for level in levels)


def _by_stripe(placed: Sequence[Placed], bounds: Sequence[float]) -> list[list[Placed]]:
    """The pieces between each two of the ascending bounds."""
    stripes: list[list[Placed]] = [[] for _ in range(len(bounds) - 1)]
    for one in placed:
        at = bisect_right(bounds, one.piece.middle) - 1
        if 0 <= at < len(stripes):
            stripes[at].append(one)
    return stripes


def _by_row(placed: Sequence[Placed], rows: Sequence[tuple[float, float]]) -> list[list[Placed]]:
    """The pieces whose middles lie in each of the rows, which do not overlap."""
    tops = [y0 for y0, _ in rows]
    found: list[list[Placed]] = [[] for _ in rows]
    for one in placed:
        at = bisect_right(tops, one.piece.middle) - 1
        if at >= 0 and one.piece.middle <= rows[at][1]:
            found[at].append(one)
    return found


def _wide_spans(
    rows: Sequence[Sequence[Placed]],
    tall: Sequence[Span],
    columns: Sequence[Column],
    edges: Sequence[float],
    em: float,
) -> list[Span]:
    """The cells of one row that span columns; those of the ``tall`` spans stand for several rows."""
    covered = {(row, col) for r0, r1, c0, c1 in tall for row in range(r0, r1) for col in range(c0, c1)}
    n_labels = first_amount_column(columns)
    filled: list[set[int]] = [set() for _ in range(n_labels)]
    for row, col in covered:
        if col < n_labels:
            filled[col].add(row)
    for row, inside in enumerate(rows):
        for one in inside:
            if one.col < n_labels:
                filled[one.col].add(row)
    usual = [len(some) >= _USUALLY * len(rows) and len(some) > 1 for some in filled]
    spans: list[Span] = []
    for row, every in enumerate(rows):
        inside = [p for p in every if (row, p.col) not in covered]
        wide = _wide_cells(inside, len(columns))
        label = None if wide else _centred_label(inside, columns, edges, usual, em)
        spans.extend((row, row + 1, *span) for span in ([label] if label else wide))
    return spans


def _wide_cells(inside: Sequence[Placed], n_cols: int) -> list[tuple[int, int]]:
    """Columns of the cells of a row whose text stands in several; a text alone in its row that does so spans all."""
    wide = sorted((p.col, p.col_end) for p in inside if p.col_end - p.col > 1)
    if wide and len({(p.col, p.col_end) for p in inside}) == 1:
        return [(0, n_cols)]
    joined: list[tuple[int, int]] = []
    for col, end in wide:
        if joined and col < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((col, end))
    return joined


def _centred_label(
    inside: Sequence[Placed], columns: Sequence[Column], edges: Sequence[float], usual: Sequence[bool], em: float
) -> tuple[int, int] | None:
    """The columns of a label such as 合计 that stands for several label columns, otherwise empty in its row.

    ``usual`` tells of each label column whether most rows have a text there.
    """
    n_labels = len(usual)
    numbers = {p.col for p in inside if p.col < n_labels and p.piece.numeric}
    labels = [p for p in inside if p.col < n_labels and not p.piece.numeric]
    if len(labels) != 1 or any(c >= labels[0].col for c in numbers):
        return None
    label = labels[0]
    behind = max(numbers, default=-1) + 1  # the number of the row
    span = _label_extent(label, columns, edges, (behind, n_labels), em)
    if span[1] - span[0] == 1 and usual[label.col + 1 :] and all(usual[label.col + 1 :]):
        span = (label.col, n_labels)
    return span if span[1] - span[0] > 1 else None


def _label_extent(
    label: Placed, columns: Sequence[Column], edges: Sequence[float], among: tuple[int, int], em: float
) -> tuple[int, int]:
    """The label columns, ``among`` these, over which a label alone in its row stands."""
    first, n_labels = among
    if abs(label.piece.x0 - columns[label.col].x0) >= 0.5 * em:
        over = [(c0, c1) for c0 in range(first, label.col + 1) for c1 in range(label.col + 1, n_labels + 1)]
        off, c0, c1 = min((abs((edges[c0] + edges[c1]) / 2 - label.piece.center), c0, c1) for c0, c1 in over)
        return (c0, c1) if off < _CENTRED * em else (label.col, label.col + 1)
    # A text in a column of codes is none of them: it stands over the names beside them too.
    return (label.col, n_labels) if columns[label.col].is_numeric else (label.col, label.col + 1)


def first_amount_column(columns: Sequence[Column]) -> int:
    """The index of the first column of numbers behind one of texts: serial numbers and codes stand before it."""
    texts = [k for k, column in enumerate(columns) if not column.is_numeric]
    return next((k for k, c in enumerate(columns) if texts and k > texts[0] and c.is_numeric), len(columns))
