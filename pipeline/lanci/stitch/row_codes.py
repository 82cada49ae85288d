"""The subject codes of a part's rows, also where 类, 款 and 项 stand in columns of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile

from lanci.code_parts import join_code_parts

_DIGITS = re.compile(r"\d{1,12}")
_MOST_ALONE = 2
"""Digits of a level that is printed without the levels before it."""

Levels = tuple[str, ...]
"""What is printed last of each level of a code, "" for a level that is not open."""


@dataclass(frozen=True, slots=True)
class RowCodes:
    """By row the code, "" for none; and the levels that are open below the last row.

    ``leans_above`` tells that the first code printed lacks its first level, or that there is no code.
    """

    codes: tuple[str, ...]
    open_below: Levels
    leans_above: bool


def read_row_codes(rows: Sequence[Sequence[str]], open_above: Levels) -> RowCodes:
    """Read the codes of a part.

    Args:
        rows: the texts of each row in the columns of codes, from left to right. Several columns are the levels of one
            code or, where they begin with other digits, of several; then the first one counts.
        open_above: the levels that the part before leaves open. A part with fewer columns that begins with a deeper
            level lacks those of the first levels, in which it would print nothing; of one with more they say nothing.
    """
    digits = [[match[0] if (match := _DIGITS.match(text)) else "" for text in texts] for texts in rows]
    n_levels = _count_levels(digits)
    first = next((parts for parts in digits if any(parts[:n_levels])), [""])
    leans_above = n_levels > 0 and len(first[0]) <= _MOST_ALONE
    lacking = ("",) * (len(open_above) - n_levels if leans_above else 0)
    levels = open_above if len(open_above) == len(lacking) + n_levels else ("",) * n_levels
    codes = []
    for parts in digits:
        code, levels = join_code_parts((*lacking, *parts[:n_levels]), levels)
        codes.append(code)
    return RowCodes(tuple(codes), levels, leans_above)


def _count_levels(rows: Sequence[Sequence[str]]) -> int:
    """How many of the columns, from the left, go on with the code of the first one."""
    columns = list(zip(*rows, strict=True))
    starts = {code[0] for code in columns[0] if code} if columns else set()
    others = takewhile(lambda codes: all(not starts or _may_go_on(code, starts) for code in codes), columns[1:])
    return len(columns[:1]) + len(list(others))


def _may_go_on(code: str, starts: Collection[str]) -> bool:
    """Whether it is a level printed alone, or begins with one of ``starts`` as the levels before it do."""
    return len(code) <= _MOST_ALONE or code[0] in starts
