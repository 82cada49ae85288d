"""How well a region explains its words: what tears, glues and leaves out lowers its score."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lanci.detect.pieces import words_to_pieced_lines
from lanci.detect.score import choose, score_region
from lanci.document import Box, Rule, TableRegion, Word

LEFTS = (10.0, 110.0, 210.0)
ROWS = [["项目", "合计", "基本支出"], ["教育支出", "12.50", "3.00"], ["卫生健康支出", "18.00", "7.10"]]


def words() -> list[Word]:
    return [
        Word(text, Box(x, 20 + 20 * r, x + 10 * len(text), 30 + 20 * r))
        for r, row in enumerate(ROWS)
        for x, text in zip(LEFTS, row, strict=True)
    ]


def region(xs: Sequence[float], ys: Sequence[float]) -> TableRegion:
    levels = [Rule(True, y, xs[0], xs[-1]) for y in ys]
    uprights = [Rule(False, x, ys[0], ys[-1]) for x in xs]
    return TableRegion(1, Box(xs[0], ys[0], xs[-1], ys[-1]), (*levels, *uprights), "aligned")


RIGHT = region((0, 100, 200, 300), (15, 35, 55, 75))


def test_a_grid_that_parts_all_texts_is_perfect() -> None:
    score = score_region(RIGHT, words_to_pieced_lines(words()))
    assert (score.texts, score.cells) == (9, 9)
    assert score.value == 1.0


@pytest.mark.parametrize(
    ("worse", "torn", "glued", "outside"),
    [
        pytest.param(region((0, 100, 120, 200, 300), (15, 35, 55, 75)), 3, 0, 0, id="cuts-a-column"),
        pytest.param(region((0, 200, 300), (15, 35, 55, 75)), 0, 3, 0, id="no-side-between-columns"),
        pytest.param(region((0, 100, 200, 300), (15, 35, 75)), 0, 2, 0, id="numbers-of-two-rows-in-one-cell"),
        pytest.param(region((0, 100, 200, 300), (15, 35, 45, 55, 75)), 3, 0, 0, id="runs-through-a-line"),
        pytest.param(region((0, 100, 200), (15, 35, 55, 75)), 0, 0, 3, id="leaves-a-column-out"),
    ],
)
def test_what_is_wrong_is_counted(worse: TableRegion, torn: int, glued: int, outside: int) -> None:
    score = score_region(worse, words_to_pieced_lines(words()))
    assert (score.torn, score.glued, score.outside) == (torn, glued, outside)
    assert score.value < 1.0


def test_long_texts_and_empty_cells_are_no_table() -> None:
    prose = [Word("反映本部门当年的全部收入和支出情况说明如下" * 2, Box(10, 20, 430, 30))]
    assert score_region(region((0, 440), (15, 35)), words_to_pieced_lines(prose)).value == 0.0
    many = region([10.0 * k for k in range(31)], [15 + 5.0 * k for k in range(31)])
    sparse = score_region(many, words_to_pieced_lines(words()[:1]))
    assert sparse.cells == 900
    assert sparse.value < 0.01


def test_a_region_without_text_is_worth_nothing() -> None:
    assert score_region(RIGHT, []).value == 0.0


def test_the_best_of_those_that_overlap_stays() -> None:
    lower = region((0, 100, 200, 300), (200, 220, 240))
    over = region((0, 300), (60, 210))
    assert choose([(over, 0.9), (lower, 1.0), (RIGHT, 0.8)]) == [RIGHT, lower]
    assert choose([(over, 1.0), (lower, 0.9), (RIGHT, 0.8)]) == [over]
    assert choose([(RIGHT, 1.0), (region((0, 300), (15, 75)), 1.0)]) == [RIGHT]
