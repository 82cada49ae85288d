"""Text as printed, and text for comparing."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u3000]+")
_CJK = r"\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’《》〈〉【】"
_CJK_CHAR = re.compile(f"[{_CJK}]")


def is_cjk(char: str) -> bool:
    """Whether a character is set without spaces between words (ideographs, their punctuation, full width)."""
    return bool(_CJK_CHAR.match(char))


def normalize(text: str) -> str:
    """Printed text on one line: whitespace runs become one space, ends are stripped."""
    return _SPACES.sub(" ", text).strip()


def join_lines(lines: list[str]) -> str:
    """Join the lines of one cell: nothing between Chinese characters, nothing inside a cut number, else a space.

    A space is only put where the line before ends and the next one begins with a Latin letter, or a letter and
    a digit meet; a number that was wrapped inside a narrow cell is written together again.
    """
    joined = ""
    for line in (normalize(line) for line in lines):
        if not line:
            continue
        if joined and _needs_space(joined[-1], line[0]):
            joined += " "
        joined += line
    return joined


def _needs_space(left: str, right: str) -> bool:
    if is_cjk(left) or is_cjk(right):
        return False
    return left.isalpha() or right.isalpha()


def squash(text: str) -> str:
    """For comparing: compatibility forms unified (full width, ligatures), no whitespace at all."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))
