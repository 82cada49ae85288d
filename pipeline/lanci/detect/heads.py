"""Header cells of a table without rules: which columns and levels each header text stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lanci.detect.blocks import Block, piece_to_block
from lanci.detect.columns import Column
from lanci.detect.pieces import Line, Piece

_WRAP = 1.6  # ems from the middle of a line to that of the next one in the same cell
_ROOM = 0.35  # ems between two levels at least
_LEVEL = 0.5  # ems; header texts of one level differ by less in height
_BESIDE = 0.5  # ems of space between a text and its header text that stands beside, not over it, for both to be narrow


@dataclass(frozen=True, slots=True)
class Head:
    """The header: its rows and, as ``(row, row behind, column, column behind)``, its spanning cells.

    ``edges`` are the inner row edges, so that there are ``len(edges) + 1`` rows.
    """

    edges: tuple[float, ...]
    spans: tuple[tuple[int, int, int, int], ...]


def head_blocks(lines: Sequence[Line], em: float, rule_between: Sequence[tuple[float, float, float]]) -> list[Block]:
    """Header texts with their wrapped lines put together, unless a rule ``(y, x0, x1)`` runs between."""
    blocks: list[Block] = []
    for line in lines:
        fresh: list[Block] = []
        for piece in line.pieces:
            above = [b for b in blocks if b.x0 < piece.x1 and piece.x0 < b.x1 and piece.middle - b.last <= _WRAP * em]
            if len(above) == 1 and _continues(above[0], piece, line, em, rule_between):
                above[0].add(piece)
            else:
                fresh.append(piece_to_block(piece))
        blocks.extend(fresh)
    return blocks


def _continues(
    block: Block, piece: Piece, line: Line, em: float, rule_between: Sequence[tuple[float, float, float]]
) -> bool:
    below = sum(p.x0 < block.x1 and block.x0 < p.x1 for p in line.pieces)
    if below != 1 or piece.x1 - piece.x0 > block.last_width + em or piece.middle - block.last < 0.5 * em:
        return False
    return not any(block.last < y < piece.middle and x0 < piece.center < x1 for y, x0, x1 in rule_between)


def match_columns(
    columns: list[Column], blocks: Sequence[Block], em: float, runs: Sequence[tuple[float, float, float]] = ()
) -> tuple[list[Column], dict[int, Block]]:
    """Add the columns that only the header shows, and find the lowest header text of each column.

    ``runs`` are rules ``(y, x0, x1)`` under spanning cells.

    Returns:
        The columns and the leaf of each by its index.
    """
    leaves = _own_heads(columns, blocks, em, runs)
    for column in columns:
        if id(column) in leaves:
            column.head = (leaves[id(column)].x0, leaves[id(column)].x1)
    return columns, {k: leaves[id(c)] for k, c in enumerate(columns) if id(c) in leaves}


def headed_columns(
    columns: Sequence[Column], blocks: Sequence[Block], em: float, runs: Sequence[tuple[float, float, float]] = ()
) -> set[int]:
    """The columns, by ``id``, that have a header text of their own over or right beside their texts."""
    leaves = _own_heads(list(columns), blocks, em, runs)
    near = [c for c in columns if id(c) in leaves and _space_between(c, leaves[id(c)]) <= _BESIDE * em]
    return {id(column) for column in near}


def _own_heads(
    columns: list[Column], blocks: Sequence[Block], em: float, runs: Sequence[tuple[float, float, float]]
) -> dict[int, Block]:
    """The lowest header text of each column by its ``id``; columns that only the header shows are added."""
    leaves: dict[int, Block] = {}
    apart: list[Block] = []
    for block in sorted(blocks, key=lambda b: (-b.middle, b.x0)):
        met = [c for c in columns if c.overlaps(block.x0, block.x1)]
        if len(met) == 1 and id(met[0]) not in leaves and not _stands_over(block, blocks, em, runs):
            leaves[id(met[0])] = block
        elif not met:
            apart.append(block)
    lowest: list[Block] = []
    for block in apart:
        known = [(c.x0, c.x1, leaves[id(c)]) for c in columns if id(c) in leaves] + [(b.x0, b.x1, b) for b in lowest]
        over_gap = _has_room(block, blocks, em) and _is_over_gap(known, block, em)
        if not over_gap and not _stands_over(block, lowest, em, runs):
            lowest.append(block)
    lowest.sort(key=lambda b: b.center)
    for block in lowest:
        _free_beside(columns, leaves, block, blocks, em)
    _deal_bare(columns, leaves, lowest)
    return leaves


def _free_beside(
    columns: Sequence[Column], leaves: dict[int, Block], block: Block, blocks: Sequence[Block], em: float
) -> None:
    """Take its header text from a column next to a lower one, if it is of the top level: it stands over both.

    A header text of full height stands in the middle, between the levels.
    """
    top = min(b.middle for b in blocks) + _LEVEL * em
    left = [c for c in columns if c.x1 <= block.x0 + 1]
    right = [c for c in columns if c.x0 >= block.x1 - 1]
    near = left[-1:] + right[:1]
    if any(id(column) not in leaves for column in near):
        return
    under = [c for c in near if leaves[id(c)].middle < min(top, block.middle - 0.8 * em)]
    if under:
        del leaves[id(min(under, key=lambda c: _space_between(c, block)))]


def _deal_bare(columns: list[Column], leaves: dict[int, Block], blocks: Sequence[Block]) -> None:
    """Give the columns without a header text, between those with one, the texts that stand beside them.

    ``blocks`` are from left to right. One that is left over shows a column that has no other text.
    """
    stretches: list[tuple[list[Column], list[Block]]] = []
    bounds = [c.center for c in columns if id(c) in leaves]
    for low, high in pairwise((float("-inf"), *bounds, float("inf"))):
        bare = [c for c in columns if low < c.center < high and id(c) not in leaves]
        stretches.append((bare, [b for b in blocks if low < b.center <= high]))
    for bare, texts in stretches:
        for column, block in _pair_up(bare, texts):
            leaves[id(column)] = block
    own = {id(block) for block in leaves.values()}
    for block in blocks:
        if id(block) not in own:
            column = Column(block.x0, block.x1)
            columns.append(column)
            leaves[id(column)] = block
    columns.sort(key=lambda c: c.x0)


def _pair_up(columns: Sequence[Column], blocks: Sequence[Block]) -> list[tuple[Column, Block]]:
    """As many pairs as there can be, both from left to right, with the least space between text and header text."""
    best: list[list[tuple[int, float, list[tuple[Column, Block]]]]] = [
        [(0, 0.0, []) for _ in range(len(blocks) + 1)] for _ in range(len(columns) + 1)
    ]
    for i, column in enumerate(columns):
        for j, block in enumerate(blocks):
            n, gap, pairs = best[i][j]
            joined = (n - 1, gap + _space_between(column, block), [*pairs, (column, block)])
            best[i + 1][j + 1] = min(joined, best[i][j + 1], best[i + 1][j], key=lambda one: one[:2])
    return best[-1][-1][2]


def _space_between(column: Column, block: Block) -> float:
    return max(column.x0 - block.x1, block.x0 - column.x1, 0.0)


def _stands_over(block: Block, blocks: Sequence[Block], em: float, runs: Sequence[tuple[float, float, float]]) -> bool:
    """Whether other header texts stand under a text, or under the rule that is under it."""
    extents = [(block.middle + 0.8 * em, block.x0, block.x1)]
    extents += [(y, x0, x1) for y, x0, x1 in runs if block.middle < y and x0 < block.center < x1]
    return any(b.middle > y and b.x0 < x1 and x0 < b.x1 for y, x0, x1 in extents for b in blocks)


def _has_room(block: Block, blocks: Sequence[Block], em: float) -> bool:
    """Whether a text is on a level of the header: one between two levels, with no room, is of a cell of full height."""
    above = max((b.y1 for b in blocks if b.middle < block.middle - _LEVEL * em), default=None)
    below = min((b.y0 for b in blocks if b.middle > block.middle + _LEVEL * em), default=None)
    return above is None or below is None or max(block.y0 - above, below - block.y1) > _ROOM * em


def _is_over_gap(known: Sequence[tuple[float, float, Block]], block: Block, em: float) -> bool:
    """Whether a text over the gap between two columns spans them: both have a header text of their own below it.

    ``known`` are sides of columns with their header texts, in any order.
    """
    left = max((one for one in known if one[1] <= block.x0 + 1), key=lambda one: one[1], default=None)
    right = min((one for one in known if one[0] >= block.x1 - 1), key=lambda one: one[0], default=None)
    near = [one[2] for one in (left, right) if one is not None]
    return len(near) == 2 and all(leaf.middle - block.middle > 0.8 * em for leaf in near)


def build_head(
    blocks: Sequence[Block],
    leaves: dict[int, Block],
    edges: Sequence[float],
    end: float,
    runs: Sequence[tuple[float, float, float]],
    em: float,
) -> Head:
    """Levels and spans of the header that ends at ``end``.

    ``runs`` are rules ``(y, x0, x1)`` inside it, under spanning cells.
    """
    own = {id(b) for b in leaves.values()}
    spanning = sorted((b for b in blocks if id(b) not in own), key=lambda b: (b.middle, b.x0))
    if not spanning or not leaves:
        return Head((), ())
    levels: list[list[Block]] = []
    for block in spanning:
        if levels and block.middle - levels[-1][0].middle < _LEVEL * em:
            levels[-1].append(block)
        else:
            levels.append([block])
    covers = [_cover_level(level, leaves, edges, end, runs) for level in levels]
    kept = [(level, cover) for level, cover in zip(levels, covers, strict=True) if cover]
    n_cols = len(edges) - 1
    row_edges = tuple(_level_edge([b for b, _, _ in cover], leaves, end, runs) for _, cover in kept)
    spans: list[tuple[int, int, int, int]] = []
    start = [0] * n_cols
    for row, (_, cover) in enumerate(kept):
        for _, c0, c1 in cover:
            top = max(start[c] for c in range(c0, c1))
            spans.append((top, row + 1, c0, c1))
            for c in range(c0, c1):
                start[c] = row + 1
    spans.extend((start[c], len(kept) + 1, c, c + 1) for c in range(n_cols))
    return Head(row_edges, tuple(spans))


def _cover_level(
    level: Sequence[Block],
    leaves: dict[int, Block],
    edges: Sequence[float],
    end: float,
    runs: Sequence[tuple[float, float, float]],
) -> list[tuple[Block, int, int]]:
    """Which columns each spanning text of one level covers: a run with header texts below, centred under it."""
    middle = sum(b.middle for b in level) / len(level)
    n_cols = len(edges) - 1
    children = [c in leaves and leaves[c].y0 > middle and cell_top(leaves[c], end) > middle for c in range(n_cols)]
    below = [run for run in runs if middle < run[0] < end]
    if below:
        nearest = min(run[0] for run in below)
        drawn = [run for run in below if run[0] - nearest < 2.0]
        own = _cover_by_rules(level, edges, drawn)
        if own:
            return own
        under = [any(x0 <= (edges[c] + edges[c + 1]) / 2 <= x1 for _, x0, x1 in drawn) for c in range(n_cols)]
        if any(under):
            children = under
    cover: list[tuple[Block, int, int]] = []
    c = 0
    while c < n_cols:
        if not children[c]:
            c += 1
            continue
        last = c
        while last < n_cols and children[last]:
            last += 1
        over = [b for b in sorted(level, key=lambda b: b.x0) if edges[c] <= b.center <= edges[last]]
        if over:
            cover.extend(partition(over, edges, c, last))
        c = last
    return cover


def _cover_by_rules(
    level: Sequence[Block], edges: Sequence[float], drawn: Sequence[tuple[float, float, float]]
) -> list[tuple[Block, int, int]]:
    """The columns over each rule for the text in the middle of it, when every text has a rule of its own."""
    cover: list[tuple[Block, int, int]] = []
    for block in sorted(level, key=lambda b: b.x0):
        over = [(x0, x1) for _, x0, x1 in drawn if x0 < block.center < x1]
        columns = [c for c in range(len(edges) - 1) if any(a <= (edges[c] + edges[c + 1]) / 2 <= b for a, b in over)]
        if len(over) != 1 or not columns or any(columns[0] < c1 for _, _, c1 in cover):
            return []
        cover.append((block, columns[0], columns[-1] + 1))
    return cover


def cell_top(block: Block, end: float) -> float:
    """Where the cell of a lowest header text begins, since it stands in the middle and its cell ends at ``end``."""
    return 2 * block.middle - end


def partition(blocks: Sequence[Block], edges: Sequence[float], first: int, last: int) -> list[tuple[Block, int, int]]:
    """Deal the columns ``first`` to ``last`` out to texts, each set in the middle of its columns, as well as can be.

    Columns may be left out. Dynamic programme over texts and columns.
    """
    best: list[dict[int, tuple[float, list[tuple[Block, int, int]]]]] = [{first: (0.0, [])}]
    for block in blocks:
        reached: dict[int, tuple[float, list[tuple[Block, int, int]]]] = {}
        for start, (cost, done) in best[-1].items():
            for c0 in range(start, last):
                for c1 in range(c0 + 1, last + 1):
                    x0, x1 = edges[c0], edges[c1]
                    over = max(0.0, x0 - block.x0) + max(0.0, block.x1 - x1)
                    own = abs((x0 + x1) / 2 - block.center) + over + 0.3 * (edges[c0] - edges[start])
                    if c1 not in reached or cost + own < reached[c1][0]:
                        reached[c1] = (cost + own, [*done, (block, c0, c1)])
        best.append(reached)
    ends = [(cost + 0.3 * (edges[last] - edges[end]), end) for end, (cost, _) in best[-1].items()]
    return best[-1][min(ends)[1]][1] if ends else []


def _level_edge(
    level: Sequence[Block], leaves: dict[int, Block], end: float, runs: Sequence[tuple[float, float, float]]
) -> float:
    bottom = max(b.y1 for b in level)
    middle = max(b.middle for b in level)
    drawn = [y for y, _, _ in runs if middle < y < end]
    if drawn:
        return min(drawn)
    tops = [leaf.y0 for leaf in leaves.values() if cell_top(leaf, end) > middle and leaf.y0 > middle]
    return (bottom + min(tops, default=bottom)) / 2
