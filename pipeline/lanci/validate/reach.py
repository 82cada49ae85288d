"""Whether a table may go on where nothing was read: beyond the first or last page of a file or a choice of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import PageSummary, Table

_LOW = 0.75
"""Share of the page's height below which a table must reach to be cut by the page's end: cut tables of real and made
documents ended at 0.77 to 0.93."""
_HIGH = 0.15
"""Share of the page's height above which a table without a title must begin to be cut by the page's start."""
_HIGH_WITH_TITLE = 0.3
"""The same for a table under a title, which many documents repeat on each page: cut ones began at up to 0.26."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether rows of a table may stand on pages ``above`` its first or ``below`` its last that were not read."""

    above: bool = False
    below: bool = False

    @property
    def whole(self) -> bool:
        """Whether all of the table was surely read."""
        return not (self.above or self.below)


def find_reach(table: Table, pages: Sequence[PageSummary]) -> Reach:
    """Where rows of a table may be missing because their pages were not read.

    Args:
        table: with the boxes of its fragments on the displayed pages.
        pages: all that were read; without any the table counts as whole.
    """
    known = {page.number: page for page in pages}
    if not table.fragments or not known:
        return Reach()
    first, last = table.fragments[0], table.fragments[-1]
    top = first.box.y0 / known[first.page].height
    # The title of a file's first page begins a table; on a page before which others were left out it may be repeated.
    is_high = top <= (_HIGH_WITH_TITLE if first.page > 1 else 0) if table.caption.title else top <= _HIGH
    above = first.page - 1 not in known and is_high
    below = last.page + 1 not in known and last.box.y1 >= _LOW * known[last.page].height
    return Reach(above, below)
