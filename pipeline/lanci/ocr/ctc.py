"""Reading the output of a CTC recogniser: greedily, and constrained to a grammar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lanci.document import Alternative
from lanci.ocr.engine import NUMERIC_ALPHABET, CharReading, Lattice, LineReading
from lanci.ocr.grammar import AMOUNT, NO_STATE, Grammar

Probabilities = NDArray[np.float32]
"""Shape ``(frames, classes)``; class 0 is CTC's blank (no character)."""

_TOP_K = 5
_FAINT = 1e-6
"""Probability below which a class is no candidate."""
_HEARD = 1e-4
"""Probability below which a character of one frame is not followed; without it the search is ten times slower."""
_SPELLINGS = {",": ",，", ".": ".．", "-": "-－−–—﹣‐", "%": "%％"}


class CtcAlphabet:
    """The classes of a recogniser: blank, its dictionary, and the space as the last one.

    Args:
        characters: the dictionary in the model's order, without blank and space.
    """

    def __init__(self, characters: list[str]) -> None:
        self.classes = ["", *characters, " "]
        index = {char: i for i, char in enumerate(self.classes)}
        spellings = [
            (index[symbol], column)
            for column, char in enumerate(["", *NUMERIC_ALPHABET])
            for symbol in _SPELLINGS.get(char, [char])
            if symbol in index
        ]
        self._numeric = [place for place, _ in spellings]
        self._columns = np.zeros((len(spellings), 1 + len(NUMERIC_ALPHABET)), dtype=np.float32)
        self._columns[range(len(spellings)), [column for _, column in spellings]] = 1.0

    def to_lattice(self, probabilities: Probabilities) -> Lattice:
        """Keep only what a number can be made of (see :data:`lanci.ocr.engine.Lattice`)."""
        return np.asarray(probabilities[:, self._numeric] @ self._columns, dtype=np.float32)

    def to_reading(self, probabilities: Probabilities, width_share: float) -> LineReading:
        """Decode greedily.

        Args:
            probabilities: the recogniser's output for one line.
            width_share: the picture's share of the frames; the rest is padding.
        """
        best = probabilities.argmax(axis=1).tolist()
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
        peak = run[0] if len(run) == 1 else run.max(axis=0)
        # Of 18,710 classes some hundred are above the floor: to sort them all took as long as recognising the line.
        heard = (peak >= _FAINT).nonzero()[0]
        levels = peak[heard]
        if len(heard) > 4 * _TOP_K:
            first = np.sort(np.argpartition(levels, -_TOP_K - 2)[-_TOP_K - 2 :])
            heard, levels = heard[first], levels[first]
        order = np.argsort(-levels, kind="stable")[: _TOP_K + 1]
        best = [(i, level) for i, level in zip(heard[order].tolist(), levels[order], strict=True) if i != 0]
        total = max(float(np.array([level for _, level in best], dtype=np.float32).sum()), 1.0)
        return tuple((self.classes[i], round(float(level) / total, 6)) for i, level in best[:_TOP_K])


@dataclass(slots=True)
class _Path:
    """A text begun: the probability of all its paths that end with no character, and with its last one."""

    state: int
    ends_blank: float = 0.0
    ends_char: float = 0.0

    @property
    def total(self) -> float:
        return self.ends_blank + self.ends_char


def lattice_to_texts(
    lattice: Lattice, grammar: Grammar = AMOUNT, beam: int = 8, count: int = 4
) -> tuple[Alternative, ...]:
    """The likeliest texts of a grammar, by CTC prefix beam search.

    Args:
        lattice: see :data:`lanci.ocr.engine.Lattice`.
        grammar: what the texts may be (``AMOUNT``, ``CODE``, ``SERIAL``, ``PERCENT`` of ``lanci.ocr.grammar``).
        beam: how many begun texts are kept after every frame.
        count: how many readings to return.

    Returns:
        Readings, most likely first; each probability is the sum over all CTC paths kept for that text. Empty
        when no text of the grammar has a chance.
    """
    paths = {"": _Path(0, ends_blank=1.0)}
    for row in lattice.tolist():
        paths = _advance(paths, row[0], [(i, p) for i, p in enumerate(row[1:]) if p >= _HEARD], grammar)
        if len(paths) > beam:
            ranked = sorted(paths.items(), key=lambda item: (-item[1].total, item[0]))
            paths = dict(ranked[:beam])
    readings = [(text, path.total) for text, path in paths.items() if path.state in grammar.final]
    readings.sort(key=lambda item: (-item[1], item[0]))
    return tuple(Alternative(text, round(p, 6)) for text, p in readings[:count] if p >= _FAINT)


def _advance(
    paths: dict[str, _Path], blank: float, heard: list[tuple[int, float]], grammar: Grammar
) -> dict[str, _Path]:
    """All texts after one more frame with the characters (columns of the alphabet) that can be heard in it."""
    grown: dict[str, _Path] = {}
    for text, path in paths.items():
        total = path.total
        same = grown.setdefault(text, _Path(path.state))
        same.ends_blank += total * blank
        moves = grammar.steps[path.state]
        last = text[-1:]
        for column, probability in heard:
            char = NUMERIC_ALPHABET[column]
            before = total
            if char == last:
                # A character goes on over frames; to be printed twice it needs a frame of nothing between.
                same.ends_char += path.ends_char * probability
                before = path.ends_blank
            state = moves[column]
            if state != NO_STATE and before > 0:
                grown.setdefault(text + char, _Path(state)).ends_char += before * probability
    return grown
