"""Scores against answers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lanci.training.evaluate import terms_to_temperature
from lanci.training.scores import Judged, judged_to_accuracy, judged_to_f1


def judged(*pairs: tuple[str, str]) -> list[Judged]:
    return [Judged(str(i), found, true) for i, (found, true) in enumerate(pairs)]


def test_macro_f1_counts_every_true_class_alike() -> None:
    pairs = [("a", "a")] * 8 + [("a", "b")] * 2
    score = judged_to_f1(judged(*pairs), "test", "kind", seed=1)
    # a: precision 8/10, recall 1, F1 16/18; b is never found: 0.
    assert score.value == pytest.approx((16 / 18 + 0) / 2)
    assert score.value is not None and score.low is not None and score.high is not None
    assert score.low <= score.value <= score.high


def test_accuracy_and_empty_tests() -> None:
    assert judged_to_accuracy(judged(("a", "a"), ("a", "b")), "t", "n", 1).value == 0.5
    empty = judged_to_accuracy([], "t", "n", 1)
    assert (empty.value, empty.low, empty.high, empty.n) == (None, None, None, 0)


def test_the_same_seed_gives_the_same_interval() -> None:
    pairs = judged(*[("a", "a")] * 9, ("b", "a"))
    assert judged_to_accuracy(pairs, "t", "n", 3) == judged_to_accuracy(pairs, "t", "n", 3)


def test_temperature_softens_what_is_overconfident_and_never_sharpens() -> None:
    right = np.log(np.asarray([0.98, 0.02]))
    wrong = np.log(np.asarray([0.02, 0.98]))
    assert terms_to_temperature([right] * 7 + [wrong] * 3) > 2.0
    assert terms_to_temperature([np.log(np.asarray([0.6, 0.4]))] * 10) == 1.0
