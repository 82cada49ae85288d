"""Printed numbers as exact decimals."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_MINUS = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d▲△"
_PLAIN = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?|\.\d+")
_AMOUNT_LIKE = re.compile(r"[\d,.\s()%" + _MINUS + r"]+")


def parse_amount(text: str) -> Decimal | None:
    """The exact value of a printed amount, or None when it is blank or no number.

    Reads thousands separators in groups of three, every spelling of the minus sign (-, －, −, △, parentheses)
    and full-width digits. Percentages, words and wrongly grouped digits (``1,23.4``) give None: a number that
    is not printed as one is not guessed.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace("，", ",")
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1]
    elif plain[:1] and plain[0] in _MINUS:
        negative, plain = True, plain[1:]
    if not _PLAIN.fullmatch(plain):
        return None
    value = Decimal(plain.replace(",", ""))
    return -value if negative else value


def looks_numeric(text: str) -> bool:
    """Whether a text is made of digits and number punctuation only, whether or not it parses."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(_AMOUNT_LIKE.fullmatch(plain)) and any(c.isdigit() for c in plain)


def decimal_places(text: str) -> int:
    """How many decimals a printed amount has; 0 for integers and for what is no number."""
    value = parse_amount(text)
    if value is None:
        return 0
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
