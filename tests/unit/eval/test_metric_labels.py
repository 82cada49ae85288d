"""Types, header roles and header rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.eval.builders import LEFT, case_of, change_cells, figures_of, make_table

from lanci_eval.metrics.base import Case, Figures
from lanci_eval.metrics.labels import Labels
from lanci_eval.records import EvalTable, Extraction

ROLES = ["item", "amount", "amount"]


def form(page: int, kind: str | None) -> EvalTable:
    rows = [["项目", f"金额{page}", LEFT], [f"甲{page}", f"{page}.00", f"{page}.50"]]
    return make_table(rows, f"t{page}", [(page, 0, 1)], header=1, roles=ROLES, type=kind)


TRUTH = [form(1, "income"), form(2, "income"), form(3, "expenditure"), form(4, None)]


def judge(found: list[EvalTable], truth: list[EvalTable] = TRUTH) -> Figures:
    return figures_of(Labels, case_of(truth, found))


def test_types_by_hand():
    found = [form(1, "income"), form(2, "expenditure"), form(3, "expenditure"), form(4, "income")]
    figures = judge(found)
    # income: 1 right of 2 true and 1 found; expenditure: 1 right of 1 true and 2 found; page 4 is not judged
    assert figures["type_macro_f1"] == pytest.approx((2 * 1 / 3 + 2 * 1 / 3) / 2)
    assert figures["type_accuracy"] == pytest.approx(2 / 3)


def test_a_type_that_never_occurs_is_no_class_but_a_miss():
    figures = judge([form(1, "income"), form(2, "other"), form(3, "expenditure")])
    assert figures["type_macro_f1"] == pytest.approx((2 / 3 + 1) / 2)


def test_a_table_that_is_not_there_costs_its_type():
    extra = form(9, "expenditure")
    figures = judge([*TRUTH[:3], extra])
    assert figures["type_macro_f1"] == pytest.approx((1 + 2 / 3) / 2)
    assert figures["type_accuracy"] == 1.0


def unlabelled(table: EvalTable) -> EvalTable:
    return change_cells(replace(table, type=None, n_header_rows=None), lambda cell: replace(cell, role=None))


def test_a_system_without_labels_is_not_judged_by_them():
    figures = judge([unlabelled(table) for table in TRUTH])
    assert set(figures.values()) == {None}


def test_a_truth_without_labels_judges_none():
    figures = judge(TRUTH, [unlabelled(table) for table in TRUTH])
    assert set(figures.values()) == {None}


def test_roles_by_hand():
    wrong = change_cells(TRUTH[0], lambda cell: replace(cell, role="text") if cell.row == cell.col == 0 else cell)
    figures = judge([wrong, *TRUTH[1:]])
    assert figures["role_macro_f1"] == pytest.approx((2 * 3 / (4 + 3) + 1) / 2)
    assert figures["role_accuracy"] == pytest.approx(7 / 8)


def test_a_body_row_taken_for_header_costs_roles_and_the_number_of_rows():
    figures = judge([replace(TRUTH[0], n_header_rows=2), *TRUTH[1:]])
    # three body cells with roles stand for no true header cell: one item and two amounts too many
    assert figures["role_macro_f1"] == pytest.approx((2 * 4 / (4 + 5) + 2 * 4 / (4 + 6)) / 2)
    assert figures["role_accuracy"] == 1.0
    assert figures["header_rows_exact"] == pytest.approx(3 / 4)


def test_missing_tables_count():
    figures = judge(TRUTH[:2])
    assert figures["type_accuracy"] == pytest.approx(2 / 3)
    assert figures["role_accuracy"] == pytest.approx(4 / 8)
    assert figures["header_rows_exact"] == pytest.approx(2 / 4)


def test_nothing_is_said_without_a_truth():
    assert Labels().tally(Case(Extraction(tuple(TRUTH)))) == {}
    assert set(figures_of(Labels).values()) == {None}
