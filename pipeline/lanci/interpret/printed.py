"""What is printed where an amount belongs."""

from __future__ import annotations

from enum import StrEnum

from lanci.numbers import parse_amount
from lanci.text import squash

_SLASHES = frozenset("/\\")
_NONE_WORDS = frozenset({"无", "空"})
_FILLERS = frozenset("-‐‑‒–—―−_─.·*")


class Printed(StrEnum):
    """How a place for an amount is filled: zero, nothing and what cannot be read are kept apart."""

    NUMBER = "number"
    BLANK = "blank"
    DASH = "dash"
    SLASH = "slash"
    NONE = "none"
    TEXT = "text"


_NOTHING = frozenset({Printed.BLANK, Printed.DASH, Printed.SLASH, Printed.NONE})


def is_nothing(text: str) -> bool:
    """Whether a text stands for "no amount": blank, a dash, ``/``, 无, dots."""
    return not text or text_to_printed(text) in _NOTHING


def text_to_printed(text: str) -> Printed:
    """What the text of an amount is: a number, blank, one of the marks for nothing, or anything else."""
    plain = squash(text) if text else ""
    if not plain:
        return Printed.BLANK
    if parse_amount(text) is not None:
        return Printed.NUMBER
    if plain in _SLASHES:
        return Printed.SLASH
    if plain in _NONE_WORDS:
        return Printed.NONE
    return Printed.DASH if all(char in _FILLERS for char in plain) else Printed.TEXT
