"""Printed numbers as exact decimals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

MINUS = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d▲△"
"""Every character that is printed as a minus sign."""

_PLAIN = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?|\.\d+", re.ASCII)
_AMOUNT_LIKE = re.compile(r"[\d,.\s()%" + MINUS + r"]+")
_TWO_NUMBERS = re.compile(r"\d +\d")
_IN_THREES = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+", re.ASCII)
_LEAST_SHOWN = 2
_FEW = 20
"""Of so many amounts one may be printed to other places than the others, or was misread."""


def parse_amount(text: str) -> Decimal | None:
    """The exact value of a printed amount, or None when it is blank or no number.

    Reads thousands separators in groups of three, every spelling of the minus sign (-, －, −, △, parentheses)
    and full-width digits. Percentages, words, wrongly grouped digits (``1,23.4``), digits with a space between them
    (``12 34`` may be two numbers) or with a raised mark (``12²``) give None: a number that is not printed as one is
    not guessed.
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", ""))
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    if " " in plain:
        if _TWO_NUMBERS.search(plain):
            return None
        plain = plain.replace(" ", "")
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1]
    elif plain[:1] and plain[0] in MINUS:
        negative, plain = True, plain[1:]
    if not _PLAIN.fullmatch(plain) or _has_raised_digit(text):
        return None
    value = Decimal(plain.replace(",", ""))
    return -value if negative else value


def _has_raised_digit(text: str) -> bool:
    """Whether a footnote mark or power (``12²``, ``3①``) stands among the digits: compatibility forms hide it."""
    return not text.isascii() and any(unicodedata.category(char) == "No" for char in text)


def looks_numeric(text: str) -> bool:
    """Whether a text is made of digits and number punctuation only, whether or not it parses."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return bool(_AMOUNT_LIKE.fullmatch(plain)) and any(c.isdigit() for c in plain)


def decimal_places(text: str) -> int:
    """How many decimals a printed amount has; 0 for integers and for what is no number."""
    value = parse_amount(text)
    if value is None:
        return 0
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def is_in_threes(text: str) -> bool:
    """Whether a number would be whole, in groups of three, if its points were commas."""
    return bool(_IN_THREES.fullmatch(text))


def prints_whole_thousands(texts: Sequence[str], sure: Sequence[str]) -> bool:
    """Whether amounts are printed in groups of three without decimals, though points are read in some of them.

    The comma of some typefaces is two pixels of a coarse scan, and ``16,700`` is read as ``16.700``, surely and in
    whole columns. No sum tells: they hold of thousandths as well. The other amounts tell: where some are printed to
    one place or two none is whole, and where none has decimals the commas that were read show what the points are.

    Args:
        texts: amounts that are printed alike.
        sure: those of them that were read surely.
    """
    n_in_threes = sum(map(is_in_threes, texts))
    n_other = sum(decimal_places(text) > 0 and not is_in_threes(text) for text in texts)
    n_shown = sum(is_in_threes(text) and "." not in text for text in sure)
    return n_shown >= max(_LEAST_SHOWN, n_in_threes / _FEW) and n_other <= n_in_threes / _FEW
