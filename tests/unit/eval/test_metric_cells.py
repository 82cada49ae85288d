"""Cell F1 and character error rate of hand-made tables."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.eval.builders import LEFT, UP, case_of, figures_of, make_table

from lanci_eval.metrics.base import Case
from lanci_eval.metrics.cells import Cells, Characters
from lanci_eval.records import Extraction

HEADER = [["科目", "支出", LEFT], [UP, "基本", "项目"]]
TRUTH = make_table([*HEADER, ["行政运行", "1.00", ""], ["机关服务", "", "2.00"]])


def test_spaces_and_full_width_forms_are_no_difference():
    found = make_table(
        [["科 目", "支出", LEFT], [UP, "基本", "项目"], ["行政运行", "１.00", " "], ["机关服务", "", "2.00"]]
    )
    assert figures_of(Cells, case_of([TRUTH], [found]))["cell_f1"] == 1.0
    assert figures_of(Characters, case_of([TRUTH], [found]))["cer"] == 0.0


def test_a_spanning_cell_given_as_single_ones_is_wrong_and_its_blanks_are_too_many():
    found = make_table(
        [["科目", "支出", ""], ["", "基本", "项目"], *[["行政运行", "1.00", ""], ["机关服务", "", "2.00"]]]
    )
    figures = figures_of(Cells, case_of([TRUTH], [found]))
    assert figures["cell_f1"] == pytest.approx(2 * 8 / (10 + 12))
    assert figures["cell_precision"] == pytest.approx(8 / 12)
    assert figures["cell_recall"] == pytest.approx(8 / 10)
    assert figures["cell_text_f1"] == pytest.approx(2 * 6 / (8 + 8))
    assert figures_of(Characters, case_of([TRUTH], [found]))["cer"] == 0.0


def test_a_row_pushed_into_a_spanning_cell_makes_it_wrong():
    rows = [["类", "1.00"], [UP, "2.00"], ["款", "3.00"]]
    found = make_table([rows[0], [UP, ""], *rows[1:]])
    figures = figures_of(Cells, case_of([make_table(rows)], [found]))
    assert figures["cell_recall"] == pytest.approx(4 / 5)
    assert figures["cell_precision"] == pytest.approx(4 / 6)


def test_the_text_of_two_cells_in_one_is_read_once():
    truth = make_table([["甲", "12.00", "3.50"], ["乙", "1.00", "2.00"]])
    found = make_table([["甲", "12.003.50", LEFT], ["乙", "1.00", "2.00"]])
    # 4 characters too many in the first amount, the second missing: 8 of 18 characters
    assert figures_of(Characters, case_of([truth], [found]))["cer"] == pytest.approx((4 + 4) / 19)


def test_chinese_cells_are_those_with_a_chinese_character():
    truth = make_table([["科目", "1.00", "A"], ["行政运行", "2.00", ""], ["第3季度", "—", ""]])
    found = make_table([["科目", "9.00", "B"], ["行政运打", "2.00", ""], ["第3季度", "—", ""]])
    assert figures_of(Cells, case_of([truth], [found]))["chinese_exact"] == pytest.approx(2 / 3)
    amounts = make_table([["1.00", "2.00"]])
    assert figures_of(Cells, case_of([amounts], [amounts]))["chinese_exact"] is None


def test_documents_add_up():
    half = replace(TRUTH, id="f1")
    cases = [case_of([TRUTH], [half]), case_of([TRUTH], []), Case(Extraction((half,)))]
    assert figures_of(Cells, *cases)["cell_recall"] == 0.5
    assert figures_of(Characters, *cases)["cer"] == 0.5


def test_nothing_is_said_without_a_truth():
    for metric in (Cells, Characters):
        assert metric().tally(Case(Extraction((TRUTH,)))) == {}
        assert set(figures_of(metric).values()) == {None}
