"""Adjacency relations: known answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci_eval.matching import Comparison, GridPair, PageGrid
from lanci_eval.metrics.adjacency import Adjacency, Relation, relations
from lanci_eval.metrics.base import Case
from lanci_eval.records import EvalCell, Extraction

Pair = tuple[PageGrid | None, PageGrid | None]


def grid(*rows: str) -> PageGrid:
    """A grid from lines such as ``甲|乙``; every position is a cell of its own."""
    texts = [line.split("|") for line in rows]
    cells = [EvalCell(row, col, 1, 1, text, page=1) for row, line in enumerate(texts) for col, text in enumerate(line)]
    return PageGrid(table=0, page=1, n_rows=len(texts), n_cols=len(texts[0]), cells=tuple(cells))


def summary(*documents: list[Pair]) -> dict[str, float | None]:
    metric = Adjacency()
    for pairs in documents:
        grids = tuple(GridPair(truth, found, None) for truth, found in pairs)
        metric.update(Case(Extraction(), Comparison((), grids)))
    return metric.summary()


def scores(*pairs: Pair) -> tuple[float | None, ...]:
    """Precision, recall and F1 of one document, for which the means are the same."""
    figures = summary(list(pairs))
    for name in ("precision", "recall"):
        assert figures[name] is None or figures[f"document_{name}"] == figures[name]
    return figures["precision"], figures["recall"], figures["f1"]


BUDGET = grid("甲|乙", "1|2")


def test_relations_run_to_the_right_and_down() -> None:
    assert relations(BUDGET) == {
        Relation("甲", "乙", below=False, blanks=0): 1,
        Relation("1", "2", below=False, blanks=0): 1,
        Relation("甲", "1", below=True, blanks=0): 1,
        Relation("乙", "2", below=True, blanks=0): 1,
    }


def test_blank_positions_are_passed_over_and_counted() -> None:
    assert relations(grid("甲||乙", "| |", "|1|")) == {Relation("甲", "乙", below=False, blanks=1): 1}
    uncovered = PageGrid(0, 1, 1, 3, (EvalCell(0, 0, 1, 1, "甲", page=1), EvalCell(0, 2, 1, 1, "乙", page=1)))
    assert relations(uncovered) == relations(grid("甲||乙"))


def test_a_spanning_cell_is_related_to_each_neighbour_once() -> None:
    """A header over two columns, and two cells side by side over the same two rows."""
    cells = (
        *(EvalCell(0, 0, 1, 2, "合计", page=1), EvalCell(1, 0, 2, 1, "甲", page=1)),
        *(EvalCell(1, 1, 2, 1, "乙", page=1), EvalCell(0, 2, 3, 1, "", page=1)),
    )
    assert relations(PageGrid(0, 1, 3, 3, cells)) == {
        Relation("合计", "甲", below=True, blanks=0): 1,
        Relation("合计", "乙", below=True, blanks=0): 1,
        Relation("甲", "乙", below=False, blanks=0): 1,
    }


def test_white_space_case_and_width_do_not_count() -> None:
    assert scores((grid("Total cost|（1）"), grid("TOTAL\ncost|(1)"))) == (1.0, 1.0, 1.0)


def test_a_perfect_prediction_is_exactly_one() -> None:
    assert set(summary([(BUDGET, BUDGET), (grid("丙|丁"), grid("丙|丁"))]).values()) == {1.0}


def test_nothing_to_find_and_nothing_found_is_undefined() -> None:
    undefined = {info.name: None for info in Adjacency.infos}
    assert summary() == summary([]) == undefined
    assert summary([(grid("甲"), grid("乙"))]) == undefined  # single cells have no relations
    assert Adjacency().tally(Case(Extraction())) == {}


def test_an_empty_prediction() -> None:
    """No relation was found: no precision, but the mean over documents counts 0."""
    figures = summary([(BUDGET, None)])
    assert (figures["precision"], figures["recall"], figures["f1"]) == (None, 0.0, 0.0)
    assert [figures[f"document_{name}"] for name in ("precision", "recall", "f1")] == [0.0, 0.0, 0.0]


def test_an_empty_truth() -> None:
    figures = summary([(None, BUDGET)])
    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.0, None, 0.0)
    assert [figures[f"document_{name}"] for name in ("precision", "recall", "f1")] == [0.0, None, None]


def test_one_altered_digit_breaks_the_relations_of_its_cell() -> None:
    assert scores((BUDGET, grid("甲|乙", "1|3"))) == (0.5, 0.5, 0.5)


def test_a_missing_row() -> None:
    """Of 3 + 4 relations 2 are found; the two rows that now touch make 2 wrong ones."""
    truth = grid("甲|1", "乙|2", "丙|3")
    assert scores((truth, grid("甲|1", "丙|3"))) == pytest.approx((2 / 4, 2 / 7, 4 / 11))


def test_a_doubled_row() -> None:
    """All 4 relations are found, and 3 more: one to the right, two of the row to itself."""
    assert scores((BUDGET, grid("甲|乙", "1|2", "1|2"))) == pytest.approx((4 / 7, 1.0, 8 / 11))


def test_a_split_table() -> None:
    """One half is paired; the other counts as invented."""
    pairs = ((grid("甲", "乙", "丙", "丁"), grid("甲", "乙")), (None, grid("丙", "丁")))
    assert scores(*pairs) == pytest.approx((1 / 2, 1 / 3, 2 / 5))


def test_an_inserted_empty_column_breaks_the_relations_across_it() -> None:
    assert scores((BUDGET, grid("甲||乙", "1||2"))) == (0.5, 0.5, 0.5)


def test_equal_relations_count_as_often_as_both_sides_have_them() -> None:
    assert scores((grid("0|0|0"), grid("0|0"))) == pytest.approx((1.0, 1 / 2, 2 / 3))


def test_the_published_figures_are_means_over_documents() -> None:
    """Documents of 4, 1 and 1 relations: right; found with one of two right; not found."""
    half = (grid("甲|乙"), grid("甲|乙|丙"))
    figures = summary([(BUDGET, BUDGET)], [half], [(grid("甲|乙"), None)])
    assert (figures["precision"], figures["recall"], figures["f1"]) == pytest.approx((5 / 6, 5 / 6, 5 / 6))
    precision, recall = (1 + 1 / 2 + 0) / 3, (1 + 1 + 0) / 3
    assert figures["document_precision"] == pytest.approx(precision)
    assert figures["document_recall"] == pytest.approx(recall)
    assert figures["document_f1"] == pytest.approx(2 * precision * recall / (precision + recall))


TABLES = st.lists(st.lists(st.sampled_from(["", "甲", "乙", "1"]), min_size=3, max_size=3), min_size=1, max_size=4).map(
    lambda rows: grid(*("|".join(row) for row in rows))
)


@given(TABLES, TABLES)
def test_swapping_truth_and_prediction_swaps_precision_and_recall(first: PageGrid, second: PageGrid) -> None:
    forth, back = summary([(first, second)]), summary([(second, first)])
    assert (forth["precision"], forth["recall"], forth["f1"]) == (back["recall"], back["precision"], back["f1"])
    assert all(value is None or 0.0 <= value <= 1.0 for value in forth.values())
    assert set(summary([(first, first)]).values()) in ({1.0}, {None})
