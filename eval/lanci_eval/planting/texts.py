"""How a printed amount is misread: one text made into another, as readers of scans do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lanci.numbers import MINUS, parse_amount
from lanci_eval.factory.names import pick

CONFUSIONS = {
    "0": "869",
    "1": "74",
    "2": "73",
    "3": "85",
    "4": "91",
    "5": "63",
    "6": "805",
    "7": "12",
    "8": "3609",
    "9": "408",
}
"""Digits that look alike on coarse scans."""


def confuse_digit(text: str, rng: np.random.Generator) -> str | None:
    """The text with one digit read as one that looks like it."""
    return _pick_other(text, list(_replaced(text, CONFUSIONS)), rng)


def change_digit(text: str, rng: np.random.Generator) -> str | None:
    """The text with one digit read as any other."""
    others = {digit: "0123456789".replace(digit, "") for digit in "0123456789"}
    return _pick_other(text, list(_replaced(text, others)), rng)


def drop_digit(text: str, rng: np.random.Generator) -> str | None:
    """The text without one of its digits."""
    return _pick_other(text, [text[:place] + text[place + 1 :] for place in _digits(text)], rng)


def double_digit(text: str, rng: np.random.Generator) -> str | None:
    """The text with one digit twice."""
    return _pick_other(text, [text[: place + 1] + text[place:] for place in _digits(text)], rng)


def lose_minus(text: str, rng: np.random.Generator) -> str | None:
    """The text without its minus sign."""
    return _pick_other(text, [text[1:]] if text[:1] in tuple(MINUS) else [], rng)


def lose_point(text: str, rng: np.random.Generator) -> str | None:
    """The text without its decimal point."""
    return _pick_other(text, [text.replace(".", "")] if "." in text else [], rng)


def swap_sign(text: str, rng: np.random.Generator) -> str | None:
    """The text with a thousands comma read as a point, or the point as a comma."""
    swapped = {",": ".", ".": ","}
    return _pick_other(text, list(_replaced(text, swapped)), rng)


def _digits(text: str) -> list[int]:
    return [place for place, char in enumerate(text) if char.isdigit()]


def _replaced(text: str, by: dict[str, str]) -> Iterator[str]:
    for place, char in enumerate(text):
        for other in by.get(char, ""):
            yield text[:place] + other + text[place + 1 :]


def _pick_other(text: str, readings: list[str], rng: np.random.Generator) -> str | None:
    """One of the readings that are another amount than the text, or none."""
    value = parse_amount(text)
    wrong = [reading for reading in readings if reading and parse_amount(reading) != value]
    return pick(rng, wrong) if wrong else None
