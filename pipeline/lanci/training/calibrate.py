"""How far probabilities can be trusted: temperatures, reliability, and the limit below which a type is not given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lanci.classify import combine_facets
from lanci.classify.models import DEFAULT_TYPE_LIMIT, FACETS, HEADS, Models
from lanci.document import Box, Caption, Facets, Fragment, LabelledFragment
from lanci.facets import FacetValues
from lanci.training.examples import Example
from lanci.training.fit import examples_to_sets, scale_head
from lanci.training.verdicts import Verdict

TYPE_PRECISION = 0.99
"""Of the types that are given, at least this share is to be right."""

_BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
_HIGHEST_LIMIT = 0.98
"""No higher limit is set, however often sure types are wrong."""

_LEAST_TABLES = 50
"""A limit is learned when at least so many held-out tables are given their type by it."""

Terms = dict[tuple[str, str], list[NDArray[np.float64]]]
"""By classifier and head: log probabilities of held-out samples, the true class first in every row."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions whose probability lies in one range: how many, the mean probability, and the share that is right."""

    count: int
    mean: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well the probabilities of one head hold on documents that the models never saw.

    ``before`` and ``after`` calibration; ``error_before`` and ``error_after`` are the expected calibration errors.
    """

    name: str
    temperature: float
    before: tuple[Bin, ...]
    after: tuple[Bin, ...]
    error_before: float
    error_after: float


@dataclass(frozen=True, slots=True)
class TypeLimit:
    """The limit of probability below which a type is not given, and what it does to held-out tables.

    Attributes:
        limit: the probability.
        tables: how many were judged.
        given: the share whose type is given.
        precision: the share of given types that is right; 1 when none is given.
        plain: the share of all types that is right, given or not.
    """

    limit: float
    tables: int
    given: float
    precision: float
    plain: float


def log_loss_terms(held_out: Sequence[Example], models: Models) -> Terms:
    """The terms of held-out samples.

    Samples whose true class the models never saw are left out: no temperature can help them.
    """
    terms: Terms = {}
    for name, data in examples_to_sets(held_out).items():
        classifier = getattr(models, name)
        found = classifier.predict(data.samples)
        for head, _ in classifier.heads:
            index = {label: i for i, label in enumerate(classifier.classes(head))}
            for row, label in zip(found[head], data.labels[head], strict=True):
                if str(label) in index:
                    order = np.argsort(np.arange(len(row)) != index[str(label)], kind="stable")
                    terms.setdefault((name, head), []).append(np.log(np.maximum(row[order], 1e-12)))
    return terms


def add_terms(terms: Terms, more: Terms) -> None:
    """Put the terms of another fold behind those there are."""
    for key, rows in more.items():
        terms.setdefault(key, []).extend(rows)


def terms_to_temperature(terms: Sequence[NDArray[np.float64]]) -> float:
    """The temperature from 1 to 4 under which the held-out truth is likeliest.

    Never below 1: documents of one family of forms would teach the models more certainty than other forms bear.
    """
    logits = _stack(terms)
    best, best_loss = 1.0, np.inf
    for temperature in np.round(np.arange(1.0, 4.01, 0.1), 1):
        scaled = logits / temperature
        loss = float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[:, 0]))
        if loss < best_loss - 1e-9:
            best, best_loss = float(temperature), loss
    return best


def _stack(terms: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    logits = np.full((len(terms), max(len(row) for row in terms)), -np.inf)
    for i, row in enumerate(terms):
        logits[i, : len(row)] = row
    return logits


def terms_to_temperatures(terms: Terms) -> dict[tuple[str, str], float]:
    """The temperature of every head; 1 where nothing was held out."""
    heads = [(name, head) for name in HEADS for head in HEADS[name]]
    return {key: terms_to_temperature(terms[key]) if terms.get(key) else 1.0 for key in heads}


def apply_temperatures(models: Models, temperatures: Mapping[tuple[str, str], float]) -> None:
    """Calibrate every head of the models, for good."""
    for name in HEADS:
        for head, estimator in getattr(models, name).heads:
            scale_head(estimator, temperatures[name, head])


def measure_reliability(terms: Terms, temperatures: Mapping[tuple[str, str], float]) -> list[Reliability]:
    """The reliability of every head for which something was held out."""
    found = []
    for (name, head), rows in sorted(terms.items()):
        temperature = temperatures[name, head]
        before, after = (_bin(_stack(rows) / t) for t in (1.0, temperature))
        found.append(
            Reliability(
                f"{name}.{head}" if len(HEADS[name]) > 1 else name,
                temperature,
                before,
                after,
                _calibration_error(before),
                _calibration_error(after),
            )
        )
    return found


def _bin(logits: NDArray[np.float64]) -> tuple[Bin, ...]:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = weights / weights.sum(axis=1, keepdims=True)
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == 0
    bins = []
    for low, high in pairwise(_BINS):
        own = (sure >= low) & (sure < high if high < 1.0 else sure <= 1.0 + 1e-9)
        if own.any():
            bins.append(Bin(int(own.sum()), float(sure[own].mean()), float(right[own].mean())))
    return tuple(bins)


def _calibration_error(bins: Sequence[Bin]) -> float:
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.mean - one.right) for one in bins) / max(total, 1)


def soften(verdicts: Sequence[Verdict], temperatures: Mapping[tuple[str, str], float]) -> list[Verdict]:
    """Verdicts of models before calibration with the probabilities that calibrated ones would give."""
    return [replace(verdict, facets=_soften_facets(verdict.facets, temperatures)) for verdict in verdicts]


def _soften_facets(facets: Facets, temperatures: Mapping[tuple[str, str], float]) -> Facets:
    def soft(head: str) -> tuple[tuple[str, float], ...]:
        return _soften_ranked(getattr(facets, head), temperatures[FACETS, head])

    return replace(
        facets, kind=soft("kind"), fund=soft("fund"), scope=soft("scope"), classification=soft("classification")
    )


def _soften_ranked(ranked: tuple[tuple[str, float], ...], temperature: float) -> tuple[tuple[str, float], ...]:
    weights = [max(p, 1e-12) ** (1.0 / temperature) for _, p in ranked]
    total = sum(weights)
    return tuple((name, weight / total) for (name, _), weight in zip(ranked, weights, strict=True))


def find_type_limit(verdicts: Sequence[Verdict]) -> TypeLimit:
    """The lowest limit above which the types of held-out tables are right often enough.

    A table's type is joined from its fragments as stitching does. Of few tables nothing can be learned: then only
    types that are very sure are given.

    Args:
        verdicts: calibrated ones of held-out fragments, as printed.
    """
    judged = sorted((_judge_table(parts) for parts in _group_tables(verdicts)), reverse=True)
    if not judged:
        return TypeLimit(DEFAULT_TYPE_LIMIT, 0, 0.0, 1.0, 0.0)
    limit, wrong = _HIGHEST_LIMIT, 0
    below = [probability for probability, _ in judged[1:]] + [-1.0]
    for given, ((probability, right), following) in enumerate(zip(judged, below, strict=True), start=1):
        wrong += not right
        # Equal probabilities are given together or not at all.
        if following < probability and given >= _LEAST_TABLES and wrong <= (1 - TYPE_PRECISION) * given + 1e-9:
            limit = min(limit, probability)
    limit = round(max(limit, DEFAULT_TYPE_LIMIT) - 5e-5, 4)
    kept = [right for probability, right in judged if probability >= limit]
    return TypeLimit(
        limit,
        len(judged),
        len(kept) / len(judged),
        sum(kept) / len(kept) if kept else 1.0,
        sum(right for _, right in judged) / len(judged),
    )


def _group_tables(verdicts: Sequence[Verdict]) -> list[list[Verdict]]:
    tables: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        tables.setdefault((verdict.group, verdict.table), []).append(verdict)
    return list(tables.values())


def _judge_table(parts: Sequence[Verdict]) -> tuple[float, bool]:
    """The probability of the joined type of a table, and whether it is right."""
    joined = combine_facets([_to_labelled(part) for part in parts])
    best = [getattr(joined, head)[0] for head in HEADS[FACETS]]
    found = FacetValues(**{head: name for head, (name, _) in zip(HEADS[FACETS], best, strict=True)})
    return float(min(p for _, p in best)), found.type == parts[0].truth.type


def _to_labelled(verdict: Verdict) -> LabelledFragment:
    """A labelled fragment with what joining asks for: the facets, and whether there is a title."""
    nothing = Box(0.0, 0.0, 0.0, 0.0)
    fragment = Fragment(verdict.page, 0, nothing, 0, 0, (), (), Caption(title=verdict.title))
    return LabelledFragment(fragment, verdict.facets, 0, (), (), ())
