"""Amounts by status, and what is silent and what is looked at, without checks and with them."""

from dataclasses import replace

import pytest
from tests.unit.eval.builders import case_of, figures_of, make_table, set_text

from lanci_eval.metrics.base import Case, add_tallies
from lanci_eval.metrics.checks import Checks
from lanci_eval.records import EvalCell, EvalTable, Extraction

ROWS = [["项目", "金额"], *([f"项目{n}", f"{n}.50"] for n in range(10, 20))]
TRUTH = make_table(ROWS, header=1, roles=["item", "amount"], unit="元")
N = 10
"""True amounts."""


def checked(table: EvalTable, status: str = "proven") -> EvalTable:
    """The table of a system that doubts nothing and gives all amounts one status."""

    def check(cell: EvalCell) -> EvalCell:
        return replace(cell, doubted=False, status=status if cell.col == 1 and cell.row else None)

    return replace(table, cells=tuple(check(cell) for cell in table.cells))


def figures(found: EvalTable) -> dict[str, float | None]:
    return figures_of(Checks, case_of([TRUTH], [found]))


def test_all_right_and_proven():
    assert figures(checked(TRUTH)) == {
        "amounts_proven": 1.0,
        "amounts_unchecked": 0.0,
        "amounts_conflict": 0.0,
        "silent_unchecked": 0.0,
        "silent_checked": 0.0,
        "amounts_lost": 0.0,
        "amounts_apart": 0.0,
        "review_unchecked": 0.0,
        "review_checked": 0.0,
        "proven_wrong": 0.0,
    }


@pytest.mark.parametrize(
    ("fields", "silent", "review", "proven"),
    [
        ({}, (1, 1), (0, 0), 1),
        ({"status": "conflict", "flagged": True}, (1, 1), (0, 0), 0),
        ({"status": "conflict", "needs_review": True}, (1, 0), (0, 1), 0),
        ({"status": "conflict", "needs_review": True, "doubted": True}, (0, 0), (1, 1), 0),
        ({"status": "proven", "needs_review": False, "doubted": True}, (0, 1), (1, 0), 1),
    ],
)
def test_a_wrong_amount_is_told_by_the_reading_or_by_the_checks(fields, silent, review, proven):
    found = figures(set_text(checked(TRUTH), 3, 1, "9.99", **fields))
    assert (found["silent_unchecked"], found["silent_checked"]) == pytest.approx([count / N for count in silent])
    assert (found["review_unchecked"], found["review_checked"]) == pytest.approx([count / N for count in review])
    assert found["proven_wrong"] == pytest.approx(proven / N)
    assert found["amounts_lost"] == 0


def test_a_blank_where_an_amount_was_lost_is_looked_at_too():
    found = figures(set_text(checked(TRUTH), 3, 1, "", needs_review=True, status=None))
    assert (found["silent_unchecked"], found["silent_checked"]) == (1 / N, 0)
    assert (found["review_unchecked"], found["review_checked"]) == (0, 1 / (N - 1))


def test_a_missing_amount_is_silent_both_ways():
    cells = tuple(cell for cell in checked(TRUTH).cells if (cell.row, cell.col) != (3, 1))
    found = figures(replace(TRUTH, cells=cells))
    assert (found["silent_unchecked"], found["silent_checked"], found["proven_wrong"]) == (1 / N, 1 / N, 0)
    assert found["amounts_lost"] == 1 / N


WHOLE = make_table(ROWS, header=1, roles=["item", "amount"], unit="元", pages=[(1, 0, 5), (2, 6, 10)])
"""The same with its last five amounts on a second page."""


@pytest.mark.parametrize(("is_marked", "n_silent"), [(False, 5), (True, 0)])
def test_amounts_of_a_part_that_was_not_joined_are_wrong_and_silent_where_nothing_marks_them(is_marked, n_silent):
    first = make_table(ROWS[:6], header=1, pages=[(1, 0, 5)])
    rest = make_table(ROWS[6:], "t002", header=0, pages=[(2, 0, 4)])
    for row in range(5):
        rest = set_text(rest, row, 1, ROWS[6 + row][1], needs_review=is_marked)
    parts = [checked(first), replace(rest, cells=tuple(replace(cell, page=2, doubted=False) for cell in rest.cells))]
    truth = replace(WHOLE, cells=tuple(replace(cell, page=1 + (cell.row > 5)) for cell in WHOLE.cells))
    found = figures_of(Checks, case_of([truth], parts))
    assert (found["amounts_lost"], found["amounts_apart"]) == (0, 5 / N)
    assert (found["silent_unchecked"], found["silent_checked"]) == (5 / N, n_silent / N)


def test_amounts_of_a_page_on_which_no_table_was_found_are_lost():
    truth = replace(WHOLE, cells=tuple(replace(cell, page=1 + (cell.row > 5)) for cell in WHOLE.cells))
    found = figures_of(Checks, case_of([truth], [checked(make_table(ROWS[:6], header=1, pages=[(1, 0, 5)]))]))
    assert (found["amounts_lost"], found["amounts_apart"], found["silent_checked"]) == (5 / N, 0, 5 / N)


def test_without_a_truth_amounts_are_counted_by_status():
    tables = (checked(TRUTH), checked(TRUTH, "unchecked"), checked(TRUTH, "conflict"), checked(TRUTH))
    found = Checks().figures(Checks().tally(Case(Extraction(tables))))
    assert [found[f"amounts_{name}"] for name in ("proven", "unchecked", "conflict")] == [0.5, 0.25, 0.25]
    assert {found[name] for name in ("silent_unchecked", "silent_checked", "review_checked", "proven_wrong")} == {None}


def test_a_system_without_checks_has_none_of_these_figures():
    assert set(figures(TRUTH).values()) == {None}


def test_sums_of_documents_add_up():
    cases = [case_of([TRUTH], [checked(TRUTH)]), case_of([TRUTH], [set_text(checked(TRUTH), 3, 1, "9.99")])]
    sums = add_tallies([Checks().tally(case) for case in cases])
    assert Checks().figures(sums)["silent_checked"] == pytest.approx(1 / (2 * N))
