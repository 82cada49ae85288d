"""What a demo page holds before it is laid out, and where everything stands afterwards.

Coordinates are PDF points with the origin at the top left of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Align(StrEnum):
    """Where a text stands between the left and the right edge of its cell."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class TextKind(StrEnum):
    """How a line of prose is set."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class GridCell:
    """A printed cell; rows count from the grid's own first row. ``indent`` is in ems."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    align: Align = Align.LEFT
    bold: bool = False
    indent: float = 0.0
    header: bool = False


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A heading, a paragraph or a line of the contents page."""

    kind: TextKind
    text: str


@dataclass(frozen=True, slots=True)
class CaptionLine:
    """A line above a table: centred titles, the entity on the left, year and unit on the right."""

    align: Align
    text: str


@dataclass(frozen=True, slots=True)
class GridBlock:
    """The part of a table that one page shows; ``table`` is the table's id.

    ``measure`` are the cells that decide the column widths: those of the whole table, so that its parts on
    several pages have the same columns.
    """

    caption: tuple[CaptionLine, ...]
    n_rows: int
    n_cols: int
    cells: tuple[GridCell, ...]
    measure: tuple[GridCell, ...]
    notes: tuple[str, ...] = ()
    table: str = ""


@dataclass(frozen=True, slots=True)
class PageContent:
    """Everything that one page shows, from the top; ``landscape`` is decided by the widest table."""

    number: int
    blocks: tuple[TextBlock | GridBlock, ...]
    landscape: bool


@dataclass(frozen=True, slots=True)
class Style:
    """How one authority sets its disclosure.

    ``caption_inline`` puts entity, year and unit on one line; otherwise each stands on a line of its own.
    ``indent_codes`` indents subject names by the level of their code. ``bold_header`` sets header cells bold.
    ``rule_width`` is in points.
    """

    caption_inline: bool
    indent_codes: bool
    bold_header: bool
    rule_width: float


@dataclass(frozen=True, slots=True)
class PlacedText:
    """One line of text; ``y`` is its baseline, ``x`` its left end, ``size`` in points."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A straight horizontal or vertical line."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PlacedGrid:
    """Where the part of a table came to stand: the edges of its columns and rows."""

    table: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """A page ready to be drawn, sizes in points; ``grids`` from the top."""

    width: float
    height: float
    texts: tuple[PlacedText, ...]
    rules: tuple[PlacedRule, ...]
    rule_width: float
    grids: tuple[PlacedGrid, ...] = ()
