"""Decide which fragments are parts of one table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lanci.document import Caption, HeaderRole, LabelledFragment
from lanci.override import REASONS, Override, OverrideAction
from lanci.stitch.evidence import Evidence, Pair, Signal
from lanci.stitch.headers import RepeatedHeader
from lanci.stitch.options import StitchOptions
from lanci.stitch.overrides import find_override
from lanci.stitch.signals_body import (
    codes,
    cut_label,
    cut_row,
    labels_start_again,
    ordinals,
    serials,
    total_at_the_top,
    totals,
)
from lanci.stitch.signals_caption import (
    caption_lines,
    closing_notes,
    continued_mark,
    entities,
    prose_between,
    titles,
    units,
)
from lanci.stitch.signals_layout import (
    column_numbers,
    column_types,
    columns,
    empty_again,
    facets,
    form_starts_again,
    header_alone,
    headers,
    position,
)
from lanci.stitch.view import FragmentView

SIGNALS: tuple[Signal, ...] = (
    position,
    prose_between,
    continued_mark,
    titles,
    caption_lines,
    entities,
    units,
    closing_notes,
    headers,
    column_numbers,
    header_alone,
    empty_again,
    columns,
    column_types,
    facets,
    form_starts_again,
    serials,
    ordinals,
    codes,
    total_at_the_top,
    totals,
    cut_label,
    cut_row,
    labels_start_again,
)


_CERTAIN = 50.0
"""Log-odds beyond this make no difference to a probability."""
_DECISIVE = 2 * _CERTAIN
"""More than all signs for a join together with what is certain."""


@dataclass(frozen=True, slots=True)
class Link:
    """What was found of a part and the one before it: probability of belonging together and the reasons.

    ``model_probability`` is what the signs alone say of belonging together, whatever was decided; 0 where they are
    not asked.
    """

    probability: float
    reasons: tuple[str, ...]
    repeated: RepeatedHeader = field(default_factory=RepeatedHeader)
    model_probability: float = 0.0


FIRST = Link(1.0, ())


@dataclass(frozen=True, slots=True)
class Chain:
    """The parts of one table in page order; ``links[i]`` belongs to ``parts[i]``.

    ``stacked_under`` is the number of the chain above it on the same page under the same title, if any.
    """

    parts: tuple[FragmentView, ...]
    links: tuple[Link, ...]
    caption: Caption
    stacked_under: int | None = None


def gather_evidence(pair: Pair) -> tuple[Evidence, ...]:
    """What the signals have to say, the weightiest first; after one that all others cannot outweigh none is asked."""
    found: list[Evidence] = []
    for signal in SIGNALS:
        evidence = signal(pair)
        if evidence is not None:
            found.append(evidence)
            if evidence.log_odds <= -_DECISIVE:
                break
    return tuple(sorted(found, key=lambda evidence: -abs(evidence.log_odds)))


def weigh(evidence: Sequence[Evidence]) -> float:
    """The probability that the parts belong together."""
    odds = sum(piece.log_odds for piece in evidence)
    return 1.0 / (1.0 + math.exp(-max(min(odds, _CERTAIN), -_CERTAIN)))


def chain_fragments(fragments: Sequence[LabelledFragment], options: StitchOptions) -> list[Chain]:
    """Put the fragments of a document together, page by page, from the first to the last.

    A fragment can only go on with the table that ends the page before, so the choice at one break never bears on
    another's candidates and deciding from left to right is exact.

    Raises:
        ValueError: the fragments are not in page order.
    """
    order = [(one.fragment.page, one.fragment.index) for one in fragments]
    if order != sorted(order):
        raise ValueError("fragments must come in page order, from the top of each page to its bottom")
    chains: list[Chain] = []
    for labelled in fragments:
        view = FragmentView(labelled)
        link = FIRST
        override = find_override(options, labelled.fragment)
        if chains and (override is not None or _follows(chains[-1].parts[-1], view)):
            pair = Pair(chains[-1].parts, chains[-1].caption, view)
            link = _make_link(pair, options) if override is None else _link_by_user(pair, override)
            if link.probability >= options.threshold:
                chains[-1] = _extend(chains[-1], view, link)
                continue
            # What is left of the doubt stays with the new table; it is the first part, whatever the doubt.
            doubtful = override is not None or link.probability >= options.doubtful_from
            link = replace(link, probability=1.0, reasons=link.reasons if doubtful else ())
        chains.append(_begin(chains, view, link))
    return chains


def _link_by_user(pair: Pair, override: Override) -> Link:
    if override.action is OverrideAction.JOIN:
        return Link(1.0, (REASONS[override.action],), pair.repeated)
    return Link(0.0, (REASONS[override.action],))


def _follows(last: FragmentView, view: FragmentView) -> bool:
    return last.labelled.fragment.page + 1 == view.labelled.fragment.page


def _make_link(pair: Pair, options: StitchOptions) -> Link:
    evidence = gather_evidence(pair)
    probability = weigh(evidence)
    reasons = tuple(piece.reason if piece.log_odds >= 0 else f"against: {piece.reason}" for piece in evidence)
    if probability < options.threshold:
        reasons = (f"doubtful: not joined to the table before it (probability {probability:.2f})", *reasons)
    elif probability <= options.doubtful_to:
        reasons = (f"doubtful: joined with probability {probability:.2f}", *reasons)
    repeated = pair.repeated if probability >= options.threshold else RepeatedHeader()
    return Link(probability, reasons, repeated, probability)


def _extend(chain: Chain, view: FragmentView, link: Link) -> Chain:
    return replace(
        chain,
        parts=(*chain.parts, view),
        links=(*chain.links, link),
        caption=_fill(chain.caption, view.labelled.fragment.caption),
    )


def _begin(chains: list[Chain], view: FragmentView, link: Link) -> Chain:
    caption = view.labelled.fragment.caption
    if chains and _is_stacked(chains[-1].parts[-1], view):
        inherited = replace(chains[-1].caption, lines=())
        if not view.columns_of(HeaderRole.AMOUNT):
            inherited = replace(inherited, unit="")  # a unit is of no use to a grid without amounts
        return Chain((view,), (link,), _fill(caption, inherited), stacked_under=len(chains) - 1)
    return Chain((view,), (link,), caption)


def _is_stacked(above: FragmentView, view: FragmentView) -> bool:
    """Directly under another grid of the page, with nothing between and no caption of its own."""
    upper, lower = above.labelled.fragment, view.labelled.fragment
    return (
        upper.page == lower.page
        and upper.gap_below == 0
        and lower.gap_above == 0
        and not lower.caption.lines
        and not lower.caption.title
        and not upper.notes
    )


def _fill(caption: Caption, other: Caption) -> Caption:
    """``caption`` with its gaps filled from ``other``."""
    return Caption(
        lines=caption.lines or other.lines,
        title=caption.title or other.title,
        entity=caption.entity or other.entity,
        entity_code=caption.entity_code or other.entity_code,
        fiscal_year=caption.fiscal_year if caption.fiscal_year is not None else other.fiscal_year,
        unit=caption.unit or other.unit,
    )
