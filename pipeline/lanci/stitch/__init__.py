"""Stage ``stitch``: fragments in page order become the tables as their authors wrote them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from lanci.document import AppliedOverride, LabelledFragment, Table
from lanci.override import Override
from lanci.stitch.assemble import assemble
from lanci.stitch.beside import join_beside
from lanci.stitch.decide import chain_fragments
from lanci.stitch.model import link_model_version
from lanci.stitch.options import StitchOptions
from lanci.stitch.overrides import check_pages, check_places

__all__ = ["StitchOptions", "check_pages", "link_model_version", "stitch", "weigh_overrides"]


def stitch(
    labelled: Sequence[LabelledFragment], options: StitchOptions | None = None, blank: Collection[int] = ()
) -> tuple[Table, ...]:
    """Join the fragments of a document into its tables.

    Args:
        labelled: all fragments in page order, each page's from the top down.
        options: thresholds and the user's joins and splits; the defaults when None.
        blank: numbers of the pages on which nothing is printed; a table may go on over them.

    Returns:
        The tables in the order of their first fragments, with ids ``t001``, ``t002``, … Two grids stacked on a
        page under one title are two tables that name each other.

    Raises:
        ValueError: the fragments are not in page order.
        OverrideError: a join or split by the user names no table, or the first.
    """
    options = options or StitchOptions()
    check_places(options.overrides, labelled)
    spreads = join_beside(chain_fragments(labelled, options, blank), options)
    companions: dict[int, int] = {}
    for index, spread in enumerate(spreads):
        if spread.chain.stacked_under is not None:
            companions.setdefault(spread.chain.stacked_under, index)
            companions[index] = spread.chain.stacked_under
    return tuple(
        assemble(spread, _table_id(index), _table_id(companions[index]) if index in companions else None)
        for index, spread in enumerate(spreads)
    )


def weigh_overrides(
    labelled: Sequence[LabelledFragment], options: StitchOptions, blank: Collection[int] = ()
) -> tuple[AppliedOverride, ...]:
    """The overrides that :func:`stitch` applies, in page order, with what would have been decided without them."""
    if not options.overrides:
        return ()
    chains = chain_fragments(labelled, replace(options, overrides=()), blank)
    probabilities = {
        (part.labelled.fragment.page, part.labelled.fragment.index + 1): link.model_probability
        for chain in chains
        for part, link in zip(chain.parts, chain.links, strict=True)
    }
    wanted = sorted(set(options.overrides), key=_place)
    return tuple(AppliedOverride(one.action, one.page, one.table, probabilities[_place(one)]) for one in wanted)


def _place(override: Override) -> tuple[int, int]:
    return override.page, override.table


def _table_id(index: int) -> str:
    return f"t{index + 1:03d}"
