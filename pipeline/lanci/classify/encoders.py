"""Encoders of the fields of a sample, and how they are kept: as plain arrays, from which they are made again.

scikit-learn's vectorizers learn the vocabularies and define what an encoder gives. They go through a text n-gram
by n-gram, which costs more than all the rest of labelling a page; the encoders here look all n-grams of all texts
up at once and give the same matrices, to the last bit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_WORDS = r"\S+"
_SPACES = re.compile(r"\s\s+")


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


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a sparse matrix (n_texts, n_features) that are not 0, by row and then by column."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]


class Encoder(Protocol):
    """Texts of one field as features, without the field's weight."""

    state: EncoderState

    def encode(self, texts: Sequence[str]) -> Entries: ...


def state_to_encoder(state: EncoderState) -> Encoder:
    """The encoder that the state describes."""
    return NgramEncoder(state) if state.longest else TokenEncoder(state)


class TokenEncoder:
    """Whether a text has a token: 1 where it has."""

    def __init__(self, state: EncoderState) -> None:
        self.state = state
        self._features = {str(term): feature for feature, term in enumerate(state.vocabulary)}

    def encode(self, texts: Sequence[str]) -> Entries:
        features = self._features
        # Rows of a table are much alike: each text is split once.
        found = {
            text: sorted({features[token] for token in text.split() if token in features})
            for text in dict.fromkeys(texts)
        }
        rows = np.repeat(np.arange(len(texts)), [len(found[text]) for text in texts])
        columns = np.array([feature for text in texts for feature in found[text]], dtype=np.int64)
        return Entries(rows, columns, np.ones(len(columns)))


class NgramEncoder:
    """TF-IDF of character n-grams, tf being 1 + log of the count; each text's values have length 1.

    Characters are numbered by their place in the vocabulary's alphabet (0 for all others), and an n-gram by its
    characters' numbers as the digits of one number.
    """

    def __init__(self, state: EncoderState) -> None:
        self.state = state
        terms = [str(term) for term in state.vocabulary]
        alphabet = sorted({ord(char) for term in terms for char in term})
        self._base = len(alphabet) + 1
        self._numbers = np.zeros(alphabet[-1] + 2, dtype=np.int64)
        self._numbers[alphabet] = np.arange(1, self._base)
        self._by_length = [self._index(terms, length) for length in range(1, state.longest + 1)]

    def _index(self, terms: Sequence[str], length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The vocabulary's n-grams of one length as ascending numbers, and their features."""
        features = np.array([i for i, term in enumerate(terms) if len(term) == length], dtype=np.int64)
        characters = self._to_numbers("".join(terms[i] for i in features)).reshape(-1, length)
        numbers = characters @ self._base ** np.arange(length - 1, -1, -1)
        order = np.argsort(numbers)
        return numbers[order], features[order]

    def _to_numbers(self, text: str) -> NDArray[np.int64]:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return self._numbers[np.minimum(codes, len(self._numbers) - 1)]

    def encode(self, texts: Sequence[str]) -> Entries:
        n_features = len(self.state.vocabulary)
        found = [row * n_features + column for row, column in self._find(texts)]
        places = np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *found]))
        is_first = np.diff(places, prepend=-1) > 0
        counts = np.diff(np.append(np.flatnonzero(is_first), len(places)))
        rows, columns = np.divmod(places[is_first], n_features)
        values = (np.log(counts.astype(np.float64)) + 1.0) * self.state.idf[columns]
        lengths = np.sqrt(np.bincount(rows, values * values, len(texts)))
        return Entries(rows, columns, values / lengths[rows])

    def _find(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Row and feature of every n-gram that the vocabulary has, for each length."""
        plain = [_SPACES.sub(" ", text) for text in texts]
        rows = np.repeat(np.arange(len(plain)), [len(text) for text in plain])
        characters = self._to_numbers("".join(plain))
        numbers = np.zeros_like(characters)
        for length, (known, features) in enumerate(self._by_length, start=1):
            last = len(characters) - length + 1
            numbers = numbers[: max(last, 0)] * self._base + characters[length - 1 :]
            if not len(known) or last <= 0:
                continue
            at = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
            hit = (known[at] == numbers) & (rows[:last] == rows[length - 1 :])
            yield rows[:last][hit], features[at[hit]]


def new_encoder(longest: int, **options: Any) -> Any:
    """A scikit-learn vectorizer, not fitted: TF-IDF of character n-grams, or presence of tokens."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    if not longest:
        return CountVectorizer(token_pattern=_WORDS, lowercase=False, binary=True, dtype=np.float64, **options)
    return TfidfVectorizer(analyzer="char", ngram_range=(1, longest), lowercase=False, sublinear_tf=True, **options)


def encoder_to_state(encoder: Any, longest: int, weight: float) -> EncoderState:
    """What must be kept of a fitted vectorizer."""
    vocabulary = np.asarray([str(term) for term in encoder.get_feature_names_out()], dtype=np.str_)
    idf = np.asarray(encoder.idf_, dtype=np.float64) if longest else np.zeros(0)
    return EncoderState(longest, weight, vocabulary, idf)
