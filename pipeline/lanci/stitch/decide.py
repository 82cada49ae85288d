"""Decide which fragments are parts of one table."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from lanci.document import Caption, HeaderRole, LabelledFragment
from lanci.override import REASONS, OverrideAction
from lanci.stitch.evidence import DECISIVE, Evidence, Pair, Signal
from lanci.stitch.headers import RepeatedHeader
from lanci.stitch.model import LinkModel, load_link_model
from lanci.stitch.options import StitchOptions
from lanci.stitch.overrides import find_override
from lanci.stitch.signals_body import codes, cut_label, cut_row, labels_start_again, ordinals, serials
from lanci.stitch.signals_caption import (
    blank_pages,
    caption_lines,
    closing_notes,
    continued_mark,
    entities,
    prose_between,
    table_numbers,
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
    manner_of_breaks,
)
from lanci.stitch.signals_sums import code_tree, sum_over_break, total_at_the_top, totals
from lanci.stitch.solve import solve
from lanci.stitch.view import FragmentView

SIGNALS: tuple[Signal, ...] = (
    titles,
    blank_pages,
    prose_between,
    continued_mark,
    table_numbers,
    caption_lines,
    entities,
    units,
    closing_notes,
    headers,
    column_numbers,
    header_alone,
    empty_again,
    manner_of_breaks,
    columns,
    column_types,
    facets,
    form_starts_again,
    serials,
    ordinals,
    codes,
    code_tree,
    total_at_the_top,
    totals,
    sum_over_break,
    cut_label,
    cut_row,
    labels_start_again,
)


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
    """What the signals have to say, in the order of :data:`SIGNALS`; after one that settles the break none is asked."""
    found: list[Evidence] = []
    for signal in SIGNALS:
        evidence = signal(pair)
        if evidence is not None:
            found.append(evidence)
            if evidence.sign in DECISIVE:
                break
    return tuple(found)


def chain_fragments(
    fragments: Sequence[LabelledFragment],
    options: StitchOptions,
    blank: Collection[int] = (),
    model: LinkModel | None = None,
) -> list[Chain]:
    """Put the fragments of a document together.

    A fragment can only go on with the one before it in reading order, over a page break and over blank pages. Runs
    of fragments that may go on with each other are solved each by itself: what stands elsewhere does not matter.

    Args:
        fragments: all of the document, in page order, each page's from the top down.
        options: thresholds, and the user's joins and splits, which hold whatever the signs say.
        blank: numbers of the pages on which nothing is printed.
        model: how much each sign counts; the shipped one when None.

    Raises:
        ValueError: the fragments are not in page order.
        ModelError: the model cannot be loaded.
    """
    order = [(one.fragment.page, one.fragment.index) for one in fragments]
    if order != sorted(order):
        raise ValueError("fragments must come in page order, from the top of each page to its bottom")
    judge = _Judge(options, model or load_link_model())
    chains: list[Chain] = []
    for run in _cut_into_runs([FragmentView(one) for one in fragments], options, frozenset(blank)):
        chains += _chain_run(run, chains, judge)
    return chains


def gather_breaks(
    fragments: Sequence[LabelledFragment], tables: Sequence[str], blank: Collection[int] = ()
) -> list[tuple[int, tuple[Evidence, ...]]]:
    """What the signs say of every fragment that may go on with the one before, where the tables are known.

    Args:
        fragments: as for :func:`chain_fragments`.
        tables: the table of each fragment; neighbours of one table are its parts.
        blank: numbers of the pages on which nothing is printed.

    Returns:
        The place of such a fragment in ``fragments`` and the evidence, in order.
    """
    found: list[tuple[int, tuple[Evidence, ...]]] = []
    above: list[Chain] = []
    done = 0
    for views in _cut_into_runs([FragmentView(one) for one in fragments], StitchOptions(), frozenset(blank)):
        run = _Run(views, above)
        start = 0
        for at in range(1, len(views)):
            found.append((done + at, run.look(start, at)[1]))
            if tables[done + at] != tables[done + at - 1]:
                start = at
        above = [Chain(tuple(views[start:]), (), run.caption(start, len(views)))]
        done += len(views)
    return found


def _cut_into_runs(
    views: Sequence[FragmentView], options: StitchOptions, blank: frozenset[int]
) -> list[list[FragmentView]]:
    """The fragments in stretches within which each may go on with the one before."""
    runs: list[list[FragmentView]] = []
    for view in views:
        if runs and (_is_joined(options, view) or _follows(runs[-1][-1], view, blank)):
            runs[-1].append(view)
        else:
            runs.append([view])
    return runs


def _is_joined(options: StitchOptions, view: FragmentView) -> bool:
    override = find_override(options, view.labelled.fragment)
    return override is not None and override.action is OverrideAction.JOIN


def _follows(last: FragmentView, view: FragmentView, blank: frozenset[int]) -> bool:
    upper, lower = last.labelled.fragment.page, view.labelled.fragment.page
    return upper < lower and all(page in blank for page in range(upper + 1, lower))


@dataclass(frozen=True, slots=True)
class _Judge:
    """What decides: the user's options and the model."""

    options: StitchOptions
    model: LinkModel

    def weigh(self, evidence: Sequence[Evidence], view: FragmentView) -> float:
        """The log odds of a part going on; infinite where the user has decided."""
        override = find_override(self.options, view.labelled.fragment)
        if override is None:
            settled = any(piece.sign in DECISIVE for piece in evidence)
            return -math.inf if settled else self.model.log_odds(evidence)
        return math.inf if override.action is OverrideAction.JOIN else -math.inf

    def first(self, view: FragmentView) -> Link:
        """What is to be said of a part that could not go on with any other."""
        override = find_override(self.options, view.labelled.fragment)
        return FIRST if override is None else Link(1.0, (REASONS[override.action],))

    def link(self, pair: Pair, evidence: Sequence[Evidence], probability: float, *, joined: bool) -> Link:
        """What is to be said of a break.

        What is left of the doubt stays with a new table; it is the first part of it, whatever the doubt.
        """
        override = find_override(self.options, pair.lower.labelled.fragment)
        if override is not None:
            repeated = pair.repeated if joined else RepeatedHeader()
            return Link(1.0, (REASONS[override.action],), repeated)
        reasons = tuple(self._sentences(evidence))
        if joined:
            if probability <= self.options.doubtful_to:
                reasons = (f"doubtful: joined with probability {probability:.2f}", *reasons)
            return Link(probability, reasons, pair.repeated, probability)
        if probability < self.options.doubtful_from:
            return Link(1.0, (), model_probability=probability)
        doubt = f"doubtful: not joined to the table before it (probability {probability:.2f})"
        return Link(1.0, (doubt, *reasons), model_probability=probability)

    def _sentences(self, evidence: Sequence[Evidence]) -> list[str]:
        """The reasons, the weightiest first."""
        ordered = sorted(evidence, key=lambda piece: -abs(self.model.contribution(piece)))
        return [piece.reason if piece.strength >= 0 else f"against: {piece.reason}" for piece in ordered]


class _Run:
    """The parts of a run, and what is known of each break for each part that its table may have begun with."""

    def __init__(self, views: Sequence[FragmentView], above: Sequence[Chain]) -> None:
        self.views = views
        self.stacked = bool(above) and _is_stacked(above[-1].parts[-1], views[0])
        self._inherited = _to_inherit(above[-1].caption, views[0]) if self.stacked else Caption()
        self._tables: dict[int, list[FragmentView]] = {}
        self._pairs: dict[tuple[int, int], tuple[Pair, tuple[Evidence, ...]]] = {}

    def caption(self, start: int, end: int) -> Caption:
        """The caption of the table that holds the parts from ``start`` up to ``end``, which it does not."""
        caption = self._inherited if start == 0 else Caption()
        caption = _fill(self.views[start].labelled.fragment.caption, caption)
        for view in self.views[start + 1 : end]:
            caption = _fill(caption, view.labelled.fragment.caption)
        return caption

    def _table(self, start: int, end: int) -> list[FragmentView]:
        """The parts from ``start`` up to ``end``, each as it reads below the one before in a table of their own."""
        parts = self._tables.setdefault(start, [self.views[start]])
        while len(parts) < end - start:
            parts.append(self.views[start + len(parts)].below(parts[-1]))
        return parts[: end - start]

    def look(self, start: int, at: int) -> tuple[Pair, tuple[Evidence, ...]]:
        """The break above part ``at`` for the table that began with part ``start``, and what the signs say of it."""
        key = (start, at)
        if key not in self._pairs:
            copied = tuple(bool(self.look(start, before)[0].repeated.leading) for before in range(start + 1, at))
            *parts, lower = self._table(start, at + 1)
            pair = Pair(tuple(parts), self.caption(start, at), lower, copied)
            self._pairs[key] = pair, gather_evidence(pair)
        return self._pairs[key]


def _chain_run(views: Sequence[FragmentView], above: Sequence[Chain], judge: _Judge) -> list[Chain]:
    """The tables of a run; ``above`` are those before it."""
    run = _Run(views, above)
    cut = solve(len(views), lambda start, at: judge.weigh(run.look(start, at)[1], views[at]), judge.options.threshold)
    chains: list[Chain] = []
    firsts = [at for at, start in enumerate(cut.starts) if at == start]
    for number, (start, end) in enumerate(zip(firsts, [*firsts[1:], len(views)], strict=True)):
        first = judge.first(views[start])
        if number:
            first = judge.link(*run.look(firsts[number - 1], start), cut.probabilities[start], joined=False)
        links = [judge.link(*run.look(start, at), cut.probabilities[at], joined=True) for at in range(start + 1, end)]
        stacked_under = len(above) - 1 if number == 0 and run.stacked else None
        chains.append(Chain(tuple(views[start:end]), (first, *links), run.caption(start, end), stacked_under))
    return chains


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


def _to_inherit(caption: Caption, view: FragmentView) -> Caption:
    """What a grid takes of the caption of the one it is stacked under."""
    inherited = replace(caption, lines=())
    if not view.columns_of(HeaderRole.AMOUNT):
        inherited = replace(inherited, unit="")  # a unit is of no use to a grid without amounts
    return inherited


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
