"""Columns of a table from text that stands below text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lanci.detect.blocks import Block
from lanci.detect.pieces import Line, Piece, words_to_piece
from lanci.detect.ruled import is_marked
from lanci.document import Word
from lanci.text import is_cjk

_PAD = 0.4  # ems between a text and the side of its cell
_LEVEL = 1.4  # ems by which the middles of header texts of neighbour columns may differ
_TOUCH = 1.0  # points; extents that overlap by no more stand side by side
_CODE_AND_NAME = re.compile(r"\d{3,7}\s*[^\d\s.,%]")
_OFF_CENTER = 3.0  # points that texts at one side of their column are off its middle


@dataclass(slots=True)
class Column:
    """The extent of a column's text while it is being found; ``lines`` are the lines that have text in it.

    ``number`` is the extent of its number in a row of column numbers, ``text`` that of its text in other rows.
    """

    x0: float
    x1: float
    lines: set[int] = field(default_factory=set)
    n: int = 0
    n_numeric: int = 0
    only_numbered: bool = True  # all its text is of rows of column numbers
    head: tuple[float, float] | None = None  # extent of the header text
    number: tuple[float, float] | None = None
    text: tuple[float, float] | None = None

    @property
    def head_center(self) -> float | None:
        over = self.head or self.number
        return sum(over) / 2 if over else None

    @property
    def side(self) -> int:
        """At which side its texts stand: 1 at the right, as amounts do, -1 at the left as labels do, 0 when not known.

        The header text in the middle of the column tells; where it stands over the middle of the texts, or is not
        there, numbers are taken to stand at the right. Column numbers stand in the middle too.
        """
        if self.text is None and self.number is not None:
            return 0
        x0, x1 = self.text or (self.x0, self.x1)
        center = self.head_center
        off = 0.0 if center is None else (x0 + x1) / 2 - center
        if abs(off) <= _OFF_CENTER:
            return 1 if self.is_numeric else -1
        return 1 if off > 0 else -1

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
        self.number = _hull(self.number, other.number)
        self.text = _hull(self.text, other.text)


def _hull(one: tuple[float, float] | None, other: tuple[float, float] | None) -> tuple[float, float] | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def find_columns(lines: Sequence[Line], levels: Sequence[float] = (), marks: Sequence[float] = ()) -> list[Column]:
    """Columns, from left to right, such that (nearly) no piece stands in two.

    Narrow pieces come first: numbers, codes and short labels show where columns are. A wider piece extends the column
    that it meets, and joins two that it meets if no line has text in both; else it spans them and says nothing.

    Args:
        lines: from top to bottom.
        levels: where rules part all rows, these: lines between the same two count as one.
        marks: sides of columns that rules show; nothing joins columns over them.
    """
    extents: dict[tuple[int, int], Column] = {}
    labels: list[Column] = []  # 栏次 may stand over several columns
    rows = [bisect_left(levels, line.middle) if levels else n for n, line in enumerate(lines)]
    numbering = _find_numbering(lines, rows)
    for index, line in zip(rows, lines, strict=True):
        numbered = index in numbering
        for piece in line.pieces:
            if numbered and not piece.numeric:
                labels.append(Column(piece.x0, piece.x1, {index}, 1))
                continue
            key = (round(piece.x0), round(piece.x1))
            own = extents.get(key)
            if own is None:
                own = extents[key] = Column(piece.x0, piece.x1)
            if numbered:
                own.number = _hull(own.number, (piece.x0, piece.x1))
            else:
                own.text = _hull(own.text, (piece.x0, piece.x1))
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
        if any(is_marked(marks, a.x1 - _TOUCH, b.x0 + _TOUCH) for a, b in pairwise(sorted(met, key=lambda c: c.x0))):
            continue
        for other in met[1:]:
            met[0].absorb(other)
            columns.remove(other)
        met[0].absorb(own)
    columns.extend(label for label in labels if not any(c.overlaps(label.x0, label.x1) for c in columns))
    return _join_coded(sorted(columns, key=lambda column: column.x0), lines)


def _join_coded(columns: Sequence[Column], lines: Sequence[Line]) -> list[Column]:
    """Join a column of codes and one of names where most rows show code and name as one text (30101 办公费)."""
    coded = [piece for line in lines for piece in line.pieces if _CODE_AND_NAME.match(piece.text)]
    joined: list[Column] = []
    for column in columns:
        left = joined[-1] if joined else None
        if left is not None and left.is_numeric and not column.is_numeric:
            over = sum(left.overlaps(p.x0, p.x1) and column.overlaps(p.x0, p.x1) for p in coded)
            if over > len(left.lines & column.lines):
                left.absorb(column)
                continue
        joined.append(column)
    return joined


def _find_numbering(lines: Sequence[Line], rows: Sequence[int]) -> set[int]:
    """The rows that number the columns. A scan may show one number a little higher, as a line of its own."""
    pieces: dict[int, list[Piece]] = {}
    for row, line in zip(rows, lines, strict=True):
        pieces.setdefault(row, []).extend(line.pieces)
    first = next(iter(pieces), None)
    whole = {row: sorted(own, key=lambda piece: piece.x0) for row, own in pieces.items()}
    return {row for row, own in whole.items() if is_column_numbers(own, first=row == first)}


def is_column_numbers(pieces: Sequence[Piece], *, first: bool = False) -> bool:
    """Whether a line, from left to right, numbers the columns: small ascending numbers or marks, perhaps after 栏次.

    The ``first`` line of a body may do so with less than three: 1, or 1 and 2.
    """
    numbers = [piece.text for piece in pieces if piece.numeric or _is_mark(piece.text)]
    if any(len(text) > 2 for text in numbers) or (len(numbers) < len(pieces) - 1 and not _counts_up(pieces)):
        return False
    if len(numbers) < 3:
        return first and numbers in (["1"], ["1", "2"])
    values = [int(text) for text in numbers if text.isdecimal()]
    if values != sorted(set(values)):
        return False
    unread = len(numbers) - len(values) - sum("*" in text for text in numbers)
    if not unread:
        return True
    # Where a scan shows some of the numbers as dashes or odd letters, the others run from the first to about the last
    # column. What stands before the first may also be marks of columns without a number.
    lead = next((k for k, text in enumerate(numbers) if text.isdecimal()), 0)
    if len(values) < max(2 if first else 3, unread) or values[0] > 2:
        return False
    return 0 <= values[-1] - values[0] + 1 - (len(numbers) - lead) <= 2


def _counts_up(pieces: Sequence[Piece]) -> bool:
    """Whether nothing but short texts, which marks are read as, stands before 1, 2, 3 and so on up to the last."""
    texts = [piece.text for piece in pieces]
    n_marks = next((k for k, text in enumerate(texts) if text == "1"), len(texts))
    counted = texts[n_marks:]
    return (
        len(counted) > 2
        and all(len(text) <= 2 for text in texts[:n_marks])
        and counted == [str(k + 1) for k in range(len(counted))]
    )


def _is_mark(text: str) -> bool:
    """Whether a text may be what a recogniser made of a mark or a number of a column: of 1 also 一."""
    return text == "一" or (len(text) <= 2 and not any(map(is_cjk, text)))


def join_apart(
    columns: Sequence[Column],
    head: Sequence[Block],
    em: float,
    marks: Sequence[float] = (),
    headed: Collection[int] = (),
) -> list[Column]:
    """Join neighbours that no line and no header line has text in both of: a label set in the middle of its column.

    ``marks`` are sides of columns that rules show, ``headed`` the columns, by ``id``, with a header text of their own.

    A row of column numbers is set in the middle too, while the amounts below it stand at the right.
    """
    joined: list[Column] = []
    for column in columns:
        left = joined[-1] if joined else None
        if (
            left is not None
            and not left.lines & column.lines
            and not (id(left) in headed and id(column) in headed)
            and (
                left.only_numbered
                or column.only_numbered
                or not (left.is_numeric and column.is_numeric)
                or _is_head_beside(head, left, column)
            )
            and min(left.n, column.n) <= max(2, max(left.n, column.n) // 4)
            and not is_marked(marks, left.x1 - _TOUCH, column.x0 + _TOUCH)
            and not _tells_apart(head, left, column, em)
        ):
            left.absorb(column)
            if id(column) in headed:
                headed = {*headed, id(left)}
        else:
            joined.append(column)
    return joined


def _is_head_beside(head: Sequence[Block], left: Column, right: Column) -> bool:
    """Whether one text at most stands under the header text of one, and all others beside it under none."""
    few, many = sorted((left, right), key=lambda column: column.n)
    over = [sum(b.x0 < c.x1 and c.x0 < b.x1 for b in head) for c in (few, many)]
    return few.n == 1 and over[0] > 0 and over[1] == 0


def _tells_apart(head: Sequence[Block], left: Column, right: Column, em: float) -> bool:
    """Whether two header texts side by side stand over the one and the other column."""
    edge = (left.x1 + right.x0) / 2
    over = [b for b in head if b.x1 > left.x0 and b.x0 < right.x1]
    return any(
        a.center < edge < b.center and a.x1 <= b.x0 and abs(a.middle - b.middle) < _LEVEL * em
        for a in over
        for b in over
    )


def columns_to_edges(
    columns: Sequence[Column], x0: float, x1: float, em: float, marks: Sequence[float] = ()
) -> list[float]:
    """Ascending edges from ``x0`` to ``x1``, each in the gap between two columns.

    One of the ``marks``, sides of columns that rules show, is the edge where it lies in the gap. Else the texts tell
    that stand at it. Else the edge is as far from the middle of its column, where the header text stands, as the edge
    on the column's other side.
    """
    gaps = [(a.right, b.left) for a, b in pairwise(columns)]
    known = [_known_edge(a, b, em, marks) for a, b in pairwise(columns)]
    centers = [column.head_center for column in columns]
    from_left = _mirror_edges(x0, known, centers[:-1], gaps)
    from_right = _mirror_edges(x1, known[::-1], centers[:0:-1], gaps[::-1])[::-1]
    inner: list[float] = []
    for (low, high), *guesses in zip(gaps, from_left, from_right, strict=True):
        some = [guess for guess in guesses if guess is not None]
        inner.append(_clamp(sum(some) / len(some) if some else (low + high) / 2, low, high))
    return [min(x0, columns[0].left), *inner, max(x1, columns[-1].right)]


def _known_edge(a: Column, b: Column, em: float, marks: Sequence[float]) -> float | None:
    """The edge between two columns where a rule or a text at it shows it."""
    marked = _marked_edge(marks, a.right, b.left)
    if marked is not None:
        return marked
    if a.side > 0:
        return (a.text or (a.x0, a.x1))[1] + _PAD * em
    return (b.text or (b.x0, b.x1))[0] - _PAD * em if b.side < 0 else None


def _mirror_edges(
    edge: float | None,
    known: Sequence[float | None],
    centers: Sequence[float | None],
    gaps: Sequence[tuple[float, float]],
) -> list[float | None]:
    """The edges behind the columns, one after the other from the side ``edge``: known ones, or mirrored at a middle."""
    edges: list[float | None] = []
    for at, center, (low, high) in zip(known, centers, gaps, strict=True):
        if at is not None:
            edge = at
        elif edge is not None and center is not None:
            edge = _clamp(2 * center - edge, low, high)
        else:
            edge = None
        edges.append(edge)
    return edges


def _clamp(x: float, low: float, high: float) -> float:
    margin = min(_TOUCH, (high - low) / 2)
    return min(max(x, low + margin), high - margin)


def _marked_edge(marks: Sequence[float], low: float, high: float) -> float | None:
    """The mark in a gap that is nearest to its middle."""
    inside = marks[bisect_left(marks, low - _TOUCH) : bisect_left(marks, high + _TOUCH)]
    return min(inside, key=lambda x: abs(x - (low + high) / 2), default=None)


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
