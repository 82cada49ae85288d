"""Table areas without rules: rows of numbers that stand under each other in columns.

A row is a line of print that begins with anything and goes on with at least two numbers of which one is an amount;
a block is at least three rows close to each other in which at least two columns of numbers share an edge or their
middle. The first word of a line does not count, as it may be the number of a section or a row. So contents pages
(one page number to a line), axes of charts (one number to a line, or one line) and prose (numbers at random places)
make no block, and neither does a table of one column of amounts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lanci.document import Box, boxes_to_hull
from lanci_eval.evidence.records import NumberKind, PrintedWord
from lanci_eval.evidence.tokens import is_numeric, kind_of, to_token

_MIN_ROWS = 3
_MIN_COLUMNS = 2
_ALIGN = 3.0  # points; numbers of one column differ by no more
_REACH = 3.0  # lines of print between two rows of one block at the most

_ANCHORS: tuple[Callable[[Box], float], ...] = (lambda b: b.x1, lambda b: b.x0, lambda b: b.center[0])


@dataclass(frozen=True, slots=True)
class Line:
    """Words beside each other, from left to right."""

    words: tuple[PrintedWord, ...]
    box: Box


def group_lines(words: Sequence[PrintedWord]) -> tuple[Line, ...]:
    """The level words as lines of print from top to bottom; words on one line share most of their height."""
    rows: list[list[PrintedWord]] = []
    for word in sorted((w for w in words if w.level), key=lambda w: (w.box.center[1], w.box.x0)):
        last = rows[-1][-1] if rows else None
        if last is not None and abs(word.box.center[1] - last.box.center[1]) <= 0.35 * last.box.height:
            rows[-1].append(word)
        else:
            rows.append([word])
    lines = [tuple(sorted(row, key=lambda w: w.box.x0)) for row in rows]
    return tuple(Line(line, boxes_to_hull([w.box for w in line])) for line in lines)


def find_blocks(words: Sequence[PrintedWord]) -> tuple[Box, ...]:
    """The boxes of the blocks among words that lie in no ruled table, from top to bottom."""
    blocks: list[list[Line]] = []
    for line in group_lines(words):
        if not _is_row(line):
            continue
        if blocks and line.box.y0 - blocks[-1][-1].box.y1 <= _REACH * line.box.height:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return tuple(boxes_to_hull([line.box for line in block]) for block in blocks if _is_table(block))


def _is_row(line: Line) -> bool:
    tokens = [to_token(w.text) for w in line.words[1:]]
    return sum(map(is_numeric, tokens)) >= 2 and any(kind_of(t) is NumberKind.AMOUNT for t in tokens)


def _is_table(block: Sequence[Line]) -> bool:
    if len(block) < _MIN_ROWS:
        return False
    rows = [[w.box for w in line.words[1:] if is_numeric(to_token(w.text))] for line in block]
    return any(_count_columns(rows, anchor) >= _MIN_COLUMNS for anchor in _ANCHORS)


def _count_columns(rows: Sequence[Sequence[Box]], anchor: Callable[[Box], float]) -> int:
    """How many places across the page hold a number in at least three rows and in half of them."""
    places = sorted((anchor(box), i) for i, row in enumerate(rows) for box in row)
    columns: list[list[tuple[float, int]]] = []
    for place in places:
        if columns and place[0] - columns[-1][0][0] <= _ALIGN:
            columns[-1].append(place)
        else:
            columns.append([place])
    needed = max(_MIN_ROWS, len(rows) / 2)
    return sum(len({i for _, i in column}) >= needed for column in columns)
