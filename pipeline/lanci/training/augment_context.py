"""Variants of examples in other company: nothing around them, a strange neighbour, a page break, a contents page.

They keep the models from leaning on what stands around a fragment: it may be missing, misread, or of another table.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from lanci.classify.context import ALONE, Surroundings
from lanci.classify.outline import Outline, title_to_words
from lanci.training.examples import Example, example_to_outline, select

BREAK_WEIGHT = 0.4
COMPANY_WEIGHT = 0.3
TITLE_WEIGHT = 0.5
_TARGETS, _UNDER_TARGETS = "performance_targets", ("project_profile", "project_list")
"""Tables of these kinds stand under titles that speak of targets, too: the grid has to tell them apart."""

_DONORS = 4
"""Under how many such titles one of them is put."""

_SHIFT = 0.012
"""How far column edges move at most from page to page, as a share of the width."""

_LEAST_ROWS = 4
"""A body of fewer rows is not cut."""


def vary_company(examples: Sequence[Example], seed: int, most: int = 4) -> list[Example]:
    """Variants of what stands around the examples, with lower weights than theirs.

    Args:
        examples: as annotated or made up, of any documents.
        seed: for the random choices; the same seed gives the same variants.
        most: variants of one example; where there are more, they are drawn.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible variety, not secrecy
    targets = [e for e in examples if e.truth.facets.kind == _TARGETS and e.fragment.caption.title]
    made: list[Example] = []
    for example in examples:
        if targets and example.truth.facets.kind in _UNDER_TARGETS:
            made += [under_title_of(example, donor) for donor in rng.sample(targets, min(_DONORS, len(targets)))]
        own = [cut_by_page_break(example, rng), among_strangers(example, rng.choice(examples), rng)]
        if example.fragment.caption.title:
            own.append(named_by_contents(example))
        if example.around != ALONE:
            own.append(alone(example))
        own = [variant for variant in own if variant is not example]
        made += own if len(own) <= most else [own[i] for i in sorted(rng.sample(range(len(own)), most))]
    return made


def alone(example: Example) -> Example:
    """With nothing around it."""
    return replace(example, around=ALONE, continues=False, weight=example.weight * COMPANY_WEIGHT, variant="alone")


def cut_by_page_break(example: Example, rng: random.Random) -> Example:
    """The lower part of a table that a page break cuts, with its header printed again or not; no title is."""
    n_header, n_rows = example.truth.n_header_rows, example.fragment.n_rows
    if n_rows - n_header < _LEAST_ROWS:
        return example
    cols = range(example.fragment.n_cols)
    row = rng.randint(n_header + 1, n_rows - 1)
    upper = example_to_outline(select(example, range(row), cols))
    again = range(n_header if rng.random() < 0.5 else 0)
    lower = select(example, [*again, *range(row, n_rows)], cols)
    bare = replace(lower.fragment.caption, title="", lines=())
    title = upper.title or example.around.title_before
    around = Surroundings(
        _shift_edges(upper, rng),
        upper.header or example.around.header_before,
        title,
        example.around.title_after,
        example.around.entry,
    )
    return replace(
        lower,
        fragment=replace(lower.fragment, page=upper.page + 1, index=0, caption=bare),
        around=around,
        continues=True,
        weight=example.weight * BREAK_WEIGHT,
        variant="page break",
    )


def _shift_edges(outline: Outline, rng: random.Random) -> Outline:
    """Often with column edges a little off: programs fit columns to each page, scans are skewed."""
    if rng.random() < 0.5:
        return outline
    return replace(outline, edges=tuple([edge + rng.uniform(-_SHIFT, _SHIFT) for edge in outline.edges]))


def among_strangers(example: Example, stranger: Example, rng: random.Random) -> Example:
    """After a fragment of another table, with its own title or at least its own header."""
    if stranger.truth.facets == example.truth.facets or not stranger.fragment.n_rows:
        return example
    before = replace(example_to_outline(stranger), page=example.fragment.page - rng.randint(0, 1), index=-1)
    after = title_to_words(stranger.fragment.caption.title)
    around = Surroundings(before, before.header, before.title, after if rng.random() < 0.5 else "")
    fragment = example.fragment
    if example.truth.n_header_rows and rng.random() < 0.3:
        fragment = replace(fragment, caption=replace(fragment.caption, title="", lines=()))
    return replace(
        example,
        fragment=fragment,
        around=around,
        continues=False,
        weight=example.weight * COMPANY_WEIGHT,
        variant="among strangers",
    )


def named_by_contents(example: Example) -> Example:
    """Without its title, which the contents page has."""
    caption = example.fragment.caption
    bare = replace(caption, title="", lines=tuple(line for line in caption.lines if line != caption.title))
    return replace(
        example,
        fragment=replace(example.fragment, caption=bare),
        around=replace(example.around, entry=title_to_words(caption.title)),
        weight=example.weight * COMPANY_WEIGHT,
        variant="named by contents",
    )


def under_title_of(example: Example, donor: Example) -> Example:
    """With the caption of another example."""
    fragment = replace(example.fragment, caption=donor.fragment.caption)
    return replace(
        example, fragment=fragment, weight=example.weight * TITLE_WEIGHT, variant="under the title of another kind"
    )
