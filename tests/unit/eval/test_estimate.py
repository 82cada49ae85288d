"""The bootstrap: known cases, what is undefined, and who is ahead of whom."""

import time

import numpy as np
import pytest

from lanci_eval.metrics.base import FigureInfo, Metric, share
from lanci_eval.records import Status
from lanci_eval.results import DatasetInfo, ItemInfo, ItemResult, Results, RunInfo, SystemInfo
from lanci_eval.results.estimate import draw_figures, estimate, interval, resample
from lanci_eval.results.summarize import MIN_GROUPS, Standing, summarize
from lanci_eval.results.timings import time_systems


class Right(Metric):
    """A share, and one of something rare."""

    name = "right"
    infos = (
        FigureInfo("share", "Share that is right."),
        FigureInfo("errors", "Share that is wrong.", higher_is_better=False),
        FigureInfo("rare", "Share of the rare that is right."),
    )

    def tally(self, case):
        raise NotImplementedError

    def figures(self, sums):
        n, right = sums.get("n", 0.0), sums.get("right", 0.0)
        return {
            "share": share(right, n),
            "errors": share(n - right, n),
            "rare": share(sums.get("rare_right", 0.0), sums.get("rare", 0.0)),
        }


def tally(right, n=1):
    return {"n": float(n), "right": float(right)}


def groups_of(*rights):
    return {f"g{number:03}": tally(right) for number, right in enumerate(rights)}


def run_of(rights_by_system, *, tags=(), group=lambda item: item, seconds=lambda system, item: 1.0):
    """A run with one dataset; ``rights_by_system`` gives each system's rights of ten, document by document."""
    systems = tuple(SystemInfo(name, name, (), ()) for name in rights_by_system)
    n_items = len(next(iter(rights_by_system.values())))
    items = tuple(ItemInfo(f"d{k:02}", f"g{group(k)}", "0" * 64, 2, tags[k] if tags else ()) for k in range(n_items))
    outcomes = tuple(
        ItemResult(
            "set", item.id, name, Status.OK, "", (), (("right", tally(rights[k], 10)),), seconds=seconds(name, k)
        )
        for k, item in enumerate(items)
        for name, rights in rights_by_system.items()
    )
    return Results(RunInfo((), (), ()), (DatasetInfo("set", "kind", (), items),), systems, outcomes)


def test_interval_of_a_coin_is_that_of_the_binomial():
    found = estimate(Right(), groups_of(*[0, 1] * 50), seed=3, draws=4000)["share"]
    assert found.value == 0.5
    assert found.n_groups == 100
    # half the groups right: the standard deviation of the mean is 0.05, so 95 % lie within 0.402 and 0.598
    assert found.low == pytest.approx(0.402, abs=0.012)
    assert found.high == pytest.approx(0.598, abs=0.012)


def test_documents_that_all_agree_give_no_interval():
    """None of them shows how far others may be off: an interval from 100 to 100 would claim that none is."""
    found = estimate(Right(), groups_of(*[1] * 40), seed=0)
    assert (found["share"].value, found["share"].low, found["share"].high) == (1.0, None, None)
    assert (found["errors"].value, found["errors"].low, found["errors"].high) == (0.0, None, None)


def test_interval_is_the_same_for_the_same_seed_and_in_any_order_of_groups():
    groups = groups_of(0, 1, 1, 0, 1, 1, 1, 0, 1)
    backwards = dict(reversed(groups.items()))
    first, again = estimate(Right(), groups, seed=5), estimate(Right(), backwards, seed=5)
    assert first == again
    assert first["share"].low < first["share"].value < first["share"].high
    assert estimate(Right(), groups_of(*[0, 1] * 50), 1) != estimate(Right(), groups_of(*[0, 1] * 50), 2)


def test_large_groups_weigh_more_than_small_ones():
    found = estimate(Right(), {"large": tally(90, 90), "small": tally(0, 10)}, seed=0)["share"]
    assert found.value == 0.9
    assert (found.low, found.high) == (0.0, 1.0)  # a resample may hold one of the two alone


def test_one_group_has_no_interval():
    found = estimate(Right(), {"only": tally(1, 2)}, seed=0)
    assert (found["share"].value, found["share"].low, found["share"].high) == (0.5, None, None)
    assert found["share"].n_groups == 1


def test_nothing_to_count_is_undefined():
    for groups in ({}, {"a": {}, "b": {}}):
        found = estimate(Right(), groups, seed=0)
        assert [(e.value, e.low, e.n_groups) for e in found.values()] == [(None, None, 0)] * 3


def test_undefined_resamples_are_left_out_and_counted():
    groups = groups_of(*[1] * 10)
    groups["g000"] |= {"rare": 4.0, "rare_right": 4.0}
    groups["g001"] |= {"rare": 4.0, "rare_right": 0.0}
    found = estimate(Right(), groups, seed=0, draws=2000)["rare"]
    assert (found.value, found.n_groups) == (0.5, 2)
    # neither of two groups of ten is drawn: 0.8 ** 10 of the resamples
    assert found.undefined_draws == pytest.approx(2000 * 0.8**10, rel=0.2)
    assert (found.low, found.high) == (0.0, 1.0)
    groups["g001"] = tally(1)
    assert estimate(Right(), groups, seed=0)["rare"].low is None


def test_no_interval_when_most_resamples_are_undefined():
    drawn = np.array([0.5, np.nan, np.nan, 0.7, np.nan])
    assert interval(drawn) == (None, None, 3)
    assert interval(drawn[[0, 0, 3, 1]])[2] == 1


def test_resamples_draw_as_many_groups_as_there_are():
    counts = resample(7, seed=1, draws=50)
    assert counts.shape == (50, 7)
    assert (counts.sum(axis=1) == 7).all()
    assert len(resample(1, seed=1)) == 0


def test_drawn_figures_are_those_of_the_summed_groups():
    groups = [{}, tally(1, 4), tally(2, 2), {}]
    counts = np.array([[1, 1, 1, 1], [2, 0, 2, 0], [4, 0, 0, 0], [0, 3, 1, 0]])
    drawn = draw_figures(Right(), groups, counts)["share"]
    np.testing.assert_allclose(drawn, [3 / 6, 1.0, np.nan, 5 / 14])


def test_a_thousand_resamples_of_many_groups_take_little_time():
    groups = {f"g{k}": {f"name{n}": 1.0 for n in range(100)} | tally(k % 2) for k in range(200)}
    start = time.perf_counter()
    estimate(Right(), groups, seed=0)
    assert time.perf_counter() - start < 5


def standings(results, figure="share"):
    (whole,) = (part for part in summarize(results, [Right]) if part.tag is None)
    return {system.system: system.find("right", figure).standing for system in whole.systems}


def test_the_best_is_told_from_those_behind_and_from_those_that_may_be_as_good():
    hard = [9, 2, 8, 5, 9, 3, 7, 6]
    shaken = [h + d for h, d in zip(hard, [1, -1, 0, 1, -1, 1, 0, -2], strict=True)]
    results = run_of({"best": hard, "close": shaken, "behind": [h - 1 for h in hard]})
    expected = {"best": Standing.BEST, "close": Standing.TIED, "behind": Standing.BEHIND}
    assert standings(results) == expected
    assert standings(results, "errors") == expected  # fewer are better
    assert set(standings(results, "rare").values()) == {Standing.UNRANKED}


def test_few_groups_are_not_ranked():
    rights = {"a": [9] * 10, "b": [1] * 10}
    assert standings(run_of(rights))["b"] is Standing.BEHIND
    few = run_of(rights, group=lambda item: item % (MIN_GROUPS - 1))
    assert standings(few) == {"a": Standing.BEST, "b": Standing.UNRANKED}
    assert standings(run_of({"a": [9] * 10})) == {"a": Standing.UNRANKED}


def test_slices_follow_the_tags_numbers_by_size():
    tags = [(("all", "same"), ("dpi", dpi)) for dpi in ("300", "96", "150", "96")]
    parts = summarize(run_of({"a": [1, 2, 3, 4]}, tags=tags), [Right])
    assert [part.tag for part in parts] == [None, ("dpi", "96"), ("dpi", "150"), ("dpi", "300")]
    assert [part.n_items for part in parts] == [4, 2, 1, 1]
    assert [part.systems[0].find("right", "share").estimate.value for part in parts] == [0.25, 0.3, 0.3, 0.1]


def test_ratio_of_times_is_taken_document_by_document():
    length = [1.0, 50.0, 3.0, 700.0, 20.0, 8.0, 5.0]
    results = run_of(
        {"first": [1] * 7, "slow": [1] * 7}, seconds=lambda system, k: length[k] * (3 if system == "slow" else 1)
    )
    first, slow = time_systems(results)
    assert (slow.ratio.value, slow.ratio.low, slow.ratio.high) == (3.0, None, None)  # no document differs
    assert (first.ratio.value, first.seconds_per_page, slow.seconds_per_page) == (1.0, 4.0, 12.0)
    assert (first.n_ok, first.n_items, first.peak_max) == (7, 7, None)


class Counted(Right):
    """Also says how much there was to judge, which is no merit of a system."""

    name = "right"
    infos = (*Right.infos, FigureInfo("n", "What there is.", higher_is_better=None, percent=False))

    def figures(self, sums):
        return {**super().figures(sums), "n": sums.get("n")}


def test_what_says_nothing_of_a_system_is_not_ranked():
    (whole,) = summarize(run_of({"good": [9] * 8, "bad": [1] * 8}), (Counted,), seed=0)
    standings = {system.system: system.find("right", "n").standing for system in whole.systems}
    assert standings == {"good": Standing.UNRANKED, "bad": Standing.UNRANKED}
    assert whole.systems[0].find("right", "share").standing is Standing.BEST
