"""Fit how much each sign of a break counts: a logistic regression in which nothing counts against its meaning."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lanci.errors import AnnotationError
from lanci.stitch.evidence import Sign
from lanci.stitch.model import MODEL_NAME, LinkModel
from lanci.training.stitch_samples import BreakSample
from lanci.training.stitch_streams import Origin

N_FOLDS = 6
SHARES = {
    Origin.PRINTED: 0.18,
    Origin.MADE: 0.09,
    Origin.UNTITLED: 0.23,
    Origin.RECUT: 0.23,
    Origin.NEIGHBOURS: 0.27,
}
"""What the breaks of each origin count together, so that no source drowns another."""
_STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)
"""Inverse strengths of regularisation that are tried."""
_DECIMALS = 4
_FAR = 500.0
_SIGNS = tuple(Sign)
_PLACES = {sign: place for place, sign in enumerate(_SIGNS)}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FittedLinks:
    """A model, and for every sample the log odds that a model without its place gave it.

    ``inverse_strength`` is the regularisation that was best on held-out places, ``slope`` what log odds were
    multiplied by so that they hold there.
    """

    model: LinkModel
    held_out: Floats
    inverse_strength: float
    slope: float


def fit_links(samples: Sequence[BreakSample], version: str) -> FittedLinks:
    """Fit the weights of all signs; the same samples give the same numbers.

    Args:
        samples: of at least two places.
        version: of the artefact.

    Raises:
        AnnotationError: too few places, or no break of one of the two kinds.
    """
    places = sorted({sample.place for sample in samples})
    if len(places) < 2 or len({sample.joined for sample in samples}) < 2:
        raise AnnotationError(
            "too few page breaks to learn from: annotate documents of two places, with tables that run over pages "
            "and tables that follow one another"
        )
    rows, joined, weights = samples_to_arrays(samples)
    fold_of = {place: number % N_FOLDS for number, place in enumerate(places)}
    folds = np.array([fold_of[sample.place] for sample in samples])
    scored = [(strength, _score_held_out((rows, joined, weights), folds, strength)) for strength in _STRENGTHS]
    best, scores = min(scored, key=lambda one: (_log_loss(one[1], joined, weights), one[0]))
    slope = _find_slope(scores, joined, weights)
    return FittedLinks(_to_model(_fit((rows, joined, weights), best) * slope, version), scores * slope, best, slope)


def fit_without(samples: Sequence[BreakSample], place: str, like: FittedLinks) -> LinkModel:
    """A model that saw nothing of a place, with the regularisation and factor of another one: for measuring there."""
    rest = [sample for sample in samples if sample.place != place]
    return _to_model(_fit(samples_to_arrays(rest), like.inverse_strength) * like.slope, like.model.version)


def samples_to_arrays(samples: Sequence[BreakSample]) -> tuple[Floats, Floats, Floats]:
    """Strengths for and against by sign (n, 2 * n_signs), whether joined (n,), and weights (n,) of mean 1.

    The documents of an origin count as the square root of their breaks.
    """
    rows = np.zeros((len(samples), 2 * len(_SIGNS)))
    for row, sample in zip(rows, samples, strict=True):
        for piece in sample.evidence:
            side = 0 if piece.strength > 0 else len(_SIGNS)
            row[side + _PLACES[piece.sign]] = abs(piece.strength)
    counts = Counter((sample.origin, sample.document) for sample in samples)
    totals: dict[Origin, float] = {}
    for (origin, _), count in counts.items():
        totals[origin] = totals.get(origin, 0.0) + math.sqrt(count)
    weights = np.array([SHARES[s.origin] / totals[s.origin] / math.sqrt(counts[s.origin, s.document]) for s in samples])
    joined = np.array([sample.joined for sample in samples], dtype=np.float64)
    return rows, joined, weights / weights.mean()


def _score_held_out(data: tuple[Floats, Floats, Floats], folds: NDArray[np.intp], strength: float) -> Floats:
    """Log odds of every sample by the model of the folds without its own."""
    rows, joined, weights = data
    scores = np.zeros(len(rows))
    for fold in range(N_FOLDS):
        test = folds == fold
        if not test.any() or not 0 < joined[~test].sum() < (~test).sum():
            continue
        found = _fit((rows[~test], joined[~test], weights[~test]), strength)
        scores[test] = _signed(rows[test]) @ found[:-1] + found[-1]
    return scores


def _fit(data: tuple[Floats, Floats, Floats], strength: float) -> Floats:
    """Weights of all columns, none below zero, and, last, the bias: the least penalised loss there is under that."""
    from scipy.optimize import minimize

    rows, joined, weights = data
    signed, sides = _signed(rows), np.where(joined > 0.5, 1.0, -1.0)

    def loss(found: Floats) -> tuple[float, Floats]:
        margins = sides * (signed @ found[:-1] + found[-1])
        pull = -strength * weights * sides / (1.0 + np.exp(np.clip(margins, -_FAR, _FAR)))
        penalty = 0.5 * float(found[:-1] @ found[:-1])
        slopes = np.append(signed.T @ pull + found[:-1], pull.sum())
        return penalty + strength * float(weights @ np.logaddexp(0.0, -margins)), slopes

    bounds = [(0.0, None)] * signed.shape[1] + [(None, None)]
    options = {"maxiter": 2000, "ftol": 1e-12, "gtol": 1e-7}
    done = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(done.x, dtype=np.float64)


def _signed(rows: Floats) -> Floats:
    """The rows with what speaks against a join below zero, so that all weights are to be positive."""
    return np.concatenate([rows[:, : len(_SIGNS)], -rows[:, len(_SIGNS) :]], axis=1)


def _find_slope(scores: Floats, joined: Floats, weights: Floats) -> float:
    """What makes held-out log odds hold: one factor, no shift, so that signs keep their proportions."""
    from sklearn.linear_model import LogisticRegression

    estimator = LogisticRegression(C=1e3, max_iter=1000, tol=1e-8, fit_intercept=False)
    estimator.fit(scores[:, None], joined > 0.5, sample_weight=weights)
    return float(np.clip(estimator.coef_[0, 0], 0.3, 1.5))


def _log_loss(scores: Floats, joined: Floats, weights: Floats) -> float:
    signed = np.where(joined > 0.5, scores, -scores)
    return float(np.average(np.logaddexp(0.0, -signed), weights=weights))


def _to_model(found: Floats, version: str) -> LinkModel:
    numbers = np.round(found[:-1], _DECIMALS)
    gains = {sign: float(number) for sign, number in zip(_SIGNS, numbers[: len(_SIGNS)], strict=True)}
    losses = {sign: float(number) for sign, number in zip(_SIGNS, numbers[len(_SIGNS) :], strict=True)}
    return LinkModel(MODEL_NAME, version, round(float(found[-1]), _DECIMALS), gains, losses)
