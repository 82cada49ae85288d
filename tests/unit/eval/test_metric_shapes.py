"""Counts of tables, rows and columns, with known answers."""

from __future__ import annotations

import pytest

from lanci_eval.matching import Comparison, GridPair, PageGrid
from lanci_eval.metrics.base import Case
from lanci_eval.metrics.shapes import Shapes
from lanci_eval.records import Extraction


def grid(table: int, page: int, n_rows: int, n_cols: int) -> PageGrid:
    return PageGrid(table, page, n_rows, n_cols, ())


def case(truth: list[PageGrid], found: list[PageGrid]) -> Case:
    pairs = [GridPair(one, None, None) for one in truth] + [GridPair(None, one, None) for one in found]
    return Case(Extraction(), Comparison((), tuple(pairs)))


def test_a_perfect_extraction() -> None:
    tables = [grid(0, 1, 3, 4), grid(1, 1, 2, 2), grid(2, 2, 9, 4)]
    metric = Shapes()
    metric.update(case(tables, tables))
    assert metric.summary() == {"count_f1": 1.0, "rows_equal": 1.0, "cols_equal": 1.0}


def test_a_lost_table_an_invented_one_and_a_doubled_row() -> None:
    """Page 1: both tables are there, one with a row too many. Page 2: one of one lost. Page 3: one invented."""
    truth = [grid(0, 1, 3, 4), grid(1, 1, 2, 2), grid(2, 2, 9, 4)]
    found = [grid(0, 1, 4, 4), grid(1, 1, 2, 2), grid(2, 3, 1, 4)]
    metric = Shapes()
    metric.update(case(truth, found))
    assert metric.summary() == {"count_f1": pytest.approx(4 / 6), "rows_equal": 0.5, "cols_equal": 1.0}


def test_nothing_there_and_nothing_found_is_undefined() -> None:
    metric = Shapes()
    metric.update(case([], []))
    assert metric.summary() == {"count_f1": None, "rows_equal": None, "cols_equal": None}
    metric.update(Case(Extraction()))
    assert metric.summary()["count_f1"] is None


def test_nothing_found_counts_as_zero_and_reset_forgets() -> None:
    metric = Shapes()
    metric.update(case([grid(0, 1, 2, 2)], []))
    assert metric.summary() == {"count_f1": 0.0, "rows_equal": None, "cols_equal": None}
    metric.reset()
    assert metric.summary()["count_f1"] is None
