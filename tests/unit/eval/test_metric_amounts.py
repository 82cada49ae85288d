"""What becomes of true amounts: exact, silently wrong, wrong and marked, missing, invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.eval.builders import LEFT, case_of, change_cells, figures_of, make_table, set_text

from lanci_eval.metrics.amounts import Amounts
from lanci_eval.metrics.base import Case, Figures
from lanci_eval.records import EvalTable, Extraction

HEADER = [["编码", "名称", "合计", "基本支出", "项目支出"]]
BODY = [[f"20{n}", f"科目{n}", f"1{n}.50", f"{n}.50", "1,000.00"] for n in range(10, 20)]
ROLES = ["subject_code", "subject_name", "amount", "amount", "amount"]
TRUTH = make_table(HEADER + BODY, header=1, roles=ROLES, unit="元")
N = 30


def judge(found: EvalTable, truth: EvalTable = TRUTH) -> Figures:
    return figures_of(Amounts, case_of([truth], [found]))


def test_values_are_compared_not_spellings():
    respelt = change_cells(TRUTH, lambda cell: replace(cell, text=cell.text.replace("1,000.00", "１０００.0")))
    assert judge(respelt)["amount_exact"] == 1.0
    zero = set_text(TRUTH, 1, 3, "0.00")
    assert judge(set_text(TRUTH, 1, 3, "-"), zero)["missing_amounts"] == pytest.approx(1 / N)
    assert judge(set_text(TRUTH, 1, 3, ""), zero)["silent_error_rate"] == pytest.approx(1 / N)


def test_the_body_shifted_under_its_header_is_all_wrong():
    """The figures stand under the wrong headings: a reader who trusts the headings is misled."""
    shifted = make_table(HEADER + [[*texts[:2], "", *texts[2:4]] for texts in BODY])
    figures = judge(shifted)
    assert figures["amount_exact"] == 0.0
    assert figures["silent_error_rate"] == figures["silent_error_rate_yuan"] == 1.0
    assert figures["missing_amounts"] == pytest.approx(1 / 3)


def test_misread_headings_over_figures_in_their_place_cost_no_amount():
    header = [["编吗", "名称", "含汁", "墓木支岀", "基本支出"]]
    assert judge(make_table(header + BODY))["amount_exact"] == 1.0


def test_amounts_beside_the_wrong_labels_are_wrong():
    slid = [[*texts[:2], *above[2:]] for texts, above in zip(BODY, [[""] * 5, *BODY], strict=False)]
    figures = judge(make_table(HEADER + slid))
    assert figures["amount_exact"] == pytest.approx(9 / N)  # 1,000.00 is in every row


@pytest.mark.parametrize("mark", ["needs_review", "flagged"])
def test_a_marked_error_is_not_silent(mark: str):
    figures = judge(set_text(TRUTH, 3, 2, "9.99", **{mark: True}))
    assert figures["silent_error_rate"] == figures["silent_error_rate_yuan"] == 0.0
    assert figures["marked_error_rate"] == figures["review_share"] == pytest.approx(1 / N)
    assert figures["doubted_readings"] == pytest.approx((mark == "needs_review") / N)
    assert figures["amount_exact"] == pytest.approx(1 - 1 / N)


def test_a_marked_cell_that_swallowed_an_amount_marks_both():
    rows = HEADER + [[*texts] for texts in BODY]
    rows[3][3:] = ["12.50 1,000.00", LEFT]
    found = make_table(rows)
    assert judge(found)["silent_error_rate"] == pytest.approx(2 / N)
    marked = set_text(found, 3, 3, "12.50 1,000.00", needs_review=True)
    assert judge(marked)["silent_error_rate"] == 0.0
    assert judge(marked)["marked_error_rate"] == pytest.approx(2 / N)


def test_a_right_amount_that_is_marked_costs_only_review():
    figures = judge(set_text(TRUTH, 3, 2, TRUTH.cells[17].text, needs_review=True))
    assert (figures["amount_exact"], figures["marked_error_rate"]) == (1.0, 0.0)
    assert figures["review_share"] == pytest.approx(1 / N)


def test_errors_weigh_by_yuan_where_the_unit_is_known():
    wan = make_table([["甲", "1.00"], ["乙", "3.00"]], "wan", unit="单位：万元")
    yuan = make_table([["丙", "20,000.00"]], "yuan", [(2, 0, 0)], unit="元")
    unknown = make_table([["丁", "7.00"]], "unknown", [(3, 0, 0)])
    truth = [wan, yuan, unknown]
    wrong = [set_text(wan, 0, 1, "1.01"), yuan, set_text(unknown, 0, 1, "8.00")]
    figures = figures_of(Amounts, case_of(truth, wrong))
    assert figures["silent_error_rate"] == 0.5
    assert figures["silent_error_rate_yuan"] == pytest.approx(10_000 / 60_000)


def test_quantities_are_amounts_but_no_money():
    truth = make_table(
        [["项目", "数量", "价值"], ["车辆", "3", "5.00"]], header=1, roles=["item", "quantity", "amount"], unit="元"
    )
    figures = judge(set_text(truth, 1, 1, "8"), truth)
    assert (figures["silent_error_rate"], figures["silent_error_rate_yuan"]) == (0.5, 0.0)


def test_without_roles_only_what_looks_like_an_amount_counts():
    truth = make_table([["2010301", "2021", "3", "1,200", "1.5", "12.5%", "合计"]])
    assert Amounts().tally(case_of([truth], [truth]))["gold"] == 2


def test_with_roles_integers_count_and_codes_never_do():
    truth = make_table([["编码", "金额"], ["201.01", "18"]], header=1, roles=["subject_code", "amount"])
    assert Amounts().tally(case_of([truth], [truth]))["gold"] == 1


def test_header_rows_hold_no_amounts():
    rows = [["1.00", "2.00"], ["3.00", "4.00"]]
    assert Amounts().tally(case_of([make_table(rows, header=1)], []))["gold"] == 2
    assert Amounts().tally(case_of([make_table(rows)], []))["gold"] == 4


def test_found_amounts_are_counted_alike_with_and_without_roles():
    extra = make_table([["丙", "4.00"], ["丁", "5"]], "t9", [(2, 0, 1)])
    for role in (None, "amount", "text"):
        cells = tuple(replace(cell, role=role) for cell in extra.cells)
        case = case_of([TRUTH], [TRUTH, replace(extra, cells=cells)])
        assert figures_of(Amounts, case)["invented_amounts"] == pytest.approx(1 / N)


def test_nothing_is_said_without_a_truth():
    assert Amounts().tally(Case(Extraction((TRUTH,)))) == {}
    assert set(figures_of(Amounts).values()) == {None}
