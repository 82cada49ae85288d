"""Narrative: figures of the prose that stand in found tables."""

import pytest
from tests.unit.eval.builders import figures_of, make_table
from tests.unit.eval.printed_pages import save_pages

from lanci_eval.metrics.base import Case
from lanci_eval.metrics.narrative import Narrative
from lanci_eval.records import Extraction

ROWS = (("收入", "1,385.53"), ("支出", "1379.5"), ("变化", "-12.30"))


def figures(tmp_path, prose, rows=ROWS, printed=ROWS):
    pdf = save_pages(tmp_path / "page.pdf", [printed], prose)
    return figures_of(Narrative, Case(Extraction((make_table(rows),)), evidence=pdf))


def test_figures_are_found_across_units_and_signs(tmp_path) -> None:
    prose = ("收入预算1385.53万元，支出13,795,000元，", "减少12.30万元，合0.14亿元。", "单位：万元")
    assert figures(tmp_path, prose) == {"found": 1.0, "found_of_printed": 1.0, "quoted": 4.0}


@pytest.mark.parametrize("wrong", ["1386.53万元", "1385.63万元", "1385.53元", "0.15亿元"])
def test_other_amounts_are_not_found(tmp_path, wrong) -> None:
    assert figures(tmp_path, ("单位：万元", f"收入{wrong}"))["found"] == 0.0


def test_lost_cell_lowers_both_and_a_change_only_the_first(tmp_path) -> None:
    prose = ("单位：万元", "收入预算1385.53万元，支出1379.5万元，比上年增加7.11万元。")
    lost = (("收入", ""), *ROWS[1:])
    assert figures(tmp_path, prose) == pytest.approx({"found": 2 / 3, "found_of_printed": 1.0, "quoted": 3.0})
    assert figures(tmp_path, prose, lost) == pytest.approx({"found": 1 / 3, "found_of_printed": 0.5, "quoted": 3.0})


def test_zeros_and_numbers_in_sentences_are_left_out(tmp_path) -> None:
    printed = (*ROWS, ("需要 88 个", "1.00"))
    rows = (*ROWS, ("需要88个", "1.00"))
    prose = ("单位：万元", "结转0万元，上年0.00万元，培训88万元。")
    assert figures(tmp_path, prose, rows, printed) == {"found": 0.0, "found_of_printed": None, "quoted": 1.0}


def test_without_a_unit_the_figures_own_is_taken(tmp_path) -> None:
    assert figures(tmp_path, ("收入预算1385.53万元",))["found"] == 1.0


def test_no_prose_or_no_evidence_is_undefined(tmp_path) -> None:
    assert figures(tmp_path, ()) == {"found": None, "found_of_printed": None, "quoted": 0.0}
    nothing = {"found": None, "found_of_printed": None, "quoted": None}
    assert figures_of(Narrative, Case(Extraction((make_table(ROWS),)))) == nothing
