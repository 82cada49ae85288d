"""What the columns of a grid hold, told from their own first readings: amounts, shares, codes, serial numbers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import Grid
from lanci.numbers import decimal_places, looks_numeric
from lanci.ocr.grammar import AMOUNT, CODE, PERCENT, SERIAL, Grammar
from lanci.text import squash

_NUMERIC_SHARE = 0.6
"""Share of numbers among the inked cells from a column's first number down, from which it is a number column."""
_MIN_NUMBERS = 2
_USUAL = 0.7
"""Share of a column's numbers that have what is called usual: a count of decimals, groups of three, a grammar."""
_NEARLY_ALL = 0.9
_MIN_HABIT = 4
"""A column of fewer numbers has no habits."""


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """The body of a column of numbers.

    Attributes:
        cells: indices of its inked cells in the grid, ascending, from the first number down.
        grammar: what a cell of it may be that does not read as a number at all.
        decimals: how many its numbers usually have, integers left out unless nearly all are; None where they differ
            or are few.
        grouped: whether thousands are usually set apart by commas; None where that is not seen.
    """

    cells: tuple[int, ...]
    grammar: Grammar
    decimals: int | None
    grouped: bool | None


def find_number_columns(grid: Grid, texts: Sequence[str]) -> tuple[NumberColumn, ...]:
    """The number columns of a grid, from left to right; cells that span columns belong to none.

    Args:
        grid: the cells' places.
        texts: the first reading of every cell.
    """
    plain = [plain_number(text) for text in texts]
    by_col: dict[int, list[int]] = {}
    for i, cell in enumerate(grid.cells):
        if cell.col_span == 1 and squash(plain[i]):
            by_col.setdefault(cell.col, []).append(i)
    columns = (_to_column(by_col[col], plain) for col in sorted(by_col))
    return tuple(column for column in columns if column is not None)


def plain_number(text: str) -> str:
    """Half-width digits and signs: which width was printed the recogniser cannot tell reliably."""
    return unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("–", "-")


def is_oddly_exact(text: str, column: NumberColumn) -> bool:
    """Whether a number has another count of decimals than is usual in its column, or another length than a code.

    Integers are not odd: ``0`` and ``5`` stand among ``1.25``.
    """
    if column.grammar is CODE:
        return not CODE.fullmatch(text)
    places = decimal_places(text)
    return column.decimals is not None and places not in {0, column.decimals}


def is_oddly_grouped(text: str, column: NumberColumn) -> bool:
    """Whether a number writes its thousands in another way than its column."""
    whole = text.lstrip("-").partition(".")[0]
    if column.grouped is None or sum(char.isdigit() for char in whole) <= 3:
        return False
    return ("," in whole) is not column.grouped


def _to_column(inked: Sequence[int], texts: Sequence[str]) -> NumberColumn | None:
    numbers = [i for i in inked if looks_numeric(squash(texts[i]))]
    if len(numbers) < _MIN_NUMBERS:
        return None
    body = tuple(i for i in inked if i >= numbers[0])
    if len(numbers) < _NUMERIC_SHARE * len(body):
        return None
    read = [texts[i] for i in numbers]
    return NumberColumn(body, _find_grammar(read), _usual_decimals(read), _is_grouped(read))


def _find_grammar(numbers: Sequence[str]) -> Grammar:
    """The narrowest grammar that nearly all numbers of a column are of."""
    if len(numbers) >= _MIN_HABIT:
        for grammar in (PERCENT, SERIAL, CODE):
            if sum(grammar.fullmatch(text) for text in numbers) > _NEARLY_ALL * len(numbers):
                return grammar
    return AMOUNT


def _usual_decimals(numbers: Sequence[str]) -> int | None:
    known = [decimal_places(text) for text in numbers]
    if len(known) >= _MIN_HABIT and known.count(0) > _NEARLY_ALL * len(known):
        return 0
    places = Counter(count for count in known if count)
    if places.total() < _MIN_HABIT:
        return None
    usual, count = max(places.items(), key=lambda item: (item[1], -item[0]))
    return usual if count >= _USUAL * places.total() else None


def _is_grouped(numbers: Sequence[str]) -> bool | None:
    wholes = [text.lstrip("-").partition(".")[0] for text in numbers]
    large = ["," in whole for whole in wholes if sum(char.isdigit() for char in whole) > 3]
    if len(large) < 2:
        return None
    share = sum(large) / len(large)
    return True if share >= _USUAL else False if share <= 1 - _USUAL else None
