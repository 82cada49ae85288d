"""Scores, comparisons, temperatures and limits against answers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lanci.document import Facets
from lanci.facets import FacetValues
from lanci.training.calibrate import find_type_limit, measure_reliability, soften, terms_to_temperature
from lanci.training.figures import compare_verdicts, verdicts_to_scores
from lanci.training.folds import split_combinations
from lanci.training.report import Comparison
from lanci.training.scores import Judged, accuracy, judged_to_score, macro_f1
from lanci.training.verdicts import Part, Verdict


def judged(*pairs: tuple[str, str]) -> list[Judged]:
    return [Judged(str(i), found, true) for i, (found, true) in enumerate(pairs)]


def test_macro_f1_counts_every_true_class_alike() -> None:
    pairs = [("a", "a")] * 8 + [("a", "b")] * 2
    score = judged_to_score(judged(*pairs), ("test", "kind"), macro_f1, seed=1)
    # a: precision 8/10, recall 1, F1 16/18; b is never found: 0.
    assert score.value == pytest.approx((16 / 18 + 0) / 2)
    assert score.value is not None and score.low is not None and score.high is not None
    assert score.low <= score.value <= score.high


def test_accuracy_and_empty_tests() -> None:
    assert judged_to_score(judged(("a", "a"), ("a", "b")), ("t", "n"), accuracy, 1).value == 0.5
    empty = judged_to_score([], ("t", "n"), accuracy, 1)
    assert (empty.value, empty.low, empty.high, empty.n) == (None, None, None, 0)


def test_the_same_seed_gives_the_same_interval() -> None:
    pairs = judged(*[("a", "a")] * 9, ("b", "a"))
    assert judged_to_score(pairs, ("t", "n"), accuracy, 3) == judged_to_score(pairs, ("t", "n"), accuracy, 3)


def test_temperature_softens_what_is_overconfident_and_never_sharpens() -> None:
    right = np.log(np.asarray([0.98, 0.02]))
    wrong = np.log(np.asarray([0.02, 0.98]))
    assert terms_to_temperature([right] * 7 + [wrong] * 3) > 2.0
    assert terms_to_temperature([np.log(np.asarray([0.6, 0.4]))] * 10) == 1.0


def test_reliability_before_and_after() -> None:
    sure = np.log(np.asarray([0.9, 0.1]))
    terms = {("rows", "role"): [sure] * 6 + [sure[::-1]] * 4}
    (found,) = measure_reliability(terms, {("rows", "role"): 4.0})
    assert (found.before[0].count, found.before[0].mean, found.before[0].right) == (10, pytest.approx(0.9), 0.6)
    assert found.error_before == pytest.approx(0.3)
    # The fourth roots of 0.9 and 0.1 stand as 0.634 to 0.366.
    assert found.error_after == pytest.approx(0.034, abs=0.001)


def verdict(
    group: str, found: str = "income", true: str = "income", probability: float = 0.9, part: Part = Part.FIRST
) -> Verdict:
    rest = "summary" if found != "summary" else "income"
    sure = (("all", 1.0),)
    return Verdict(
        test="as printed",
        group=group,
        table="t001",
        page=1,
        title="表",
        part=part,
        budget=true != "other",
        facets=Facets(((found, probability), (rest, 1 - probability)), sure, sure, (("none", 1.0),)),
        truth=FacetValues(true),
        header_rows=(1, 1),
        rows=(("header", "header"), ("detail", "total")),
        cells=(("item", "item"),),
        columns=(("item", "item"), ("text", "amount")),
    )


def test_figures_of_parts_negatives_and_roles() -> None:
    verdicts = [
        verdict("a"),
        verdict("b", found="summary", part=Part.HEADERLESS),
        verdict("c", found="other", true="other"),
        verdict("d", found="income", true="other"),
    ]
    found = {score.name: (score.value, score.n) for score in verdicts_to_scores(verdicts)}
    assert found["all facets right"] == (0.5, 4)
    assert found["all facets right, first"] == (pytest.approx(2 / 3), 3)
    assert found["all facets right, continuation without header"] == (0.0, 1)
    assert "all facets right, continuation with header" not in found
    assert found["no budget kind in documents without budget"] == (0.5, 2)
    assert found["precision of budget kinds against other"] == (pytest.approx(2 / 3), 3)
    assert found["column role right"] == (0.5, 8)


def test_a_comparison_tells_what_got_worse() -> None:
    old = [verdict(f"d{i}") for i in range(10)]
    new = [verdict("d0", found="summary"), *old[1:]]
    changes = compare_verdicts(old, new)
    right = next(change for change in changes if change.name == "all facets right")
    assert (right.old, right.new, right.n) == (1.0, 0.9, 10)
    assert right.difference == pytest.approx(-0.1)
    assert right.low <= right.difference <= right.high <= 0
    assert {change.name for change in Comparison("old", tuple(changes)).worse} == {"kind F1", "all facets right"}
    assert not Comparison("old", tuple(compare_verdicts(new, old))).worse


def test_the_limit_is_where_enough_types_are_right() -> None:
    right = [verdict(f"r{i}", probability=0.9) for i in range(200)]
    wrong = [verdict(f"w{i}", found="summary", probability=0.7) for i in range(10)]
    found = find_type_limit([*right, *wrong])
    assert 0.7 < found.limit <= 0.9
    assert (found.tables, found.precision, found.given) == (210, 1.0, pytest.approx(200 / 210))
    assert find_type_limit(right).limit == pytest.approx(0.9, abs=1e-4)
    assert find_type_limit([]).limit == 0.5


def test_few_tables_give_a_high_limit() -> None:
    assert find_type_limit([verdict(f"r{i}", probability=0.9) for i in range(20)]).limit > 0.97


def test_softened_probabilities_keep_their_order_and_sum() -> None:
    temperatures = dict.fromkeys([("facets", name) for name in ("kind", "fund", "scope", "classification")], 2.0)
    (soft,) = soften([verdict("a", probability=0.8)], temperatures)
    # The square roots of 0.8 and 0.2 stand as 2 to 1.
    assert soft.facets.kind[0] == ("income", pytest.approx(2 / 3))
    assert soft.probability == pytest.approx(2 / 3)


def test_combinations_are_left_out_only_where_their_values_are_seen_elsewhere() -> None:
    often = [
        FacetValues("income", "all", "all", "functional"),
        FacetValues("income", "general_public", "all", "functional"),
        FacetValues("expenditure", "all", "all", "functional"),
        FacetValues("expenditure", "general_public", "all", "functional"),
    ]
    lonely = FacetValues("organization")
    folds = split_combinations([*often, lonely] * 5)
    held_out = {one for fold in folds for one in fold}
    assert held_out == set(often)
    for fold in folds:
        rest = {*often, lonely} - fold
        for one in fold:
            assert any(other.kind == one.kind for other in rest) and any(other.fund == one.fund for other in rest)
    assert split_combinations(often * 3) == []


def test_verdicts_say_what_was_found() -> None:
    one = verdict("a", probability=0.6)
    assert one.found == FacetValues("income")
    assert one.probability == 0.6
    assert replace(one, facets=verdict("a", found="other").facets).found.kind == "other"
