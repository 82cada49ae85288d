"""Text as printed, and text for comparing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_CJK = r"\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’《》〈〉【】"
_CJK_CHAR = re.compile(f"[{_CJK}]")
# Marks of no width that typesetting programs leave behind: zero-width spaces and joiners, soft hyphen, byte order mark.
_WIDTHLESS = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HAS_WIDTHLESS = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# No meaning is known of these, or (a dot between digits) it stands for a glyph that the font does not name.
_UNREADABLE = re.compile(
    "[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0e-\x1b\x7f-\x9f]|(?<=\\d)\u2022(?=\\w)|(?<=\\w)\u2022(?=\\d)"
)


def is_cjk(char: str) -> bool:
    """Whether a character is set without spaces between words (ideographs, their punctuation, full width)."""
    return _CJK_CHAR.match(char) is not None


def normalize(text: str) -> str:
    """Printed text on one line: whitespace runs become one space, ends are stripped, marks without width dropped."""
    if not text.isascii() and _HAS_WIDTHLESS.search(text):
        text = text.translate(_WIDTHLESS)
    return " ".join(text.split())


def has_unreadable(text: str) -> bool:
    """Whether a text holds glyphs whose meaning its font does not tell (U+FFFD, private use, ``202•年``)."""
    return not (text.isascii() and text.isprintable()) and _UNREADABLE.search(text) is not None


def join_lines(lines: Iterable[str]) -> str:
    """Join the lines of one cell: nothing between Chinese characters, nothing inside a cut number, else a space.

    A space is only put where the line before ends and the next one begins with a Latin letter, or a letter and
    a digit meet; a number that was wrapped inside a narrow cell is written together again.
    """
    joined = ""
    for line in map(normalize, lines):
        if line:
            joined += joiner(joined, line) + line if joined else line
    return joined


def joiner(left: str, right: str) -> str:
    """What stands between two lines of one cell, neither of them empty: a space or nothing."""
    before, after = left[-1], right[0]
    if is_cjk(before) or is_cjk(after):
        return ""
    if before in "-\u2010" and len(left) > 1 and left[-2].isalpha() and after.islower():
        return ""  # a Latin word that is cut at its hyphen
    return " " if before.isalpha() or after.isalpha() else ""


def squash(text: str) -> str:
    """For comparing: compatibility forms unified (full width, ligatures), no whitespace at all."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if _HAS_WIDTHLESS.search(text):
            text = text.translate(_WIDTHLESS)
    return "".join(text.split())
