"""Amounts in columns that no table holds."""

from __future__ import annotations

import pytest

from lanci.detect import has_amounts_in_columns
from lanci.document import Box, Word


def _column(texts: list[str], x1: float = 400.0, step: float = 20.0) -> list[Word]:
    return [
        Word(text, Box(x1 - 6 * len(text), 100 + step * i, x1 + 0.8 * (i % 3), 111 + step * i))
        for i, text in enumerate(texts)
    ]


def test_amounts_under_each_other_are_noticed() -> None:
    assert has_amounts_in_columns(_column(["12.30", "1,204.00", "-3.60", "0.00"]))


@pytest.mark.parametrize(
    "words",
    [
        _column(["12.30", "1,204.00", "3.60"]),
        _column(["3", "5", "12", "18", "21", "30"]),
        _column(["2026", "2025", "2024", "2023", "2022"]),
        _column(["12.30", "7.10", "8.00", "6.40", "5.50"], step=0.0),
        [word for i in range(6) for word in _column(["12.30"], x1=100.0 + 40 * i)],
    ],
    ids=["few", "page numbers", "years", "one line", "one row"],
)
def test_lists_and_prose_are_not(words: list[Word]) -> None:
    assert not has_amounts_in_columns(words)
