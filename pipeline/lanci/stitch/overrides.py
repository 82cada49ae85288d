"""Joins and splits by the user: finding the one for a fragment, and refusing those that name no break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from lanci.document import Fragment, LabelledFragment
from lanci.errors import OverrideError
from lanci.override import Override
from lanci.stitch.options import StitchOptions


def find_override(options: StitchOptions, fragment: Fragment) -> Override | None:
    """What the user decided about a fragment and the one before it in reading order; None for nothing."""
    for override in options.overrides:
        if (override.page, override.table) == (fragment.page, fragment.index + 1):
            return override
    return None


def check_pages(overrides: Sequence[Override], numbers: Collection[int], n_pages: int) -> None:
    """Refuse overrides on pages that are not read, before any page is.

    Args:
        overrides: by the user.
        numbers: the pages that are read.
        n_pages: pages of the document.

    Raises:
        OverrideError: the document does not have the page of an override, or the page is not read.
    """
    for override in overrides:
        page = override.page
        if page > n_pages:
            raise OverrideError(
                f"{override}: there is no page {page}, the document has {n_pages}; correct the place", page=page
            )
        if page not in numbers:
            raise OverrideError(
                f"{override}: page {page} is not among the pages to read; add it to --pages or leave this out",
                page=page,
            )


def check_places(overrides: Sequence[Override], labelled: Sequence[LabelledFragment]) -> None:
    """Refuse overrides that name no table, or one that has none before it.

    Args:
        overrides: by the user.
        labelled: all fragments in reading order.

    Raises:
        OverrideError: the page of an override has no such table, or it is the first of all.
    """
    counts = Counter(one.fragment.page for one in labelled)
    for override in overrides:
        page, n_tables = override.page, counts[override.page]
        if override.table > n_tables:
            has = f"has {n_tables} table{'' if n_tables == 1 else 's'}" if n_tables else "has no table"
            raise OverrideError(
                f"{override}: page {page} {has}; correct the place, lanci parse --list shows those of all tables",
                page=page,
            )
        first = labelled[0].fragment
        if (page, override.table) == (first.page, first.index + 1):
            raise OverrideError(
                f"{override}: the first table that is read, on page {page}, has none before it; "
                "correct the place, or read the pages before it too",
                page=page,
            )
