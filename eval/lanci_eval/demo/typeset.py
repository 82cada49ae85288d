"""Measuring and breaking lines of Chinese text."""

from __future__ import annotations

from functools import cache

import pymupdf

from lanci.text import join_lines, normalize

FONT_NAME = "china-s"
"""PyMuPDF's name for Droid Sans Fallback (Apache-2.0), which its wheel carries."""

LINE_PITCH = 1.35
"""Distance of two baselines in ems; the font's own ascender and descender add up to 1.31."""

_TOLERANCE = 1e-6  # ems; widths are sums of floats, and a text measured once must fit its own width

# Closing marks may not begin a line and opening marks may not end one (GB/T 15834).
_NEVER_FIRST = frozenset("，。、；：！？）》”’〕】…％%,.;:!?)]")
_NEVER_LAST = frozenset("（《“‘〔【([≥≤＞＜><")
_NUMBER = frozenset("0123456789.,-%")


@cache
def load_font() -> pymupdf.Font:
    """The one font of all demo documents."""
    return pymupdf.Font(FONT_NAME)


@cache
def _advance(char: str) -> float:
    return float(load_font().glyph_advance(ord(char)))


def measure(text: str) -> float:
    """Width of the text in ems."""
    return sum(_advance(char) for char in text)


@cache
def split_to_atoms(text: str) -> tuple[str, ...]:
    """The pieces of a text between which a line may end; joined they give the text again.

    A break is allowed only where reading the two lines as one gives back what was printed: a space that
    :func:`lanci.text.join_lines` would not restore, for instance, keeps its neighbours together.
    """
    atoms: list[str] = []
    start = 0
    for end in range(1, len(text)):
        if _may_break(text, end):
            atoms.append(text[start:end])
            start = end
    return (*atoms, text[start:]) if text else ()


def _may_break(text: str, at: int) -> bool:
    left, right = text[at - 1], text[at]
    if right == " " or right in _NEVER_FIRST or left in _NEVER_LAST:
        return False
    if left in _NUMBER and right in _NUMBER:
        return False
    return _joins_back(text, at)


def _joins_back(text: str, at: int) -> bool:
    # A few characters around the break decide; the whole text would make long cells quadratic.
    start, end = max(at - 3, 0), at + 3
    return join_lines([text[start:at], text[at:end]]) == normalize(text[start:end])


def widest_atom(text: str) -> float:
    """Width in ems of the widest piece that a line break cannot divide."""
    return max((measure(atom.rstrip()) for atom in split_to_atoms(text)), default=0.0)


def wrap(text: str, width: float) -> tuple[str, ...]:
    """Break a text into lines of at most ``width`` ems.

    A piece that is wider than the line (a long number in a narrow cell) is broken between any two of its
    characters where joining gives it back; never inside a run that could not be read as one again.
    """
    width += _TOLERANCE
    lines: list[str] = []
    line = ""
    for atom in split_to_atoms(text):
        if measure((line + atom).rstrip()) <= width:
            line += atom
            continue
        if line:
            lines.append(line.rstrip())
        *full, line = _break_atom(atom, width)
        lines.extend(full)
    if line:
        lines.append(line.rstrip())
    return tuple(lines)


def _break_atom(atom: str, width: float) -> list[str]:
    pieces = [""]
    for at, char in enumerate(atom):
        too_wide = measure((pieces[-1] + char).rstrip()) > width
        if pieces[-1] and too_wide and char != " " and _joins_back(atom, at):
            pieces.append("")
        pieces[-1] += char
    return [piece.rstrip() for piece in pieces[:-1]] + pieces[-1:]
