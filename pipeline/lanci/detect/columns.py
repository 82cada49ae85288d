"""Columns of a table from text that stands below text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lanci.detect.blocks import Block
from lanci.detect.pieces import Line, Piece, words_to_piece
from lanci.document import Word

_PAD = 0.4  # ems between a text and the side of its cell
_LEVEL = 1.4  # ems by which the middles of header texts of neighbour columns may differ
_TOUCH = 1.0  # points; extents that overlap by no more stand side by side


@dataclass(slots=True)
class Column:
    """The extent of a column's text while it is being found; ``lines`` are the lines that have text in it."""

    x0: float
    x1: float
    lines: set[int] = field(default_factory=set)
    n: int = 0
    n_numeric: int = 0
    only_numbered: bool = True  # all its text is of rows of column numbers
    head: tuple[float, float] | None = None  # extent of the header text

    @property
    def head_center(self) -> float | None:
        return sum(self.head) / 2 if self.head else None

    @property
    def left(self) -> float:
        return min(self.x0, self.head[0]) if self.head else self.x0

    @property
    def right(self) -> float:
        return max(self.x1, self.head[1]) if self.head else self.x1

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def is_numeric(self) -> bool:
        return 2 * self.n_numeric > self.n

    def overlaps(self, x0: float, x1: float) -> bool:
        return self.left < x1 - _TOUCH and x0 + _TOUCH < self.right

    def absorb(self, other: Column) -> None:
        """Take in the text of another column."""
        self.x0, self.x1 = min(self.x0, other.x0), max(self.x1, other.x1)
        self.lines |= other.lines
        self.n += other.n
        self.n_numeric += other.n_numeric
        self.only_numbered = self.only_numbered and other.only_numbered


def find_columns(lines: Sequence[Line]) -> list[Column]:
    """Columns, from left to right, such that (nearly) no piece stands in two.

    Narrow pieces come first: numbers, codes and short labels show where columns are. A wider piece extends the column
    that it meets, and joins two that it meets if no line has text in both; else it spans them and says nothing.
    """
    extents: dict[tuple[int, int], Column] = {}
    labels: list[Column] = []  # 栏次 may stand over several columns
    for index, line in enumerate(lines):
        numbered = is_column_numbers(line)
        for piece in line.pieces:
            if numbered and not piece.numeric:
                labels.append(Column(piece.x0, piece.x1, {index}, 1))
                continue
            key = (round(piece.x0), round(piece.x1))
            own = extents.get(key)
            if own is None:
                own = extents[key] = Column(piece.x0, piece.x1)
            own.lines.add(index)
            own.n += 1
            own.n_numeric += piece.numeric
            own.only_numbered = own.only_numbered and numbered
    columns: list[Column] = []
    for own in sorted(extents.values(), key=lambda c: (round(c.x1 - c.x0), c.x0)):
        met = [column for column in columns if column.overlaps(own.x0, own.x1)]
        if not met:
            columns.append(own)
            continue
        if any(a.lines & b.lines for i, a in enumerate(met) for b in met[i + 1 :]):
            continue
        if len(met) > 1 and not own.is_numeric and all(column.is_numeric for column in met):
            continue  # codes of several levels, each in its column, under or over a label
        for other in met[1:]:
            met[0].absorb(other)
            columns.remove(other)
        met[0].absorb(own)
    columns.extend(label for label in labels if not any(c.overlaps(label.x0, label.x1) for c in columns))
    return sorted(columns, key=lambda column: column.x0)


def is_column_numbers(line: Line) -> bool:
    """Whether the line numbers the columns: small ascending numbers or marks, and perhaps a label such as 栏次."""
    numbers = [piece.text for piece in line.pieces if piece.numeric]
    if len(numbers) < 3 or len(numbers) < len(line.pieces) - 1 or any(len(text) > 2 for text in numbers):
        return False
    values = [int(text) for text in numbers if text.isdecimal()]
    return len(values) + sum(text == "**" for text in numbers) == len(numbers) and values == sorted(set(values))


def join_apart(columns: Sequence[Column], head: Sequence[Block], em: float) -> list[Column]:
    """Join neighbours that no line and no header line has text in both of: a label set in the middle of its column.

    A row of column numbers is set in the middle too, while the amounts below it stand at the right.
    """
    joined: list[Column] = []
    for column in columns:
        left = joined[-1] if joined else None
        if (
            left is not None
            and not left.lines & column.lines
            and (left.only_numbered or column.only_numbered or not (left.is_numeric and column.is_numeric))
            and min(left.n, column.n) <= max(2, max(left.n, column.n) // 4)
            and not _tells_apart(head, left, column, em)
        ):
            left.absorb(column)
        else:
            joined.append(column)
    return joined


def _tells_apart(head: Sequence[Block], left: Column, right: Column, em: float) -> bool:
    """Whether two header texts side by side stand over the one and the other column."""
    edge = (left.x1 + right.x0) / 2
    over = [b for b in head if b.x1 > left.x0 and b.x0 < right.x1]
    return any(
        a.center < edge < b.center and a.x1 <= b.x0 and abs(a.middle - b.middle) < _LEVEL * em
        for a in over
        for b in over
    )


def columns_to_edges(columns: Sequence[Column], x0: float, x1: float, em: float) -> list[float]:
    """Ascending edges from ``x0`` to ``x1``, each in the gap between two columns.

    Header texts stand in the middle of their columns, amounts at the right and labels at the left: that tells where
    in the gap.
    """
    inner: list[float] = []
    for a, b in pairwise(columns):
        low, high = a.right, b.left
        guesses = [guess for guess in (_right_edge(a, em), _left_edge(b, em)) if guess is not None]
        if a.is_numeric and guesses:
            guesses = guesses[:1]
        elif not b.is_numeric and guesses:
            guesses = guesses[-1:]
        at = sum(guesses) / len(guesses) if guesses else (low + high) / 2
        margin = min(_TOUCH, (high - low) / 2)
        inner.append(min(max(at, low + margin), high - margin))
    return [min(x0, columns[0].left), *inner, max(x1, columns[-1].right)]


def _right_edge(column: Column, em: float) -> float | None:
    if column.is_numeric:
        return column.x1 + _PAD * em
    return 2 * column.head_center - column.x0 + _PAD * em if column.head_center is not None else None


def _left_edge(column: Column, em: float) -> float | None:
    if not column.is_numeric:
        return column.x0 - _PAD * em
    return 2 * column.head_center - column.x1 - _PAD * em if column.head_center is not None else None


def split_at_edges(piece: Piece, edges: Sequence[float]) -> list[Piece]:
    """The piece cut at the edges that run between two of its words."""
    inner = [edge for edge in edges if piece.x0 < edge < piece.x1]
    if not inner or len(piece.words) < 2:
        return [piece]
    parts: list[list[Word]] = [[piece.words[0]]]
    for left, right in zip(piece.words, piece.words[1:], strict=False):
        if any(left.box.x1 - _TOUCH <= edge <= right.box.x0 + _TOUCH for edge in inner):
            parts.append([])
        parts[-1].append(right)
    return [words_to_piece(part) for part in parts] if len(parts) > 1 else [piece]


def columns_of(piece: Piece, edges: Sequence[float], columns: Sequence[Column]) -> tuple[int, int]:
    """The first column that the piece stands in and the one behind its last.

    A piece stands in several where it reaches into the text of several; one that only overflows its cell's edge
    stands in the one that holds its middle.
    """
    last = len(columns)
    touched = [k for k in range(last) if columns[k].overlaps(piece.x0, piece.x1)]
    inside = next((k for k in range(last) if piece.center < edges[k + 1]), last - 1)
    if len(touched) > 1:
        return touched[0], touched[-1] + 1
    return (touched[0], touched[0] + 1) if touched else (inside, inside + 1)
