"""What the pages of a digital PDF visibly print; boxes are points of the page as displayed, pages count from 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lanci.document import Box

_AREA_MARGIN = 2.0  # points


class NumberKind(StrEnum):
    """What a printed number looks like."""

    AMOUNT = "amount"
    CODE = "code"


class AreaKind(StrEnum):
    """What makes a part of a page a table area."""

    RULED = "ruled"
    ALIGNED = "aligned"


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """Visible characters without white space between them; ``level`` tells that they run from left to right.

    ``glyphs`` are the boxes of the characters, one for each.
    """

    text: str
    box: Box
    level: bool
    glyphs: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number set off by white space.

    ``token`` is its text as compared (see :mod:`lanci_eval.evidence.tokens`). ``in_area`` tells whether it lies
    in a table area, ``alone`` whether it is besides all that its cell there says.
    """

    token: str
    kind: NumberKind
    box: Box
    in_area: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class TableArea:
    """A part of a page where a table is printed; ``cells`` are the ruled cells, none where there are no rules."""

    kind: AreaKind
    box: Box
    cells: tuple[Box, ...] = ()


def is_inside(box: Box, areas: Iterable[TableArea]) -> bool:
    """Whether the middle of a box lies in one of the areas, or next to it."""
    return any(area.box.contains(*box.center, margin=_AREA_MARGIN) for area in areas)


@dataclass(frozen=True, slots=True)
class ProseFigure:
    """A figure with its unit in running text: ``1385.53`` and ``万元``."""

    token: str
    unit: str


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page, words in reading order of the file.

    ``glued`` are the tokens inside longer words, and words like ``2.``, which no cell need hold alone.
    ``figures`` are those of the prose outside the table areas. ``units`` are the units of money that the page
    announces for its tables, or that the last page before it that announces any does.
    """

    number: int
    width: float
    height: float
    words: tuple[PrintedWord, ...]
    areas: tuple[TableArea, ...]
    numbers: tuple[PrintedNumber, ...]
    glued: tuple[str, ...] = ()
    figures: tuple[ProseFigure, ...] = ()
    units: tuple[str, ...] = ()

    def in_area(self, box: Box) -> bool:
        """Whether the middle of a box lies in a table area."""
        return is_inside(box, self.areas)


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """All pages of a document, in order."""

    pages: tuple[PrintedPage, ...]
