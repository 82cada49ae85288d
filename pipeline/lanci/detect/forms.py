"""Forms: keys and values above a table of the same sheet, or alone.

The rows of a form have no columns in common: each text takes the columns up to the next one. What tells a form is a
value so wide that it stands beside its key alone, such as the aim of a project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lanci.detect.aligned import Layout, place, zone_to_layout
from lanci.detect.body import body_rows
from lanci.detect.columns import Column, columns_to_edges, find_columns
from lanci.detect.pieces import Line
from lanci.detect.rows import Placed
from lanci.detect.zones import Zone, open_head_end

_WIDE = 0.4  # of the table's width that such a value takes at least
_BESIDE = 2.0  # ems from the left side of the table to such a value at least
_SAME_CELL = 1.6  # ems between the middles of two lines of one cell at most
_NEAR_LINES = 3
_MOST_WIDE = 0.5  # of the lines of the form; with more it is a table with a column of long texts
_APART = 1.8  # times the space between the form's rows: a table further below is another one
_EMPTY = 0.3  # of the width of an empty cell: what it costs to leave it to no text
_REACH = 4.0  # times the points that a text stands out of its cell: what that costs


@dataclass(frozen=True, slots=True)
class _Deal:
    """The columns ``[col, end)`` of a text."""

    text: int
    col: int
    end: int


def form_end(zone: Zone) -> int:
    """How many of the zone's first lines are a form's, 0 when it shows none."""
    left, width = min(line.x0 for line in zone.lines), zone.x1 - zone.x0
    wide: list[int] = []
    for index, line in enumerate(zone.lines):
        value = line.pieces[-1]
        if (
            len(line.pieces) <= 2
            and value.x1 - value.x0 >= _WIDE * width
            and value.x0 - left >= _BESIDE * zone.em
            and not value.numeric
            and _has_key(zone, index)
        ):
            wide.append(index)
    if not wide or wide[0] == 0:
        return 0
    end = wide[-1] + 1
    while end < len(zone.lines) and _is_rest_of_cell(zone, end):
        end += 1
    n_pairs = sum(len(line.pieces) > 1 for line in zone.lines[: wide[0]])
    return end if n_pairs and len(wide) <= _MOST_WIDE * end else 0


def _has_key(zone: Zone, index: int) -> bool:
    """Whether a text stands to the left of the value in a line, at the height of one of the value's lines."""
    value = zone.lines[index].pieces[-1]
    near = zone.lines[max(0, index - _NEAR_LINES) : index + _NEAR_LINES + 1]
    own = [p for line in near for p in line.pieces if abs(p.x0 - value.x0) < 1.0]
    own = [p for p in own if abs(p.middle - value.middle) < _SAME_CELL * zone.em]
    top, bottom = min(p.y0 for p in own), max(p.y1 for p in own)
    return any(p.x1 <= value.x0 and top < p.middle < bottom for line in near for p in line.pieces)


def _is_rest_of_cell(zone: Zone, index: int) -> bool:
    """Whether the line is the rest of the value above it or of its key: less than a row below, with one text."""
    line, above = zone.lines[index], zone.lines[index - 1]
    return len(line.pieces) == 1 and line.middle - above.middle <= _SAME_CELL * zone.em and line.y0 < above.y1 + 2.0


def split_form(zone: Zone) -> list[Zone]:
    """A form and the table under it as two zones, when the space between shows that they are two tables."""
    end = form_end(zone)
    if not 0 < end < len(zone.lines) or zone.rules:
        return [zone]
    form, rest = zone.lines[:end], zone.lines[end:]
    reach = max(line.y1 for line in form)
    gaps = _clear_spaces(form)
    if rest[0].y0 - reach <= _APART * max([*gaps, 0.4 * zone.em]):
        return [zone]
    pad = min(gaps, default=zone.em) / 2
    below = rest[0].y0 - pad
    return [
        replace(zone, lines=form, bottom=reach + pad),
        replace(zone, lines=rest, top=below, head_end=open_head_end(rest, below)),
    ]


def _clear_spaces(lines: Sequence[Line]) -> list[float]:
    """The heights of the stripes without text between lines."""
    spaces: list[float] = []
    reach: float | None = None
    for line in lines:
        if reach is not None and line.y0 > reach:
            spaces.append(line.y0 - reach)
        reach = max(reach or line.y1, line.y1)
    return spaces


def form_to_layout(zone: Zone) -> Layout | None:
    """The grid of a zone that begins with a form, None when it does not, or has no columns."""
    end = form_end(zone)
    if not end:
        return None
    form, rest = zone.lines[:end], zone.lines[end:]
    below: Layout | None = None
    bottom = zone.bottom
    if rest:
        bottom = _boundary(zone, max(line.y1 for line in form), rest[0].y0)
        lower = replace(zone, lines=rest, top=bottom, head_end=max(bottom, open_head_end(rest, bottom)))
        below = zone_to_layout(replace(lower, rules=tuple(r for r in zone.rules if r.position >= bottom - 1)))
        if below is None:
            return None
    edges = below.col_edges if below else _own_edges(zone)
    if len(edges) < 3:
        return None
    upper = replace(
        zone, lines=form, bottom=bottom, head_end=zone.top, rules=tuple(r for r in zone.rules if r.position <= bottom)
    )
    row_edges, spans = _form_rows(upper, edges)
    if below is None:
        return Layout((zone.top, *row_edges), tuple(edges), tuple(spans))
    n = len(row_edges)
    spans += [(r0 + n, r1 + n, c0, c1) for r0, r1, c0, c1 in below.spans]
    return Layout((zone.top, *row_edges, *below.row_edges[1:]), tuple(edges), tuple(spans))


def _boundary(zone: Zone, above: float, below: float) -> float:
    drawn = [rule.position for rule in zone.rules if above - 2 < rule.position < below + 2]
    return drawn[-1] if drawn else (above + below) / 2


def _own_edges(zone: Zone) -> list[float]:
    columns = find_columns(zone.lines)
    return columns_to_edges(columns, zone.x0, zone.x1, zone.em) if len(columns) > 1 else []


def _form_rows(zone: Zone, edges: Sequence[float]) -> tuple[list[float], list[tuple[int, int, int, int]]]:
    """The edges below the top of the form's rows, and all its spans."""
    columns = [Column(x0, x1) for x0, x1 in pairwise(edges)]
    placed = place(zone.lines, edges, columns)
    row_edges, found = body_rows(zone, placed, columns, edges, zone.em)
    tall = [span for span in found if span[1] - span[0] > 1 and span[3] - span[2] == 1]
    spans = list(tall)
    for row, (y0, y1) in enumerate(pairwise([zone.top, *row_edges])):
        taken = {c for r0, r1, c0, c1 in tall if r0 <= row < r1 for c in range(c0, c1)}
        first = next((c for c in range(len(columns)) if c not in taken), len(columns))
        inside = [p for p in placed if y0 <= p.piece.middle < y1 and p.col not in taken]
        texts = _cell_extents(inside)
        for deal in _deal_columns(texts, edges, first):
            if deal.end - deal.col > 1:
                spans.append((row, row + 1, deal.col, deal.end))
    return row_edges, spans


def _cell_extents(placed: Sequence[Placed]) -> list[tuple[float, float]]:
    """The extents from side to side of the texts of one row; lines that stand over each other are one text."""
    extents: list[tuple[float, float]] = []
    for one in sorted(placed, key=lambda p: (p.piece.x0, p.piece.x1)):
        x0, x1 = one.piece.x0, one.piece.x1
        if extents and x0 < extents[-1][1]:
            extents[-1] = (extents[-1][0], max(extents[-1][1], x1))
        else:
            extents.append((x0, x1))
    return extents


def _deal_columns(texts: Sequence[tuple[float, float]], edges: Sequence[float], first: int) -> list[_Deal]:
    """Columns for each text, in their order, such that each stands at the left, middle or right of its own.

    A dynamic programme over texts and columns; columns may be left empty. Empty when there are fewer columns.
    """
    n_cols = len(edges) - 1
    best: dict[int, tuple[float, tuple[_Deal, ...]]] = {first: (0.0, ())}
    for index, (x0, x1) in enumerate(texts):
        reached: dict[int, tuple[float, tuple[_Deal, ...]]] = {}
        for start, (cost, done) in best.items():
            for col in range(start, n_cols):
                gap = _EMPTY * (edges[col] - edges[start])
                for end in range(col + 1, n_cols + 1):
                    total = cost + gap + _misfit(x0, x1, edges[col], edges[end])
                    if end not in reached or total < reached[end][0]:
                        reached[end] = (total, (*done, _Deal(index, col, end)))
        best = reached
    ends = [(cost + _EMPTY * (edges[-1] - edges[end]), end) for end, (cost, _) in best.items()]
    return list(best[min(ends)[1]][1]) if ends else []


def _misfit(x0: float, x1: float, left: float, right: float) -> float:
    """How far, in points, a text is from the left side, the middle and the right side of a cell, the nearest."""
    off = min(abs(x0 - left), abs(x1 - right), abs((x0 + x1) / 2 - (left + right) / 2))
    return off + _REACH * (max(0.0, left - x0) + max(0.0, x1 - right))
