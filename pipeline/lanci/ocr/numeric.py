"""Reading the cells of number columns with the grammar of what their column holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lanci.document import Alternative
from lanci.ocr.columns import plain_number
from lanci.ocr.ctc import lattice_to_texts
from lanci.ocr.engine import Lattice, LineReading
from lanci.ocr.grammar import AMOUNT, WHOLE, Grammar
from lanci.text import is_cjk, normalize, squash

SURE = 0.98
"""Greedy readings above this are not searched for rivals: on 3,045 amounts of drawn and
degraded tables (150 to 300 dpi) the recogniser itself gave no wrong number above it."""
_WORTH, _LEAD = 0.002, 3.0
"""Least probability of a constrained reading that may stand for a greedy one that is no number, and how much
more probable than the next number it must be. Thousands commas read as points come out at 0.003 to 0.02."""
_DASHES = set("-－—–−―一/")
_ONE = "一"
_ONE_WIDTH = 0.65
"""Width of its ink, in heights of a line, below which a level stroke is a dash and not the character one."""
_SPECKS = ".,·:;'`"
"""What a speck beside a number is read as."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell's text and what the recogniser says of it.

    Attributes:
        text: the reading.
        confidence: the recogniser's own, of the least certain character; for a forced reading its probability.
        alternatives: other readings, likeliest first.
        rival: how probable the likeliest other number is, against the reading itself; 0 where none was looked for.
        forced: whether it is not the greedy reading but the likeliest text of the column's grammar.
    """

    text: str
    confidence: float
    alternatives: tuple[Alternative, ...] = ()
    rival: float = 0.0
    forced: bool = False


def refine_number(greedy: Reading, lines: Sequence[LineReading], grammar: Grammar = AMOUNT) -> Reading:
    """Read a cell of a number column again, held to a grammar where the greedy text is no number.

    The text is never anything that the recogniser did not propose: the greedy reading where it is a number,
    else the most probable number of the CTC lattice; the other becomes an alternative.

    Args:
        greedy: the reading of the whole cell.
        lines: of its lines.
        grammar: what the column holds.
    """
    text = plain_number(greedy.text)
    if set(text) <= _DASHES or _is_word(greedy) or is_stack(lines):
        return greedy
    is_number = AMOUNT.fullmatch(text) or grammar.fullmatch(text)
    if is_number and greedy.confidence >= SURE:
        return Reading(text, greedy.confidence, greedy.alternatives)
    is_whole = grammar is WHOLE and WHOLE.fullmatch(text)
    rivals = _search(lines, AMOUNT if is_number and not is_whole else grammar)
    if is_number:
        return _weigh(text, greedy, rivals)
    if not rivals and grammar is not AMOUNT:
        rivals = _search(lines, AMOUNT)
    second = rivals[1].probability if len(rivals) > 1 else 0.0
    own = Alternative(normalize(greedy.text), round(greedy.confidence, 4))
    if rivals and rivals[0].probability >= max(_WORTH, _LEAD * second):
        best = rivals[0]
        return Reading(
            best.text, min(best.probability, 1.0), (own, *rivals[1:]), second / best.probability, forced=True
        )
    plain = _respell(text, rivals)
    if plain is not None:
        others = tuple(r for r in rivals if r is not plain)
        return Reading(plain.text, min(plain.probability, 1.0), (own, *others), rival=1.0, forced=True)
    return Reading(greedy.text, greedy.confidence, rivals, rival=1.0 if rivals else 0.0)


def refine_dash(greedy: Reading, lines: Sequence[LineReading], width: float, *, dash: bool = False) -> Reading:
    """Tell the dash of an empty amount from the character one, which looks the same but for its width.

    By its shape alone a dash is told from other signs.

    Args:
        greedy: the reading of the whole cell.
        lines: of its lines.
        width: of the ink, in line heights.
        dash: the cell shows one short level stroke and nothing else.
    """
    if len(lines) != 1 or greedy.text == "-" or not (dash or (greedy.text == _ONE and width < _ONE_WIDTH)):
        return greedy
    strokes = [share for char in lines[0].chars for symbol, share in char.candidates if symbol in _DASHES]
    confidence = min(sum(strokes), 1.0) if strokes else greedy.confidence
    others = (Alternative(greedy.text, round(greedy.confidence, 4)),) if greedy.text else ()
    return Reading("-", confidence, others)


def is_stack(lines: Sequence[LineReading]) -> bool:
    """Whether the lines of a cell are numbers of their own: rows between which no rule was found.

    A number that is wrapped has its decimal point in the last line, or is cut at a comma.
    """
    texts = [plain_number(line.text) for line in lines]
    return len(texts) > 1 and any("." in text and AMOUNT.fullmatch(text) for text in texts[:-1])


def _search(lines: Sequence[LineReading], grammar: Grammar) -> tuple[Alternative, ...]:
    if any(line.lattice is None for line in lines):
        return ()
    return lattice_to_texts(_join_lattices(lines), grammar)


def _respell(text: str, rivals: tuple[Alternative, ...]) -> Alternative | None:
    """The number that has the digits and as many signs as a text that is none, or that is the text without specks.

    A comma may have been read as a point; a rival that leaves a sign out would be further from what was seen.
    """
    digits = [char for char in text if char.isdigit()]
    for rival in rivals:
        if len(rival.text) == len(text) and [char for char in rival.text if char.isdigit()] == digits:
            return rival
    bare = text.strip(_SPECKS)
    return next((rival for rival in rivals if rival.text == bare), None) if bare != text else None


def _weigh(text: str, greedy: Reading, rivals: tuple[Alternative, ...]) -> Reading:
    own = next((r.probability for r in rivals if r.text == text), greedy.confidence)
    others = tuple(r for r in rivals if r.text != text)
    rival = min(others[0].probability / max(own, 1e-6), 1.0) if others else 0.0
    return Reading(text, greedy.confidence, (*greedy.alternatives, *others), rival)


def _is_word(reading: Reading) -> bool:
    """A word set among numbers (无, 小计), read with certainty."""
    text = squash(reading.text)
    return len(text) >= 2 and all(is_cjk(c) for c in text) and reading.confidence >= 0.9


def _join_lattices(lines: Sequence[LineReading]) -> Lattice:
    """One lattice for a number that is wrapped over lines, with a frame of nothing between them."""
    parts: list[Lattice] = []
    for line in lines:
        if line.lattice is None:
            continue
        if parts:
            gap = np.zeros((1, line.lattice.shape[1]), dtype=np.float32)
            gap[0, 0] = 1.0
            parts.append(gap)
        parts.append(line.lattice)
    return np.concatenate(parts)
