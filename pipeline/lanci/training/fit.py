"""Fit the four classifiers on examples; the same examples give the same numbers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lanci.classify.cell_features import (
    header_cells,
    lowest_header_cells,
    profiles_to_column_samples,
    view_to_header_samples,
    view_to_profiles,
)
from lanci.classify.chain import roles_to_links, with_links
from lanci.classify.encoders import encoder_to_state, new_encoder, state_to_encoder
from lanci.classify.facet_features import own_fields_to_sample
from lanci.classify.label_facets import view_to_reading
from lanci.classify.links import outline_to_link_sample
from lanci.classify.models import CELLS, COLUMNS, FACETS, LINKS, MODEL_NAME, ROLES, Classifier, Models
from lanci.classify.row_features import Sample, view_to_row_samples
from lanci.classify.view import fragment_to_view
from lanci.facets import FacetValues
from lanci.training.examples import Example, header_rows
from lanci.training.recipes import RECIPES, Field, Recipe

_DECIMALS = 4
"""Coefficients are rounded to this: enough for the probabilities, and it makes artefacts small and stable."""

_NO_TERM = "\x01"
"""A text that nothing printed holds."""

_MAX_ITERATIONS = 2000
_TOLERANCE = 1e-4
_BALANCE = 0.5
"""Classes weigh as their number to the power of one minus this: rare ones more, without drowning the rest."""

_ALIKE = 0.5
"""Tables of one document with the same facets weigh as their number to the power of one minus this: they share a form,
and a document with forty projects is not to decide what all forms look like."""


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Samples of one classifier, their labels by head, and their weights, in the same order."""

    samples: list[Sample]
    labels: dict[str, list[str]]
    weights: list[float]

    def add(self, samples: Sequence[Sample], labels: Mapping[str, Sequence[str]], weight: float) -> None:
        self.samples.extend(samples)
        for head, values in labels.items():
            self.labels[head].extend(values)
        self.weights.extend([weight] * len(samples))


def examples_to_sets(examples: Sequence[Example]) -> dict[str, TrainingSet]:
    """One training set a classifier, made with the true header rows."""
    sets = {name: TrainingSet([], {head: [] for head in RECIPES[name].heads}, []) for name in RECIPES}
    alike = Counter(_document_and_facets(example) for example in examples)
    for example in examples:
        _add_roles(sets, example)
        _add_facets(sets, example, 1.0 if not example.group else alike[_document_and_facets(example)] ** -_ALIKE)
    return sets


def _document_and_facets(example: Example) -> tuple[str, str, FacetValues]:
    return example.group, example.variant, example.truth.facets


def _add_roles(sets: dict[str, TrainingSet], example: Example) -> None:
    truth, weight = example.truth, example.weight
    view = fragment_to_view(example.fragment)
    rows = header_rows(example)
    profiles = view_to_profiles(view, truth.n_header_rows)
    sets[ROLES].add(with_links(view_to_row_samples(view), truth.row_roles), {"role": truth.row_roles}, weight)
    columns = with_links(profiles_to_column_samples(profiles), truth.column_roles)
    sets[COLUMNS].add(columns, {"role": truth.column_roles}, weight)
    inside = [cell for cell in view.fragment.cells if cell.row < truth.n_header_rows]
    by_place = {(c.row, c.col): role for c, role in zip(inside, truth.header_roles, strict=True)}
    named = {i: by_place[c.row, c.col] for i in header_cells(view, rows) for c in [view.fragment.cells[i]]}
    lowest = lowest_header_cells(view, rows)
    links = dict(zip(lowest, roles_to_links([named[i] for i in lowest]), strict=True))
    samples = zip(named, view_to_header_samples(view, profiles, rows), strict=True)
    linked = [(*sample, links.get(i, "")) for i, sample in samples]
    sets[CELLS].add(linked, {"role": list(named.values())}, weight)


def _add_facets(sets: dict[str, TrainingSet], example: Example, share: float) -> None:
    """Add the example, its weight times ``share``, for its facets, and in full for the page break before it."""
    reading = view_to_reading(fragment_to_view(example.fragment), example.truth.n_header_rows, header_rows(example))
    sample = own_fields_to_sample(reading.fields, example.around)
    labels = {head: [getattr(example.truth.facets, head)] for head in RECIPES[FACETS].heads}
    sets[FACETS].add([sample], labels, example.weight * share)
    link = outline_to_link_sample(reading.outline, example.around)
    if link is not None:
        sets[LINKS].add([link], {"continues": ["yes" if example.continues else "no"]}, example.weight)


def fit_models(examples: Sequence[Example], version: str) -> Models:
    """Fit all classifiers on ``examples``."""
    sets = examples_to_sets(examples)
    parts = {name: _fit_classifier(RECIPES[name], sets[name]) for name in RECIPES}
    return Models(
        name=MODEL_NAME,
        version=version,
        rows=parts[ROLES],
        cells=parts[CELLS],
        columns=parts[COLUMNS],
        facets=parts[FACETS],
        links=parts[LINKS],
    )


def _fit_classifier(recipe: Recipe, data: TrainingSet) -> Classifier:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    samples, labels, weights = _merge_equal(data)
    if any(len(set(labels[head])) < 2 for head in recipe.heads):
        return Classifier((), (), ())  # nothing to tell apart, as of links where no table goes on
    encoders = tuple(_fit_encoder(field, [sample[i] for sample in samples]) for i, field in enumerate(recipe.fields))
    weights_of_fields = tuple(field.weight for field in recipe.fields)
    encoded = Classifier(encoders, weights_of_fields, ()).encode(samples)
    heads = []
    # One thread: sums in another order would change the last digits from run to run.
    with threadpool_limits(limits=1):
        for head in recipe.heads:
            estimator = LogisticRegression(C=recipe.inverse_strength, max_iter=_MAX_ITERATIONS, tol=_TOLERANCE)
            estimator.fit(encoded, labels[head], sample_weight=_balance(labels[head], weights))
            scale_head(estimator, 1.0)
            heads.append((head, estimator))
    return Classifier(encoders, weights_of_fields, tuple(heads))


def _merge_equal(data: TrainingSet) -> tuple[list[Sample], dict[str, list[str]], NDArray[np.float64]]:
    """Samples that are equal in fields and labels once, with the sum of their weights (training is faster)."""
    heads = list(data.labels)
    merged: dict[tuple[object, ...], float] = {}
    for i, sample in enumerate(data.samples):
        key = (sample, *(str(data.labels[head][i]) for head in heads))
        merged[key] = merged.get(key, 0.0) + data.weights[i]
    samples: list[Any] = [key[0] for key in merged]
    labels = {head: [str(key[i + 1]) for key in merged] for i, head in enumerate(heads)}
    return samples, labels, np.asarray(list(merged.values()))


def _fit_encoder(field: Field, texts: list[str]) -> Any:
    options: dict[str, Any] = {"min_df": field.min_count, "max_features": field.max_features}
    try:
        encoder = new_encoder(field.longest, **options).fit(texts)
    except ValueError:
        # No text of this field has a term that is frequent enough: one that never occurs stands for all.
        encoder = new_encoder(field.longest).fit([_NO_TERM])
    state = encoder_to_state(encoder, field.longest, field.weight)
    return state_to_encoder(replace(state, idf=np.round(state.idf, _DECIMALS)))


def _balance(labels: Sequence[str], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    totals: dict[str, float] = defaultdict(float)
    for label, weight in zip(labels, weights, strict=True):
        totals[label] += float(weight)
    mean = math.fsum(totals.values()) / len(totals)
    factors = np.asarray([(mean / totals[label]) ** _BALANCE for label in labels])
    return np.asarray(weights * factors)


def scale_head(estimator: Any, temperature: float) -> None:
    """Divide the logits of a fitted estimator by ``temperature`` for good, and round its coefficients."""
    estimator.coef_ = np.round(estimator.coef_ / temperature, _DECIMALS).astype(np.float32)
    estimator.intercept_ = np.round(estimator.intercept_ / temperature, _DECIMALS).astype(np.float32)
