"""Joins missed and made wrongly, by what makes them hard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.eval.builders import LEFT, case_of, figures_of, make_table

from lanci_eval.metrics.base import Case, Figures
from lanci_eval.metrics.joins import Joins
from lanci_eval.records import EvalTable, Extraction

HEADER = [["编码", "名称", "合计"]]
BODY = [[f"{n}", f"科目{n}", f"{n}.00"] for n in range(201, 209)]
OTHER = [[f"{n}", f"项目{n}", f"{n}.50"] for n in range(301, 305)]


def long_table(repeated: list[list[str]]) -> EvalTable:
    """Three parts on pages 1 to 3; pages 2 and 3 print ``repeated`` above theirs."""
    return make_table(HEADER + BODY, "long", [(1, 0, 3), (2, 4, 6), (3, 7, 8)], header=1, repeated=repeated)


def part(first: int, last: int, page: int, rows: list[list[str]] | None = None) -> EvalTable:
    rows = (rows or HEADER + BODY)[first : last + 1]
    return make_table(rows, f"f{page}", [(page, 0, len(rows) - 1)])


NEXT = make_table(HEADER + OTHER, "next", [(4, 0, 4)], header=1)


def judge(truth: list[EvalTable], *found: EvalTable) -> Figures:
    return figures_of(Joins, case_of(truth, found))


def not_zero(figures: Figures) -> dict[str, float]:
    return {name: value for name, value in figures.items() if value}


@pytest.mark.parametrize(
    ("repeated", "cause"),
    [([], "bare"), (HEADER, "equal"), ([["编 码", "名称", "合计"]], "header"), ([["编码", "名称"]], "header")],
)
def test_a_missed_join_is_told_by_the_header_of_the_lower_part(repeated: list[list[str]], cause: str) -> None:
    figures = judge([long_table(repeated)], part(0, 3, 1), part(4, 6, 2), part(7, 8, 3))
    assert not_zero(figures) == {"true": 2, "missed": 2, f"missed_{cause}": 2}


def test_a_lost_column_and_a_part_that_is_not_found_are_causes_of_their_own() -> None:
    narrow = [texts[:2] for texts in BODY[3:6]]
    figures = judge([long_table(HEADER)], part(0, 3, 1), part(0, 2, 2, narrow))
    assert not_zero(figures) == {"true": 2, "missed": 2, "missed_column": 1, "missed_part": 1}


def test_all_is_joined_and_look_alikes_are_kept_apart() -> None:
    truth = [long_table(HEADER), NEXT]
    assert not_zero(judge(truth, *truth)) == {"true": 2, "alike": 1}


@pytest.mark.parametrize(("header", "cause", "alike"), [(HEADER, "alike", 1), ([["代码", "名称", "合计"]], "other", 0)])
def test_a_wrong_join_is_told_by_what_was_joined(header: list[list[str]], cause: str, alike: int) -> None:
    other = make_table(header + OTHER, "next", [(4, 0, 4)], header=1)
    joined = make_table(HEADER + BODY + OTHER, "f", [(1, 0, 3), (2, 4, 6), (3, 7, 8), (4, 9, 12)])
    expected = {"true": 2, "alike": alike, "wrong": 1, f"wrong_{cause}": 1}
    assert not_zero(judge([long_table([]), other], joined)) == {name: n for name, n in expected.items() if n}


def test_rows_of_a_form_above_its_header_and_column_numbers_tell_no_tables_apart() -> None:
    def form(name: str, labels: list[str], page: int) -> EvalTable:
        rows = [["项目", name, LEFT], labels, ["1", "2", "3"], ["产出", "数量", "5"]]
        made = make_table(rows, name, [(page, 0, 3)], header=3)
        cells = (replace(cell, role="column_number") if cell.row == 2 else cell for cell in made.cells)
        return replace(made, cells=tuple(cells))

    forms = [form("甲", HEADER[0], 1), form("乙", HEADER[0], 2), form("丙", ["编码", "名称", "单位"], 3)]
    assert not_zero(judge(forms, *forms)) == {"alike": 1}


def test_a_join_with_what_is_no_table() -> None:
    joined = make_table([*HEADER, *OTHER, ["p", "q", "r"], ["s", "t", "u"]], "f", [(4, 0, 4), (5, 5, 6)])
    assert not_zero(judge([NEXT], joined)) == {"wrong": 1, "wrong_nothing": 1}


def test_without_joins_and_look_alikes_there_is_nothing_to_say() -> None:
    assert set(judge([NEXT], NEXT).values()) == {None}
    assert Joins().tally(Case(Extraction((NEXT,)))) == {}
