"""What a made-up document is, from its content to its pages.

``content`` makes a :class:`Content`: logical tables whose amounts obey the identities of real budgets, and prose.
``pages`` cuts it into :class:`SheetPage` after the manners of a :class:`Family`. An engine prints the pages. The truth
is made of the pages, not of what an engine did with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lanci.document import Cell, Table


class PassageKind(StrEnum):
    """What stands between tables."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CONTENTS = "contents"
    CHART = "chart"


@dataclass(frozen=True, slots=True)
class Passage:
    """Prose, a line of a contents page, or a chart (whose ``text`` is its caption)."""

    kind: PassageKind
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """A logical table before it has pages: ``table.fragments`` is empty, boxes are unknown.

    ``inconsistencies`` are true errors that were planted, in words, as annotations write them.
    """

    table: Table
    inconsistencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A document's content in order. ``id`` is unique within a production."""

    id: str
    name: str
    province: str
    city: str
    county: str
    fiscal_year: int
    blocks: tuple[Form | Passage, ...]


class Rules(StrEnum):
    """How a family draws its tables."""

    FULL = "full"
    PALE = "pale"
    DOTTED = "dotted"
    FILLS = "fills"
    HORIZONTAL = "horizontal"
    THREE_LINE = "three-line"
    NONE = "none"


class Repeat(StrEnum):
    """What a family prints again above a table that goes on after a page break."""

    NOTHING = "nothing"
    COLUMN_NUMBERS = "column numbers"
    HEADER = "header"
    TITLE_AND_HEADER = "title and header"


@dataclass(frozen=True, slots=True)
class Style:
    """What else tells the print of one family from that of another.

    Attributes:
        size: of the type in tables, points, where the columns leave the room for it.
        row_height: least height of a row, ems.
        bold_header: header cells are bold.
        header_fill: colour behind the header rows, ``#rrggbb``; empty for none.
        indent_codes: codes and names are indented by the level of their code.
        caption_inline: entity, year and unit stand on one line.
        even_columns: columns of one role are equally wide in all tables, so that tables of the same columns agree.
        continued_line: a line above a table that goes on, such as 续表; empty for none.
        spaced_repeats: short labels are letter-spaced where a header is printed again (项目, then 项 目).
        page_number: how pages are numbered, with ``{}`` for the number; empty for not at all.
        running_head: the document's name stands at the top of every page.
    """

    size: float = 9.5
    row_height: float = 2.0
    bold_header: bool = False
    header_fill: str = ""
    indent_codes: bool = False
    caption_inline: bool = True
    even_columns: bool = False
    continued_line: str = ""
    spaced_repeats: bool = False
    page_number: str = "- {} -"
    running_head: bool = False


@dataclass(frozen=True, slots=True)
class Watermark:
    """A pale text under the print.

    Attributes:
        texts: of which a document shows one.
        size: of the type, points.
        color: red, green, blue from 0 to 1.
        turn: how it is turned, degrees clockwise.
        places: of the middles of its lines, as shares of the page's width and height.
    """

    texts: tuple[str, ...]
    size: float = 46.0
    color: tuple[float, float, float] = (0.86, 0.86, 0.86)
    turn: float = 35.0
    places: tuple[tuple[float, float], ...] = ((0.5, 0.32), (0.5, 0.72))


@dataclass(frozen=True, slots=True)
class Family:
    """The manners of one layout family.

    Attributes:
        name: unique; documents of one family belong to one side of a split.
        engine: the name of the layout engine that prints it.
        font: the family name of the Debian font package's face.
        rules: how tables are drawn.
        repeat: what stands again after a page break.
        landscape: whether wide tables lie on landscape pages.
        rotate: /Rotate entry of all pages: 0, 90, 180 or 270 degrees.
        cut_labels: a merged label that a break cuts goes on as an empty cell.
        cut_cells: a text that a break cuts goes on after it; tables follow one another wherever they end.
        lone_row: the last row of some table stands alone on its page.
        share_page: a short table may stand on the page of another.
        watermark: a pale text under the print of every page.
        sealed: a red seal over cells of some pages.
        style: what else tells its print from that of others.
    """

    name: str
    engine: str
    font: str
    rules: Rules
    repeat: Repeat
    landscape: bool = False
    rotate: int = 0
    cut_labels: bool = False
    cut_cells: bool = False
    lone_row: bool = False
    share_page: bool = False
    watermark: Watermark | None = None
    sealed: bool = False
    style: Style = Style()


@dataclass(frozen=True, slots=True)
class TablePart:
    """Rows ``first_row`` to ``last_row`` (both included) of a form as one page shows them.

    ``caption_lines`` stand above it, ``repeated_header`` (rows from 0) is printed again on top of it, ``notes`` below.
    ``cut_top`` and ``cut_bottom`` tell that a page break cuts the first or last row: that row belongs to both pages.
    """

    form: Form
    first_row: int
    last_row: int
    caption_lines: tuple[str, ...] = ()
    repeated_header: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    cut_top: bool = False
    cut_bottom: bool = False


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One page: what stands on it from top to bottom; it must not overflow when printed."""

    number: int
    blocks: tuple[TablePart | Passage, ...]
    landscape: bool = False
