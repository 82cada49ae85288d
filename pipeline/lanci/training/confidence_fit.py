"""Fit the model of cell confidence: logistic regression, calibrated and given its limits on documents it never saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from lanci.errors import AnnotationError
from lanci.ocr.confidence import MODEL_NAME, ConfidenceModel, HeadModel, Worth, find_worth
from lanci.ocr.evidence import FEATURES, Evidence, Head

N_FOLDS = 5
SILENT_GOAL = 1 / 5000
"""Most wrong amounts that nothing marks, for each true amount."""
_STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Inverse strengths of regularisation that are tried."""
_FOR = {"weakest", "product", "ends", "second"}
_EITHER = {"length", "in_column", "has_digit", "sign", "lines"}
_SIGNS = np.array([1.0 if name in _FOR else 0.0 if name in _EITHER else -1.0 for name in FEATURES])
"""Whether evidence can only speak for a reading (1), only against it (-1), or either way (0)."""
_FIXED_LIMITS = {Worth.DIGITS: 0.8, Worth.TEXT: 0.5}
"""Words are marked where they are more likely wrong than right; with a digit in them sooner."""
_AFFORDABLE = {Worth.AMOUNT: 0.05, Worth.BLANK: 0.01}
"""Most cells that a person should have to look at, whatever slips through."""
_STRICTEST = {Worth.AMOUNT: 0.9995, Worth.BLANK: 0.999}
_LOWEST = {Worth.AMOUNT: 0.9, Worth.BLANK: 0.5}
"""Between these a limit is looked for: with few samples a low one may look safe by chance."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of a cell whose truth is known.

    Attributes:
        group: the document; readings of one are not independent.
        profile: how the page was degraded.
        head: which model judges it.
        evidence: what the model sees.
        right: whether the text is exactly what is printed.
        amount: an amount is printed there.
    """

    group: str
    profile: str
    head: Head
    evidence: Evidence
    right: bool
    amount: bool

    @property
    def worth(self) -> Worth:
        return find_worth(self.head, self.evidence)


@dataclass(frozen=True, slots=True)
class FittedConfidence:
    """A model, and for every sample the probability that models without its document gave it."""

    model: ConfidenceModel
    held_out: Floats
    strengths: dict[Head, float]


Progress = Callable[[str], None]


def fit_confidence(samples: Sequence[Sample], version: str) -> FittedConfidence:
    """Fit all heads.

    Every sample is judged by models that saw neither its document nor any other scan of it; on these judgements
    the slope is calibrated and the limits are set. The models themselves are then fitted on all samples.

    Args:
        samples: of at least two documents; the order does not matter for the result beyond rounding.
        version: of the artefact.

    Raises:
        AnnotationError: too few documents, or no right or no wrong reading for a head.
    """
    held_out = np.zeros(len(samples))
    heads: dict[Head, HeadModel] = {}
    strengths: dict[Head, float] = {}
    for head in Head:
        places = [i for i, sample in enumerate(samples) if sample.head is head]
        own = [samples[i] for i in places]
        _check(head, own)
        heads[head], held_out[places], strengths[head] = _fit_head(own)
    limits = _find_limits(samples, held_out)
    return FittedConfidence(ConfidenceModel(MODEL_NAME, version, heads, limits), held_out, strengths)


def _check(head: Head, samples: Sequence[Sample]) -> None:
    if len({sample.group for sample in samples}) < 2 or len({sample.right for sample in samples}) < 2:
        raise AnnotationError(
            f"too few samples for the confidence of {head} cells: read more documents, in profiles that give errors"
        )


def _fit_head(samples: Sequence[Sample]) -> tuple[HeadModel, Floats, float]:
    rows = np.array([sample.evidence.to_row() for sample in samples], dtype=np.float64)
    right = np.array([sample.right for sample in samples], dtype=np.float64)
    folds = np.array([crc32(sample.group.encode()) % N_FOLDS for sample in samples])
    scored = [(strength, _score_held_out(rows, right, folds, strength)) for strength in _STRENGTHS]
    best, scores = min(scored, key=lambda one: (_log_loss(_calibrate(one[1], right), right), one[0]))
    slope, shift = _find_slope(scores, right)
    model = _fit(rows, right, best)
    calibrated = HeadModel(model.mean, model.scale, model.weights * slope, model.intercept * slope + shift)
    return calibrated, _sigmoid(scores * slope + shift), best


def _score_held_out(rows: Floats, right: Floats, folds: NDArray[np.intp], strength: float) -> Floats:
    """Log odds of every sample by the model of the folds without its own."""
    scores = np.zeros(len(rows))
    for fold in range(N_FOLDS):
        test = folds == fold
        known = right[~test]
        if not test.any():
            continue
        if not 0 < known.sum() < len(known):
            scores[test] = 6.0 if known.all() else -6.0
            continue
        model = _fit(rows[~test], known, strength)
        scores[test] = ((rows[test] - model.mean) / model.scale) @ model.weights + model.intercept
    return scores


def _fit(rows: Floats, right: Floats, strength: float) -> HeadModel:
    """Logistic regression in which nothing speaks the other way than its meaning says.

    A seal that happened to lie on readable print in the few samples must not make a reading surer: evidence with a
    weight of the wrong sign is left out, until there is none.
    """
    from sklearn.linear_model import LogisticRegression

    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale < 1e-9, 1.0, scale)
    used = np.ones(len(FEATURES), dtype=bool)
    weights = np.zeros(len(FEATURES))
    while True:
        estimator = LogisticRegression(C=strength, max_iter=2000, tol=1e-8)
        estimator.fit(((rows - mean) / scale)[:, used], right > 0.5)
        weights[:] = 0.0
        weights[used] = estimator.coef_[0]
        wrong = weights * _SIGNS < 0
        if not wrong.any():
            return HeadModel(mean, scale, weights, float(estimator.intercept_[0]))
        used &= ~wrong


def _find_slope(scores: Floats, right: Floats) -> tuple[float, float]:
    """Platt's calibration: the slope and shift that make probabilities of held-out log odds."""
    from sklearn.linear_model import LogisticRegression

    estimator = LogisticRegression(C=1e3, max_iter=1000, tol=1e-8)
    estimator.fit(scores[:, None], right > 0.5)
    return max(float(estimator.coef_[0, 0]), 0.05), float(estimator.intercept_[0])


def _calibrate(scores: Floats, right: Floats) -> Floats:
    slope, shift = _find_slope(scores, right)
    return _sigmoid(scores * slope + shift)


def _sigmoid(scores: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float64)


def _log_loss(probabilities: Floats, right: Floats) -> float:
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return float(-(right * np.log(p) + (1 - right) * np.log(1 - p)).mean())


def _find_limits(samples: Sequence[Sample], held_out: Floats) -> dict[Worth, float]:
    limits = dict(_FIXED_LIMITS)
    worths = [sample.worth for sample in samples]
    n_amounts = sum(sample.amount for sample in samples)
    for worth in (Worth.AMOUNT, Worth.BLANK):
        own = np.array([one is worth for one in worths])
        costly = np.array([sample.amount and not sample.right for sample in samples])
        # One half of the errors that may pass is left for each of the two kinds of cells.
        limits[worth] = find_limit(held_out[own], costly[own], SILENT_GOAL * n_amounts / 2, worth)
    return limits


def find_limit(probabilities: Floats, costly: Flags, allowed: float, worth: Worth) -> float:
    """The lowest limit below which all costly errors lie but for those that may pass.

    One more error than was seen is counted, for what the samples do not show. No more cells are marked than a person
    can afford to look at, even where the goal is missed then.

    Args:
        probabilities: held-out ones of the cells of one worth, shape (n,).
        costly: which of them hide a wrong amount.
        allowed: how many errors may pass.
        worth: whose range of limits is searched.
    """
    wrong = np.sort(probabilities[costly])[::-1]
    passing = max(int(allowed) - 1, 0)
    limit = float(wrong[passing]) + 1e-6 if len(wrong) > passing else 0.0
    affordable = float(np.quantile(probabilities, _AFFORDABLE[worth])) if len(probabilities) else 1.0
    return float(np.clip(min(limit, max(affordable, _LOWEST[worth])), _LOWEST[worth], _STRICTEST[worth]))
