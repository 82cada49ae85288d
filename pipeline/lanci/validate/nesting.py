"""Which lines of an unmarked list are parts of the line above them, told by the amounts alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lanci.validate.sums import Term


def find_top_lines(terms: Sequence[Term | None]) -> list[int]:
    """The indices of the lines that are part of no other line.

    Some summaries print classes, their 款 and 项 one under the other without codes or ordinals. A line is taken
    to be the sum of the lines that follow it if some number of them, each with its own parts skipped, adds up to
    it exactly (up to rounding); None stands for a line without an amount of its own.
    """
    ends: dict[int, int] = {}
    # From the bottom up every line's parts are known before the line itself.
    for index in range(len(terms) - 1, -1, -1):
        ends[index] = _find_end(terms, index, ends)
    top, index = [], 0
    while index < len(terms):
        top.append(index)
        index = ends[index]
    return top


def _find_end(terms: Sequence[Term | None], index: int, ends: dict[int, int]) -> int:
    head = terms[index]
    if head is None or head.value <= 0:
        return index + 1
    total, slack, place = Decimal(0), head.slack, index + 1
    while place < len(terms):
        part = terms[place]
        if part is None or part.value < 0:
            break
        total, slack = total + part.value, slack + part.slack
        place = ends[place]
        if abs(total - head.value) <= slack:
            return place
        if total > head.value:
            break
    return index + 1
