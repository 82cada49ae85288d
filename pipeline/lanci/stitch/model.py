"""How much each sign counts: a logistic regression on the strengths of signs, read from plain numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lanci.artefact import Artefact, ArtefactKind, find_shipped, read_artefact, read_folder
from lanci.errors import ModelError
from lanci.stitch.evidence import Evidence, Sign

MODEL_NAME = "stitch-links"
FEATURE_SET = 2
"""Counts up whenever the signs change: a model only fits the signs that it was fitted on."""
KIND = ArtefactKind(MODEL_NAME, FEATURE_SET, ("numpy.ndarray",), "lanci train-links")


@dataclass(frozen=True, slots=True)
class LinkModel:
    """Log odds of a part going on with a table: ``bias`` and what the signs seen add to it or take from it.

    Attributes:
        name, version: of the artefact.
        bias: log odds without any sign.
        gains: by sign the log odds of one unit of strength for parts of one table, never negative: what speaks for
            a join cannot count against it.
        losses: the same of one unit of strength against it, never negative either.
    """

    name: str
    version: str
    bias: float
    gains: Mapping[Sign, float]
    losses: Mapping[Sign, float]

    def contribution(self, evidence: Evidence) -> float:
        """What a sign adds to the log odds; negative where it speaks against a join."""
        weights = self.gains if evidence.strength > 0 else self.losses
        return weights[evidence.sign] * evidence.strength

    def log_odds(self, seen: Iterable[Evidence]) -> float:
        """The log odds of belonging together where these signs, and no others, are seen."""
        return self.bias + sum(self.contribution(evidence) for evidence in seen)


def load_link_model(folder: Path | None = None) -> LinkModel:
    """The model of an artefact folder, or the newest that is shipped with lanci; each is read once.

    Raises:
        ModelError: the artefact is missing, damaged, or made for a newer lanci or for other signs.
    """
    return _load_shipped() if folder is None else _load_folder(folder.resolve())


def link_model_version(model: LinkModel | None = None) -> str:
    """Name and version of the model for the output's list of software, e.g. ``stitch-links 0.1.0``."""
    model = model or load_link_model()
    return f"{model.name} {model.version}"


@cache
def _load_shipped() -> LinkModel:
    return _to_model(read_artefact(find_shipped(KIND), KIND))


@cache
def _load_folder(folder: Path) -> LinkModel:
    return _to_model(read_folder(folder, KIND))


def model_to_content(model: LinkModel) -> dict[str, Any]:
    """What the skops archive of a model holds; :func:`load_link_model` reads it back."""
    return {
        "signs": [str(sign) for sign in Sign],
        "gains": np.array([model.gains[sign] for sign in Sign], dtype=np.float64),
        "losses": np.array([model.losses[sign] for sign in Sign], dtype=np.float64),
        "bias": float(model.bias),
    }


def _to_model(artefact: Artefact) -> LinkModel:
    content = artefact.content
    try:
        if content["signs"] != [str(sign) for sign in Sign]:
            raise ModelError(f"{artefact.place}: made for other signs; make it again with `{KIND.command}`")
        gains, losses = _to_weights(content["gains"]), _to_weights(content["losses"])
        return LinkModel(artefact.name, artefact.version, float(content["bias"]), gains, losses)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{artefact.place}: no model of links ({error}); make it with `{KIND.command}`") from error


def _to_weights(values: object) -> dict[Sign, float]:
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.shape != (len(Sign),) or not (np.isfinite(numbers) & (numbers >= 0)).all():
        raise ValueError("weights must be one number of at least 0 for each sign")
    return {sign: float(number) for sign, number in zip(Sign, numbers, strict=True)}
