"""The records that flow between the stages, one frozen type per boundary.

Conventions, the same everywhere:

* Boxes are PDF points (1/72 inch), origin at the top left, of the page *as displayed* (its /Rotate applied).
* Inside the stages from ``page`` to ``caption`` coordinates are those of the page's *working frame*: the page
  turned upright and deskewed. ``PageEvidence.to_page`` maps the working frame to the displayed page; it is the
  identity for most digital pages. ``Fragment`` and everything after it holds boxes of the displayed page.
* Pages are numbered from 1; rows and columns from 0; spans are counts of at least 1.
* ``text`` is what is printed. No stage ever replaces it by a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lanci.geometry import IDENTITY as IDENTITY
from lanci.geometry import Box as Box
from lanci.geometry import Place as Place
from lanci.geometry import Transform as Transform
from lanci.geometry import boxes_to_hull as boxes_to_hull
from lanci.meaning import NO_MEANING as NO_MEANING
from lanci.meaning import ColumnMeaning as ColumnMeaning
from lanci.meaning import FormAmount as FormAmount
from lanci.meaning import Measure as Measure
from lanci.meaning import RowMeaning as RowMeaning
from lanci.meaning import SubColumn as SubColumn
from lanci.meaning import SubjectCode as SubjectCode
from lanci.meaning import SubTable as SubTable
from lanci.override import AppliedOverride as AppliedOverride
from lanci.statement import Statement as Statement
from lanci.terms import AmountStatus as AmountStatus
from lanci.terms import ConflictVerdict as ConflictVerdict
from lanci.terms import HeaderRole as HeaderRole
from lanci.terms import PageKind as PageKind
from lanci.terms import RowRole as RowRole
from lanci.terms import Severity as Severity
from lanci.terms import TextSource as TextSource

if TYPE_CHECKING:
    import pandas as pd

Image = NDArray[np.uint8]
"""A raster of shape (height, width) for grey or (height, width, 3) for RGB."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text that the page shows as one piece: never torn inside a number.

    ``stops`` are where its characters begin, as ascending shares (0 to 1) of the word's length; empty when not
    known. ``after_space`` tells that a white-space character is printed before it, ``spread`` that visible gaps
    part its characters.
    """

    text: str
    box: Box
    confidence: float = 1.0
    source: TextSource = TextSource.TEXT
    stops: tuple[float, ...] = ()
    after_space: bool = False
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line, horizontal (``y = position``, from x ``start`` to ``end``) or vertical."""

    horizontal: bool
    position: float
    start: float
    end: float
    thickness: float = 0.0

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Fill:
    """A visible filled area too thick to be a rule; ``colour`` is 0xRRGGBB as it shows."""

    box: Box
    colour: int


@dataclass(frozen=True, slots=True)
class Raster:
    """The upright, deskewed picture of a page; ``scale`` pixels are one point of the working frame.

    Attributes:
        image: grey, shape (height, width), print on even paper of level 255; coloured seals are taken off.
        scale: pixels in a point.
        seals: shape (height, width), 255 where a seal lay or may lie and print is not to be trusted; None for none.
        lifted: the same shape, 255 where a watermark was taken off, and pale rules with it; None for none.
        filled: the same shape, 255 where the paper is filled with a tone, which ``image`` has not; None for none.
        signs: the same shape, 255 where characters of seals stand that ``image`` still has, since print is as pale as
            they are; None for none.
        evened: the page as it was before marks were taken off its even paper; None where nothing is filled.
    """

    image: Image
    scale: float
    seals: Image | None = None
    lifted: Image | None = None
    filled: Image | None = None
    signs: Image | None = None
    evened: Image | None = None


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """Everything that was read from one page before looking for tables.

    ``width`` and ``height`` are of the displayed page in points, ``rotation`` is its /Rotate entry. Words, rules,
    fills and ``pictures`` (places of pictures beside a text layer) are in the working frame. ``raster`` is there
    only when the page must be read by OCR. ``remarks`` are sentences for the user (a page repaired, a limit reached).
    """

    number: int
    width: float
    height: float
    rotation: int
    kind: PageKind
    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    fills: tuple[Fill, ...] = ()
    raster: Raster | None = None
    to_page: Transform = IDENTITY
    remarks: tuple[str, ...] = ()
    pictures: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRegion:
    """A part of a page that holds one grid: the rules that draw it, in the working frame.

    ``detector`` names the evidence: ``rules`` and ``fills`` (vector), ``aligned`` (text in columns, with or without
    rules between rows) or ``raster-rules`` (pixels).
    """

    page: int
    box: Box
    rules: tuple[Rule, ...]
    detector: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a grid before its text is known; ``box`` is in the working frame."""

    row: int
    col: int
    row_span: int
    col_span: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one region, in row-major order, without gaps or overlaps.

    ``row_edges`` and ``col_edges`` have ``n_rows + 1`` and ``n_cols + 1`` ascending coordinates.
    """

    region: TableRegion
    n_rows: int
    n_cols: int
    cells: tuple[GridCell, ...]
    row_edges: tuple[float, ...]
    col_edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of a cell with the recogniser's probability."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class CellReading:
    """What was read in one cell of a grid, from the text layer or by OCR."""

    text: str
    confidence: float = 1.0
    needs_review: bool = False
    alternatives: tuple[Alternative, ...] = ()
    source: TextSource = TextSource.TEXT


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell, at its top-left position.

    ``role`` is set from ``classify`` on (a :class:`HeaderRole` value, for body cells that of their column) and
    ``value`` from ``interpret`` on (an exact decimal as printed, without unit). ``continued`` holds the other
    parts of a cell that a page break cut. ``status`` is set by ``validate`` on amounts, with the number of independent
    ``proofs`` that confirm them.
    """

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    page: int
    box: Box
    source: TextSource = TextSource.TEXT
    confidence: float = 1.0
    needs_review: bool = False
    alternatives: tuple[Alternative, ...] = ()
    role: HeaderRole | None = None
    value: Decimal | None = None
    continued: tuple[Place, ...] = ()
    status: AmountStatus | None = None
    proofs: int = 0

    @property
    def rows(self) -> range:
        return range(self.row, self.row + self.row_span)

    @property
    def cols(self) -> range:
        return range(self.col, self.col + self.col_span)


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above a table: ``lines`` as printed, top to bottom, and what was understood of them."""

    lines: tuple[str, ...] = ()
    title: str = ""
    entity: str = ""
    entity_code: str = ""
    fiscal_year: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The part of a table that one page shows, with texts; boxes are of the displayed page.

    ``index`` counts the fragments of the page from the top. ``col_edges`` (``n_cols + 1`` ascending, working
    frame) serve the comparison of widths. ``gap_above`` and ``gap_below`` are the lines of prose between this
    fragment's caption or notes and the previous or next fragment of the page (or the page's end).
    """

    page: int
    index: int
    box: Box
    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]
    col_edges: tuple[float, ...]
    caption: Caption = field(default_factory=Caption)
    notes: tuple[str, ...] = ()
    detector: str = "rules"
    gap_above: int = 0
    gap_below: int = 0
    page_width: float = 0.0


@dataclass(frozen=True, slots=True)
class Facets:
    """What kind of table it is: probabilities over the values of each facet, most likely first.

    ``kind`` 'summary', 'income', ...; ``fund``, ``scope`` and ``classification`` as in docs/table-types.md. A table
    whose likeliest values are not all as probable as ``type_limit``, which the models learned, is not named.
    """

    kind: tuple[tuple[str, float], ...] = ()
    fund: tuple[tuple[str, float], ...] = ()
    scope: tuple[tuple[str, float], ...] = ()
    classification: tuple[tuple[str, float], ...] = ()
    type_limit: float = 0.5


@dataclass(frozen=True, slots=True)
class LabelledFragment:
    """A fragment with the role of each row and header cell.

    ``n_header_rows`` counts the leading header rows, the column-number row included. ``row_roles`` has one
    entry a row. ``header_roles`` has one ``(role, probability)`` for every cell in the header rows, in the order
    of ``fragment.cells``; ``column_roles`` one for every column, also when the fragment has no header.
    """

    fragment: Fragment
    facets: Facets
    n_header_rows: int
    row_roles: tuple[RowRole, ...]
    header_roles: tuple[tuple[HeaderRole, float], ...]
    column_roles: tuple[tuple[HeaderRole, float], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its role, the texts of the header cells above it from top to bottom, its number.

    ``meaning`` is known from ``interpret`` on.
    """

    index: int
    role: HeaderRole
    path: tuple[str, ...] = ()
    column_number: int | None = None
    meaning: ColumnMeaning = NO_MEANING


@dataclass(frozen=True, slots=True)
class TableFragment:
    """Which rows of a table one page shows, both ends included.

    A row that the page break cuts belongs to both pages. ``probability`` is that of belonging to the fragment
    before it (1.0 for the first); ``evidence`` are the reasons, strongest first. ``number`` tells which of the
    tables of its page it is, from 1 from the top, as overrides name it; None where no page was read. Of a table that
    is two pages wide a page shows the columns from ``first_col`` to ``last_col``; None is the table's last one.
    """

    page: int
    box: Box
    first_row: int
    last_row: int
    probability: float = 1.0
    evidence: tuple[str, ...] = ()
    number: int | None = None
    first_col: int = 0
    last_col: int | None = None

    @property
    def place(self) -> str:
        """Page and number, as overrides name it: ``12:2``."""
        return str(self.page) if self.number is None else f"{self.page}:{self.number}"


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell of a table of the document, named by its top-left position."""

    table: str
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a reader should know about some cells; the document itself is never changed.

    ``expected`` and ``found`` are printed decimals where the rule is arithmetic. ``proposal`` is another
    reading of the first cell that would satisfy the rule (only for text read by OCR). ``places`` are those of the
    prose that it is about. ``verdict`` tells of amounts that contradict each other whether one was misread or the
    source has it so.
    """

    rule: str
    severity: Severity
    message: str
    cells: tuple[CellRef, ...] = ()
    expected: str | None = None
    found: str | None = None
    proposal: str | None = None
    places: tuple[Place, ...] = ()
    verdict: ConflictVerdict | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A logical table, stitched over its pages.

    ``type`` is derived from the four facets (see :mod:`lanci.facets`), ``type_probability`` is the
    smallest of the facets' probabilities. ``companion`` is the id of the table stacked on or under this one
    under the same title. Cells are in row-major order. ``meanings`` has, from ``interpret`` on and in row order, an
    entry for each row of which more is known than its cells print; ``sub_tables`` are the tables inside a form and
    ``form_amounts`` its amounts, in the order of the cells.
    ``guesses`` has the likeliest types of a table that is not named for being too unsure, None of all others.
    """

    id: str
    type: str
    kind: str
    fund: str
    scope: str
    classification: str
    type_probability: float
    caption: Caption
    notes: tuple[str, ...]
    n_rows: int
    n_cols: int
    n_header_rows: int
    row_roles: tuple[RowRole, ...]
    columns: tuple[Column, ...]
    fragments: tuple[TableFragment, ...]
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...] = ()
    companion: str | None = None
    meanings: tuple[RowMeaning, ...] = ()
    sub_tables: tuple[SubTable, ...] = ()
    guesses: Facets | None = None
    form_amounts: tuple[FormAmount, ...] = ()

    @property
    def title(self) -> str:
        return self.caption.title

    def cell_at(self, row: int, col: int) -> Cell | None:
        """The printed cell that covers the position, or None."""
        for cell in self.cells:
            if row in cell.rows and col in cell.cols:
                return cell
        return None

    def to_rows(self) -> list[list[str]]:
        """The texts as a full rectangle; a spanning cell's text stands at its top-left position only."""
        rows = [[""] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            rows[cell.row][cell.col] = cell.text
        return rows

    def to_pandas(self) -> pd.DataFrame:
        """The body as a DataFrame of texts, one column per table column, named by the joined header path."""
        import pandas as pd

        names: list[str] = []
        for column in self.columns:
            name = " / ".join(column.path) or f"column {column.index}"
            names.append(name if name not in names else f"{name} ({column.index})")
        return pd.DataFrame(self.to_rows()[self.n_header_rows :], columns=names)


@dataclass(frozen=True, slots=True)
class PageSummary:
    """What the output says of a page."""

    number: int
    width: float
    height: float
    rotation: int
    kind: PageKind
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """The input: ``name`` is the file's name (no folder), ``sha256`` of its bytes, ``media_type`` by content."""

    name: str
    sha256: str
    media_type: str
    n_pages: int


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: what ``lanci parse`` writes as ``document.json``.

    ``overrides`` are the joins and splits that the user asked for, in page order; ``statements`` the paragraphs of
    its prose that hold amounts.
    """

    source: SourceInfo
    software: tuple[tuple[str, str], ...]
    pages: tuple[PageSummary, ...]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()
    overrides: tuple[AppliedOverride, ...] = ()
    statements: tuple[Statement, ...] = ()

    def table(self, table_id: str) -> Table:
        """The table with this id; raises KeyError when there is none."""
        for table in self.tables:
            if table.id == table_id:
                return table
        raise KeyError(table_id)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Findings of the tables in order, then those of the document."""
        return tuple(f for t in self.tables for f in t.findings) + self.findings
