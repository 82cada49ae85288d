"""TEDS: known answers, and the same answers as two other implementations of the tree edit distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_recognition_metric import TEDS

from lanci_eval.matching import Comparison, GridPair, PageGrid
from lanci_eval.metrics.base import Case
from lanci_eval.metrics.html import grid_to_html
from lanci_eval.metrics.teds import Teds, teds
from lanci_eval.records import EvalCell, Extraction


def grid(*rows: str) -> PageGrid:
    """A grid from lines such as ``甲|乙``; every position is a cell of its own."""
    cells = [
        EvalCell(row, col, 1, 1, text, page=1)
        for row, line in enumerate(rows)
        for col, text in enumerate(line.split("|"))
    ]
    n_cols = max((cell.col + 1 for cell in cells), default=0)
    return PageGrid(table=0, page=1, n_rows=len(rows), n_cols=n_cols, cells=tuple(cells))


def case(*pairs: tuple[PageGrid | None, PageGrid | None]) -> Case:
    return Case(Extraction(), Comparison((), tuple(GridPair(truth, found, None) for truth, found in pairs)))


def figures(*pairs: tuple[PageGrid | None, PageGrid | None]) -> dict[str, float | None]:
    metric = Teds()
    metric.update(case(*pairs))
    return metric.summary()


@st.composite
def grids(draw: st.DrawFn) -> PageGrid:
    """Small tables with spans, blank cells, positions without a cell, and rows without any."""
    n_rows, n_cols = draw(st.integers(0, 4)), draw(st.integers(1, 4))
    free = {(row, col) for row in range(n_rows) for col in range(n_cols)}
    cells = []
    for row, col in sorted(free):
        span = draw(st.sampled_from([(1, 1)] * 4 + [(1, 2), (2, 1), (2, 2), None]))
        area = {(row + down, col + right) for down in range(span[0]) for right in range(span[1])} if span else set()
        if area and area <= free:
            free -= area
            cells.append(EvalCell(row, col, *span, draw(st.text("甲乙1<", max_size=3)), page=1))
    return PageGrid(table=0, page=1, n_rows=n_rows, n_cols=n_cols, cells=tuple(cells))


BUDGET = grid("科目|预算数", "基本支出|1234.50")


def test_a_perfect_prediction_is_exactly_one() -> None:
    assert figures((BUDGET, BUDGET), (grid("甲"), grid("甲"))) == {"teds": 1.0, "teds_struct": 1.0}


def test_nothing_true_is_undefined_whatever_was_found() -> None:
    undefined = {"teds": None, "teds_struct": None}
    assert figures() == undefined
    assert figures((None, BUDGET)) == undefined
    assert Teds().tally(Case(Extraction())) == {}


def test_a_table_that_was_not_found_scores_zero() -> None:
    assert figures((BUDGET, None)) == {"teds": 0.0, "teds_struct": 0.0}
    assert figures((BUDGET, BUDGET), (BUDGET, None)) == {"teds": 0.5, "teds_struct": 0.5}


def test_one_altered_digit_lowers_only_the_figure_with_text() -> None:
    """One of 7 characters in one of 7 nodes (1 table, 2 rows, 4 cells)."""
    altered = grid("科目|预算数", "基本支出|1234.60")
    assert figures((BUDGET, altered)) == {"teds": pytest.approx(1 - 1 / 49), "teds_struct": 1.0}


@pytest.mark.parametrize(
    ("truth", "found", "expected"),
    [
        (grid("甲|1", "乙|2", "丙|3"), grid("甲|1", "丙|3"), 1 - 3 / 10),  # a row and its two cells are missing
        (grid("甲|1", "乙|2"), grid("甲|1", "乙|2", "乙|2"), 1 - 3 / 10),  # a row stands twice
        (grid("甲", "乙", "丙", "丁"), grid("甲", "乙"), 1 - 4 / 9),  # half of a split table
        (grid("甲|1"), PageGrid(0, 1, 0, 0, ()), 1 - 3 / 4),  # a found table without a row
    ],
)
def test_rows_missing_doubled_and_split_off(truth: PageGrid, found: PageGrid, expected: float) -> None:
    assert teds(truth, found) == pytest.approx(expected)
    assert teds(truth, found, structure_only=True) == pytest.approx(expected)


def test_the_other_half_of_a_split_table_does_not_count() -> None:
    truth = grid("甲", "乙", "丙", "丁")
    assert figures((truth, grid("甲", "乙")), (None, grid("丙", "丁")))["teds"] == pytest.approx(5 / 9)


def test_merged_cells_cost_a_renaming_and_a_deletion() -> None:
    merged = PageGrid(0, 1, 2, 2, (EvalCell(0, 0, 1, 2, "科目预算数", page=1), *BUDGET.cells[2:]))
    assert teds(BUDGET, merged) == pytest.approx(1 - 2 / 7)
    assert teds(BUDGET, merged, structure_only=True) == pytest.approx(1 - 2 / 7)


def test_line_breaks_inside_a_cell_do_not_count_but_characters_do() -> None:
    assert teds(grid("社会保障和就业"), grid("社会保障\n和就业")) == 1.0
    assert teds(grid("to air kg/year"), grid("to air\nkg/year ")) == 1.0
    assert teds(grid("(1)"), grid("（1）")) == pytest.approx(1 - (2 / 3) / 3)


def test_a_large_page() -> None:
    """60 rows of 10 cells; the found table lacks the first row and has one text wholly wrong."""
    rows = ["|".join(f"{row * 7919}.{col}" for col in range(10)) for row in range(60)]
    found = grid(*rows[1:30], rows[30].replace(f"{30 * 7919}.4", "甲"), *rows[31:])
    assert teds(grid(*rows), found) == pytest.approx(1 - 12 / 661)


def test_the_html_of_a_grid() -> None:
    cells = (EvalCell(1, 0, 1, 1, "a<b", page=1), EvalCell(0, 0, 1, 2, "表\n头", page=1))
    html = grid_to_html(PageGrid(0, 1, 3, 2, cells))
    assert html == (
        '<html><body><table><tr><td colspan="2">表头</td></tr><tr><td>a&lt;b</td></tr><tr></tr></table></body></html>'
    )


@given(grids(), grids())
def test_agrees_with_the_published_implementation_on_the_general_tree_edit_distance(
    first: PageGrid, second: PageGrid
) -> None:
    """That implementation runs APTED on the HTML of both tables."""
    for structure_only in (False, True):
        theirs = TEDS(structure_only=structure_only)(grid_to_html(first), grid_to_html(second))
        assert teds(first, second, structure_only) == pytest.approx(theirs, abs=1e-9)


@given(grids(), grids())
def test_is_symmetric_within_bounds_and_one_for_the_same(first: PageGrid, second: PageGrid) -> None:
    for structure_only in (False, True):
        score = teds(first, second, structure_only)
        assert 0.0 <= score <= 1.0
        assert teds(second, first, structure_only) == pytest.approx(score, abs=1e-12)
        assert teds(first, first, structure_only) == 1.0


@given(grids(), grids())
def test_without_the_text_two_tables_are_at_least_as_similar(first: PageGrid, second: PageGrid) -> None:
    assert teds(first, second, structure_only=True) >= teds(first, second) - 1e-12
