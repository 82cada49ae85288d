"""The trained models in memory, and reading them from their artefact (see :mod:`lanci.artefact`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lanci.artefact import Artefact, ArtefactKind, find_shipped, read_artefact, read_folder
from lanci.classify.encoders import Encoder, EncoderState, Entries, state_to_encoder
from lanci.classify.row_features import Sample
from lanci.errors import ModelError

MODEL_NAME = "fragment-labels"
FEATURE_SET = 2
"""Counts up whenever the features change: a model only fits the features that it was trained on."""

TRUSTED_TYPES = ("numpy.ndarray", "sklearn.linear_model._logistic.LogisticRegression")
"""All types, besides plain containers and arrays, that an artefact may hold."""

KIND = ArtefactKind(MODEL_NAME, FEATURE_SET, TRUSTED_TYPES, "lanci train")

ROLES, CELLS, COLUMNS, FACETS, LINKS = "rows", "cells", "columns", "facets", "links"
HEADS = {
    ROLES: ("role",),
    CELLS: ("role",),
    COLUMNS: ("role",),
    FACETS: ("kind", "fund", "scope", "classification"),
    LINKS: ("continues",),
}


@dataclass(frozen=True, slots=True)
class Classifier:
    """Encoders of a sample's fields, and one or more estimators on the encoded samples.

    ``encoders`` has one a field, ``weights`` the factor of its features. ``heads`` are named fitted estimators of
    scikit-learn.
    """

    encoders: tuple[Encoder, ...]
    weights: tuple[float, ...]
    heads: tuple[tuple[str, Any], ...]

    def encode(self, samples: Sequence[Sample]) -> Any:
        """The samples as a sparse matrix (n_samples, n_features)."""
        from scipy.sparse import csr_matrix

        n_samples, n_features = len(samples), 0
        parts: list[Entries] = []
        for i, (encoder, weight) in enumerate(zip(self.encoders, self.weights, strict=True)):
            part = encoder.encode([sample[i] for sample in samples])
            parts.append(Entries(part.rows, part.columns + n_features, part.values * weight))
            n_features += len(encoder.state.vocabulary)
        rows = np.concatenate([part.rows for part in parts])
        order = np.argsort(rows, kind="stable")  # the fields' columns follow each other
        starts = np.searchsorted(rows[order], np.arange(n_samples + 1))
        values = np.concatenate([part.values for part in parts])[order]
        columns = np.concatenate([part.columns for part in parts])[order]
        return csr_matrix((values, columns, starts), shape=(n_samples, n_features))

    def predict(self, samples: Sequence[Sample]) -> dict[str, NDArray[np.float64]]:
        """Probabilities (n_samples, n_classes) by head, columns in the order of :meth:`classes`."""
        if not samples:
            return {name: np.zeros((0, len(head.classes_))) for name, head in self.heads}
        encoded = self.encode(samples)
        return {name: np.asarray(head.predict_proba(encoded)) for name, head in self.heads}

    def logits(self, samples: Sequence[Sample], head: str) -> NDArray[np.float64]:
        """What one head adds up for each sample (n_samples, n_classes), before it is made a probability."""
        estimator = dict(self.heads)[head]
        if not samples:
            return np.zeros((0, len(estimator.classes_)))
        return _to_columns(self.encode(samples) @ estimator.coef_.T.astype(np.float64) + estimator.intercept_)

    def token_logits(self, head: str, tokens: Sequence[str]) -> NDArray[np.float64]:
        """What each token of the last field adds to the logits of one head (n_tokens, n_classes); 0 if unknown."""
        estimator, state = dict(self.heads)[head], self.encoders[-1].state
        first = estimator.coef_.shape[1] - len(state.vocabulary)
        places = {str(term): first + i for i, term in enumerate(state.vocabulary)}
        found = np.zeros((len(tokens), estimator.coef_.shape[0]))
        for i, token in enumerate(tokens):
            if token in places:
                found[i] = estimator.coef_[:, places[token]] * self.weights[-1]
        return _to_columns(found)

    def classes(self, head: str) -> tuple[str, ...]:
        """The classes of one head, sorted."""
        return tuple(str(c) for c in dict(self.heads)[head].classes_)


DEFAULT_TYPE_LIMIT = 0.5
"""Of models whose limit was never learned: a type that is likelier wrong than right is not given."""


def _to_columns(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """One column a class: an estimator of two classes keeps only the second's."""
    return np.hstack([np.zeros_like(logits), logits]) if logits.shape[1] == 1 else np.asarray(logits)


@dataclass(frozen=True, slots=True)
class Models:
    """The five classifiers that label fragments, of one artefact.

    A table whose type is less probable than ``type_limit`` is better called ``other`` and looked at; the limit was
    learned on documents that the models had not seen.
    """

    name: str
    version: str
    rows: Classifier
    cells: Classifier
    columns: Classifier
    facets: Classifier
    links: Classifier
    type_limit: float = DEFAULT_TYPE_LIMIT


def load_models(folder: Path | None = None) -> Models:
    """The models of an artefact folder, or the newest that is shipped with lanci; each is read once.

    Raises ModelError when the artefact is missing, damaged, made for a newer lanci or for other features, or
    holds types that are not on the list.
    """
    return _load_shipped() if folder is None else _load_folder(folder.resolve())


def models_version(models: Models | None = None) -> str:
    """Name and version of the models for the output's list of software, e.g. ``fragment-labels 0.1.0``."""
    models = models or load_models()
    return f"{models.name} {models.version}"


@cache
def _load_shipped() -> Models:
    return _to_models(read_artefact(find_shipped(KIND), KIND))


@cache
def _load_folder(folder: Path) -> Models:
    return _to_models(read_folder(folder, KIND))


def _to_models(artefact: Artefact) -> Models:
    try:
        parts = {name: _to_classifier(artefact.content, name) for name in HEADS}
        type_limit = float(artefact.content.get("limits", {}).get("type", DEFAULT_TYPE_LIMIT))
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{artefact.place}: not a model of lanci ({error}); train it with `lanci train`") from error
    return Models(
        name=artefact.name,
        version=artefact.version,
        rows=parts[ROLES],
        cells=parts[CELLS],
        columns=parts[COLUMNS],
        facets=parts[FACETS],
        links=parts[LINKS],
        type_limit=type_limit,
    )


def _to_classifier(content: Any, name: str) -> Classifier:
    if name == LINKS and not content.get(name, {}).get("heads"):
        return Classifier((), (), ())  # no table went on in what it was trained on
    part = content[name]
    states = [EncoderState(int(e["longest"]), float(e["weight"]), e["vocabulary"], e["idf"]) for e in part["encoders"]]
    return Classifier(
        encoders=tuple(state_to_encoder(state) for state in states),
        weights=tuple(state.weight for state in states),
        heads=tuple((head, part["heads"][head]) for head in HEADS[name]),
    )
