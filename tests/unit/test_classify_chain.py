"""Chains of roles: what is learned of neighbours, and that the likeliest reading of all items together is found."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lanci.classify.chain import (
    Links,
    classifier_to_links,
    decode_chain,
    roles_to_links,
    with_links,
    without_links,
)
from lanci.classify.models import Classifier
from lanci.training.fit import TrainingSet, _fit_classifier
from lanci.training.recipes import Field, Recipe


def total(path: tuple[int, ...], logits: np.ndarray, links: Links) -> float:
    score = sum(logits[i, role] for i, role in enumerate(path))
    score += sum(links.pair[a, b] for a, b in itertools.pairwise(path))
    return float(score + links.first[path[0]] + links.last[path[-1]])


@pytest.mark.parametrize("n_items", [1, 2, 5])
def test_the_likeliest_reading_and_its_probabilities(n_items: int) -> None:
    rng = np.random.default_rng(n_items)
    logits, links = rng.normal(size=(n_items, 3)), Links(*rng.normal(size=(2, 3)), rng.normal(size=(3, 3)))
    readings = list(itertools.product(range(3), repeat=n_items))
    weights = np.exp([total(path, logits, links) for path in readings])
    path, probabilities = decode_chain(logits, links)
    assert tuple(path) == readings[int(weights.argmax())]
    for i, probability in enumerate(probabilities):
        same = sum(w for w, reading in zip(weights, readings, strict=True) if reading[i] == path[i])
        assert probability == pytest.approx(same / weights.sum())


def test_nothing_has_no_roles() -> None:
    assert decode_chain(np.zeros((0, 2)), Links(np.zeros(2), np.zeros(2), np.zeros((2, 2)))) == ([], [])


def test_neighbours_are_named_from_both_sides() -> None:
    assert roles_to_links(["a", "b"]) == ["before:edge after:b", "before:a after:edge"]
    assert with_links([("x",), ("y",)], ["a", "b"])[1] == ("y", "before:a after:edge")
    assert without_links([("x",)]) == [("x", "")]


def fit(rows: list[str]) -> Classifier:
    data = TrainingSet([], {"role": []}, [])
    for row in rows:
        seen = [("digits" if role in "12" else "text",) for role in row]
        data.add(with_links(seen, list(row)), {"role": list(row)}, 1.0)
    return _fit_classifier(Recipe((Field(0, 50, 1.0, 1), Field(0, 50, 1.0, 1)), ("role",), 10.0), data)


def test_items_that_look_alike_are_told_apart_by_their_neighbours() -> None:
    # Codes (1) and amounts (2) look alike here; only the text between them tells them apart.
    classifier = fit(["1t2", "1t22", "1t222"] * 5)
    roles, links = classifier.classes("role"), classifier_to_links(classifier, "role")
    for row in ("1t2", "1t22", "1t2222"):
        seen = [("digits" if role in "12" else "text",) for role in row]
        path, _ = decode_chain(classifier.logits(without_links(seen), "role"), links)
        assert "".join(roles[i] for i in path) == row


def test_a_classifier_without_links_reads_items_one_by_one() -> None:
    data = TrainingSet([("a", ""), ("b", "before:x")], {"role": ["x", "y"]}, [1.0, 1.0])
    classifier = _fit_classifier(Recipe((Field(0, 9, 1.0, 1), Field(0, 9, 0.0, 1)), ("role",), 10.0), data)
    links = classifier_to_links(classifier, "role")
    assert not links.pair.any() and not links.first.any()
    logits = classifier.logits([("a", ""), ("b", "")], "role")
    found = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert found == pytest.approx(classifier.predict([("a", ""), ("b", "")])["role"])
