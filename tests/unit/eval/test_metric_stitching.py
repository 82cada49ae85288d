"""Pairs of fragments and exactly recovered tables."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.eval.builders import LEFT, case_of, figures_of, make_table, set_text

from lanci_eval.metrics.base import Case, Figures
from lanci_eval.metrics.stitching import Stitching
from lanci_eval.records import EvalTable, Extraction

ROWS = [[f"{n}", f"科目{n}", f"{n}.00"] for n in range(100, 112)]
OTHER = [["甲", "10.00", "x"], ["乙", "20.00", "y"]]
LONG = make_table(ROWS, "long", [(1, 0, 3), (2, 4, 7), (3, 8, 11)])
SHORT = make_table(OTHER, "short", [(3, 0, 1)])


def judge(*found: EvalTable) -> Figures:
    return figures_of(Stitching, case_of([LONG, SHORT], found))


def part(first: int, last: int, pages: list[tuple[int, int, int]]) -> EvalTable:
    return make_table(ROWS[first : last + 1], f"f{first}", pages)


def test_one_of_two_joins_missing_loses_two_of_three_pairs():
    figures = judge(part(0, 7, [(1, 0, 3), (2, 4, 7)]), part(8, 11, [(3, 0, 3)]), SHORT)
    assert figures["stitch_recall"] == pytest.approx(1 / 3)
    assert (figures["stitch_precision"], figures["stitch_f1"]) == (1.0, pytest.approx(2 / 4))
    assert (figures["tables_exact"], figures["multi_page_tables_exact"]) == (0.5, 0.0)


def test_a_join_too_many_costs_precision():
    joined = make_table(ROWS + OTHER, "f", [(1, 0, 3), (2, 4, 7), (3, 8, 11), (3, 12, 13)])
    figures = judge(joined)
    assert (figures["stitch_recall"], figures["stitch_precision"]) == (1.0, pytest.approx(3 / 6))
    assert figures["tables_exact"] == 0.0


def test_a_fragment_that_is_no_true_one_joins_wrongly():
    noise = make_table([["p", "q"], ["r", "s"]], "noise", [(1, 0, 0), (2, 1, 1)])
    figures = judge(LONG, SHORT, noise)
    assert (figures["stitch_recall"], figures["stitch_precision"]) == (1.0, pytest.approx(3 / 4))
    assert figures["tables_exact"] == 1.0


@pytest.mark.parametrize(
    "damaged",
    [
        set_text(LONG, 11, 2, "111.0O"),
        make_table([*ROWS[:11], ["111", "科目111", LEFT]], "f", [(1, 0, 3), (2, 4, 7), (3, 8, 11)]),
        make_table([*ROWS, ["", "", ""]], "f", [(1, 0, 3), (2, 4, 7), (3, 8, 12)]),
        make_table([[*texts, ""] for texts in ROWS], "f", [(1, 0, 3), (2, 4, 7), (3, 8, 11)]),
    ],
)
def test_a_single_fault_makes_a_table_inexact_and_no_join_wrong(damaged: EvalTable):
    figures = judge(damaged, SHORT)
    assert figures["stitch_f1"] == 1.0
    assert (figures["tables_exact"], figures["multi_page_tables_exact"]) == (0.5, 0.0)


def test_exact_means_the_same_text_up_to_spaces_and_width():
    figures = judge(set_text(LONG, 0, 1, "科 目１００"), replace(SHORT, id="f", title="x", type="y"))
    assert figures["tables_exact"] == figures["multi_page_tables_exact"] == 1.0


def test_without_joins_there_is_nothing_to_say_of_joins():
    figures = figures_of(Stitching, case_of([SHORT], [SHORT]))
    assert figures["stitch_f1"] is figures["stitch_precision"] is figures["stitch_recall"] is None
    assert figures["multi_page_tables_exact"] is None
    assert figures["tables_exact"] == 1.0
    assert Stitching().tally(Case(Extraction((SHORT,)))) == {}
