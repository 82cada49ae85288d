"""The joint decision against all cuts, one by one."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanci.stitch.solve import SUREST, Cut, solve

ODDS = st.floats(-3.0, 3.0)


def all_cuts(n: int, odds: dict[tuple[int, int], float]) -> tuple[dict[tuple[int, ...], float], list[float]]:
    """The log probability of every cut, by the starts of the parts' tables, and the probability of each join."""
    weights: dict[tuple[int, ...], float] = {}
    joins = [0.0] * n
    for choice in product((False, True), repeat=n - 1):
        starts = [0]
        weight = 0.0
        for at, joined in enumerate(choice, start=1):
            weight -= math.log1p(math.exp(-odds[starts[-1], at] if joined else odds[starts[-1], at]))
            starts.append(starts[-1] if joined else at)
        weights[tuple(starts)] = weight
        for at, joined in enumerate(choice, start=1):
            joins[at] += math.exp(weight) if joined else 0.0
    return weights, joins


@settings(max_examples=80, deadline=None, derandomize=True)
@given(data=st.data(), n=st.integers(2, 5))
def test_best_cut_and_probabilities_are_those_of_all_cuts(data: st.DataObject, n: int) -> None:
    odds = {(start, at): data.draw(ODDS) for at in range(1, n) for start in range(at)}
    cut = solve(n, lambda start, at: odds[start, at])
    weights, joins = all_cuts(n, odds)
    assert weights[cut.starts] == pytest.approx(max(weights.values()), abs=0.01)
    assert cut.probabilities == pytest.approx(joins, abs=0.01)


def test_what_comes_later_bears_on_a_break() -> None:
    """Whether the third part goes on is sure only where the second began a table."""
    odds = {(0, 1): 0.1, (0, 2): 0.0, (1, 2): 4.0}
    assert solve(2, lambda start, at: odds[start, at]).starts == (0, 0)
    assert solve(3, lambda start, at: odds[start, at]).starts == (0, 1, 1)


def test_a_wrong_join_does_not_pay_for_itself() -> None:
    """Forms that start again are apart, although two of them together would make a third one more likely."""
    cut = solve(5, lambda start, at: -2.0 if at == start + 1 else 4.0)
    assert cut.starts == (0, 1, 2, 3, 4)
    assert cut.probabilities[1] == pytest.approx(1 / (1 + math.exp(2.0)))


def test_a_threshold_moves_decisions_and_not_probabilities() -> None:
    usual, strict = solve(2, lambda *_: 1.0), solve(2, lambda *_: 1.0, threshold=0.9)
    assert usual.starts == (0, 0)
    assert strict.starts == (0, 1)
    assert usual.probabilities == strict.probabilities == (0.0, pytest.approx(1 / (1 + math.exp(-1.0))))


@pytest.mark.parametrize(("threshold", "starts"), [(0.0, (0, 0)), (1.0, (0, 1))])
def test_a_threshold_at_the_end_decides_alone(threshold: float, starts: tuple[int, ...]) -> None:
    sure = SUREST if threshold else -SUREST
    assert solve(2, lambda *_: sure, threshold).starts == starts


def test_what_is_certain_is_done() -> None:
    decided = {1: math.inf, 2: -math.inf, 3: math.inf}
    cut = solve(4, lambda _, at: decided[at])
    assert cut == Cut((0, 0, 2, 2), (0.0, 1.0, 0.0, 1.0))


def test_hopeless_starts_are_not_asked_about() -> None:
    asked = []

    def weigh(start: int, at: int) -> float:
        asked.append((start, at))
        return SUREST

    assert solve(60, weigh).starts == (0,) * 60
    assert asked == [(0, at) for at in range(1, 60)]


def test_no_parts_and_one() -> None:
    assert solve(0, lambda *_: 0.0) == Cut((), ())
    assert solve(1, lambda *_: 0.0) == Cut((0,), (0.0,))
