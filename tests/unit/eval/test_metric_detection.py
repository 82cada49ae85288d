"""Detection of tables by their boxes: known answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.document import Box
from lanci_eval.matching import Comparison, GridPair, PageGrid
from lanci_eval.metrics.base import Case
from lanci_eval.metrics.detection import THRESHOLDS, Detection, count_hits
from lanci_eval.records import Extraction


def strip(start: float, end: float) -> Box:
    """Boxes of one height: their overlap is that of their widths."""
    return Box(start, 100.0, end, 200.0)


def grid(box: Box | None, page: int = 1) -> PageGrid:
    return PageGrid(table=0, page=page, n_rows=0, n_cols=0, cells=(), box=box)


def figures(truth: list[PageGrid], found: list[PageGrid]) -> dict[str, float | None]:
    """Of a document in which no true and found grid were paired, which must not matter."""
    pairs = [GridPair(one, None, None) for one in truth] + [GridPair(None, one, None) for one in found]
    metric = Detection()
    metric.update(Case(Extraction(), Comparison((), tuple(pairs))))
    return metric.summary()


def at(summary: dict[str, float | None], suffix: str) -> tuple[float | None, ...]:
    return tuple(summary[f"{name}_{suffix}"] for name in ("precision", "recall", "f1"))


WHOLE = strip(0, 100)


def test_a_perfect_prediction_is_exactly_one() -> None:
    tables = [grid(WHOLE), grid(strip(200, 300)), grid(WHOLE, page=2)]
    assert set(figures(tables, tables[::-1]).values()) == {1.0}


def test_nothing_true_and_nothing_found_is_undefined() -> None:
    assert figures([], []) == {info.name: None for info in Detection.infos}
    assert Detection().tally(Case(Extraction())) == {}


def test_an_empty_prediction_and_an_empty_truth() -> None:
    for suffix in ("50", "80", "90", "mean"):
        assert at(figures([grid(WHOLE)], []), suffix) == (None, 0.0, 0.0)
        assert at(figures([], [grid(WHOLE)]), suffix) == (0.0, None, 0.0)


def test_a_box_counts_up_to_the_threshold_that_it_just_reaches() -> None:
    """An overlap of 0.8 is enough at seven of the ten thresholds, 0.50 to 0.80."""
    summary = figures([grid(WHOLE)], [grid(strip(0, 80))])
    assert at(summary, "50") == at(summary, "80") == (1.0, 1.0, 1.0)
    assert at(summary, "90") == (0.0, 0.0, 0.0)
    assert at(summary, "mean") == pytest.approx((0.7, 0.7, 0.7))


def test_a_split_table() -> None:
    """Each half overlaps by 0.5: one of them counts at that threshold only."""
    summary = figures([grid(WHOLE)], [grid(strip(0, 50)), grid(strip(50, 100))])
    assert at(summary, "50") == pytest.approx((1 / 2, 1.0, 2 / 3))
    assert at(summary, "mean") == pytest.approx((1 / 20, 1 / 10, 2 / 30))


def test_as_many_pairs_as_possible_are_made() -> None:
    """The best overlap (0.9, the first true and the first found box) must be given up to make two pairs."""
    truth = [strip(0, 100), strip(40, 110)]
    found = [strip(10, 100), strip(0, 70)]
    assert count_hits(truth, found, 50) == 2
    assert count_hits(truth, found, 90) == 1


def test_tables_of_other_pages_and_tables_without_a_place_are_not_there() -> None:
    summary = figures([grid(WHOLE)], [grid(WHOLE, page=2), grid(None)])
    assert at(summary, "50") == (0.0, 0.0, 0.0)
    assert at(figures([grid(WHOLE)], [grid(WHOLE), grid(None)]), "50") == pytest.approx((1 / 2, 1.0, 2 / 3))


def test_true_tables_without_a_place_are_not_judged() -> None:
    """Neither is what was found on their pages; without any place the document says nothing."""
    unknown = grid(None, page=2)
    assert at(figures([grid(WHOLE), unknown], [grid(WHOLE), grid(WHOLE, page=2)]), "50") == (1.0, 1.0, 1.0)
    assert set(figures([unknown], [grid(WHOLE), unknown]).values()) == {None}


STRIPS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 20)).map(lambda pair: strip(pair[0], pair[0] + pair[1])), max_size=4
)


@given(STRIPS, STRIPS)
def test_hits_are_symmetric_bounded_and_fewer_at_higher_thresholds(truth: list[Box], found: list[Box]) -> None:
    hits = [count_hits(truth, found, threshold) for threshold in THRESHOLDS]
    assert hits == [count_hits(found, truth, threshold) for threshold in THRESHOLDS]
    assert hits == sorted(hits, reverse=True)
    assert all(0 <= hit <= min(len(truth), len(found)) for hit in hits)
    assert count_hits(truth, truth, THRESHOLDS[-1]) == len(truth)
