"""Pairing and aligning: what stands for what, and what costs only itself."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.seeds import SEED_FILES
from tests.unit.eval.builders import LEFT, UP, Rows, all_figures, make_table, set_text, with_boxes

from lanci.annotation import load_annotation
from lanci.document import Box
from lanci_eval.datasets.truth import annotation_to_truth
from lanci_eval.matching import Comparison, align, compare, to_page_grids
from lanci_eval.matching.align import TextGrid, align_grids
from lanci_eval.matching.money import body_amounts
from lanci_eval.records import EvalTable, Extraction

HEADER = [["项目", "合计", "基本支出", "项目支出"]]
BODY = [[f"{code}", f"{code}.10", f"{code}.20", "0.00"] for code in range(201, 209)]
SHIFT_HEADER = [["编码", "名称", "合计", "基本支出", "项目支出", "其他"]]


def to_grid(rows: Rows, header: int = 0, values: range = range(0)) -> TextGrid:
    entries = tuple((r, c, text) for r, texts in enumerate(rows) for c, text in enumerate(texts) if text)
    return TextGrid(len(rows), len(rows[0]) if rows else 0, entries, header, frozenset(values))


def aligned(truth: Rows, found: Rows, header: int = 0, values: range = range(0)) -> tuple[align.Pairs, align.Pairs]:
    return align_grids(to_grid(truth, header, values), to_grid(found))


def identity(n: int) -> align.Pairs:
    return tuple((i, i) for i in range(n))


def without(n: int, *, true: int | None = None, found: int | None = None) -> align.Pairs:
    """The pairs of n lines of which one has no partner on its side."""
    ours = [i for i in range(n) if i != true]
    theirs = [i for i in range(n) if i != found]
    return tuple(zip(ours, theirs, strict=False))


# --- rows and columns


@given(st.lists(st.lists(st.sampled_from(["", "0.00", "1.00", "合计"]), min_size=3, max_size=3), min_size=1))
def test_equal_grids_are_aligned_by_index(rows: list[list[str]]):
    assert aligned(rows, rows) == (identity(len(rows)), identity(3))


def test_a_row_too_many_or_too_few_moves_no_other():
    rows = HEADER + BODY
    for at in range(1, len(rows)):
        doubled = [*rows[:at], rows[at - 1], *rows[at:]]
        assert aligned(rows, doubled, 1, range(1, 4)) == (without(len(doubled), found=at)[: len(rows)], identity(4))
        dropped = rows[:at] + rows[at + 1 :]
        assert aligned(rows, dropped, 1, range(1, 4)) == (without(len(rows), true=at), identity(4))
        blank = [*rows[:at], [""] * 4, *rows[at:]]
        assert aligned(rows, blank, 1, range(1, 4)) == (without(len(blank), found=at)[: len(rows)], identity(4))


def test_a_column_too_many_or_too_few_moves_no_other():
    rows = HEADER + BODY
    for at in range(4):
        blank = [[*texts[:at], "", *texts[at:]] for texts in rows]
        assert aligned(rows, blank, 1, range(1, 4)) == (identity(9), without(5, found=at)[:4])
        dropped = [texts[:at] + texts[at + 1 :] for texts in rows]
        assert aligned(rows, dropped, 1, range(1, 4)) == (identity(9), without(4, true=at))


def test_altered_digits_move_nothing():
    rows = HEADER + BODY
    for row in range(1, 9):
        for col in range(4):
            # The altered cell now reads as that of a neighbouring row or column does.
            other = rows[row - 1 if row > 1 else row + 1][col] if col < 3 else rows[row][1]
            wrong = [[*texts] for texts in rows]
            wrong[row][col] = other
            assert aligned(rows, wrong, 1, range(1, 4)) == (identity(9), identity(4))


def test_the_amounts_of_all_rows_shifted_under_their_header_are_not_realigned():
    body = [[f"{n}", f"款{n}", f"{n}.11", f"{n}.22", f"{n}.33", f"{n}.44"] for n in range(300, 330)]
    slid = [[*texts[:2], "", *texts[2:5]] for texts in body]
    assert aligned(SHIFT_HEADER + body, SHIFT_HEADER + slid, 1, range(2, 6)) == (identity(31), identity(6))


def test_the_amounts_of_all_columns_shifted_along_their_labels_are_not_realigned():
    body = [[f"{n}", f"款{n}", f"{n}.11", f"{n}.22", f"{n}.33", f"{n}.44"] for n in range(300, 330)]
    slid = [[*texts[:2], *above[2:]] for texts, above in zip(body, [[""] * 6, *body], strict=False)]
    # One label in ten is misread, so that the amounts have more equal texts to show than the labels.
    for row in range(0, 30, 10):
        slid[row][0], slid[row][1] = f"8{row}", f"教{row}"
    assert aligned(SHIFT_HEADER + body, SHIFT_HEADER + slid, 1, range(2, 6)) == (identity(31), identity(6))


def test_blank_and_repetitive_tables_are_aligned_by_position():
    zeros = [["0.00"] * 4 for _ in range(6)]
    for filler in ("", "0.00"):
        rows = [[filler] * 4 for _ in range(6)]
        more = [*rows, rows[0]]
        assert aligned(rows, more) == (identity(6), identity(4))
        assert aligned(more, rows) == (identity(6), identity(4))
    # Nothing is read right, but nothing is out of place either.
    assert aligned(zeros, [["9.99"] * 4 for _ in range(6)]) == (identity(6), identity(4))
    blanks = [["合计", "1.00"], ["", ""], ["", ""], ["备注", ""]]
    assert aligned(blanks, [["合计", "1.0O"], ["", ""], ["", ""], ["备汪", ""]]) == (identity(4), identity(2))


def test_a_badly_read_grid_keeps_its_rows_by_likeness():
    truth = [["一般公共服务支出", "1200.50"], ["社会保障和就业支出", "310.00"], ["卫生健康支出", "88.10"]]
    found = [["杜会保障和就亚支出", "3l0.00"], ["卫生建康支山", "88.1O"]]
    assert aligned(truth, found) == (((1, 0), (2, 1)), identity(2))


def test_grids_without_rows_or_columns_have_no_pairs():
    assert aligned([], HEADER) == ((), ())
    assert aligned(HEADER, []) == ((), ())


def test_a_long_table_is_aligned_in_about_a_second():
    random = Random(5)
    truth = [
        [f"{i:07}", f"行政运行{i % 90}", *(f"{random.random() * 9e3:,.2f}" for _ in range(10))] for i in range(500)
    ]
    found = [[text if random.random() < 0.9 else text[:-1] for text in texts] for texts in truth]
    del found[100]
    started = time.perf_counter()
    rows, cols = aligned(truth, found, 0, range(2, 12))
    assert time.perf_counter() - started < 5  # about 0.4 s on a quiet machine
    assert (rows, cols) == (without(500, true=100), identity(12))


def test_huge_tables_are_aligned_by_whole_rows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(align, "MAX_PAIRS", 50)
    rows = HEADER + BODY
    wrong = [*rows[:2], ["", "", "", "乱"], *rows[2:5], ["208", "x", "y", "z"], *rows[6:]]
    assert aligned(rows, wrong) == (without(10, found=2)[:9], identity(4))
    monkeypatch.setattr(align, "MAX_LCS_PAIRS", 50)
    assert aligned(rows, wrong) == (identity(9), identity(4))


# --- page grids


SPLIT = make_table(
    [*HEADER, ["甲", "1.00", "", ""], ["乙", "2.00", "3.00", LEFT], [UP, "4.00", "5.00", ""], ["丙", "6.00", "", ""]],
    "t001",
    [(1, 0, 2), (2, 3, 4)],
    header=1,
    repeated=HEADER,
)


def texts_of(comparison: Comparison, side: str) -> list[list[tuple[int, int, str]] | None]:
    grids = [getattr(pair, side) for pair in comparison.grids]
    return [grid and [(cell.row, cell.col, cell.text) for cell in grid.cells] for grid in grids]


def test_a_page_shows_its_rows_and_its_part_of_cut_cells():
    first, second = to_page_grids(Extraction((SPLIT,)))
    assert (first.page, first.n_rows, second.page, second.n_rows) == (1, 3, 2, 2)
    assert [(c.row, c.row_span, c.text) for c in first.cells if c.col == 0] == [
        (0, 1, "项目"),
        (1, 1, "甲"),
        (2, 1, "乙"),
    ]
    assert [(c.row, c.row_span, c.text) for c in second.cells if c.col == 0] == [(0, 1, ""), (1, 1, "丙")]
    assert {cell.page for cell in second.cells} == {2}


def test_the_text_of_a_cut_cell_is_on_the_page_that_it_names():
    cells = tuple(
        replace(cell, page=2, confidence=0.5, box=Box(0, 0, 1, 1), needs_review=True) if cell.text == "乙" else cell
        for cell in SPLIT.cells
    )
    first, second = to_page_grids(Extraction((replace(SPLIT, cells=cells),)))
    shown = [next(c for c in grid.cells if (c.row, c.col) == at) for grid, at in ((first, (2, 0)), (second, (0, 0)))]
    assert [(c.text, c.confidence, c.box, c.marked) for c in shown] == [
        ("", None, None, False),
        ("乙", 0.5, Box(0, 0, 1, 1), True),
    ]


def test_a_row_on_both_sides_of_a_break_is_shown_on_both_pages():
    table = make_table(HEADER + BODY[:3], "t001", [(1, 0, 2), (2, 2, 3)])
    first, second = to_page_grids(Extraction((table,)))
    assert [c.text for c in first.cells if c.row == 2] == BODY[1]
    assert [c.text for c in second.cells if c.row == 0] == [""] * 4


@pytest.mark.parametrize("kept", [False, True])
def test_a_header_printed_again_may_be_kept_or_dropped(kept: bool):
    rows = [*(HEADER if kept else []), ["", "4.00", "5.00", ""], ["丙", "6.00", "", ""]]
    found = make_table(rows, "t009", [(2, 0, len(rows) - 1)])
    pair = compare(Extraction((SPLIT,)), Extraction((found,))).grids[1]
    assert pair.truth is not None
    assert pair.truth.n_rows == len(rows)
    assert pair.alignment is not None
    assert pair.alignment.rows == identity(len(rows))


def test_a_header_printed_again_and_misread_is_still_kept():
    rows = [["顶日", "含汁", "墓木支岀", "顶曰支岀"], ["", "4.00", "5.00", ""], ["丙", "6.00", "", ""]]
    pair = compare(Extraction((SPLIT,)), Extraction((make_table(rows, "t009", [(2, 0, 2)]),))).grids[1]
    assert pair.truth is not None
    assert pair.truth.n_rows == 3


def test_both_sides_may_know_of_the_header_printed_again():
    pair = compare(Extraction((SPLIT,)), Extraction((SPLIT,))).grids[1]
    assert pair.truth == pair.found
    assert pair.truth is not None
    assert pair.truth.n_rows == 2


# --- which table stands for which


def partners(comparison: Comparison) -> list[tuple[str | None, str | None]]:
    return [(p.truth.id if p.truth else None, p.found.id if p.found else None) for p in comparison.tables]


def test_every_table_is_in_one_pair_truth_first():
    one, two = make_table(BODY[:3], "t001"), make_table([["甲", "乙"]], "t002", [(2, 0, 0)])
    other, three = replace(one, id="f001"), make_table([["丙"]], "f002", [(2, 0, 0)])
    assert partners(compare(Extraction((one, two)), Extraction((three, other)))) == [
        ("t001", "f001"),
        ("t002", None),
        (None, "f002"),
    ]


def test_tables_of_different_pages_never_stand_for_each_other():
    one, two = make_table(BODY[:3], "t001"), make_table(BODY[:3], "f001", [(2, 0, 2)])
    comparison = compare(Extraction((one,)), Extraction((two,)))
    assert partners(comparison) == [("t001", None), (None, "f001")]
    assert all(pair.alignment is None for pair in comparison.grids)


def test_of_a_table_in_three_parts_the_biggest_is_its_partner():
    whole = make_table(BODY, "t001", [(1, 0, 1), (2, 2, 5), (3, 6, 7)])
    parts = [
        make_table(BODY[a : b + 1], f"f00{page}", [(page, 0, b - a)])
        for page, a, b in ((1, 0, 1), (2, 2, 5), (3, 6, 7))
    ]
    comparison = compare(Extraction((whole,)), Extraction(tuple(parts)))
    assert partners(comparison) == [("t001", "f002"), (None, "f001"), (None, "f003")]
    assert all(pair.alignment is not None for pair in comparison.grids)
    assert comparison.tables[0].alignment is not None
    assert comparison.tables[0].alignment.rows == ((2, 0), (3, 1), (4, 2), (5, 3))


def test_equal_forms_are_told_apart_by_their_boxes_or_else_by_order():
    form = [["项目", "金额"], ["", ""], ["", ""]]
    upper, lower = make_table(form, "upper"), make_table(form, "lower")
    truth = Extraction((with_boxes(upper, 50, 100), with_boxes(lower, 50, 400)))
    swapped = Extraction((with_boxes(lower, 52, 398), with_boxes(upper, 49, 103)))
    assert partners(compare(truth, swapped)) == [("upper", "upper"), ("lower", "lower")]
    without_boxes = Extraction((upper, lower)), Extraction((replace(upper, id="a"), replace(lower, id="b")))
    assert partners(compare(*without_boxes)) == [("upper", "a"), ("lower", "b")]


def test_empty_forms_without_boxes_are_told_apart_by_shape():
    wide, tall = make_table([["", "", ""]], "wide"), make_table([[""], [""], [""]], "tall")
    assert partners(compare(Extraction((wide, tall)), Extraction((tall, wide)))) == [("wide", "wide"), ("tall", "tall")]


def test_a_misread_scan_is_recognised_by_its_box_but_not_without():
    truth = make_table([["科目", "金额"], ["行政运行", "12.00"]], "t001")
    noise = make_table([["料日", "全颔"], ["行攻运行", "l2.OO"]], "f001")
    boxed = Extraction((with_boxes(truth, 50, 100),)), Extraction((with_boxes(noise, 51, 101),))
    assert partners(compare(*boxed)) == [("t001", "f001")]
    assert partners(compare(Extraction((truth,)), Extraction((noise,)))) == [("t001", None), (None, "f001")]


# --- everything against itself


@st.composite
def spanning_rows(draw: st.DrawFn) -> list[list[str]]:
    """Rows of texts with rectangles of spanning cells."""
    n_rows, n_cols = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    text = st.sampled_from(["", "", "0.00", "1,234.50", "合计", "2010301", "支 出", "３．６"])
    rows = [[draw(text) for _ in range(n_cols)] for _ in range(n_rows)]
    taken: set[tuple[int, int]] = set()
    for _ in range(draw(st.integers(0, 3))):
        row, col = draw(st.integers(0, n_rows - 1)), draw(st.integers(0, n_cols - 1))
        height, width = draw(st.integers(1, n_rows - row)), draw(st.integers(1, n_cols - col))
        places = {(row + r, col + c) for r in range(height) for c in range(width)}
        if taken & places:
            continue
        taken |= places
        for r, c in places - {(row, col)}:
            rows[r][c] = LEFT if c > col else UP
    return rows


@st.composite
def documents(draw: st.DrawFn) -> Extraction:
    tables = []
    for number in range(draw(st.integers(1, 3))):
        rows = draw(spanning_rows())
        last = len(rows) - 1
        cut = draw(st.integers(0, last))
        pages = [(1, 0, cut), (2, cut + 1, last)] if cut < last else [(draw(st.integers(1, 2)), 0, last)]
        header = draw(st.none() | st.integers(0, len(rows)))
        repeated = rows[:1] if draw(st.booleans()) and UP not in "".join(rows[min(1, last)]) else ()
        tables.append(make_table(rows, f"t{number}", pages, header=header, repeated=repeated, unit="元"))
    return Extraction(tuple(tables))


def assert_perfect(tables: tuple[EvalTable, ...]) -> None:
    figures = all_figures(tables, tables)
    zero = {"cer", "ece", "review_effort", "review_share", "doubted_readings", "cells_marked", "cells_wrong"} | {
        name for name in figures if name.startswith(("silent", "marked", "missing", "invented"))
    }
    for name, value in figures.items():
        assert value in (None, 0.0 if name in zero else 1.0), name
    assert figures["cell_f1"] == 1.0


@given(documents())
def test_everything_is_perfect_against_itself(document: Extraction):
    assert_perfect(document.tables)


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)
def test_the_annotated_documents_are_perfect_against_themselves(path: Path):
    assert_perfect(annotation_to_truth(load_annotation(path).tables).tables)


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.stem)
def test_errors_planted_in_the_annotated_documents_are_counted_one_by_one(path: Path):
    """In every table a row is dropped, and of the rest a tenth of amounts and labels is misread."""
    random = Random(path.stem)
    truth = annotation_to_truth(load_annotation(path).tables).tables
    n_altered = n_dropped = 0
    found = []
    for table in truth:
        amounts = {(cell.row, cell.col) for cell, _ in body_amounts(table)}
        plain = [
            row
            for row in range((table.n_header_rows or 0) + 1, table.n_rows)
            if not any(cell.row_span > 1 and row in cell.rows for cell in table.cells)
        ]
        damaged = table
        drop = random.choice(plain) if len(plain) > 4 else None
        for cell in table.cells:
            if cell.row == drop or random.random() > 0.1 or not cell.text:
                continue
            if (cell.row, cell.col) in amounts:
                damaged = set_text(damaged, cell.row, cell.col, f"77{cell.text}")
                n_altered += 1
            else:
                damaged = set_text(damaged, cell.row, cell.col, f"{cell.text[:-1]}乱")
        if drop is not None:
            damaged = without_row(damaged, drop)
            n_dropped += sum(row == drop for row, _ in amounts)
        found.append(damaged)
    n_gold = sum(len(body_amounts(table)) for table in truth)
    figures = all_figures(truth, found)
    assert figures["missing_amounts"] == pytest.approx(n_dropped / n_gold)
    assert figures["silent_error_rate"] == pytest.approx((n_dropped + n_altered) / n_gold)
    assert figures["amount_exact"] == pytest.approx(1 - (n_dropped + n_altered) / n_gold)
    assert figures["invented_amounts"] == 0.0
    assert n_altered > 2


def without_row(table: EvalTable, row: int) -> EvalTable:
    """The table without one row, which no cell spans."""
    cells = tuple(replace(cell, row=cell.row - (cell.row > row)) for cell in table.cells if cell.row != row)
    fragments = tuple(
        replace(
            part, first_row=part.first_row - (part.first_row > row), last_row=part.last_row - (part.last_row >= row)
        )
        for part in table.fragments
    )
    return replace(table, n_rows=table.n_rows - 1, cells=cells, fragments=fragments)


def test_the_same_inputs_give_the_same_pairs():
    rows = [["0.00"] * 3 for _ in range(5)]
    truth = Extraction(tuple(make_table(rows, f"t{n}") for n in range(4)))
    found = Extraction(tuple(make_table(rows[:4], f"f{n}") for n in range(3)))
    assert compare(truth, found) == compare(truth, found)
    assert partners(compare(truth, found)) == [("t0", "f0"), ("t1", "f1"), ("t2", "f2"), ("t3", None)]
