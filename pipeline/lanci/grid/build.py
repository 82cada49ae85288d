"""From the rules of a region to its cells.

The rules' positions give the row and column edges. Two neighbouring elementary cells are one printed cell where
no rule runs between them. The sides of a region are closed even where no rule is drawn, since a page break
leaves cells open at the top and bottom, and many tables have no outer verticals.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import Box, Grid, GridCell, Rule, TableRegion

# Points. Strokes of a double rule, or the same rule in two rows, are at most this far apart; a real column or
# row is wider.
_SNAP = 3.0
# Edges of the upper and the lower part of a form that are meant to be one differ by at most this.
_MISALIGNED = 6.0
# How far beyond the last rule the other direction must run before an open side is assumed there.
_OPEN_SIDE = 6.0
# A rule that ends this close to both sides of the table covers all between them: bands are at least _SNAP wide.
_FLUSH = 1.0
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
    spans = _edges_to_spans(rows, cols)
    if len(spans) < 2:
        return None
    return _spans_to_grid(region, spans, rows.positions, cols.positions)


def _rules_to_edges(rules: Sequence[Rule], low: float, high: float) -> _Edges:
    """Cluster the rules by position and close the sides at ``low`` and ``high``."""
    clusters: list[list[Rule]] = []
    positions: list[float] = []
    for rule in sorted(rules, key=_rule_order):
        if clusters and (
            rule.position - positions[-1] <= _SNAP
            or (rule.position - positions[-1] <= _MISALIGNED and _apart(rule, clusters[-1]))
        ):
            clusters[-1].append(rule)
            positions[-1] = _mean_position(clusters[-1])
        else:
            clusters.append([rule])
            positions.append(rule.position)
    if not positions or positions[0] - low > _OPEN_SIDE:
        positions.insert(0, low)
        clusters.insert(0, [])
    if high - positions[-1] > _OPEN_SIDE:
        positions.append(high)
        clusters.append([])
    return _Edges(tuple(positions), tuple(tuple(c) for c in clusters))


def _rule_order(rule: Rule) -> tuple[float, float]:
    return rule.position, rule.start


def _apart(rule: Rule, cluster: Sequence[Rule]) -> bool:
    """Whether the rule stands above or below (beside) all of the cluster, so that no cell lies between them."""
    return all(rule.start >= other.end - _SNAP or rule.end <= other.start + _SNAP for other in cluster)


def _mean_position(cluster: Sequence[Rule]) -> float:
    """The mean of the positions, weighed by length; of rules that were all cut back to points the plain mean."""
    lengths = [rule.length for rule in cluster]
    if not any(lengths):
        lengths = [1.0] * len(cluster)
    return sum(rule.position * length for rule, length in zip(cluster, lengths, strict=True)) / sum(lengths)


def _walls(rules: Sequence[Rule], positions: Sequence[float]) -> list[bool]:
    """For each band between two neighbouring positions, whether the rules together cover enough of it."""
    low, high = positions[0] + _FLUSH, positions[-1] - _FLUSH
    if any(rule.start <= low and rule.end >= high for rule in rules):
        return [True] * (len(positions) - 1)
    covered = [0.0] * (len(positions) - 1)
    reach = positions[0]
    for start, end in sorted((rule.start, rule.end) for rule in rules):
        low, high = max(start, reach), min(end, positions[-1])
        if high <= low:
            continue
        reach = high
        band = bisect_right(positions, low) - 1
        while band < len(covered) and positions[band] < high:
            covered[band] += min(high, positions[band + 1]) - max(low, positions[band])
            band += 1
    return [length >= _COVER * (positions[i + 1] - positions[i]) for i, length in enumerate(covered)]


def _edges_to_spans(rows: _Edges, cols: _Edges) -> list[tuple[int, int, int, int]]:
    """The printed cells ``(row, col, row_span, col_span)``: elementary cells without a rule between them are one."""
    n_rows, n_cols = len(rows.positions) - 1, len(cols.positions) - 1
    parent: dict[int, int] = {}

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(i: int, j: int) -> None:
        parent.setdefault(i, i)
        parent.setdefault(j, j)
        parent[root(j)] = root(i)

    for c in range(1, n_cols):
        for r, wall in enumerate(_walls(cols.rules[c], rows.positions)):
            if not wall:
                join(r * n_cols + c - 1, r * n_cols + c)
    for r in range(1, n_rows):
        for c, wall in enumerate(_walls(rows.rules[r], cols.positions)):
            if not wall:
                join((r - 1) * n_cols + c, r * n_cols + c)
    groups: dict[int, list[tuple[int, int]]] = {}
    for i in sorted(parent):
        groups.setdefault(root(i), []).append(divmod(i, n_cols))
    spans = [(*divmod(i, n_cols), 1, 1) for i in range(n_rows * n_cols) if i not in parent]
    spans += [span for group in groups.values() for span in _rectangles(group)]
    return spans


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
    rows = sorted({span[0] for span in spans})
    cols = sorted({span[1] for span in spans})
    row_at = {r: i for i, r in enumerate(rows)} | {len(row_edges) - 1: len(rows)}
    col_at = {c: i for i, c in enumerate(cols)} | {len(col_edges) - 1: len(cols)}
    ys = [*(row_edges[r] for r in rows), row_edges[-1]]
    xs = [*(col_edges[c] for c in cols), col_edges[-1]]
    cells: list[GridCell] = []
    for r, c, row_span, col_span in sorted(spans):
        row, col = row_at[r], col_at[c]
        below, right = row_at[r + row_span], col_at[c + col_span]
        box = Box(xs[col], ys[row], xs[right], ys[below])
        cells.append(GridCell(row, col, below - row, right - col, box))
    return Grid(region, len(rows), len(cols), tuple(cells), tuple(ys), tuple(xs))
