"""Which lines of an unmarked list are parts of the line above them, told by the amounts alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lanci.validate.constraints import Term

_MOST_PARTS = 300
"""Parts of one line that are looked at: the search must not grow with the square of a long list."""

_LONGEST = 80
"""Lines of a list in which a line that lacks a part is looked for: the search grows faster than the list."""


def find_parents(terms: Sequence[Term | None]) -> list[int | None]:
    """For each line the index of the line that it is a direct part of, None for those that are part of no other.

    Some lists print classes, their 款 and 项 one under the other without codes or ordinals. A line is taken
    to be the sum of the lines that follow it if some number of them, each with its own parts skipped, adds up to
    it exactly (up to rounding); None stands for a line without an amount of its own.
    """
    ends = _find_ends(terms)
    parents: list[int | None] = [None] * len(terms)
    for index, end in enumerate(ends):
        for place in _direct_parts(index, end, ends):
            parents[place] = index
    return parents


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that is more than the lines under it: one of them was lost or misread.

    Attributes:
        line: its index.
        parts: those under it, by their indices.
        above: the line that it is a part of.
        beside: the parts of that line, itself among them, which add up to it.
        n_tried: in how many ways such lines were looked for.
    """

    line: int
    parts: tuple[int, ...]
    above: int
    beside: tuple[int, ...]
    n_tried: int


def find_short_line(terms: Sequence[Term | None]) -> ShortLine | None:
    """The line that all the other lines' sums hold without, None where there is none or there are no sums.

    If the lines after it are taken for its parts although they are too little, a line above it, which is the sum of
    no lines otherwise, is the sum of it and of others.
    """
    ends = _find_ends(terms)
    if len(terms) > _LONGEST or all(end == index + 1 for index, end in enumerate(ends)):
        return None
    tried = 0
    for line, end in _too_little(terms, ends):
        forced = [*ends[:line], end, *ends[line + 1 :]]
        for above in range(line - 1, -1, -1):
            if ends[above] > above + 1:
                continue
            tried += 1
            beside = _direct_parts(above, _find_end(terms, above, forced), forced)
            if line in beside and len(beside) > 1:
                return ShortLine(line, _direct_parts(line, end, ends), above, beside, tried)
    return None


def _too_little(terms: Sequence[Term | None], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each line that is no sum of lines after it, with each place up to which they are less than it."""
    for line, head in enumerate(terms):
        if not line or head is None or ends[line] > line + 1:
            continue
        total, place = Decimal(0), line + 1
        while place < len(terms) and (part := terms[place]) is not None and part.value >= 0:
            total, place = total + part.value, ends[place]
            if total >= head.value:
                break
            if total:
                yield line, place


def _find_ends(terms: Sequence[Term | None]) -> list[int]:
    """For each line the index after its last part, or after itself."""
    ends = list(range(1, len(terms) + 1))
    # From the bottom up every line's parts are known before the line itself.
    for index in range(len(terms) - 1, -1, -1):
        ends[index] = _find_end(terms, index, ends)
    return ends


def _direct_parts(index: int, end: int, ends: Sequence[int]) -> tuple[int, ...]:
    """The lines from after a line to an end, those left out that are parts of one of them."""
    found, place = [], index + 1
    while place < end:
        found.append(place)
        place = ends[place]
    return tuple(found)


def find_top_lines(terms: Sequence[Term | None]) -> list[int]:
    """The indices of the lines that are part of no other line."""
    return [index for index, parent in enumerate(find_parents(terms)) if parent is None]


def _find_end(terms: Sequence[Term | None], index: int, ends: Sequence[int]) -> int:
    head = terms[index]
    if head is None or head.value <= 0:
        return index + 1
    total, slack, place, shown = Decimal(0), head.slack, index + 1, 0
    for _ in range(_MOST_PARTS):
        part = terms[place] if place < len(terms) else None
        if part is None or part.value < 0:
            break
        total, slack, shown = total + part.value, slack + part.slack, shown + bool(part.value)
        place = ends[place]
        # An amount that is printed twice was rounded once.
        if abs(total - head.value) <= (slack if shown > 1 else 0):
            return place
        if total > head.value:
            break
    return index + 1
