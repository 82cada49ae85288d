"""Roles of neighbours decided together: a chain whose links were learnt beside the features of each item.

A classifier is trained on items that know the true roles of their two neighbours, as tokens of a field of their own
(:func:`roles_to_links`). What the tokens weigh are the links of a chain (its pseudo-likelihood estimate); with them
the likeliest roles of a whole row of items are found without knowing any neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lanci.classify.models import Classifier
from lanci.classify.row_features import Sample

_EDGE = "edge"

Scores = NDArray[np.float64]


def roles_to_links(roles: Sequence[str]) -> list[str]:
    """For each item the tokens that tell its neighbours' roles: ``before:amount after:edge``."""
    around = [_EDGE, *roles, _EDGE]
    return [f"before:{around[i]} after:{around[i + 2]}" for i in range(len(roles))]


def with_links(samples: Sequence[Sample], roles: Sequence[str]) -> list[Sample]:
    """The samples of a row of items with one field more: the roles of their neighbours, as they are in truth."""
    return [(*sample, links) for sample, links in zip(samples, roles_to_links(roles), strict=True)]


def without_links(samples: Sequence[Sample]) -> list[Sample]:
    """The samples with one field more that tells of no neighbour."""
    return [(*sample, "") for sample in samples]


@dataclass(frozen=True, slots=True)
class Links:
    """What neighbours weigh, in logits.

    ``first`` and ``last`` (k,) are added to the items at the ends, ``pair`` (k, k) for a role (row) followed by
    another (column); k is the number of roles.
    """

    first: Scores
    last: Scores
    pair: Scores


def classifier_to_links(classifier: Classifier, head: str) -> Links:
    """The links that a classifier has learnt; all 0 when it was trained without them."""
    roles = classifier.classes(head)
    before = classifier.token_logits(head, [f"before:{role}" for role in roles])
    after = classifier.token_logits(head, [f"after:{role}" for role in roles])
    ends = classifier.token_logits(head, [f"before:{_EDGE}", f"after:{_EDGE}"])
    # What a token says of the item itself counts once an item; what it says of the two together was learnt twice,
    # once from either side.
    to_right, to_left = before.mean(axis=0), after.mean(axis=0)
    together = (_center(before) + _center(after).T) / 2
    return Links(ends[0], ends[1], together + to_right[None, :] + to_left[:, None])


def _center(weights: Scores) -> Scores:
    """The part of a table that neither its rows nor its columns explain."""
    rows, columns = weights.mean(axis=1, keepdims=True), weights.mean(axis=0, keepdims=True)
    return np.asarray(weights - rows - columns + weights.mean())


def decode_chain(logits: Scores, links: Links) -> tuple[list[int], list[float]]:
    """The likeliest roles of a row of items together, and how probable each is among all readings.

    Args:
        logits: (n, k), what the features of every item say, neighbours unknown.
        links: of the same k roles.
    """
    if not len(logits):
        return [], []
    scores = logits.copy()
    scores[0] += links.first
    scores[-1] += links.last
    path = best_path(scores, [links.pair] * (len(scores) - 1))
    marginals = _to_marginals(scores, links.pair)
    return path, [float(marginals[i, role]) for i, role in enumerate(path)]


def best_path(scores: Scores, steps: Sequence[Scores]) -> list[int]:
    """Viterbi: the states (one a row of ``scores``) of highest sum; ``steps[i]`` leads from row i to row i + 1."""
    best = scores[0]
    back: list[NDArray[np.intp]] = []
    for own, step in zip(scores[1:], steps, strict=True):
        reached = best[:, None] + step
        back.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + own
    path = [int(best.argmax())]
    for origin in reversed(back):
        path.append(int(origin[path[-1]]))
    return path[::-1]


def _to_marginals(scores: Scores, pair: Scores) -> Scores:
    """Probabilities (n, k) of every item's roles, summed over all readings of the others."""
    own = np.exp(scores - scores.max(axis=1, keepdims=True))
    step = np.exp(pair - pair.max())
    forward, backward = np.empty_like(own), np.ones_like(own)
    forward[0] = own[0] / own[0].sum()
    for i, (_, following) in enumerate(pairwise(own)):
        reached = (forward[i] @ step) * following
        forward[i + 1] = reached / reached.sum()
    for i in range(len(own) - 2, -1, -1):
        reached = step @ (own[i + 1] * backward[i + 1])
        backward[i] = reached / reached.sum()
    both = forward * backward
    return np.asarray(both / both.sum(axis=1, keepdims=True))
