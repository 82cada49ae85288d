"""GriTS: known answers, worked out by hand and with the authors' own package."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.document import Box
from lanci_eval.matching import Comparison, GridPair, PageGrid
from lanci_eval.metrics.base import Case
from lanci_eval.metrics.grits import Grits, grits_con, grits_loc, grits_top
from lanci_eval.records import EvalCell, Extraction


def cell(row: int, col: int, text: str, row_span: int = 1, col_span: int = 1) -> EvalCell:
    """A cell with a box: rows are 10 points high and columns 20 wide."""
    box = Box(20.0 * col, 10.0 * row, 20.0 * (col + col_span), 10.0 * (row + row_span))
    return EvalCell(row, col, row_span, col_span, text, page=1, box=box)


def grid(n_rows: int, n_cols: int, *cells: EvalCell) -> PageGrid:
    return PageGrid(table=0, page=1, n_rows=n_rows, n_cols=n_cols, cells=cells)


def plain(*rows: str) -> PageGrid:
    """A grid from lines such as ``甲|乙``; every position is a cell of its own."""
    texts = [line.split("|") for line in rows]
    cells = [cell(row, col, text) for row, line in enumerate(texts) for col, text in enumerate(line)]
    return grid(len(texts), len(texts[0]), *cells)


def without_boxes(table: PageGrid) -> PageGrid:
    return replace(table, cells=tuple(replace(cell, box=None) for cell in table.cells))


def figures(*pairs: tuple[PageGrid | None, PageGrid | None]) -> dict[str, float | None]:
    metric = Grits()
    metric.update(Case(Extraction(), Comparison((), tuple(GridPair(truth, found, None) for truth, found in pairs))))
    return metric.summary()


def parts(summary: dict[str, float | None], kind: str) -> list[float | None]:
    """The mean over tables, then precision, recall and F of all positions together."""
    return [summary[name] for name in (kind, f"{kind}_precision", f"{kind}_recall", f"{kind}_pooled")]


BUDGET = plain("科目|预算数", "基本支出|1234.50")
KINDS = ("top", "con", "loc")


def test_a_perfect_prediction_is_exactly_one() -> None:
    summary = figures((BUDGET, BUDGET), (plain("甲"), plain("甲")))
    assert set(summary.values()) == {1.0}
    assert set(summary) == {info.name for info in Grits.infos}


def test_nothing_true_and_nothing_found_is_undefined() -> None:
    assert set(figures().values()) == {None}
    assert Grits().tally(Case(Extraction())) == {}


def test_an_empty_truth_leaves_only_a_precision_and_a_pooled_f_of_zero() -> None:
    summary = figures((None, BUDGET))
    assert all(parts(summary, kind) == [None, 0.0, None, 0.0] for kind in KINDS)


def test_an_empty_prediction_scores_zero_and_has_no_precision() -> None:
    summary = figures((BUDGET, None))
    assert all(parts(summary, kind) == [0.0, None, 0.0, 0.0] for kind in KINDS)


def test_one_altered_digit_lowers_only_con() -> None:
    """Of 7 characters 6 are a common subsequence, the three other positions are right."""
    summary = figures((BUDGET, plain("科目|预算数", "基本支出|1234.60")))
    assert summary["con"] == pytest.approx((3 + 6 / 7) / 4)
    assert summary["top"] == summary["loc"] == 1.0


def test_a_missing_row() -> None:
    truth = plain("甲|1", "乙|2", "丙|3")
    summary = figures((truth, grid(2, 2, *truth.cells[:4])))
    for kind in KINDS:
        assert parts(summary, kind) == pytest.approx([8 / 10, 1.0, 4 / 6, 8 / 10])


def test_a_doubled_row() -> None:
    summary = figures((plain("甲|1", "乙|2"), plain("甲|1", "乙|2", "乙|2")))
    for kind in KINDS:
        assert parts(summary, kind) == pytest.approx([8 / 10, 4 / 6, 1.0, 8 / 10])


def test_a_split_table() -> None:
    """The first half is paired; the other half is invented, which only the shares of all positions tell."""
    truth = plain("甲", "乙", "丙", "丁")
    summary = figures((truth, plain("甲", "乙")), (None, plain("丙", "丁")))
    assert parts(summary, "con") == pytest.approx([4 / 6, 2 / 4, 2 / 4, 2 / 4])


def test_two_header_cells_read_as_one() -> None:
    """Each of the two positions overlaps its true extent by one half, and so do the boxes."""
    merged = grid(2, 2, cell(0, 0, "科目预算数", col_span=2), *BUDGET.cells[2:])
    assert grits_top(BUDGET, merged).f == pytest.approx(6 / 8)
    assert grits_loc(BUDGET, merged).f == pytest.approx(6 / 8)
    assert grits_con(BUDGET, merged).f == pytest.approx(2 * (4 / 7 + 6 / 8 + 2) / 8)


def test_boxes_that_are_shifted_by_half_a_column() -> None:
    truth = plain("甲|乙")
    shifted = tuple(
        replace(cell, box=Box(cell.box.x0 + 10, cell.box.y0, cell.box.x1 + 10, cell.box.y1))
        for cell in truth.cells
        if cell.box
    )
    assert grits_loc(truth, grid(1, 2, *shifted)).f == pytest.approx(1 / 3)


def test_loc_says_nothing_of_a_truth_or_a_system_without_boxes() -> None:
    for truth, found in ((BUDGET, without_boxes(BUDGET)), (without_boxes(BUDGET), BUDGET)):
        summary = figures((truth, found), (without_boxes(truth), None))
        assert parts(summary, "loc") == [None] * 4
        assert summary["top"] == 0.5
    # Where no true table has a place, an invented one is not at a wrong place.
    assert parts(figures((without_boxes(BUDGET), BUDGET), (None, BUDGET)), "loc") == [None] * 4
    # A table that was missed altogether does not give a system without boxes a place.
    assert parts(figures((BUDGET, without_boxes(BUDGET)), (BUDGET, None)), "loc") == [None] * 4


def test_only_positions_with_a_box_count_in_loc() -> None:
    ruled = grid(1, 2, cell(0, 0, "甲"), replace(cell(0, 1, ""), box=None))
    assert grits_loc(ruled, ruled).f == 1.0
    assert grits_loc(ruled, plain("甲|")).f == pytest.approx(2 / 3)


def test_positions_without_a_cell_are_blank_cells() -> None:
    assert grits_con(grid(1, 2, cell(0, 0, "甲")), plain("甲|")).f == 1.0
    assert grits_top(grid(1, 2, cell(0, 0, "甲")), plain("甲|")).f == 1.0


def test_line_breaks_inside_a_cell_do_not_count() -> None:
    assert grits_con(plain("社会保障和就业"), plain("社会保障\n和就业")).f == 1.0


HEADED = grid(
    3,
    3,
    *(cell(0, 0, "科目", row_span=2), cell(0, 1, "本年支出", col_span=2), cell(1, 1, "合计"), cell(1, 2, "基本支出")),
    *(cell(2, 0, "教育支出"), cell(2, 1, "120.50"), cell(2, 2, "80")),
)


@pytest.mark.parametrize(
    ("found", "top", "con"),
    [
        (plain("科目|本年支出|", "|合计|基本支出", "教育支出|120.50|80"), 0.7777777778, 0.7777777778),
        (plain("科目本年支出|", "合计|基本支出", "120.50|80"), 0.6666666667, 0.6400000000),
        (plain("教育支出|12050|8O", "科目|合计|基本", "教育|支出|120"), 0.7777777778, 0.4148148148),
    ],
)
def test_agrees_with_the_authors_package(found: PageGrid, top: float, con: float) -> None:
    """Expected are the results of ``grits-metric`` 0.7.0 (Kensho, 2026) for these grids."""
    assert grits_top(HEADED, found).f == pytest.approx(top, abs=1e-9)
    assert grits_con(HEADED, found).f == pytest.approx(con, abs=1e-9)


@st.composite
def grids(draw: st.DrawFn) -> PageGrid:
    """Small tables with spans, blank cells, positions without a cell, and cells without a box."""
    n_rows, n_cols = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    free = {(row, col) for row in range(n_rows) for col in range(n_cols)}
    cells = []
    for row, col in sorted(free):
        span = draw(st.sampled_from([(1, 1)] * 4 + [(1, 2), (2, 1), (2, 2), None]))
        area = {(row + down, col + right) for down in range(span[0]) for right in range(span[1])} if span else set()
        if area and area <= free:
            free -= area
            made = cell(row, col, draw(st.text("甲乙1", max_size=3)), *span)
            cells.append(made if draw(st.integers(0, 3)) else replace(made, box=None))
    return grid(n_rows, n_cols, *cells)


@given(grids(), grids())
def test_is_within_bounds_and_one_for_the_same(first: PageGrid, second: PageGrid) -> None:
    for score in (grits_top, grits_con, grits_loc):
        result = score(first, second)
        assert 0.0 <= result.similarity <= min(result.n_truth, result.n_found) + 1e-9
        assert score(first, first).f in {1.0, None}
    assert grits_loc(first, first).f is None or any(cell.box for cell in first.cells)
