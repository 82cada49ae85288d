"""What models say of fragments whose truth is known, labelled a whole document at a time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lanci.classify import label_fragments
from lanci.classify.models import Models
from lanci.document import Cell, Facets, Fragment, LabelledFragment
from lanci.facets import FacetValues
from lanci.training.augment import drop_caption, drop_header, garble, hide_words
from lanci.training.examples import Example

FACETS = ("kind", "fund", "scope", "classification")
OTHER_KIND = "other"
_SEED = 20
_SKETCH_ROWS, _SKETCH_COLS, _SKETCH_CHARS = 4, 6, 14

Pairs = tuple[tuple[str, str], ...]
"""What was found and what is true, one pair a decision."""


class Part(StrEnum):
    """Which part of its table a fragment is."""

    FIRST = "first"
    WITH_HEADER = "continuation with header"
    HEADERLESS = "continuation without header"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found and what is true of one fragment.

    Attributes:
        test: how the fragment was shown to the models (see :data:`TESTS`).
        group: its document; figures are drawn by it.
        table: id of its table.
        page: where it stands, from 1.
        title: as printed above it.
        part: which part of the table it is.
        budget: whether its document has any table of a budget.
        facets: found, with all probabilities.
        truth: the true facets.
        header_rows: found and true number.
        rows: roles of rows, found and true.
        cells: roles of true header cells; one that was taken for the body is ``none``.
        columns: roles of columns.
        sketch: the texts of the first rows, for a fragment with errors.
    """

    test: str
    group: str
    table: str
    page: int
    title: str
    part: Part
    budget: bool
    facets: Facets
    truth: FacetValues
    header_rows: tuple[int, int]
    rows: Pairs
    cells: Pairs
    columns: Pairs
    sketch: tuple[tuple[str, ...], ...] = ()

    @property
    def found(self) -> FacetValues:
        """The most likely value of every facet."""
        return FacetValues(*(getattr(self.facets, name)[0][0] for name in FACETS))

    @property
    def probability(self) -> float:
        """That of the least sure of the facets found."""
        return float(min(getattr(self.facets, name)[0][1] for name in FACETS))


Change = Callable[[Example, str, random.Random], Example]


@dataclass(frozen=True, slots=True)
class Test:
    """A way to show a document to the models.

    ``change`` may return its argument: the fragment is then shown but not counted, unless ``count_all``. ``alone``
    shows every fragment without its neighbours and the contents page, ``shuffled`` with the pages in another order.
    """

    name: str
    change: Change
    count_all: bool = False
    alone: bool = False
    shuffled: bool = False


def _same(example: Example, _: str, __: random.Random) -> Example:
    return example


def _garble_all(rate: float) -> Change:
    return lambda example, alphabet, rng: garble(example, rate, alphabet, rng)


def _garble_header(rate: float) -> Change:
    return lambda example, alphabet, rng: garble_header(example, rate, alphabet, rng)


AS_PRINTED = Test("as printed", _same, count_all=True)
TESTS = (
    AS_PRINTED,
    Test("no title", lambda e, _, __: drop_caption(e)),
    Test("no header", lambda e, _, __: drop_header(e)),
    Test("no title, no header", lambda e, _, __: drop_header(drop_caption(e))),
    Test("header 5 % garbled", _garble_header(0.05), count_all=True),
    Test("header 10 % garbled", _garble_header(0.10), count_all=True),
    Test("header 20 % garbled", _garble_header(0.20), count_all=True),
    Test("all words 10 % garbled", _garble_all(0.10), count_all=True),
    Test("no words at all", lambda e, _, __: hide_words(e), count_all=True),
    Test("no surroundings", _same, count_all=True, alone=True),
    Test("pages in another order", _same, count_all=True, shuffled=True),
)


def garble_header(example: Example, rate: float, alphabet: str, rng: random.Random) -> Example:
    """The caption and the cells above the body garbled (see :func:`lanci.training.augment.garble`), the body not."""
    spoilt = garble(example, rate, alphabet, rng)
    pairs = zip(example.fragment.cells, spoilt.fragment.cells, strict=True)
    cells = tuple(new if old.row < example.truth.n_header_rows else old for old, new in pairs)
    return replace(spoilt, fragment=replace(spoilt.fragment, cells=cells))


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs besides the examples: the models, the characters that garbling puts in, contents pages."""

    models: Models
    alphabet: str
    contents: Mapping[str, tuple[str, ...]]


def judge(held_out: Sequence[Example], bench: Bench, tests: Iterable[Test] = (AS_PRINTED,)) -> list[Verdict]:
    """Label the held-out examples, one document at a time, in every way of ``tests``."""
    groups: dict[str, list[Example]] = {}
    for example in held_out:
        groups.setdefault(example.group, []).append(example)
    return [verdict for test in tests for group in groups.values() for verdict in _judge_document(group, bench, test)]


def _judge_document(document: Sequence[Example], bench: Bench, test: Test) -> list[Verdict]:
    rng = random.Random(_SEED)  # noqa: S311 - reproducible variety, not secrecy
    changed = [test.change(example, bench.alphabet, rng) for example in document]
    fragments = [example.fragment for example in changed]
    if test.shuffled:
        fragments = _shuffle_pages(fragments, rng)
    if test.alone:
        found = [label_fragments([fragment], bench.models)[0] for fragment in fragments]
    else:
        found = list(label_fragments(fragments, bench.models, bench.contents.get(document[0].group, ())))
    budget = any(example.truth.facets.kind != OTHER_KIND for example in document)
    seen: set[str] = set()
    verdicts = []
    for old, new, labelled in zip(document, changed, found, strict=True):
        part = _find_part(old, is_first=old.table not in seen)
        seen.add(old.table)
        if test.count_all or new.fragment is not old.fragment:
            verdicts.append(_to_verdict(test.name, new, labelled, part, budget=budget))
    return verdicts


def _shuffle_pages(fragments: Sequence[Fragment], rng: random.Random) -> list[Fragment]:
    pages = sorted({fragment.page for fragment in fragments})
    shuffled = dict(zip(pages, rng.sample(pages, len(pages)), strict=True))
    return [replace(fragment, page=shuffled[fragment.page]) for fragment in fragments]


def _find_part(example: Example, *, is_first: bool) -> Part:
    if is_first:
        return Part.FIRST
    return Part.WITH_HEADER if example.truth.n_header_rows else Part.HEADERLESS


def _to_verdict(test: str, example: Example, found: LabelledFragment, part: Part, *, budget: bool) -> Verdict:
    truth = example.truth
    verdict = Verdict(
        test=test,
        group=example.group,
        table=example.table,
        page=example.fragment.page,
        title=example.fragment.caption.title,
        part=part,
        budget=budget,
        facets=found.facets,
        truth=truth.facets,
        header_rows=(found.n_header_rows, truth.n_header_rows),
        rows=tuple((str(a), str(b)) for a, b in zip(found.row_roles, truth.row_roles, strict=True)),
        cells=_pair_cells(example, found),
        columns=tuple((str(a), str(b)) for (a, _), b in zip(found.column_roles, truth.column_roles, strict=True)),
    )
    if test != AS_PRINTED.name or is_right(verdict):
        return verdict
    return replace(verdict, sketch=_sketch(example.fragment.cells))


def is_right(verdict: Verdict) -> bool:
    """Whether the facets and the number of header rows are right."""
    return verdict.found == verdict.truth and verdict.header_rows[0] == verdict.header_rows[1]


def _pair_cells(example: Example, found: LabelledFragment) -> Pairs:
    roles, true = iter(found.header_roles), iter(example.truth.header_roles)
    pairs = []
    for cell in example.fragment.cells:
        role = str(next(roles)[0]) if cell.row < found.n_header_rows else "none"
        if cell.row < example.truth.n_header_rows:
            pairs.append((role, str(next(true))))
    return tuple(pairs)


def _sketch(cells: Sequence[Cell]) -> tuple[tuple[str, ...], ...]:
    """The texts of the first rows and columns, shortened; positions under a span are empty."""
    shown = [cell for cell in cells if cell.row < _SKETCH_ROWS and cell.col < _SKETCH_COLS]
    n_rows, n_cols = (max((getattr(c, side) for c in shown), default=-1) + 1 for side in ("row", "col"))
    rows = [[""] * n_cols for _ in range(n_rows)]
    for cell in shown:
        text = cell.text
        rows[cell.row][cell.col] = text if len(text) <= _SKETCH_CHARS else text[: _SKETCH_CHARS - 1] + "…"
    return tuple(map(tuple, rows))
