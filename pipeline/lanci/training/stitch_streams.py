"""Documents as streams of fragments in page order whose tables are known: what links are learned from."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lanci.annotation import AnnotatedDocument, Narrative
from lanci.document import Caption
from lanci.training.examples import Example, documents_to_examples

_LINE = 40
"""Characters in a line of prose, about."""


class Origin(StrEnum):
    """Where the page breaks of a stream come from; each origin counts for a share of its own."""

    PRINTED = "as printed"
    MADE = "made-up documents"
    UNTITLED = "titles not seen"
    RECUT = "breaks made anew"
    NEIGHBOURS = "look-alike neighbours"


@dataclass(frozen=True, slots=True)
class Stream:
    """Fragments of one document in page order; ``place`` is what is held out together (a city, a layout family).

    ``contents`` are the lines of its contents page, ``blank`` the numbers of its pages without anything on them.
    """

    document: str
    place: str
    origin: Origin
    examples: tuple[Example, ...]
    contents: tuple[str, ...] = ()
    blank: frozenset[int] = frozenset()

    @property
    def tables(self) -> tuple[str, ...]:
        """The table of each fragment."""
        return tuple(example.table for example in self.examples)


def document_to_stream(document: AnnotatedDocument, place: str, origin: Origin) -> Stream:
    """The fragments of a document in page order, with the prose that stands between them."""
    examples = _with_gaps(documents_to_examples([document]), document.narrative)
    ordered = sorted(examples, key=lambda one: (one.fragment.page, one.fragment.index))
    contents = tuple(line.text for line in document.narrative if line.kind == "contents")
    return Stream(document.id, place, origin, tuple(ordered), contents)


def hide_captions(stream: Stream, origin: Origin, share: float, rng: random.Random) -> Stream:
    """The stream with nothing above the fragments of a share of its tables, as where their lines were not found."""
    hidden = {table for table in dict.fromkeys(stream.tables) if rng.random() < share}
    examples = tuple(
        replace(one, fragment=replace(one.fragment, caption=Caption())) if one.table in hidden else one
        for one in stream.examples
    )
    return replace(stream, origin=origin, examples=examples)


def _with_gaps(examples: Sequence[Example], narrative: Sequence[Narrative]) -> list[Example]:
    """The examples with the lines of prose above and below them on their pages, where prose was transcribed."""
    lines: dict[tuple[str | None, int], int] = {}
    for piece in narrative:
        if piece.kind == "paragraph":
            place = (piece.before, piece.page)
            lines[place] = lines.get(place, 0) + math.ceil(len(piece.text) / _LINE)
    found = []
    for i, example in enumerate(examples):
        following = examples[i + 1] if i + 1 < len(examples) else None
        ends = following is None or following.table != example.table
        after = following.table if following is not None else None
        above = 0 if example.continues else lines.get((example.table, example.fragment.page), 0)
        below = lines.get((after, example.fragment.page), 0) if ends else 0
        found.append(replace(example, fragment=replace(example.fragment, gap_above=above, gap_below=below)))
    return found
