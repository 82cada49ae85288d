"""What horizontal rules say of a table without vertical ones: its rows, tall cells, and sides of columns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lanci.detect.pieces import Line, Piece
from lanci.document import Rule

_SAME_EDGE = 3.0  # points; rules this close draw one edge
_SAME_SIDE = 2.0  # points; ends of rules this close are one side of a column
_LEAST = 3  # edges inside a body from which all of its rows may be ruled
_STACKED = 0.1  # of the stripes between rules that may hold numbers one below the other where every row is ruled
_OTHER_LINE = 0.5  # ems between the middles of two numbers of different rows at least


@dataclass(frozen=True, slots=True)
class Level:
    """The rules at one height; ``y`` is their mean position."""

    y: float
    rules: tuple[Rule, ...]

    def covers(self, x0: float, x1: float) -> bool:
        """Whether the rules run along most of the stretch from ``x0`` to ``x1``."""
        drawn = sum(max(0.0, min(r.end, x1) - max(r.start, x0)) for r in self.rules)
        return 2 * drawn > x1 - x0


def rules_to_levels(rules: Iterable[Rule]) -> list[Level]:
    """Horizontal rules put together by height, from top to bottom."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: (r.position, r.start)):
        if groups and rule.position - groups[-1][0].position <= _SAME_EDGE:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [Level(sum(r.position for r in g) / len(g), tuple(g)) for g in groups]


def is_row_ruled(lines: Sequence[Line], levels: Sequence[Level]) -> bool:
    """Whether a rule runs between all rows of the lines: hardly ever do two numbers stand between the same two."""
    if len(levels) < _LEAST:
        return False
    stripes: dict[int, list[Line]] = {}
    positions = [level.y for level in levels]
    for line in lines:
        stripes.setdefault(bisect_left(positions, line.middle), []).append(line)
    stacked = sum(is_stacked([p for line in some for p in line.pieces], some[0].em) for some in stripes.values())
    return stacked <= _STACKED * len(stripes)


def is_stacked(pieces: Iterable[Piece], em: float) -> bool:
    """Whether two of the numbers among the pieces stand one below the other."""
    reach: Piece | None = None
    for piece in sorted((p for p in pieces if p.numeric), key=lambda p: (p.x0, p.x1)):
        if reach is not None and piece.x0 < reach.x1 and abs(piece.middle - reach.middle) > _OTHER_LINE * em:
            return True
        if reach is None or piece.x1 > reach.x1:
            reach = piece
    return False


def column_marks(rules: Iterable[Rule], x0: float, x1: float) -> list[float]:
    """Where rules begin or end inside the table from ``x0`` to ``x1``: at sides of columns; ascending."""
    ends = sorted(x for rule in rules for x in (rule.start, rule.end) if x0 + _SAME_EDGE < x < x1 - _SAME_EDGE)
    groups: list[list[float]] = []
    for x in ends:
        if groups and x - groups[-1][0] <= _SAME_SIDE:
            groups[-1].append(x)
        else:
            groups.append([x])
    return [sum(group) / len(group) for group in groups]


def is_marked(marks: Sequence[float], low: float, high: float) -> bool:
    """Whether one of the ascending marks lies between two places."""
    at = bisect_left(marks, low)
    return at < len(marks) and marks[at] <= high


def open_spans(
    levels: Sequence[tuple[int, Level]], edges: Sequence[float], n_rows: int
) -> list[tuple[int, int, int, int]]:
    """Vertical spans where an edge between two rows is drawn for some columns only.

    Args:
        levels: the drawn edges, each with the row below it.
        edges: of the columns.
        n_rows: of the body.
    """
    rows = {row for row, _ in levels}
    spans: list[tuple[int, int, int, int]] = []
    for col, (x0, x1) in enumerate(pairwise(edges)):
        first = 0
        for row in [*(row for row, level in levels if level.covers(x0, x1)), n_rows]:
            # Only edges that are drawn for other columns tell that one is left out here.
            if first < row - 1 and all(inner in rows for inner in range(first + 1, row)):
                spans.append((first, row, col, col + 1))
            first = row
    return spans
