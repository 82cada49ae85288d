"""From the rules of a region to its cells.

The rules' positions give the row and column edges. Two neighbouring elementary cells are one printed cell where
no rule runs between them. The sides of a region are closed even where no rule is drawn, since a page break
leaves cells open at the top and bottom, and many tables have no outer verticals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import Box, Grid, GridCell, Rule, TableRegion

# Points. Strokes of a double rule, or the same rule in two rows, are at most this far apart; a real column or
# row is wider.
_SNAP = 3.0
# How far beyond the last rule the other direction must run before an open side is assumed there.
_OPEN_SIDE = 6.0
# A rule separates two cells when it covers this share of their common side.
_COVER = 0.5


@dataclass(frozen=True, slots=True)
class _Edges:
    """Ascending edges of one direction; for each the rules that draw it (none for an assumed outer edge)."""

    positions: tuple[float, ...]
    rules: tuple[tuple[Rule, ...], ...]


def build_grid(region: TableRegion) -> Grid | None:
    """The grid of a region, or None when its rules enclose fewer than two cells."""
    box = region.box
    cols = _rules_to_edges([r for r in region.rules if not r.horizontal], box.x0, box.x1)
    rows = _rules_to_edges([r for r in region.rules if r.horizontal], box.y0, box.y1)
    if len(rows.positions) < 2 or len(cols.positions) < 2:
        return None
    labels = _join_cells(rows, cols)
    spans = [span for group in _groups(labels) for span in _rectangles(group)]
    if len(spans) < 2:
        return None
    return _spans_to_grid(region, spans, rows.positions, cols.positions)


def _rules_to_edges(rules: Sequence[Rule], low: float, high: float) -> _Edges:
    """Cluster the rules by position and close the sides at ``low`` and ``high``."""
    clusters: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: (r.position, r.start)):
        if clusters and rule.position - _mean_position(clusters[-1]) <= _SNAP:
            clusters[-1].append(rule)
        else:
            clusters.append([rule])
    positions = [_mean_position(cluster) for cluster in clusters]
    if not positions or positions[0] - low > _OPEN_SIDE:
        positions.insert(0, low)
        clusters.insert(0, [])
    if high - positions[-1] > _OPEN_SIDE:
        positions.append(high)
        clusters.append([])
    return _Edges(tuple(positions), tuple(tuple(c) for c in clusters))


def _mean_position(cluster: Sequence[Rule]) -> float:
    weight = sum(r.length for r in cluster)
    return sum(r.position * r.length for r in cluster) / weight


def _covered(rules: Sequence[Rule], start: float, end: float) -> bool:
    """Whether the rules together cover enough of the stretch from ``start`` to ``end``."""
    pieces = sorted((max(r.start, start), min(r.end, end)) for r in rules if r.start < end and r.end > start)
    covered, reach = 0.0, start
    for low, high in pieces:
        covered += max(0.0, high - max(low, reach))
        reach = max(reach, high)
    return covered >= _COVER * (end - start)


def _join_cells(rows: _Edges, cols: _Edges) -> list[list[int]]:
    """Label elementary cells so that cells without a rule between them share a label."""
    n_rows, n_cols = len(rows.positions) - 1, len(cols.positions) - 1
    parent = list(range(n_rows * n_cols))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for r in range(n_rows):
        for c in range(n_cols):
            here = r * n_cols + c
            if c + 1 < n_cols and not _covered(cols.rules[c + 1], rows.positions[r], rows.positions[r + 1]):
                parent[root(here + 1)] = root(here)
            if r + 1 < n_rows and not _covered(rows.rules[r + 1], cols.positions[c], cols.positions[c + 1]):
                parent[root(here + n_cols)] = root(here)
    return [[root(r * n_cols + c) for c in range(n_cols)] for r in range(n_rows)]


def _groups(labels: Sequence[Sequence[int]]) -> list[list[tuple[int, int]]]:
    groups: dict[int, list[tuple[int, int]]] = {}
    for r, line in enumerate(labels):
        for c, label in enumerate(line):
            groups.setdefault(label, []).append((r, c))
    return list(groups.values())


def _rectangles(group: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Cut a group of elementary cells into rectangles ``(row, col, row_span, col_span)``.

    A printed cell is a rectangle; an L-shaped group comes from a rule that is missing in part and is cut into
    bands of rows that cover the same columns.
    """
    runs: dict[int, list[tuple[int, int]]] = {}
    for r, c in sorted(group):
        line = runs.setdefault(r, [])
        if line and line[-1][1] == c:
            line[-1] = (line[-1][0], c + 1)
        else:
            line.append((c, c + 1))
    rectangles: list[tuple[int, int, int, int]] = []
    open_runs: dict[tuple[int, int], int] = {}
    for r in range(min(runs), max(runs) + 2):  # one row beyond the last closes what is still open
        here = runs.get(r, [])
        for run in sorted(set(open_runs) - set(here)):
            first = open_runs.pop(run)
            rectangles.append((first, run[0], r - first, run[1] - run[0]))
        for run in here:
            open_runs.setdefault(run, r)
    return rectangles


def _spans_to_grid(
    region: TableRegion,
    spans: Sequence[tuple[int, int, int, int]],
    row_edges: Sequence[float],
    col_edges: Sequence[float],
) -> Grid:
    """Drop edges at which no cell begins, then number rows and columns anew."""
    rows = sorted({r for r, _, _, _ in spans})
    cols = sorted({c for _, c, _, _ in spans})
    ys = [*(row_edges[r] for r in rows), row_edges[-1]]
    xs = [*(col_edges[c] for c in cols), col_edges[-1]]
    cells: list[GridCell] = []
    for r, c, row_span, col_span in sorted(spans):
        row, col = rows.index(r), cols.index(c)
        n_rows = sum(1 for x in rows if r <= x < r + row_span)
        n_cols = sum(1 for x in cols if c <= x < c + col_span)
        box = Box(xs[col], ys[row], xs[col + n_cols], ys[row + n_rows])
        cells.append(GridCell(row, col, n_rows, n_cols, box))
    return Grid(region, len(rows), len(cols), tuple(cells), tuple(ys), tuple(xs))
