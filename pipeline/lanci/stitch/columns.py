"""Match the columns of two parts of a table by where they stand, never by their number alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lanci.stitch.view import FragmentView

CLOSE = 0.02
"""Column edges this near to each other, as a share of the width, are the same edge."""


_HALF = 0.5
"""A column whose share of numbers differs by more from another's holds something else."""
_MIN_ANCHORED = 4
"""Fewer columns than these lie somewhere on any others when they may be scaled and shifted at will."""
_LEAST_SCALE, _MOST_SCALE = 0.6, 1.7
"""Between these a part may be printed smaller or larger than the one it goes on with."""


@dataclass(frozen=True, slots=True)
class ColumnFit:
    """How the columns of a part lie on those of another one.

    ``starts[j]`` and ``stops[j]`` are the first and the one-past-last column that column j of the part covers;
    ``distance`` is the mean distance of the matched edges as a share of the width, ``aligned`` whether every edge
    of the part with fewer columns has a near counterpart. ``conflicts`` counts the columns of numbers that lie on
    columns of words, or the other way round; ``sure`` tells that no other fit is as good.
    """

    starts: tuple[int, ...]
    stops: tuple[int, ...]
    distance: float
    aligned: bool
    conflicts: int = 0
    sure: bool = True


def fit_columns(base: FragmentView, part: FragmentView) -> ColumnFit:
    """Lay the columns of ``part`` over those of ``base``.

    Equal counts are matched one to one. Else the edges of the one with fewer columns are matched, in order, to
    edges of the other so that the distances are least: as printed, scaled to a common width, and, as outer columns
    may be missing, with its own outer edges on any two edges of the other. The fit in which every edge has its
    counterpart and numbers stand under numbers is the best; where the columns do not decide, a copy of the header
    may.
    """
    printed = _as_printed(base), _as_printed(part)
    as_printed = _with_conflicts(_fit(*printed), base, part)
    if base.n_cols == part.n_cols and as_printed.aligned and not as_printed.conflicts:
        return as_printed  # matched one to one in any frame
    frames: list[tuple[Sequence[float], Sequence[float]]] = [(_scaled(base), _scaled(part))]
    if base.n_cols != part.n_cols and min(base.n_cols, part.n_cols) >= _MIN_ANCHORED:
        frames += _anchored(*printed)
    fits = [as_printed, *(_with_conflicts(_fit(*frame), base, part) for frame in frames)]
    best = min(fits, key=_rank)
    if best is as_printed and best.aligned and not best.conflicts:
        return best
    rivals = [fit for fit in fits if _rank(fit)[:2] == _rank(best)[:2]]
    alone = all(fit.starts == best.starts or fit.distance > best.distance + CLOSE / 2 for fit in rivals)
    if alone and (best.aligned or (base.n_cols == part.n_cols and not best.conflicts)):
        return best
    named = [fit for fit in fits if _same_names(base, part, fit)]
    return min(named, key=_rank) if named else replace(best, sure=False)


def _rank(fit: ColumnFit) -> tuple[bool, int, float]:
    return not fit.aligned, fit.conflicts, round(fit.distance, 3)


def _anchored(base: Sequence[float], part: Sequence[float]) -> list[tuple[Sequence[float], Sequence[float]]]:
    """Both in one frame for every pair of edges of the finer one that the other's outer edges may lie on."""
    few, many = (part, base) if len(part) < len(base) else (base, part)
    width = (few[-1] - few[0]) or 1.0
    frames: list[tuple[Sequence[float], Sequence[float]]] = []
    for first, left in enumerate(many):
        for right in many[first + len(few) - 1 :]:
            scale = (right - left) / width
            if _LEAST_SCALE <= scale <= _MOST_SCALE:
                moved = [left + (edge - few[0]) * scale for edge in few]
                frames.append((base, moved) if few is part else (moved, part))
    return frames


def _with_conflicts(fit: ColumnFit, base: FragmentView, part: FragmentView) -> ColumnFit:
    ours, theirs = base.numeric_shares, part.numeric_shares
    conflicts = 0
    for col, share in enumerate(theirs):
        known = [other for other in ours[fit.starts[col] : fit.stops[col]] if other is not None]
        conflicts += share is not None and bool(known) and all(abs(share - other) > _HALF for other in known)
    return replace(fit, conflicts=conflicts)


def _same_names(base: FragmentView, part: FragmentView, fit: ColumnFit) -> bool:
    """Whether both print a header, and every name in it stands over the same column."""
    if not base.header or not part.header:
        return False
    ours, theirs = base.lines[base.header[-1]], part.lines[part.header[-1]]
    return all(not name or name == ours[start] for name, start in zip(theirs, fit.starts, strict=True))


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
