"""Match the columns of two parts of a table by where they stand, never by their number alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.stitch.view import FragmentView

CLOSE = 0.02
"""Column edges this near to each other, as a share of the width, are the same edge."""


@dataclass(frozen=True, slots=True)
class ColumnFit:
    """How the columns of a part lie on those of another one.

    ``starts[j]`` and ``stops[j]`` are the first and the one-past-last column that column j of the part covers;
    ``distance`` is the mean distance of the matched edges as a share of the width, ``aligned`` whether every edge
    of the part with fewer columns has a near counterpart.
    """

    starts: tuple[int, ...]
    stops: tuple[int, ...]
    distance: float
    aligned: bool


def fit_columns(base: FragmentView, part: FragmentView) -> ColumnFit:
    """Lay the columns of ``part`` over those of ``base``.

    Equal counts are matched one to one. Else the edges of the one with fewer columns are matched, in order, to
    edges of the other so that the distances are least; both as printed and scaled to a common width are tried.
    """
    fits = [
        _fit(base_edges, part_edges)
        for base_edges, part_edges in (
            (_scaled(base), _scaled(part)),
            (_as_printed(base), _as_printed(part)),
        )
    ]
    return min(fits, key=lambda fit: (not fit.aligned, fit.distance))


def same_outer_edges(base: FragmentView, part: FragmentView) -> bool:
    """Whether both stand between the same left and right edges on their pages."""
    ours, theirs = _as_printed(base), _as_printed(part)
    return abs(ours[0] - theirs[0]) <= CLOSE and abs(ours[-1] - theirs[-1]) <= CLOSE


def _scaled(view: FragmentView) -> list[float]:
    edges = _edges(view)
    width = (edges[-1] - edges[0]) or 1.0
    return [(edge - edges[0]) / width for edge in edges]


def _as_printed(view: FragmentView) -> list[float]:
    edges = _edges(view)
    width = view.labelled.fragment.page_width or (edges[-1] - edges[0]) or 1.0
    return [edge / width for edge in edges]


def _edges(view: FragmentView) -> Sequence[float]:
    """The column edges; equal widths where the part has none (text without a layout)."""
    edges = view.labelled.fragment.col_edges
    if len(edges) == view.n_cols + 1:
        return edges
    return [float(i) for i in range(view.n_cols + 1)]


def _fit(base: Sequence[float], part: Sequence[float]) -> ColumnFit:
    n, m = len(base) - 1, len(part) - 1
    if n == m:
        distances = [abs(a - b) for a, b in zip(base, part, strict=True)]
        return _made(tuple(range(m)), tuple(range(1, m + 1)), distances)
    if m < n:
        match = _match_edges(part, base)
        distances = [abs(edge - base[i]) for edge, i in zip(part, match, strict=True)]
        return _made(tuple(match[:-1]), tuple(match[1:]), distances)
    match = _match_edges(base, part)
    distances = [abs(edge - part[i]) for edge, i in zip(base, match, strict=True)]
    starts = tuple(_column_of(j, match, n) for j in range(m))
    return _made(starts, tuple(s + 1 for s in starts), distances)


def _made(starts: tuple[int, ...], stops: tuple[int, ...], distances: list[float]) -> ColumnFit:
    return ColumnFit(starts, stops, sum(distances) / len(distances), max(distances) <= CLOSE)


def _column_of(column: int, match: Sequence[int], n: int) -> int:
    """The base column whose matched edges enclose a column of the finer part; the nearest for one outside."""
    inside = sum(1 for edge in match if edge <= column) - 1
    return min(max(inside, 0), n - 1)


def _match_edges(few: Sequence[float], many: Sequence[float]) -> list[int]:
    """For each of ``few`` the index of one of ``many``, ascending, with the least sum of distances."""
    infinite = float("inf")
    cost = [[infinite] * len(many) for _ in few]
    back = [[0] * len(many) for _ in few]
    for i, edge in enumerate(few):
        best, at = (0.0, -1) if i == 0 else (infinite, -1)
        for j, other in enumerate(many):
            if i and j and cost[i - 1][j - 1] < best:
                best, at = cost[i - 1][j - 1], j - 1
            cost[i][j] = best + abs(edge - other)
            back[i][j] = at
    j = min(range(len(many)), key=lambda index: cost[-1][index])
    match = [j]
    for i in range(len(few) - 1, 0, -1):
        j = back[i][j]
        match.append(j)
    return match[::-1]
