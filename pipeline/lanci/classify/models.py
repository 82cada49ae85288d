"""The trained models in memory, and reading them from an artefact that can be trusted.

An artefact is a folder ``<name>/<version>/`` with ``model.skops``, ``meta.json`` and ``card.md``. skops builds
only types that are on a list; nothing in an artefact is ever executed.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lanci.classify.encoders import Encoder, EncoderState, Entries, state_to_encoder
from lanci.classify.row_features import Sample
from lanci.errors import ModelError

MODEL_NAME = "fragment-labels"
FEATURE_SET = 1
"""Counts up whenever the features change: a model only fits the features that it was trained on."""

META_SCHEMA = "lanci/model/1"
MODEL_FILE = "model.skops"
META_FILE = "meta.json"

TRUSTED_TYPES = ("numpy.ndarray", "sklearn.linear_model._logistic.LogisticRegression")
"""All types, besides plain containers and arrays, that an artefact may hold."""

ROLES, CELLS, COLUMNS, FACETS = "rows", "cells", "columns", "facets"
HEADS = {
    ROLES: ("role",),
    CELLS: ("role",),
    COLUMNS: ("role",),
    FACETS: ("kind", "fund", "scope", "classification"),
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

    def classes(self, head: str) -> tuple[str, ...]:
        """The classes of one head, sorted."""
        return tuple(str(c) for c in dict(self.heads)[head].classes_)


@dataclass(frozen=True, slots=True)
class Models:
    """The four classifiers that label fragments, of one artefact."""

    name: str
    version: str
    rows: Classifier
    cells: Classifier
    columns: Classifier
    facets: Classifier


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
    root = files("lanci_models").joinpath(MODEL_NAME)
    if not root.is_dir():
        raise ModelError(
            f"the package lanci_models holds no {MODEL_NAME!r}: reinstall lanci, or train it with `lanci train`"
        )
    versions = [entry for entry in root.iterdir() if entry.joinpath(META_FILE).is_file()]
    if not versions:
        raise ModelError(
            f"lanci_models/{MODEL_NAME} holds no version: reinstall lanci, or train one with `lanci train`"
        )
    return _load_artefact(max(versions, key=lambda entry: version_to_key(entry.name)))


@cache
def _load_folder(folder: Path) -> Models:
    if not folder.joinpath(META_FILE).is_file():
        raise ModelError(f"{folder} is no model folder: it has no {META_FILE}; name a folder that `lanci train` made")
    return _load_artefact(folder)


def version_to_key(text: str) -> tuple[int, ...]:
    """``0.10.1`` as numbers for comparing; what follows the numbers (a local or pre-release part) is ignored."""
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def lanci_version() -> str:
    """The installed version of lanci; ``0`` when it runs from a folder that was never installed."""
    try:
        return version("lanci")
    except PackageNotFoundError:
        return "0"


def _load_artefact(folder: Traversable) -> Models:
    meta = _read_meta(folder)
    model = folder.joinpath(MODEL_FILE)
    if not model.is_file():
        raise ModelError(f"{folder}: {MODEL_FILE} is missing; copy the whole folder or train again")
    if hashlib.sha256(model.read_bytes()).hexdigest() != meta["artefact_sha256"]:
        raise ModelError(f"{folder}: {MODEL_FILE} is not the file that {META_FILE} describes; train again")
    with as_file(model) as path:
        content = _load_skops(path)
    try:
        parts = {name: _to_classifier(content, name) for name in HEADS}
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{model}: not a model of lanci ({error}); train it with `lanci train`") from error
    return Models(
        name=meta["name"],
        version=meta["version"],
        rows=parts[ROLES],
        cells=parts[CELLS],
        columns=parts[COLUMNS],
        facets=parts[FACETS],
    )


def _read_meta(folder: Traversable) -> dict[str, Any]:
    """The checked meta.json: one of ours, for this version of lanci and these features."""
    place = folder.joinpath(META_FILE)
    try:
        meta = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{place}: cannot be read ({error}); train the model again") from error
    if not isinstance(meta, dict) or meta.get("schema") != META_SCHEMA or meta.get("name") != MODEL_NAME:
        raise ModelError(f"{place}: not a model of lanci; train one with `lanci train`")
    missing = [key for key in ("version", "minimum_lanci", "feature_set", "artefact_sha256") if key not in meta]
    if missing:
        raise ModelError(f"{place}: says nothing of {', '.join(missing)}; train the model again")
    needed, own = str(meta["minimum_lanci"]), lanci_version()
    if version_to_key(own) < version_to_key(needed):
        raise ModelError(f"{place}: the model needs lanci {needed} or newer and this is {own}; update lanci")
    if meta["feature_set"] != FEATURE_SET:
        raise ModelError(
            f"{place}: made for feature set {meta['feature_set']}, this lanci {own} computes {FEATURE_SET}; "
            "train the model again with `lanci train`"
        )
    return meta


def _load_skops(path: Path) -> Any:
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        foreign = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED_TYPES))
        if foreign:
            raise ModelError(
                f"{path}: holds types that lanci does not load ({', '.join(foreign[:5])}); use models that "
                "`lanci train` made"
            )
        return skops.io.load(path, trusted=list(TRUSTED_TYPES))
    except UntrustedTypesFoundException as error:
        raise ModelError(f"{path}: holds types that lanci does not load: {error}") from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: not a skops artefact, or damaged ({error}); train it again") from error


def _to_classifier(content: Any, name: str) -> Classifier:
    part = content[name]
    states = [EncoderState(int(e["longest"]), float(e["weight"]), e["vocabulary"], e["idf"]) for e in part["encoders"]]
    return Classifier(
        encoders=tuple(state_to_encoder(state) for state in states),
        weights=tuple(state.weight for state in states),
        heads=tuple((head, part["heads"][head]) for head in HEADS[name]),
    )
