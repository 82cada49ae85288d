"""Which lines of an unmarked list are parts of the line above them, told by the amounts alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lanci.validate.constraints import Term

_MOST_PARTS = 300
"""Parts of one line that are looked at: the search must not grow with the square of a long list."""


def find_parents(terms: Sequence[Term | None]) -> list[int | None]:
    """For each line the index of the line that it is a direct part of, None for those that are part of no other.

    Some lists print classes, their 款 and 项 one under the other without codes or ordinals. A line is taken
    to be the sum of the lines that follow it if some number of them, each with its own parts skipped, adds up to
    it exactly (up to rounding); None stands for a line without an amount of its own.
    """
    ends: list[int] = list(range(1, len(terms) + 1))
    parents: list[int | None] = [None] * len(terms)
    # From the bottom up every line's parts are known before the line itself.
    for index in range(len(terms) - 1, -1, -1):
        ends[index] = _find_end(terms, index, ends)
        place = index + 1
        while place < ends[index]:
            parents[place] = index
            place = ends[place]
    return parents


def find_top_lines(terms: Sequence[Term | None]) -> list[int]:
    """The indices of the lines that are part of no other line."""
    return [index for index, parent in enumerate(find_parents(terms)) if parent is None]


def _find_end(terms: Sequence[Term | None], index: int, ends: Sequence[int]) -> int:
    head = terms[index]
    if head is None or head.value <= 0:
        return index + 1
    total, slack, place = Decimal(0), head.slack, index + 1
    for _ in range(_MOST_PARTS):
        part = terms[place] if place < len(terms) else None
        if part is None or part.value < 0:
            break
        total, slack = total + part.value, slack + part.slack
        place = ends[place]
        if abs(total - head.value) <= slack:
            return place
        if total > head.value:
            break
    return index + 1
