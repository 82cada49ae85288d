"""What speaks for and against the reading of a cell, as numbers that a model can weigh."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from statistics import median

from lanci.document import Grid
from lanci.numbers import MINUS, looks_numeric, parse_amount
from lanci.ocr.columns import NumberColumn, is_oddly_exact, is_oddly_grouped
from lanci.ocr.crops import CellPicture, LinePicture
from lanci.ocr.engine import LineReading
from lanci.ocr.numeric import Reading, is_stack
from lanci.text import is_cjk, squash

_LEAST = 1e-4
"""Probabilities of the recogniser nearer than this to 0 or 1 say no more."""
_WIDE = 2.0
"""A Chinese character is as wide as two digits."""
_NARROW = frozenset(".,:;'|!·，。、：；")
_ENDS = frozenset('()（）《》“”"[]【】%％:：*＊' + MINUS)
"""Signs besides letters that a text may well begin or end with."""


class Head(StrEnum):
    """What kind of reading is judged; each has a model of its own."""

    AMOUNT = "amount"
    TEXT = "text"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one reading; logarithms are to the base 10.

    Attributes:
        weakest: log odds of the least certain character.
        product: log odds of all characters being right together.
        ends: log odds of the less certain of the first and the last character.
        length: logarithm of 1 and the number of characters.
        looked: a second picture was read.
        differs: its reading is another text.
        second: log odds of the second reading's least certain character where it agrees, else 0.
        rival: logarithm of how probable the likeliest other number is against this one, from -4.
        forced: only the grammar made a number of it.
        invalid: it stands among numbers, and is none.
        odd: other decimals or thousands than usual in its column.
        in_column: it stands in a number column.
        has_digit: the text has a digit.
        sign: it begins with a minus.
        stray: it begins or ends with a sign that hardly any text begins or ends with.
        unread: how far the ink goes on beyond the characters read, in character heights.
        width: how far the width of its characters is from the usual one, as a logarithm.
        lines: logarithm of the number of lines.
        stack: its lines are numbers of their own.
        stamped, crossing, grown, dirty, touches_edge: see :class:`lanci.ocr.crops.Disturbance`.
        ink_lost: its logarithm.
        pale: 1 less the contrast.
        small: by how many pixels the line is less high than 16.
        doubt: share of the cells of the grid whose first reading was doubtful.
        no_text: there is ink, and nothing was read.
        gap: of a blank cell: how full its row and its column are, whichever is less (0 to 1).
    """

    weakest: float = 0.0
    product: float = 0.0
    ends: float = 0.0
    length: float = 0.0
    looked: float = 0.0
    differs: float = 0.0
    second: float = 0.0
    rival: float = -4.0
    forced: float = 0.0
    invalid: float = 0.0
    odd: float = 0.0
    in_column: float = 0.0
    has_digit: float = 0.0
    sign: float = 0.0
    stray: float = 0.0
    unread: float = 0.0
    width: float = 0.0
    lines: float = 0.0
    stack: float = 0.0
    stamped: float = 0.0
    crossing: float = 0.0
    grown: float = 0.0
    dirty: float = 0.0
    touches_edge: float = 0.0
    ink_lost: float = 0.0
    pale: float = 0.0
    small: float = 0.0
    doubt: float = 0.0
    no_text: float = 0.0
    gap: float = 0.0

    def to_row(self) -> tuple[float, ...]:
        """The values in the order of :data:`FEATURES`."""
        return tuple(getattr(self, name) for name in FEATURES)


FEATURES = tuple(field.name for field in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was seen of one cell: its picture, first readings, final reading, second reading, column."""

    picture: CellPicture
    lines: Sequence[LineReading]
    final: Reading
    second: Reading | None
    column: NumberColumn | None


def find_head(seen: Seen) -> Head:
    """Which model judges a reading."""
    if not seen.final.text:
        return Head.BLANK
    return Head.AMOUNT if seen.column is not None or looks_numeric(squash(seen.final.text)) else Head.TEXT


def gather_evidence(grid: Grid, cells: Sequence[Seen], doubtful: float) -> list[Evidence]:
    """The evidence of every cell of a grid.

    Args:
        grid: the cells' places.
        cells: what was seen of each.
        doubtful: the recogniser's confidence below which a first reading counts as doubtful.
    """
    inked = [min((line.confidence for line in seen.lines), default=1.0) for seen in cells if seen.lines]
    doubt = sum(confidence < doubtful for confidence in inked) / len(inked) if inked else 0.0
    widths = [_width_per_unit(seen) for seen in cells]
    usual = _usual_widths(grid, widths)
    gaps = _find_gaps(grid, cells)
    return [_to_evidence(seen, _Around(widths[i], usual[i], doubt, gaps[i])) for i, seen in enumerate(cells)]


@dataclass(frozen=True, slots=True)
class _Around:
    """What the grid tells of one cell: its width and the usual one, and see ``doubt`` and ``gap`` of Evidence."""

    width: float | None
    usual: float | None
    doubt: float
    gap: float


def _to_evidence(seen: Seen, around: _Around) -> Evidence:
    text, column, disturbance = squash(seen.final.text), seen.column, seen.picture.disturbance
    amount = find_head(seen) is Head.AMOUNT
    second = seen.second
    agrees = second is not None and squash(second.text) == text
    weakest, product, ends = _probabilities(seen)
    return Evidence(
        weakest=weakest,
        product=product,
        ends=ends,
        length=math.log10(1 + len(text)),
        looked=float(second is not None),
        differs=float(second is not None and not agrees),
        second=_log_odds(second.confidence) if second is not None and agrees else 0.0,
        rival=max(math.log10(max(seen.final.rival, 1e-4)), -4.0),
        forced=float(seen.final.forced),
        invalid=float(amount and not _is_valid(text)),
        odd=float(column is not None and (is_oddly_exact(text, column) or is_oddly_grouped(text, column))),
        in_column=float(column is not None),
        has_digit=float(any(char.isdigit() for char in text)),
        sign=float(text[:1] in MINUS) if text else 0.0,
        stray=float(_has_stray_end(text)),
        unread=min(max((_unread_ink(p, r) for p, r in zip(seen.picture.lines, seen.lines, strict=True)), default=0), 4),
        width=abs(math.log(around.width / around.usual)) if around.width and around.usual else 0.0,
        lines=math.log10(max(len(seen.lines), 1)),
        stack=float(is_stack(seen.lines)),
        stamped=disturbance.stamped,
        crossing=float(disturbance.crossing),
        grown=float(disturbance.grown),
        dirty=float(disturbance.dirty),
        touches_edge=float(disturbance.touches_edge),
        ink_lost=math.log10(1 + max(disturbance.ink_lost, 0.0)),
        pale=1 - disturbance.contrast if seen.lines else 0.0,
        small=max(16 - disturbance.line_height, 0.0) if seen.lines else 0.0,
        doubt=around.doubt,
        no_text=float(bool(seen.lines) and not text),
        gap=around.gap,
    )


def _log_odds(probability: float) -> float:
    p = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log10(p / (1 - p))


def _probabilities(seen: Seen) -> tuple[float, float, float]:
    """Log odds of the weakest character, of all together, and of the weaker end."""
    chars = [char.candidates[0][1] for line in seen.lines for char in line.chars if char.candidates[0][0].strip()]
    own = seen.final.confidence
    if not chars or seen.final.forced:
        return _log_odds(own), _log_odds(own), _log_odds(own)
    return _log_odds(min(chars)), _log_odds(math.prod(chars)), _log_odds(min(chars[0], chars[-1]))


def _is_valid(text: str) -> bool:
    plain = text.removesuffix("%")
    return parse_amount(plain) is not None or set(text) <= set(MINUS) | set("/*")


def _has_stray_end(text: str) -> bool:
    """Whether a mark stands at an end where specks and rests of rules are read as one."""
    if len(text) < 2:
        return False
    return not all((char.isalnum() and char not in "IlＩ") or char in _ENDS for char in (text[0], text[-1]))


def _unread_ink(picture: LinePicture, reading: LineReading) -> float:
    """How far the ink goes on beyond the middle of the first or last character that was read.

    In character heights; of Chinese characters, which are wider, their greater half is taken off.
    """
    chars = [char for char in reading.chars if char.candidates[0][0].strip()]
    if not chars:
        return 0.0
    beyond = 0.0
    for char, distance in (
        (chars[0], chars[0].position - picture.ink_start),
        (chars[-1], picture.ink_end - chars[-1].position),
    ):
        own = 0.8 if is_cjk(char.candidates[0][0]) else 0.4
        beyond = max(beyond, distance * picture.image.shape[1] / max(picture.height, 1) - own)
    return beyond


def _width_per_unit(seen: Seen) -> float | None:
    """Ink width of a cell of one line over the digits that would fill it, in line heights."""
    if len(seen.lines) != 1 or not seen.final.text:
        return None
    picture = seen.picture.lines[0]
    units = sum(_WIDE if is_cjk(char) else 0.5 if char in _NARROW else 1.0 for char in squash(seen.final.text))
    ink = (picture.ink_end - picture.ink_start) * picture.image.shape[1]
    return float(max(ink / units, 0.1))


def _usual_widths(grid: Grid, widths: Sequence[float | None]) -> list[float | None]:
    """For every cell the median width in its column; None where there are too few."""
    by_col: dict[int, list[float]] = {}
    for cell, width in zip(grid.cells, widths, strict=True):
        if width is not None:
            by_col.setdefault(cell.col, []).append(width)
    usual = {col: median(values) for col, values in by_col.items() if len(values) >= 4}
    return [usual.get(cell.col) for cell in grid.cells]


def _find_gaps(grid: Grid, cells: Sequence[Seen]) -> list[float]:
    """For every blank cell how full its row and its column are; 0 for the others."""
    filled = [bool(seen.final.text) for seen in cells]
    rows: dict[int, list[bool]] = {}
    cols: dict[int, list[bool]] = {}
    for cell, full in zip(grid.cells, filled, strict=True):
        rows.setdefault(cell.row, []).append(full)
        cols.setdefault(cell.col, []).append(full)
    return [
        0.0 if full else min(sum(line) / len(line) for line in (rows[cell.row], cols[cell.col]))
        for cell, full in zip(grid.cells, filled, strict=True)
    ]
