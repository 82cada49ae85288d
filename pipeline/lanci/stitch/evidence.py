"""The evidence for and against a part of one page going on with a table of the pages before.

Every signal is a pure function of a :class:`Pair` that gives an :class:`Evidence` or None when it has nothing to
say. How much a sign counts is for the trained model to say (:mod:`lanci.stitch.model`); what it speaks for is fixed
here, by the sign of its strength.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from lanci.document import Caption
from lanci.stitch.columns import ColumnFit, fit_columns
from lanci.stitch.common import to_common_columns
from lanci.stitch.cuts import first_rows
from lanci.stitch.headers import RepeatedHeader, find_repeated_header
from lanci.stitch.labels import Facing, find_cut_label
from lanci.stitch.view import FragmentView


class Sign(StrEnum):
    """All signs; a model has weights for exactly these, in this order."""

    BLANK_PAGES = "blank pages between"
    PROSE = "prose between"
    CONTINUED = "continued mark"
    TITLE = "title"
    NO_TITLE = "no title"
    NEW_TITLE = "new title"
    NEAR_TITLE = "nearly the title"
    OTHER_TITLE = "another title"
    OTHER_NUMBER = "another number"
    CAPTION_LINES = "caption lines"
    OTHER_ENTITY = "another entity"
    OTHER_UNIT = "another unit"
    NOTES = "closing note"
    HEADER = "header repeated"
    NO_HEADER = "no header"
    OTHER_HEADER = "another header"
    NEW_HEADER = "new header"
    COLUMN_NUMBERS = "column numbers"
    HEADER_ALONE = "header alone"
    EMPTY_AGAIN = "empty again"
    MANNER = "manner of the breaks"
    COLUMNS = "columns"
    WIDTHS = "other widths"
    COLUMNS_FIT = "columns that fit"
    COLUMN_TYPES = "column types"
    FACETS = "facets"
    FORM = "form starts again"
    KEY_ROWS = "key rows at the top"
    SERIAL = "serial"
    ORDINAL = "ordinal"
    CODES = "codes"
    CODE_TREE = "code tree"
    TOTAL_AT_TOP = "total at the top"
    CLOSED_TOTAL = "closed total"
    OPEN_TOTAL = "open total"
    SUM = "sum over the break"
    CUT_LABEL = "cut label"
    CUT_ROW = "cut row"
    LABELS = "labels start again"
    ONE_LABEL = "one label again"


DECISIVE = frozenset({Sign.OTHER_TITLE})
"""Signs that settle a break alone: a title names a table, so that what stands under another one is another table."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sign that was seen.

    Attributes:
        sign: which one.
        strength: how clearly it is there: up to 1 for parts of one table, down to -1 against it.
        reason: a sentence for the reader.
    """

    sign: Sign
    strength: float
    reason: str


@dataclass(frozen=True)
class Pair:
    """A table so far, its parts in page order, and the part that may go on with it.

    Attributes:
        parts: of the table so far.
        caption: the table's, with what its later parts or the grid it is stacked under add.
        lower: the part that may go on with it.
        copied: for each break that the table has run over so far, whether its header was printed again below.
    """

    parts: tuple[FragmentView, ...]
    caption: Caption
    lower: FragmentView
    copied: tuple[bool, ...] = ()

    @property
    def upper(self) -> FragmentView:
        """The table's last part: the one that the page break follows."""
        return self.parts[-1]

    @cached_property
    def repeated(self) -> RepeatedHeader:
        return find_repeated_header(self.parts, self.lower)

    @cached_property
    def fit(self) -> ColumnFit:
        return fit_columns(self.upper, self.lower)

    @cached_property
    def aligned(self) -> tuple[FragmentView, FragmentView]:
        """The table's last part and ``lower`` on common columns."""
        upper, lower = to_common_columns((self.upper, self.lower))
        return upper, lower

    @cached_property
    def cut_label(self) -> Facing | None:
        """The label of the first column that the break cuts, if it cuts one."""
        rows = first_rows(self.lower, self.repeated.leading)
        return find_cut_label(*self.aligned, rows[0]) if rows else None

    @cached_property
    def new_rows(self) -> tuple[int, ...]:
        """The body rows of ``lower`` that are no copy of the table's header."""
        dropped = {*self.repeated.leading, *self.repeated.inner}
        rows = set(self.lower.body)
        if self.repeated.unmatched:
            # Rows labelled header that repeat nothing may be data that was taken for a header.
            rows |= set(self.lower.header)
        return tuple(sorted(rows - dropped))

    @cached_property
    def shown(self) -> tuple[FragmentView, ...]:
        """The parts of the table so far that show body rows."""
        return tuple(part for part in self.parts if part.body)


Signal = Callable[[Pair], Evidence | None]
