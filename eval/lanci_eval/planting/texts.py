"""How a printed amount is misread: one text made into another, as readers of scans do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from lanci.numbers import MINUS, parse_amount
from lanci_eval.planting.confusions import load_confusions

_Weighted = Iterator[tuple[str, float]]
"""Readings with how often they occur, in any unit."""


def confuse_digit(text: str, rng: np.random.Generator) -> str | None:
    """The text with one digit read as another, as often as readers of scans did that (:mod:`.confusions`)."""
    return _pick_other(text, _replaced(text, load_confusions().count), rng)


def change_digit(text: str, rng: np.random.Generator) -> str | None:
    """The text with one digit read as any other."""
    return _pick_other(text, _replaced(text, lambda _printed, _read: 1), rng)


def drop_digit(text: str, rng: np.random.Generator) -> str | None:
    """The text without one of its digits, as often as readers dropped it; once was added to each count."""
    count = load_confusions().count
    return _pick_other(text, ((_cut(text, place), 1 + count(text[place], "")) for place in _digits(text)), rng)


def double_digit(text: str, rng: np.random.Generator) -> str | None:
    """The text with one digit twice; that is too rare among scans to know which."""
    return _pick_other(text, ((text[: place + 1] + text[place:], 1) for place in _digits(text)), rng)


def lose_minus(text: str, rng: np.random.Generator) -> str | None:
    """The text without its minus sign."""
    return _pick_other(text, [(text[1:], 1)] if text[:1] in tuple(MINUS) else [], rng)


def lose_point(text: str, rng: np.random.Generator) -> str | None:
    """The text without its decimal point."""
    return _pick_other(text, [(text.replace(".", ""), 1)] if "." in text else [], rng)


def swap_sign(text: str, rng: np.random.Generator) -> str | None:
    """The text with a thousands comma read as a point, or the point as a comma."""
    swapped = {",": ".", ".": ","}
    places = [place for place, char in enumerate(text) if char in swapped]
    return _pick_other(text, ((f"{text[:i]}{swapped[text[i]]}{text[i + 1 :]}", 1) for i in places), rng)


def _digits(text: str) -> list[int]:
    return [place for place, char in enumerate(text) if char.isdigit()]


def _cut(text: str, place: int) -> str:
    return text[:place] + text[place + 1 :]


def _replaced(text: str, weight: Callable[[str, str], float]) -> _Weighted:
    """The text with each digit as each other one."""
    for place in _digits(text):
        for other in "0123456789":
            if other != text[place]:
                yield text[:place] + other + text[place + 1 :], weight(text[place], other)


def _pick_other(text: str, readings: Iterable[tuple[str, float]], rng: np.random.Generator) -> str | None:
    """One of the readings that are another amount than the text, by their weights, or none."""
    value = parse_amount(text)
    wrong = [(reading, weight) for reading, weight in readings if weight and reading and parse_amount(reading) != value]
    if not wrong:
        return None
    weights = np.array([weight for _, weight in wrong], dtype=np.float64)
    return wrong[int(rng.choice(len(wrong), p=weights / weights.sum()))][0]
