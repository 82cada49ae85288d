"""Regions from rules and from fills, and the grids they make; the evidence is laid out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lanci.detect import find_regions
from lanci.document import Box, Fill, Grid, PageEvidence, PageKind, Rule, Word
from lanci.grid import build_grid

XS, YS = (50.0, 150.0, 300.0, 400.0), (100.0, 120.0, 140.0, 160.0)
GREY, PALE, WHITE = 0xD8D8D8, 0xF3F5F9, 0xFFFFFF


def horizontal(y: float, x0: float = XS[0], x1: float = XS[-1]) -> Rule:
    return Rule(True, y, x0, x1, 0.5)


def vertical(x: float, y0: float = YS[0], y1: float = YS[-1]) -> Rule:
    return Rule(False, x, y0, y1, 0.5)


def lattice(xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> list[Rule]:
    return [horizontal(y, xs[0], xs[-1]) for y in ys] + [vertical(x, ys[0], ys[-1]) for x in xs]


def tiles(xs: Sequence[float], ys: Sequence[float], gap: float = 0.0, colour: int = GREY) -> list[Fill]:
    half = gap / 2
    boxes = [Box(x0 + half, y0 + half, x1 - half, y1 - half) for y0, y1 in pairwise(ys) for x0, x1 in pairwise(xs)]
    return [Fill(box, colour) for box in boxes]


def word(x: float, y: float, text: str = "12.50", width: float = 25.0) -> Word:
    return Word(text, Box(x, y, x + width, y + 10))


def grids(rules: Sequence[Rule] = (), fills: Sequence[Fill] = (), words: Sequence[Word] = ()) -> list[Grid]:
    evidence = PageEvidence(
        1, 595, 842, 0, PageKind.DIGITAL, words=tuple(words), rules=tuple(rules), fills=tuple(fills)
    )
    return [grid for region in find_regions(evidence) if (grid := build_grid(region))]


def spans(grid: Grid) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.col, c.row_span, c.col_span) for c in grid.cells if c.row_span * c.col_span > 1]


@pytest.mark.parametrize("gap", [0.0, 2.0, 3.5])
@pytest.mark.parametrize("colour", [GREY, PALE, WHITE])
def test_filled_cells_are_a_table(gap: float, colour: int) -> None:
    (grid,) = grids(fills=tiles(XS, YS, gap, colour))
    assert (grid.region.detector, grid.n_rows, grid.n_cols, len(grid.cells)) == ("fills", 3, 3, 9)
    assert grid.col_edges == pytest.approx(XS, abs=gap)
    assert grid.row_edges == pytest.approx(YS, abs=gap)


def test_merged_cells_show_in_the_sizes_of_their_fills() -> None:
    head = [Fill(Box(51, 81, 149, 119), GREY), Fill(Box(151, 81, 399, 99), GREY)]
    body = tiles(XS, (100.0, 120.0, 140.0), gap=2)[1:]
    (grid,) = grids(fills=[*head, *body])
    assert spans(grid) == [(0, 0, 2, 1), (0, 1, 1, 2)]


def test_every_other_row_may_be_bare_also_the_last() -> None:
    ys = (100.0, 120.0, 140.0, 160.0, 180.0)
    fills = tiles(XS, ys[0:2]) + tiles(XS, ys[2:4], colour=PALE)
    rows = [word(XS[0] + 5, y + 5, "科目", 18) for y in ys[:4]] + [word(XS[2] + 5, y + 5) for y in ys[:4]]
    (grid,) = grids(fills=fills, words=rows)
    assert grid.row_edges == pytest.approx(ys)
    assert (grid.n_cols, spans(grid)) == (3, [])
    (shorter,) = grids(fills=fills, words=[w for w in rows if w.box.y0 < ys[3]])
    assert shorter.row_edges == pytest.approx(ys[:4])


def test_cells_on_a_dark_ground_and_tables_beside_each_other() -> None:
    ground = Fill(Box(45, 95, 405, 165), 0x000000)
    right = tiles((450.0, 500.0, 550.0), YS, gap=2)
    first, second = grids(fills=[ground, *tiles(XS, YS, 2, WHITE), *right])
    assert (first.n_rows, first.n_cols, second.n_rows, second.n_cols) == (3, 3, 3, 2)


def test_fills_of_a_ruled_table_are_no_table_of_their_own() -> None:
    (grid,) = grids(rules=lattice(), fills=tiles(XS, YS[:3]))
    assert grid.region.detector == "rules"


NO_TABLES: dict[str, list[Fill]] = {
    "a highlighted heading": tiles([50.0 + 12 * i for i in range(19)], YS[:2]),
    "highlighted words": tiles([50, 90, 130, 200, 260], YS[:2]) + tiles([50, 70, 110, 150, 230], YS[1:3]),
    "paragraphs in boxes": tiles((50.0, 500.0), YS),
    "bars of a chart": [
        Fill(Box(60 + 40 * i, 300 - h, 80 + 40 * i, 300), GREY) for i, h in enumerate((50, 90, 70, 20))
    ],
    "a symbol of pixels": tiles(range(50, 74, 3), range(50, 74, 3)),
}


@pytest.mark.parametrize("what", NO_TABLES)
def test_fills_that_are_no_table(what: str) -> None:
    assert grids(fills=NO_TABLES[what]) == []


def test_tiles_behind_a_running_text_are_no_table() -> None:
    lines = [word(100, y + 5, "一段文字穿过所有的边", 250) for y in YS[:3]]
    assert grids(fills=tiles(XS, YS), words=lines) == []


def test_a_border_around_a_page_or_two_tables_is_no_part_of_them() -> None:
    border = lattice((20.0, 575.0), (20.0, 800.0))
    second = lattice(XS, (300.0, 320.0, 340.0))
    found = grids(rules=[*border, *lattice(), *second])
    assert [(grid.n_rows, grid.n_cols) for grid in found] == [(3, 3), (2, 3)]
    assert found[0].region.box == Box(XS[0], YS[0], XS[-1], YS[-1])


def test_boxes_of_paragraphs_are_no_table() -> None:
    assert grids(rules=lattice((50.0, 500.0), (100.0, 180.0, 300.0, 380.0))) == []


def test_underlines_and_check_boxes_are_no_cells() -> None:
    underline = horizontal(112, 190, 240)
    check_box = lattice((320.0, 328.0), (126.0, 134.0))
    (grid,) = grids(rules=[*lattice(), underline, *check_box])
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (3, 3, 9)


def test_rules_that_do_not_quite_meet_part_cells() -> None:
    short = [horizontal(y, x0 + 4, x1 - 4) for y in YS[1:-1] for x0, x1 in pairwise(XS)]
    frame = [horizontal(YS[0]), horizontal(YS[-1]), *(vertical(x) for x in XS)]
    (grid,) = grids(rules=frame + short)
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (3, 3, 9)


def test_double_rules_and_misaligned_parts_make_no_slivers() -> None:
    """The lower part of a form begins its columns a little beside those of the upper."""
    upper = [horizontal(100), horizontal(120), horizontal(122), *(vertical(x, 100, 120) for x in XS)]
    lower = [horizontal(140), horizontal(160), *(vertical(x, 122, 160) for x in (50, 155, 296, 400))]
    (grid,) = grids(rules=upper + lower)
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (3, 3, 9)


def test_two_columns_side_by_side_in_one_row_stay_two_however_narrow() -> None:
    (grid,) = grids(rules=lattice((50.0, 150.0, 155.0, 400.0)))
    assert grid.n_cols == 3


def test_columns_whose_cells_a_page_break_leaves_open_are_kept() -> None:
    inner = [horizontal(y, 300, 400) for y in (120, 140)] + [horizontal(y, 300, 400) for y in (100, 160)]
    (grid,) = grids(rules=[*inner, *(vertical(x) for x in (50, 150, 300, 400))])
    assert (grid.n_cols, spans(grid)) == (3, [(0, 0, 3, 1), (0, 1, 3, 1)])


UPPER, LOWER = (100.0, 120.0, 140.0), (146.0, 166.0, 186.0)


@pytest.mark.parametrize("lower_xs", [XS, XS[:2] + XS[3:]])
def test_blocks_a_little_apart_with_the_same_columns_are_one_table(lower_xs: Sequence[float]) -> None:
    (grid,) = grids(rules=lattice(XS, UPPER) + lattice(lower_xs, LOWER))
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (4, 3, 6 + 2 * (len(lower_xs) - 1))
    assert grid.row_edges == pytest.approx((100, 120, 143, 166, 186))


def test_a_gap_in_all_columns_is_a_thick_rule() -> None:
    """Bars too thick to be rules part the blocks; the rules of the rows beside them are missing."""
    rows = [horizontal(y) for y in (100, 120, 164, 184)]
    columns = [vertical(x, y0, y1) for x in XS for y0, y1 in ((100, 139), (145, 184))]
    (grid,) = grids(rules=rows + columns)
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (4, 3, 12)


@pytest.mark.parametrize(
    ("xs", "lower"),
    [
        ((50.0, 200.0, 300.0, 400.0), LOWER),  # another column
        ((50.0, 150.0, 300.0, 420.0), LOWER),  # wider
        (XS, (160.0, 180.0, 200.0)),  # room for a caption
    ],
)
def test_blocks_with_other_columns_or_further_apart_are_two(xs: Sequence[float], lower: Sequence[float]) -> None:
    assert len(grids(rules=lattice(XS, UPPER) + lattice(xs, lower))) == 2


def test_blocks_side_by_side_with_the_same_rows_are_one_table() -> None:
    (grid,) = grids(rules=lattice((50.0, 100.0, 200.0)) + lattice((206.0, 300.0, 400.0)))
    assert (grid.n_rows, grid.n_cols, len(grid.cells)) == (3, 4, 12)


@pytest.mark.parametrize(
    ("texts", "n_cells"),
    [
        ([("合计", 60, 20), ("12.50", 200, 25), ("9.00", 350, 20)], 3),
        ([("其中", 60, 20)], 1),
        ([("一段穿过所有列边的标题文字", 100, 250), ("万元", 360, 20)], 1),
    ],
)
def test_a_coloured_row_that_hides_the_columns_keeps_them_where_its_words_do(
    texts: Sequence[tuple[str, float, float]], n_cells: int
) -> None:
    rules = lattice(XS, (100.0, 120.0, 140.0)) + lattice(XS, (170.0, 190.0))
    words = [word(x, 150, text, width) for text, x, width in texts]
    (grid,) = grids(rules=rules, fills=[Fill(Box(50, 140, 400, 170), GREY)], words=words)
    assert (grid.n_rows, grid.n_cols) == (4, 3)
    assert sum(cell.row == 2 for cell in grid.cells) == n_cells


@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.sets(st.tuples(st.booleans(), st.integers(1, 4), st.integers(0, 4))),
)
@example(2, 3, {(True, 1, 0), (True, 1, 1)})
def test_grids_tile_their_region(n_rows: int, n_cols: int, missing: set[tuple[bool, int, int]]) -> None:
    """Whatever inner rules are missing: cells cover every place exactly once and are rectangles."""
    rules = [
        Rule(across, 20.0 * i, 30.0 * j, 30.0 * (j + 1)) if across else Rule(False, 30.0 * i, 20.0 * j, 20.0 * (j + 1))
        for across, count, length in ((True, n_rows, n_cols), (False, n_cols, n_rows))
        for i in range(count + 1)
        for j in range(length)
        if i in (0, count) or (across, i, j) not in missing
    ]
    for grid in grids(rules=rules):
        places = [
            (r, c)
            for cell in grid.cells
            for r in range(cell.row, cell.row + cell.row_span)
            for c in range(cell.col, cell.col + cell.col_span)
        ]
        assert sorted(places) == [(r, c) for r in range(grid.n_rows) for c in range(grid.n_cols)]
        assert abs(sum(cell.box.area for cell in grid.cells) - grid.region.box.area) < 1e-6
