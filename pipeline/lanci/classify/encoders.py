"""Encoders of the fields of a sample, and how they are kept: as plain arrays, from which they are made again.

A vectorizer keeps its vocabulary in a dictionary, which an artefact would spell out entry by entry; two arrays say
the same in a hundredth of the space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WORDS = r"\S+"


@dataclass(frozen=True, slots=True)
class EncoderState:
    """A fitted encoder.

    ``longest`` is the length of the longest character n-gram, 0 for whole tokens between spaces. ``vocabulary``
    has one string a feature, in feature order; ``idf`` its inverse document frequency (empty for tokens).
    ``weight`` is what the field's features are multiplied by: the larger, the more the field may decide.
    """

    longest: int
    weight: float
    vocabulary: NDArray[np.str_]
    idf: NDArray[np.float64]


def new_encoder(longest: int, **options: Any) -> Any:
    """A scikit-learn vectorizer, not fitted: TF-IDF of character n-grams, or presence of tokens."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    if not longest:
        return CountVectorizer(token_pattern=_WORDS, lowercase=False, binary=True, dtype=np.float64, **options)
    return TfidfVectorizer(analyzer="char", ngram_range=(1, longest), lowercase=False, sublinear_tf=True, **options)


def state_to_encoder(state: EncoderState) -> Any:
    """The vectorizer that the state describes."""
    vocabulary = [str(term) for term in state.vocabulary]
    encoder = new_encoder(state.longest, vocabulary=vocabulary)
    if state.longest:
        encoder.idf_ = np.asarray(state.idf, dtype=np.float64)
    return encoder


def encoder_to_state(encoder: Any, longest: int, weight: float) -> EncoderState:
    """What must be kept of a fitted vectorizer."""
    vocabulary = np.asarray([str(term) for term in encoder.get_feature_names_out()], dtype=np.str_)
    idf = np.asarray(encoder.idf_, dtype=np.float64) if longest else np.zeros(0)
    return EncoderState(longest, weight, vocabulary, idf)
