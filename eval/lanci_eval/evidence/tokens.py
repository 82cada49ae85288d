"""Numbers as they are printed, as texts to compare.

A token is a number's text in compatibility form (full-width digits and points become plain ones) with one
spelling of the minus sign. Tokens are compared as texts, never by value: ``1,234.50`` is not ``1234.5``.
"""

from __future__ import annotations

import re
import unicodedata

from lanci.text import squash
from lanci_eval.evidence.records import NumberKind

_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d▲△", "-"))
_GROUPED = r"\d{1,3}(?:,\d{3})+"
_PLAIN = rf"(?:(?:{_GROUPED}|\d+)?\.\d+|{_GROUPED})"
_AMOUNT = re.compile(rf"-?{_PLAIN}|\(-?{_PLAIN}\)")
_CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
_NUMERIC = re.compile(r"[-(]?[\d,.]*\d[\d,.]*[)%]?")
_TORN = re.compile(r"-?[\d.,]*\d[\d.,]*")
_INSIDE = re.compile(rf"(?<![\d.,])-?(?:{_GROUPED}|\d+)(?:\.\d+)?(?![\d]|[.,]\d)")


def to_token(text: str) -> str:
    """The text as tokens are compared: no white space, compatibility forms, one minus sign."""
    return squash(text).translate(_MINUS)


def kind_of(token: str) -> NumberKind | None:
    """Whether a token as a whole is an amount or a code; None for anything else, plain integers included.

    An amount has a decimal point or thousands separators in groups of three, and may have a minus sign or
    stand in parentheses. A code has 3, 5 or 7 digits.
    """
    if _AMOUNT.fullmatch(token):
        return NumberKind.AMOUNT
    return NumberKind.CODE if _CODE.fullmatch(token) else None


def is_numeric(token: str) -> bool:
    """Whether a token is digits and number punctuation only, percentages included."""
    return bool(_NUMERIC.fullmatch(token))


def is_torn(token: str) -> bool:
    """Whether a token is made like an amount and is none: ``,212777.00``, ``1,23.4``, ``2.``."""
    return kind_of(token) is None and bool(_TORN.fullmatch(token)) and not token.lstrip("-").isdecimal()


def split_tokens(text: str) -> tuple[str, ...]:
    """The pieces of a text between white space that are numbers as a whole."""
    pieces = (to_token(piece) for piece in text.split())
    return tuple(piece for piece in pieces if kind_of(piece) is not None)


def inner_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where numbers stand in a text without white space, as (start, end); full-width digits count."""
    plain = "".join(unicodedata.normalize("NFKC", char)[:1] or char for char in text)
    return tuple(match.span() for match in _INSIDE.finditer(plain.translate(_MINUS)))


def inner_tokens(text: str) -> tuple[str, ...]:
    """The amounts and codes anywhere in a text, also those glued to words; white space separates.

    A number in parentheses is found without them when it stands in a longer piece.
    """
    tokens: list[str] = []
    for piece in text.split():
        token = to_token(piece)
        if kind_of(token) is not None:
            tokens.append(token)
            continue
        plain = unicodedata.normalize("NFKC", piece).translate(_MINUS)
        tokens += [m.group() for m in _INSIDE.finditer(plain) if kind_of(m.group()) is not None]
    return tuple(tokens)
