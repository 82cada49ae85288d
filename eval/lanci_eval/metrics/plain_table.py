"""A found table as a plain grid: where its body begins, what its headers say, which rows carry codes.

Everything is read from the texts, never from what a system says of rows and roles, so that systems which tell
nothing are judged in the same way as those which do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from lanci.numbers import decimal_places, parse_amount
from lanci.text import squash
from lanci_eval.evidence.tokens import kind_of, to_token
from lanci_eval.records import EvalTable

_CODE = re.compile(r"(\d{7}|\d{5}|\d{3})(?![\d.,%])")
_CLASS = re.compile(r"\d{3}")
_PART = re.compile(r"\d{2}")
_BLANK = frozenset(("", "-", "--", "/", "—", "——"))
_YEARS = range(1990, 2100)
_MIN_CODES = 3


@dataclass(frozen=True, slots=True)
class CodedRow:
    """A row with a subject code, and the page on which the code is printed."""

    row: int
    code: str
    page: int


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """A column (or two or three that make one code) of codes, and the columns of amounts that go with it."""

    rows: tuple[CodedRow, ...]
    amounts: tuple[int, ...]


class PlainTable:
    """The texts of a table by place. ``body`` are the rows from the first one with amounts or codes on."""

    def __init__(self, table: EvalTable) -> None:
        self.n_cols = table.n_cols
        self._cells = {(cell.row, cell.col): cell for cell in table.cells}
        self._texts = {place: to_token(cell.text) for place, cell in self._cells.items()}
        rows: list[list[str]] = [[] for _ in range(table.n_rows)]
        for (row, _), text in sorted(self._texts.items()):
            rows[row].append(text)
        first = next((i for i, texts in enumerate(rows) if _is_body(texts)), table.n_rows)
        self.body = range(first, table.n_rows)
        self.header_paths = _header_paths(table, first)

    def text(self, row: int, col: int) -> str:
        return self._texts.get((row, col), "")

    def page(self, row: int, col: int) -> int:
        return self._cells[row, col].page

    def value(self, row: int, col: int) -> Decimal | None:
        return parse_amount(self.text(row, col))

    def is_text(self, row: int, col: int) -> bool:
        """Whether a cell says something that is no number."""
        return self.text(row, col) not in _BLANK and self.value(row, col) is None

    def decimals(self, cols: Iterable[int]) -> int:
        """The most decimals that the body prints in some columns; trailing zeros may be left out elsewhere."""
        return max((decimal_places(self.text(row, col)) for col in cols for row in self.body), default=0)


def _is_body(texts: Sequence[str]) -> bool:
    """Whether a row holds data: an amount, a code, or two integers that are neither years nor column numbers."""
    if any(kind_of(text) is not None for text in texts):
        return True
    integers = [int(text) for text in texts if text.isdecimal()]
    counts_up = all(b - a == 1 for a, b in pairwise(integers))
    return len(integers) >= 2 and not counts_up and not all(value in _YEARS for value in integers)


def _header_paths(table: EvalTable, n_rows: int) -> tuple[tuple[str, ...], ...]:
    """The header texts over each column from top to bottom; column numbers, stars and repetitions are left out."""
    paths: list[list[str]] = [[] for _ in range(table.n_cols)]
    for cell in sorted(table.cells, key=lambda c: (c.row, c.col)):
        text = squash(cell.text)
        is_year = text.isdecimal() and int(text) in _YEARS
        if cell.row >= n_rows or not (is_year or any(char.isalpha() for char in text)):
            continue
        for col in cell.cols:
            if col < table.n_cols and paths[col][-1:] != [text]:
                paths[col].append(text)
    return tuple(tuple(path) for path in paths)


def find_codes(table: PlainTable) -> tuple[CodeColumn, ...]:
    """The code columns of a table, each with the columns of amounts up to the next one."""
    found: list[tuple[int, tuple[CodedRow, ...]]] = []
    col = 0
    while col < table.n_cols:
        width, rows = _codes_at(table, col)
        if _has_family(rows):
            found.append((col + width - 1, rows))
        col += width if _has_family(rows) else 1
    ends = [last for last, _ in found[1:]] + [table.n_cols]
    return tuple(
        CodeColumn(rows, tuple(c for c in range(last + 1, end) if _is_amounts(table, c)))
        for (last, rows), end in zip(found, ends, strict=False)
    )


def _codes_at(table: PlainTable, col: int) -> tuple[int, tuple[CodedRow, ...]]:
    """The codes that begin in a column, and over how many columns they are split (类, 款, 项)."""
    classes = sum(bool(_CLASS.fullmatch(table.text(row, col))) for row in table.body)
    width = 1
    while classes and width < 3 and _is_parts(table, col + width):
        width += 1
    codes = _split_codes(table, col, width) if width > 1 else _single_codes(table, col)
    return width, tuple(codes)


def _is_parts(table: PlainTable, col: int) -> bool:
    texts = [text for row in table.body if (text := table.text(row, col)) not in _BLANK]
    return bool(texts) and all(_PART.fullmatch(text) for text in texts)


def _single_codes(table: PlainTable, col: int) -> Iterator[CodedRow]:
    for row in table.body:
        match = _CODE.match(table.text(row, col))
        if match is not None:
            yield CodedRow(row, match.group(), table.page(row, col))


def _split_codes(table: PlainTable, col: int, width: int) -> Iterator[CodedRow]:
    """Codes in several columns; a class that is not repeated is taken from the row above."""
    last: list[str] = [""] * width
    for row in table.body:
        parts = [table.text(row, col + i) for i in range(width)]
        filled = [i for i, part in enumerate(parts) if part not in _BLANK]
        if not filled or (parts[0] not in _BLANK and not _CLASS.fullmatch(parts[0])):
            continue
        parts = [parts[i] if i in filled else (last[i] if i < filled[0] else "") for i in range(width)]
        last = parts
        code = "".join(parts)
        if _CODE.fullmatch(code):
            yield CodedRow(row, code, table.page(row, col + filled[-1]))


def _has_family(rows: Sequence[CodedRow]) -> bool:
    return len(rows) >= _MIN_CODES and any(
        len(b.code) > len(a.code) and b.code.startswith(a.code) for a, b in pairwise(rows)
    )


def _is_amounts(table: PlainTable, col: int) -> bool:
    """Whether a column holds numbers and blanks only, and some amount or integer of any size."""
    values = [row for row in table.body if table.value(row, col) is not None]
    texts = [row for row in table.body if table.is_text(row, col)]
    return bool(values) and not texts
