"""How probable it is that a cell was read rightly: a calibrated model on the evidence, and who must be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lanci.artefact import Artefact, ArtefactKind, find_shipped, read_artefact, read_folder
from lanci.errors import ModelError
from lanci.ocr.evidence import FEATURES, Evidence, Head

MODEL_NAME = "cell-confidence"
FEATURE_SET = 1
"""Counts up whenever the evidence changes: a model only fits the evidence that it was fitted on."""
KIND = ArtefactKind(MODEL_NAME, FEATURE_SET, ("numpy.ndarray",), "lanci eval calibrate")

_HIGHEST = 0.9999
"""No reading is surer than the number of samples can show."""


class Worth(StrEnum):
    """What a wrong reading costs; each has its own limit below which a person is asked."""

    AMOUNT = "amount"
    DIGITS = "digits in text"
    TEXT = "text"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class HeadModel:
    """Logistic regression on evidence: ``mean``, ``scale`` and ``weights`` have one entry a feature."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    intercept: float

    def predict(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities (n,) that readings with the evidence ``rows`` (n, n_features) are right."""
        scores = ((rows - self.mean) / self.scale) @ self.weights + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How probable a reading is right, and whether a person should look at it."""

    probability: float
    needs_review: bool


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """The models of all heads, and the probability for each worth below which a reading needs review."""

    name: str
    version: str
    heads: Mapping[Head, HeadModel]
    limits: Mapping[Worth, float]

    def judge(self, heads: Sequence[Head], evidence: Sequence[Evidence]) -> list[Judgement]:
        """One judgement for each reading, in order."""
        rows = np.array([one.to_row() for one in evidence], dtype=np.float64).reshape(len(evidence), len(FEATURES))
        probabilities = np.zeros(len(evidence))
        for head, model in self.heads.items():
            places = [i for i, one in enumerate(heads) if one is head]
            if places:
                probabilities[places] = model.predict(rows[places])
        rounded = [round(min(float(p), _HIGHEST), 4) for p in probabilities]
        limits = [self.limits[find_worth(head, one)] for head, one in zip(heads, evidence, strict=True)]
        return [Judgement(p, float(raw) < limit) for p, raw, limit in zip(rounded, probabilities, limits, strict=True)]


def find_worth(head: Head, evidence: Evidence) -> Worth:
    """What a wrong reading of a cell would cost."""
    if head is Head.AMOUNT:
        return Worth.AMOUNT
    if head is Head.BLANK:
        return Worth.BLANK
    return Worth.DIGITS if evidence.has_digit else Worth.TEXT


def load_confidence(folder: Path | None = None) -> ConfidenceModel:
    """The model of an artefact folder, or the newest that is shipped with lanci; each is read once.

    Raises:
        ModelError: the artefact is missing, damaged, or made for a newer lanci or for other evidence.
    """
    return _load_shipped() if folder is None else _load_folder(folder.resolve())


def confidence_version(model: ConfidenceModel | None = None) -> str:
    """Name and version of the model for the output's list of software, e.g. ``cell-confidence 0.1.0``."""
    model = model or load_confidence()
    return f"{model.name} {model.version}"


@cache
def _load_shipped() -> ConfidenceModel:
    return _to_model(read_artefact(find_shipped(KIND), KIND))


@cache
def _load_folder(folder: Path) -> ConfidenceModel:
    return _to_model(read_folder(folder, KIND))


def model_to_content(model: ConfidenceModel) -> dict[str, Any]:
    """What the skops archive of a model holds; :func:`load_confidence` reads it back."""
    return {
        "features": list(FEATURES),
        "heads": {
            str(head): {"mean": m.mean, "scale": m.scale, "weights": m.weights, "intercept": float(m.intercept)}
            for head, m in model.heads.items()
        },
        "limits": {str(worth): float(limit) for worth, limit in model.limits.items()},
    }


def _to_model(artefact: Artefact) -> ConfidenceModel:
    content = artefact.content
    try:
        if tuple(content["features"]) != FEATURES:
            raise ModelError(f"{artefact.place}: made for other evidence; make it again with `{KIND.command}`")
        heads = {head: _to_head(content["heads"][str(head)]) for head in Head}
        limits = {worth: float(content["limits"][str(worth)]) for worth in Worth}
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{artefact.place}: no model of confidence ({error}); make it with `{KIND.command}`"
        ) from error
    return ConfidenceModel(artefact.name, artefact.version, heads, limits)


def _to_head(part: Mapping[str, Any]) -> HeadModel:
    arrays = [np.asarray(part[name], dtype=np.float64) for name in ("mean", "scale", "weights")]
    if any(array.shape != (len(FEATURES),) for array in arrays):
        raise ValueError("arrays of another length than there are features")
    return HeadModel(arrays[0], arrays[1], arrays[2], float(part["intercept"]))
