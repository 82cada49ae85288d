"""Which cells independent extractors read alike, and how the others differ.

A cell is agreed on when another extractor has one at the same place of the page, of the same extent, with the
same text (white space aside). Extent is judged by the edges, so that neither side's row and column numbers, which
depend on what else it found, can make or break an agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lanci.document import Box, Cell, LabelledFragment
from lanci.text import squash
from lanci_eval.matching import PageGrid, compare
from lanci_eval.records import EvalCell
from lanci_eval.truth.readings import OtherReading, fragments_to_extraction

_SLACK = 4.0
"""Points by which edges may differ: rules have a thickness, and extractors take either side of it."""
_SHARE = 0.35
"""... but never by more than this share of the cell's width or height."""
_MIN_TEXTS = 2
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class OtherCell:
    """How another extractor reads the place of a cell that it does not read alike.

    ``text`` is None when it has no cell there; ``same_extent`` tells whether only the text differs.
    """

    name: str
    text: str | None
    same_extent: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who agrees on a cell, and what the others have instead."""

    agreed: tuple[str, ...]
    others: tuple[OtherCell, ...]


@dataclass(frozen=True, slots=True)
class ExtraCell:
    """A cell with text that another extractor has next to a fragment, where the fragment has none."""

    name: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class FragmentVerdict:
    """One verdict for each cell of a fragment, in its order.

    ``partners`` are the extractors that have its grid; ``extra`` are cells that only they have.
    """

    partners: tuple[str, ...]
    cells: tuple[Verdict, ...]
    extra: tuple[ExtraCell, ...]


@dataclass(frozen=True, slots=True)
class LonelyGrid:
    """A grid with at least two texts that another extractor found and lanci did not."""

    name: str
    page: int
    n_rows: int
    n_cols: int
    box: Box | None
    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A verdict for each fragment, in order, and the grids that stand for none of them, by page."""

    fragments: tuple[FragmentVerdict, ...]
    lonely: tuple[LonelyGrid, ...]


def judge(fragments: Sequence[LabelledFragment], others: Sequence[OtherReading]) -> Agreement:
    """Compare what lanci read of a document with what others did."""
    ours = fragments_to_extraction(fragments)
    partners: list[list[tuple[str, PageGrid]]] = [[] for _ in fragments]
    lonely: list[LonelyGrid] = []
    for other in others:
        for pair in compare(ours, other.tables).grids:
            if pair.truth is not None and pair.found is not None:
                partners[pair.truth.table].append((other.name, pair.found))
            elif pair.found is not None:
                lonely += _to_lonely(other.name, pair.found)
    verdicts = tuple(_judge_fragment(one, grids) for one, grids in zip(fragments, partners, strict=True))
    return Agreement(verdicts, tuple(sorted(lonely, key=lambda grid: (grid.page, grid.name))))


def _to_lonely(name: str, grid: PageGrid) -> list[LonelyGrid]:
    texts = [cell.text for cell in grid.cells if cell.text]
    if len(texts) < _MIN_TEXTS:
        return []
    return [LonelyGrid(name, grid.page, grid.n_rows, grid.n_cols, grid.box, " | ".join(texts)[:_SHOWN])]


def _judge_fragment(labelled: LabelledFragment, partners: Sequence[tuple[str, PageGrid]]) -> FragmentVerdict:
    fragment = labelled.fragment
    cells = fragment.cells
    around = squash("".join((*fragment.caption.lines, *fragment.notes)))
    extra = tuple(
        ExtraCell(name, theirs.text, theirs.box)
        for name, grid in partners
        for theirs in grid.cells
        if theirs.box is not None
        and squash(theirs.text) not in around  # some count title and notes as rows of the table
        and not any(_meet(cell.box, theirs.box) for cell in cells)
    )
    names = tuple(name for name, _ in partners)
    return FragmentVerdict(names, tuple(_judge(cell, partners) for cell in cells), extra)


def _meet(one: Box, other: Box) -> bool:
    """Whether either box's middle lies in the other."""
    return one.contains(*other.center) or other.contains(*one.center)


def _judge(cell: Cell, partners: Iterable[tuple[str, PageGrid]]) -> Verdict:
    agreed: list[str] = []
    others: list[OtherCell] = []
    for name, grid in partners:
        there = _at(cell.box, grid.cells)
        if there is None or there.box is None:
            others.append(OtherCell(name, None))
            continue
        same_extent = same_place(cell.box, there.box)
        if same_extent and squash(there.text) == squash(cell.text):
            agreed.append(name)
        else:
            others.append(OtherCell(name, there.text, same_extent))
    return Verdict(tuple(agreed), tuple(others))


def _at(box: Box, cells: Iterable[EvalCell]) -> EvalCell | None:
    """The cell that shares most of its area with a box."""
    best, most = None, 0.0
    for cell in cells:
        if cell.box is None:
            continue
        common = box.intersect(cell.box).area
        share = common / max(box.area, cell.box.area) if common else 0.0
        if share > most:
            best, most = cell, share
    return best


def same_place(one: Box, other: Box) -> bool:
    """Whether two boxes have the same edges, but for the thickness of rules."""
    slack_x = min(_SLACK, _SHARE * min(one.width, other.width))
    slack_y = min(_SLACK, _SHARE * min(one.height, other.height))
    return (
        abs(one.x0 - other.x0) <= slack_x
        and abs(one.x1 - other.x1) <= slack_x
        and abs(one.y0 - other.y0) <= slack_y
        and abs(one.y1 - other.y1) <= slack_y
    )
