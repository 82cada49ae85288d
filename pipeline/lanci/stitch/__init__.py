"""Stage ``stitch``: fragments in page order become the tables as their authors wrote them."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import LabelledFragment, Table
from lanci.stitch.assemble import assemble
from lanci.stitch.decide import chain_fragments
from lanci.stitch.options import StitchOptions

__all__ = ["StitchOptions", "stitch"]


def stitch(labelled: Sequence[LabelledFragment], options: StitchOptions | None = None) -> tuple[Table, ...]:
    """Join the fragments of a document into its tables.

    Args:
        labelled: all fragments in page order, each page's from the top down.
        options: thresholds; the defaults when None.

    Returns:
        The tables in the order of their first fragments, with ids ``t001``, ``t002``, … Two grids stacked on a
        page under one title are two tables that name each other.

    Raises:
        ValueError: the fragments are not in page order.
    """
    chains = chain_fragments(labelled, options or StitchOptions())
    companions: dict[int, int] = {}
    for index, chain in enumerate(chains):
        if chain.stacked_under is not None:
            companions.setdefault(chain.stacked_under, index)
            companions[index] = chain.stacked_under
    return tuple(
        assemble(chain, _table_id(index), _table_id(companions[index]) if index in companions else None)
        for index, chain in enumerate(chains)
    )


def _table_id(index: int) -> str:
    return f"t{index + 1:03d}"
