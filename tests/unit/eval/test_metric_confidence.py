"""Calibration and review effort, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.eval.builders import case_of, figures_of, make_table

from lanci_eval.metrics.base import Case, add_tallies
from lanci_eval.metrics.confidence import Confidence, reliability_curve
from lanci_eval.records import EvalTable, Extraction

Reading = tuple[float, bool, bool]
"""Confidence, whether marked, whether right."""


def column(n: int) -> EvalTable:
    return make_table([[f"第{i}行", f"{i}.00"] for i in range(n)])


def case_with(readings: Sequence[Reading]) -> Case:
    """A table whose second column was read like this; the first has no confidence."""
    truth = column(len(readings))
    cells = tuple(
        replace(
            cell,
            text=cell.text if readings[cell.row][2] else f"8{cell.text}",
            confidence=readings[cell.row][0],
            needs_review=readings[cell.row][1],
        )
        if cell.col
        else cell
        for cell in truth.cells
    )
    return case_of([truth], [replace(truth, cells=cells)])


def test_calibration_by_hand():
    readings = [(0.95, False, True), (0.95, False, False), (0.5, False, True), (1.0, False, True), (0.0, False, False)]
    case = case_with(readings)
    # bins: 0.95 and 1.0 (3 cells, 2 right), 0.5 (1 right), 0.0 (1 wrong)
    assert figures_of(Confidence, case)["ece"] == pytest.approx((3 * (2.9 / 3 - 2 / 3) + 0.5 + 0.0) / 5)
    curve = reliability_curve(Confidence().tally(case))
    assert [(round(one.low * 15), round(one.high * 15), one.count) for one in curve] == [
        (0, 1, 1),
        (7, 8, 1),
        (14, 15, 3),
    ]
    assert [(one.confidence, one.accuracy) for one in curve] == [
        (0.0, 0.0),
        (0.5, 1.0),
        (pytest.approx(2.9 / 3), pytest.approx(2 / 3)),
    ]


def test_a_perfectly_calibrated_system_has_no_error():
    readings = [(0.75, False, i % 4 > 0) for i in range(8)]
    assert figures_of(Confidence, case_with(readings))["ece"] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("readings", "effort"),
    [
        ([(0.9, False, True)] * 4, 0.0),
        ([(0.2, False, False), (0.3, False, True), (0.9, False, True), (1.0, False, True)], 1 / 4),
        ([(0.2, False, True), (0.3, False, True), (0.9, False, False), (1.0, False, True)], 3 / 4),
        ([(1.0, False, False), (0.3, False, True), (0.9, False, True), (1.0, False, True)], 1.0),
        # Marked cells come first, however sure the system is of them.
        ([(0.99, True, False), (0.1, False, True), (0.2, False, True), (0.3, False, True)], 1 / 4),
        ([(0.99, True, True), (0.1, False, False), (0.2, False, True), (0.3, False, True)], 2 / 4),
        # Cells of one step are looked at together.
        ([(0.5, False, False), (0.50001, False, True), (0.6, False, True), (0.7, False, True)], 2 / 4),
    ],
)
def test_review_effort_by_hand(readings: list[Reading], effort: float):
    assert figures_of(Confidence, case_with(readings))["review_effort"] == effort


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_review_effort_is_that_of_going_through_a_sorted_list(raw: list[tuple[int, bool, bool]]):
    readings = [(percent / 100, marked, right) for percent, marked, right in raw]
    order = sorted((not marked, 0.0 if marked else confidence, right) for confidence, marked, right in readings)
    wrong = [key[:2] for key in order if not key[2]]
    expected = sum(key[:2] <= wrong[-1] for key in order) / len(order) if wrong else 0.0
    assert figures_of(Confidence, case_with(readings))["review_effort"] == pytest.approx(expected)


def test_marked_cells_count_against_those_with_text():
    table = make_table([["甲", ""], ["乙", ""], ["丙", "3.00"]])
    marked = {(0, 0), (0, 1), (2, 1)}
    cells = tuple(replace(cell, confidence=0.9, needs_review=(cell.row, cell.col) in marked) for cell in table.cells)
    # two texts and a blank one are marked, four cells have a text
    assert figures_of(Confidence, case_of([table], [replace(table, cells=cells)]))["cells_marked"] == 3 / 4


def test_effort_over_documents_is_that_of_one_pile():
    one = case_with([(0.2, False, False), (0.9, False, True)])
    other = case_with([(0.1, False, True), (0.5, False, True)])
    assert figures_of(Confidence, one, other)["review_effort"] == 2 / 4
    sums = add_tallies((Confidence().tally(one), Confidence().tally(other)))
    assert Confidence().figures(sums) == figures_of(Confidence, one, other)


def test_cells_without_a_place_in_the_truth_are_wrong_and_missing_ones_are_told_apart():
    truth = column(4)
    found = make_table([[f"第{i}行", f"{i}.00"] for i in (0, 1, 1, 3)])
    found = replace(found, cells=tuple(replace(cell, confidence=0.5) for cell in found.cells))
    figures = figures_of(Confidence, case_of([truth], [found]))
    assert figures["cells_wrong"] == pytest.approx(2 / 8)
    assert figures["missing_cells"] == 0.0
    shorter = replace(found, n_rows=3, cells=found.cells[:6], fragments=truth.fragments[:1])
    shorter = replace(shorter, fragments=(replace(truth.fragments[0], last_row=2),))
    assert figures_of(Confidence, case_of([truth], [shorter]))["missing_cells"] == pytest.approx(2 / 8)


def test_the_empty_half_of_a_cut_cell_is_not_counted_again():
    table = make_table([["产出指标", "1.00"], ["^", "2.00"]], "t", [(1, 0, 0), (2, 1, 1)])
    sure = replace(table, cells=tuple(replace(cell, confidence=1.0) for cell in table.cells))
    assert Confidence().tally(case_of([table], [sure]))["cells"] == 3


def test_without_confidences_only_what_is_missing_is_known():
    truth = column(2)
    figures = figures_of(Confidence, case_of([truth], [truth]))
    assert figures.pop("missing_cells") == 0.0
    assert set(figures.values()) == {None}
    assert reliability_curve({}) == ()
    assert Confidence().tally(Case(Extraction((truth,)))) == {}
