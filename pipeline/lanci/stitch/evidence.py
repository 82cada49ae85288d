"""The evidence for and against a part of one page going on with a table of the page before.

Every signal is a pure function of a :class:`Pair` that gives an :class:`Evidence` or None when it has nothing to
say. Its ``strength`` in -1..1 is how clearly the sign is there; ``WEIGHTS`` turns it into log-odds. The weights
are hand-set priors, chosen so that no single sign but a foreign title decides a join; a trained model can
replace them without touching the signals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from lanci.document import Caption
from lanci.stitch.columns import ColumnFit, fit_columns
from lanci.stitch.common import to_common_columns
from lanci.stitch.cuts import first_rows
from lanci.stitch.headers import RepeatedHeader, find_repeated_header
from lanci.stitch.labels import Facing, find_cut_label
from lanci.stitch.view import FragmentView

WEIGHTS: dict[str, float] = {
    "position": -1.5,
    "prose between": -1.2,
    "title": 2.5,
    "different title": -100.0,
    "new title": -5.0,
    "no title": 1.0,
    "continued mark": 6.0,
    "caption lines": 1.2,
    "different entity": -2.5,
    "different unit": -2.0,
    "header repeated": 2.5,
    "different header": -5.0,
    "no header": 2.0,
    "column numbers": 0.6,
    "header alone": 3.0,
    "empty again": -8.0,
    "serial": 5.0,
    "ordinal": 3.0,
    "codes": 3.5,
    "total at the top": -3.5,
    "closed total": -3.0,
    "open total": 2.0,
    "columns": 1.5,
    "column types": 0.8,
    "cut label": 2.5,
    "cut row": 3.0,
    "labels start again": -9.0,
    "form starts again": -6.0,
    "facets": 1.0,
    "notes": -2.5,
}
"""Log-odds of one unit of strength of each sign."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign: its name in ``WEIGHTS``, how clearly it is there (-1..1) and a sentence for the reader."""

    name: str
    strength: float
    reason: str

    @property
    def log_odds(self) -> float:
        return WEIGHTS[self.name] * self.strength


@dataclass(frozen=True)
class Pair:
    """A table so far, its parts in page order, and the part that may go on with it.

    ``caption`` is the table's, with what its later parts or the grid it is stacked under add.
    """

    parts: tuple[FragmentView, ...]
    caption: Caption
    lower: FragmentView

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
