"""Rows of a table without rules: lines that belong to one row, labels that stand for several rows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lanci.detect.blocks import Block, piece_to_block
from lanci.detect.pieces import Piece

_WRAP = 1.7  # ems; lines further apart are never one cell's
_FAR_WRAP = 2.3  # ems; the same where numbers stand halfway between the lines
_TIGHTER = 0.85  # of the least distance of two numbers below each other: closer lines are one cell's
_LOOSER = 1.15  # of the least distance of two lines of text: all lines of a cell are about as close
_LEAST_LEADING = 0.9  # ems; closer lines are no lines of one text
_LEVEL = 0.35  # ems by which the middles (or tops) of one row's texts may differ
_OFF_MIDDLE = 0.4  # of a row's height that a label may be off the middle of its rows
_ROOM = 1.4  # times the usual space between two rows that one between them needs at least
_FULL = 0.9  # of the texts of the fullest column that a column has which shows all rows


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of the table's body with the columns it stands in, ``col`` to ``col_end`` (not included)."""

    piece: Piece
    col: int
    col_end: int


@dataclass(slots=True)
class Row:
    """A row while it is being found: the texts by column, and the space that they take."""

    blocks: dict[int, Block]
    middle: float
    y0: float
    y1: float
    numeric: bool


@dataclass(frozen=True, slots=True)
class Body:
    """Rows as ``(y0, y1)`` of their text, and vertical spans as ``(row, row behind, column)``."""

    rows: tuple[tuple[float, float], ...]
    spans: tuple[tuple[int, int, int], ...]


def wrap_pitch(placed: Sequence[Placed], em: float) -> float:
    """The largest distance between the middles of two lines of one cell, 0 when no cell has two lines.

    Numbers below each other stand in two rows, so lines of one cell are closer than any two numbers. Without
    numbers, it is told by two kinds of distances, if there are.
    """
    numbers = _pitches(placed, numeric=True)
    texts = [pitch for pitch in _pitches(placed, numeric=False) if pitch > _LEAST_LEADING * em]
    leading = _LOOSER * texts[0] if texts else _WRAP * em
    if numbers:
        least = numbers[len(numbers) // 20]
        return min(_TIGHTER * least, _WRAP * em, leading)
    return min(leading, _WRAP * em) if texts and texts[-1] > 1.3 * texts[0] else 0.0


def _pitches(placed: Sequence[Placed], *, numeric: bool) -> list[float]:
    columns: dict[int, list[float]] = {}
    for one in placed:
        if one.piece.numeric == numeric and one.col_end == one.col + 1:
            columns.setdefault(one.col, []).append(one.piece.middle)
    found = [b - a for ys in columns.values() for a, b in pairwise(sorted(ys)) if b - a > 1.0]
    return sorted(found)


def find_rows(placed: Sequence[Placed], wrap: float, em: float, labels: Sequence[int]) -> Body:
    """The rows of one stretch of the body, from top to bottom; ``labels`` are the columns of texts before amounts."""
    blocks = _to_blocks(placed, wrap, em)
    rows = min((_level(blocks, key, em) for key in ("middle", "y0")), key=len)
    has_numbers = any(row.numeric for row in rows)
    core = _core_rows(rows)
    kept: list[Row] = []
    between: list[tuple[Row, int]] = []
    pitch = _least_pitch([row for row in rows if row.numeric or not has_numbers])
    space = _usual_space([row for row, is_core in zip(rows, core, strict=True) if is_core])
    for index, row in enumerate(rows):
        below = rows[index + 1] if index + 1 < len(rows) else None
        above = kept[-1] if kept else None
        may_span = not core[index] or _is_left_of(row, above, below)
        if may_span and _stands_between(row, above, below, space):
            between.append((row, len(kept) - 1))
            continue
        if not core[index]:
            host = _host(row, above, below, pitch) if has_numbers else None
            if host is not None:
                _merge(host, row)
                continue
        kept.append(row)
    spans = _label_spans(kept, between, labels)
    return Body(tuple((row.y0, row.y1) for row in kept), tuple(spans))


def _to_blocks(placed: Sequence[Placed], wrap: float, em: float) -> list[tuple[int, Block, bool]]:
    numbers = sorted({one.piece.middle for one in placed if one.piece.numeric})
    blocks: list[tuple[int, Block, bool]] = []
    open_: dict[int, tuple[Block, bool]] = {}
    for one in sorted(placed, key=lambda p: (p.piece.middle, p.piece.x0)):
        at = open_.get(one.col)
        if at is not None and _goes_on(at, one.piece, wrap, numbers, em):
            at[0].add(one.piece)
            continue
        block = piece_to_block(one.piece)
        open_[one.col] = (block, one.piece.numeric)
        blocks.append((one.col, block, one.piece.numeric))
    return blocks


def _goes_on(open_: tuple[Block, bool], piece: Piece, wrap: float, numbers: Sequence[float], em: float) -> bool:
    """Whether a piece is the next line of the cell above it; two numbers are two cells."""
    block, is_number = open_
    pitch = piece.middle - block.last
    if pitch < 1.0 or (pitch <= wrap and not (is_number and piece.numeric)):
        return True
    return not is_number and _around_number(block.last, piece.middle, numbers, em)


def _around_number(upper: float, lower: float, numbers: Sequence[float], em: float) -> bool:
    """Whether numbers stand halfway between two lines of text: the middle of a cell of two lines."""
    if lower - upper > _FAR_WRAP * em:
        return False
    at = bisect_left(numbers, upper)
    return any(abs(y - (upper + lower) / 2) < 0.2 * (lower - upper) for y in numbers[at : at + 2])


def _level(blocks: Sequence[tuple[int, Block, bool]], key: str, em: float) -> list[Row]:
    rows: list[Row] = []
    for col, block, numeric in sorted(blocks, key=lambda b: (getattr(b[1], key), b[0])):
        value = getattr(block, key)
        if rows and value - rows[-1].middle <= _LEVEL * em and col not in rows[-1].blocks:
            row = rows[-1]
            row.blocks[col] = block
            row.y0, row.y1 = min(row.y0, block.y0), max(row.y1, block.y1)
            row.numeric = row.numeric or numeric
        else:
            rows.append(Row({col: block}, value, block.y0, block.y1, numeric))
    return rows


def _least_pitch(rows: Sequence[Row]) -> float:
    return min((b.middle - a.middle for a, b in pairwise(rows)), default=0.0)


def _core_rows(rows: Sequence[Row]) -> list[bool]:
    """Which rows have a number, or a text in a column with one in nearly every row."""
    filled: dict[int, int] = {}
    for row in rows:
        for col in row.blocks:
            filled[col] = filled.get(col, 0) + 1
    most = max(filled.values(), default=0)
    full = {col for col, n in filled.items() if n >= _FULL * most}
    return [row.numeric or not full.isdisjoint(row.blocks) for row in rows]


def _usual_space(rows: Sequence[Row]) -> float:
    """The usual height of the stripe without text between two rows."""
    spaces = sorted(max(0.0, b.y0 - a.y1) for a, b in pairwise(rows))
    return spaces[len(spaces) // 2] if spaces else 0.0


def _is_left_of(row: Row, above: Row | None, below: Row | None) -> bool:
    """Whether a row is one text, left of all texts of its neighbours."""
    if above is None or below is None:
        return False
    return len(row.blocks) == 1 and max(row.blocks) < min(*above.blocks, *below.blocks)


def _stands_between(row: Row, above: Row | None, below: Row | None, space: float) -> bool:
    """Whether two rows leave no room for a row of its own between them, so that the text stands for both."""
    if above is None or below is None or any(col in above.blocks or col in below.blocks for col in row.blocks):
        return False
    return below.y0 - above.y1 < (row.y1 - row.y0) + _ROOM * space


def _host(row: Row, above: Row | None, below: Row | None, pitch: float) -> Row | None:
    """The row that text of the other columns belongs to when it is too close to be a row of its own."""
    near = [
        (abs(row.middle - other.middle), other)
        for other in (above, below)
        if other is not None and other.numeric and not any(col in other.blocks for col in row.blocks)
    ]
    if not near:
        return None
    distance, host = min(near, key=lambda pair: pair[0])
    return host if distance < 0.5 * pitch else None


def _merge(host: Row, row: Row) -> None:
    host.blocks.update(row.blocks)
    host.y0, host.y1 = min(host.y0, row.y0), max(host.y1, row.y1)


def _label_spans(
    rows: Sequence[Row], between: Sequence[tuple[Row, int]], columns: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Vertical spans in the label columns where few labels stand for all rows, each in the middle of its own.

    Where a column has such labels, the rows that have one of their own there have no part in spans further right.
    """
    spans: list[tuple[int, int, int]] = []
    alone: set[int] = set()
    for col in columns:
        labels = [row.blocks[col].middle for row, _ in between if col in row.blocks]
        labels += [row.blocks[col].middle for row in rows if col in row.blocks]
        if not labels or len(labels) >= len(rows):
            continue
        first = next((i for i, row in enumerate(rows) if col in row.blocks), len(rows))
        for start in range(min(2, first) + 1):
            dealt = _deal_rows(sorted(labels), rows, start, alone)
            if dealt is not None:
                spans.extend((r0, r1, col) for r0, r1 in dealt if r1 - r0 > 1)
                alone.update(r0 for r0, r1 in dealt if r1 - r0 == 1)
                break
    return spans


def _deal_rows(
    labels: Sequence[float], rows: Sequence[Row], start: int, alone: Collection[int]
) -> list[tuple[int, int]] | None:
    """The rows of each label, all from ``start`` on, or None where some label is not in the middle of its rows.

    Rows ``alone`` belong to no span; they need no label.
    """
    dealt: list[tuple[int, int]] = []
    for middle in labels:
        while start in alone and rows[start].y1 < middle:
            start += 1
        if start >= len(rows):
            return None
        last = start if start in alone else _before_next(alone, start, len(rows))
        top = rows[start].y0
        off, end = min((abs((top + rows[end].y1) / 2 - middle), end) for end in range(start, last + 1))
        if off > _OFF_MIDDLE * (rows[start].y1 - rows[start].y0):
            return None
        dealt.append((start, end + 1))
        start = end + 1
    while start in alone:
        start += 1
    return dealt if start == len(rows) else None


def _before_next(alone: Collection[int], start: int, n_rows: int) -> int:
    return min((row for row in alone if row > start), default=n_rows) - 1
