"""Reading the output of a CTC recogniser: greedily, and constrained to the grammar of printed numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lanci.document import Alternative
from lanci.ocr.engine import NUMERIC_ALPHABET, CharReading, Lattice, LineReading

Probabilities = NDArray[np.float32]
"""Shape ``(frames, classes)``; class 0 is CTC's blank (no character)."""

_TOP_K = 5
_FAINT = 1e-6
"""Probability below which a class is no candidate."""
_SPELLINGS = {",": ",，", ".": ".．", "-": "-－−–—﹣‐", "%": "%％"}

AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
"""A printed number: grouped in threes or not at all, with a digit on both sides of the point."""

_PREFIX = re.compile(
    r"-?(?:\d*|\d{1,3}(?:,\d{3})*,\d{0,2}|(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?%)"
)


class CtcAlphabet:
    """The classes of a recogniser: blank, its dictionary, and the space as the last one.

    Args:
        characters: the dictionary in the model's order, without blank and space.
    """

    def __init__(self, characters: list[str]) -> None:
        self.classes = ["", *characters, " "]
        index = {char: i for i, char in enumerate(self.classes)}
        self._numeric = [
            np.array([index[s] for s in _SPELLINGS.get(char, char) if s in index], dtype=np.intp)
            for char in NUMERIC_ALPHABET
        ]

    def to_lattice(self, probabilities: Probabilities) -> Lattice:
        """Keep only what a number can be made of (see :data:`lanci.ocr.engine.Lattice`)."""
        columns = [probabilities[:, 0]]
        columns += [probabilities[:, places].sum(axis=1) for places in self._numeric]
        return np.stack(columns, axis=1).astype(np.float32)

    def to_reading(self, probabilities: Probabilities, width_share: float) -> LineReading:
        """Decode greedily.

        Args:
            probabilities: the recogniser's output for one line.
            width_share: the picture's share of the frames; the rest is padding.
        """
        best = probabilities.argmax(axis=1)
        frames = len(best)
        chars: list[CharReading] = []
        start = 0
        while start < frames:
            end = start + 1
            while end < frames and best[end] == best[start]:
                end += 1
            if best[start] != 0:
                centre = (start + end) / 2 / (frames * width_share)
                chars.append(CharReading(self._candidates(probabilities[start:end]), min(centre, 1.0)))
            start = end
        text = "".join(char.candidates[0][0] for char in chars)
        confidence = min((char.candidates[0][1] for char in chars), default=1.0)
        return LineReading(text, confidence, tuple(chars), self.to_lattice(probabilities))

    def _candidates(self, run: Probabilities) -> tuple[tuple[str, float], ...]:
        """The likeliest characters of the frames of one greedy character.

        Every candidate counts with its best frame, and the whole is scaled back to at most 1: a rival that is
        strong in one frame only lowers the winner, which is what a confidence is for.
        """
        peak = run.max(axis=0)
        # All that matter: sorting 18,710 classes for every character took as long as recognising it.
        heard = np.flatnonzero(peak >= _FAINT)
        order = heard[np.argsort(-peak[heard], kind="stable")][: _TOP_K + 1]
        total = max(float(peak[order[order != 0]].sum()), 1.0)
        return tuple((self.classes[i], round(float(peak[i]) / total, 6)) for i in order[order != 0][:_TOP_K].tolist())


@lru_cache(maxsize=65536)
def _may_begin_amount(prefix: str) -> bool:
    return bool(_PREFIX.fullmatch(prefix))


def lattice_to_amounts(lattice: Lattice, beam: int = 8, count: int = 4) -> tuple[Alternative, ...]:
    """The likeliest texts of the number grammar, by CTC prefix beam search.

    Args:
        lattice: see :data:`lanci.ocr.engine.Lattice`.
        beam: how many prefixes are kept after every frame.
        count: how many readings to return.

    Returns:
        Readings, most likely first; each probability is the sum over all CTC paths kept for that text. Empty
        when no number has a chance.
    """
    prefixes: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for frame in lattice.astype(float).tolist():
        grown: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for prefix, (ends_blank, ends_char) in prefixes.items():
            grown[prefix][0] += (ends_blank + ends_char) * frame[0]
            for char, probability in zip(NUMERIC_ALPHABET, frame[1:], strict=True):
                # Far below any threshold in use, and skipping it makes the search ten times faster.
                if probability < 1e-4:
                    continue
                repeated = prefix.endswith(char)
                if repeated:
                    grown[prefix][1] += ends_char * probability
                longer = prefix + char
                if _may_begin_amount(longer):
                    before = ends_blank if repeated else ends_blank + ends_char
                    grown[longer][1] += before * probability
        ranked = sorted(grown.items(), key=lambda item: (-sum(item[1]), item[0]))
        prefixes = {prefix: (pair[0], pair[1]) for prefix, pair in ranked[:beam]}
    readings = [(text, sum(pair)) for text, pair in prefixes.items() if AMOUNT.fullmatch(text)]
    readings.sort(key=lambda item: (-item[1], item[0]))
    return tuple(Alternative(text, round(p, 6)) for text, p in readings[:count] if p >= 1e-6)
