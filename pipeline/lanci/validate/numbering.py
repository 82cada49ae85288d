"""The numbers that lines of tables and paragraphs begin with: 一、 （一） 1. （1）."""

from __future__ import annotations

import re

from lanci.text import squash

_RANKS = (
    re.compile(r"([一二三四五六七八九十]+)[、.,，．]"),
    re.compile(r"[（(]([一二三四五六七八九十]+)[）)]"),
    re.compile(r"(\d+)[、.．](?!\d)"),
    re.compile(r"[（(](\d+)[）)]"),
)
"""Styles of numbering from the widest to the narrowest; a list may begin with any and skip some."""
_DIGITS = "零一二三四五六七八九"


def number_of(text: str) -> tuple[int, int] | None:
    """The style of the number that a text begins with, 0 for the widest, and the number; None where it has none."""
    plain = squash(text)
    for rank, style in enumerate(_RANKS):
        if match := style.match(plain):
            return rank, _numeral_to_int(match.group(1))
    return None


def _numeral_to_int(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _DIGITS.find(numeral)
    return 10 * (_DIGITS.find(tens) if tens else 1) + (_DIGITS.find(ones) if ones else 0)
