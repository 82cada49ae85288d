"""What stands around a fragment in its document: the part before it, the tables next to it, the contents page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lanci.classify.outline import Outline, title_to_words

ALIKE = 0.5
"""From which share of common pairs of characters on two texts are alike: one is the other, misread or shortened."""

_LEADERS = re.compile(r"[.．…·⋯\s]*[.．…·⋯]{2,}[.．…·⋯\s]*[-—]?\s*\d*\s*[-—]?$|\s+\d+$")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around one fragment.

    ``previous`` is the fragment before it in reading order, ``header_before`` and ``title_before`` are those of the
    nearest fragments before it that show one, ``title_after`` of the nearest behind it. ``entry`` is the line of the
    contents page that fits its place.
    """

    previous: Outline | None = None
    header_before: str = ""
    title_before: str = ""
    title_after: str = ""
    entry: str = ""


ALONE = Surroundings()
"""Of a fragment of which nothing is known but itself."""


def outlines_to_surroundings(outlines: Sequence[Outline], contents: Sequence[str] = ()) -> list[Surroundings]:
    """The surroundings of every fragment of a document.

    Args:
        outlines: in any order; what counts is their page, and their place on it.
        contents: the lines of the contents page, as printed.

    Returns:
        One for each outline, in the same order.
    """
    order = reading_order(outlines)
    ordered = [outlines[i] for i in order]
    entries = _find_entries([outline.title for outline in ordered], contents)
    found: list[Surroundings] = []
    previous: Outline | None = None
    header, title = "", ""
    for outline, entry in zip(ordered, entries, strict=True):
        if previous is not None and (outline.page, outline.index) <= (previous.page, previous.index):
            previous, header, title = None, "", ""  # fragments of several documents
        found.append(Surroundings(previous, header, title, "", entry))
        previous, header, title = outline, outline.header or header, outline.title or title
    following = ""
    for place in range(len(ordered) - 1, -1, -1):
        found[place] = replace(found[place], title_after=following)
        following = (ordered[place].title or following) if found[place].previous is not None else ""
    by_place = dict(zip(order, found, strict=True))
    return [by_place[i] for i in range(len(outlines))]


def reading_order(outlines: Sequence[Outline]) -> list[int]:
    """The places of the outlines in the order in which their document is read."""
    return sorted(range(len(outlines)), key=lambda i: (outlines[i].page, outlines[i].index))


def _find_entries(titles: Sequence[str], contents: Sequence[str]) -> list[str]:
    """The entry of the contents that each title is, or, without a title, the one after the entry last met."""
    entries = [entry for entry in map(_entry_to_words, contents) if entry]
    if not entries:
        return [""] * len(titles)
    pairs = [text_to_pairs(entry) for entry in entries]
    found: list[str] = []
    at = -1
    for title in titles:
        own = text_to_pairs(title)
        scores = [(pairs_to_likeness(own, pair), -abs(i - at - 1)) for i, pair in enumerate(pairs)] if title else []
        best = max(range(len(scores)), key=scores.__getitem__) if scores else -1
        if best >= 0 and scores[best][0] >= ALIKE:
            at = best
            found.append(entries[best])
        else:
            found.append(entries[at + 1] if not title and 0 <= at + 1 < len(entries) else "")
    return found


def _entry_to_words(line: str) -> str:
    return title_to_words(_LEADERS.sub("", line.strip()))


def text_to_pairs(text: str) -> frozenset[str]:
    """All pairs of neighbouring characters."""
    return frozenset([text[i : i + 2] for i in range(len(text) - 1)])


def pairs_to_likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of pairs of characters that two texts have in common (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
