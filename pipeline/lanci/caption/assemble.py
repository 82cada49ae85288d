"""Captions, notes and cells of each page put together to fragments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lanci.caption.above import caption_above
from lanci.caption.lift import lift_caption_rows
from lanci.caption.lines import TextLine, in_margin, is_running, running_heads, words_to_text_lines
from lanci.caption.notes import join_notes, notes_below
from lanci.caption.parse import parse_caption
from lanci.caption.phrases import (
    has_leaders,
    is_about_the_table,
    is_contents_entry,
    is_note,
    is_title,
    says_unit_or_entity,
)
from lanci.caption.statements import ProsePage, find_statements, states_amounts
from lanci.document import (
    IDENTITY,
    Box,
    Cell,
    CellReading,
    Fragment,
    Grid,
    PageEvidence,
    Statement,
    Transform,
    Word,
)
from lanci.text import squash

# What lies across the edge of a table by more than this share of its height, and is narrower than this share of the
# table, is the overflow of a cell and no line of its own.
_ACROSS = 0.03
_NARROW = 0.6


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page after its cells were read.

    ``grids`` from top to bottom, ``readings`` one tuple a grid in the order of its cells, ``outside`` the words
    that lie in no grid; all in the working frame of ``evidence``.
    """

    evidence: PageEvidence
    grids: tuple[Grid, ...]
    readings: tuple[tuple[CellReading, ...], ...]
    outside: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class PageDraft:
    """What is kept of a page until the whole document is read: its fragments and the text lines around them.

    ``fragments`` have their cells and no captions yet; ``tables`` are their boxes in the page's working frame, in
    which ``height`` and ``lines`` (top to bottom) are, too, and from which ``to_page`` leads to the displayed page.
    ``contents`` are the entries of a contents page; ``is_prose`` tells that the lines are all there and state amounts.
    """

    page: int
    height: float
    fragments: tuple[Fragment, ...]
    tables: tuple[Box, ...]
    lines: tuple[TextLine, ...]
    contents: tuple[str, ...] = ()
    to_page: Transform = IDENTITY
    is_prose: bool = False


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around one table, and how many other lines lie between it and its neighbours."""

    caption: tuple[TextLine, ...]
    notes: tuple[TextLine, ...]
    gap_above: int
    gap_below: int


def draft_page(content: PageContent, *, after_table: bool = False, first: int = 0) -> PageDraft:
    """Take the caption rows out of the grids of a page and put its other words in lines.

    Args:
        content: the page; nothing of it but the cells' texts is kept.
        after_table: whether the page before it has a table, whose notes may stand at the top of this one. A page
            without tables otherwise only matters for its running heads, as a contents page and for amounts in prose.
        first: the number of the page's fragments in drafts before this one.
    """
    evidence = content.evidence
    height = _frame_height(evidence)
    is_prose = states_amounts(content.outside)
    if not content.grids:
        words = content.outside if after_table or is_prose else in_margin(content.outside, height)
        kept = tuple(words_to_text_lines(words))
        contents = _contents_entries(content.outside)
        return PageDraft(evidence.number, height, (), (), kept, contents, evidence.to_page, is_prose)
    lines = words_to_text_lines(content.outside)
    lifted = [lift_caption_rows(*pair) for pair in zip(content.grids, content.readings, strict=True)]
    rows = [line for _, _, taken in lifted for line in taken]
    if rows:
        lines = sorted(lines + rows, key=lambda line: line.box.y0)
    fragments = tuple(
        [_make_fragment(evidence, index, grid, readings) for index, (grid, readings, _) in enumerate(lifted, first)]
    )
    boxes = tuple([grid.region.box for grid, _, _ in lifted])
    return PageDraft(evidence.number, height, fragments, boxes, tuple(lines), (), evidence.to_page, is_prose)


def _contents_entries(words: Sequence[Word]) -> tuple[str, ...]:
    """The lines of a page from which dots lead to a page number; few pages have dots, others cost next to nothing."""
    if not any(has_leaders(word.text) for word in words):
        return ()
    return tuple([line.text for line in words_to_text_lines(words) if is_contents_entry(squash(line.text))])


def make_fragments(pages: Sequence[PageDraft]) -> tuple[Fragment, ...]:
    """The fragments of a document in reading order, with captions and notes.

    All pages are needed at once to tell running heads from captions, and for notes that the page break parts from
    their table.
    """
    heads = running_heads((page.height, page.lines) for page in pages)
    fragments: list[Fragment] = []
    last: tuple[int, _Around] | None = None
    for page in pages:
        lines = [line for line in page.lines if not is_running(line, page.height, heads)]
        carried = _carried_notes(page, last, lines)
        if carried:
            fragments[-1] = replace(fragments[-1], notes=fragments[-1].notes + join_notes(carried))
            lines = lines[len(carried) :]
        arounds = _around_tables(page.tables, lines)
        fragments.extend(map(_with_surroundings, page.fragments, page.tables, arounds))
        last = (page.page, arounds[-1]) if arounds else None
    return tuple(fragments)


def make_statements(pages: Sequence[PageDraft]) -> tuple[Statement, ...]:
    """The paragraphs of a document that state amounts, in reading order; a contents page has none."""
    heads = running_heads((page.height, page.lines) for page in pages)
    prose = []
    for page in pages:
        if page.is_prose and not page.contents:
            lines = [line for line in page.lines if not is_running(line, page.height, heads)]
            prose.append(ProsePage(page.page, lines, page.tables, page.to_page))
    return find_statements(prose)


def _with_surroundings(fragment: Fragment, table: Box, around: _Around) -> Fragment:
    return replace(
        fragment,
        caption=parse_caption(around.caption, table),
        notes=join_notes(around.notes),
        gap_above=around.gap_above,
        gap_below=around.gap_below,
    )


def _frame_height(evidence: PageEvidence) -> float:
    """The height of the page in its working frame, which may lie on its side."""
    turned = abs(evidence.to_page.b) > abs(evidence.to_page.a)
    return evidence.width if turned else evidence.height


def _carried_notes(page: PageDraft, last: tuple[int, _Around] | None, lines: Sequence[TextLine]) -> list[TextLine]:
    """The notes at the top of a page that belong to the table at the end of the page before it."""
    if last is None or not lines or last[1].gap_below or last[0] + 1 != page.page:
        return []
    bottom = min((table.y0 for table in page.tables), default=float("inf"))
    above = [line for line in lines if line.box.center[1] < bottom]
    return notes_below(above[0].box.y0, above, bottom) if above and is_note(above[0].text) else []


def _around_tables(tables: Sequence[Box], lines: Sequence[TextLine]) -> list[_Around]:
    """Divide the lines between the tables: notes below one, then prose, then the caption of the next."""
    notes: list[tuple[TextLine, ...]] = []
    captions: list[tuple[TextLine, ...]] = []
    gaps: list[int] = []
    above: Box | None = None
    for below in (*tables, None):
        top = above.y1 if above else float("-inf")
        bottom = below.y0 if below else float("inf")
        between = [line for line in lines if top <= line.box.center[1] < bottom]
        between = [line for line in between if not _overflows(line, above, below)]
        found = notes_below(above.y1, between, bottom) if above else []
        rest = between[len(found) :]
        caption = caption_above(below, rest) if below else []
        notes.append(tuple(found))
        captions.append(tuple(caption))
        gaps.append(len(rest) - len(caption))
        above = below
    return [_Around(captions[i], notes[i + 1], gaps[i], gaps[i + 1]) for i in range(len(tables))]


def _overflows(line: TextLine, above: Box | None, below: Box | None) -> bool:
    """Whether a line is what a cell cut by the page break could not hold: it lies across the edge of its table."""
    box = line.box
    across = _ACROSS * box.height
    table = above if above and above.y1 - box.y0 > across else below if below and box.y1 - below.y0 > across else None
    return table is not None and box.width < _NARROW * table.width and not _belongs_outside(line.text)


def _belongs_outside(text: str) -> bool:
    return is_note(text) or is_about_the_table(text) or is_title(text) or says_unit_or_entity(text)


def _make_fragment(evidence: PageEvidence, index: int, grid: Grid, readings: Sequence[CellReading]) -> Fragment:
    to_page = evidence.to_page
    upright = to_page == IDENTITY
    number = evidence.number
    cells = tuple(
        [
            Cell(
                row=cell.row,
                col=cell.col,
                row_span=cell.row_span,
                col_span=cell.col_span,
                text=reading.text,
                page=number,
                box=cell.box if upright else to_page.box(cell.box),
                source=reading.source,
                confidence=reading.confidence,
                needs_review=reading.needs_review,
                alternatives=reading.alternatives,
            )
            for cell, reading in zip(grid.cells, readings, strict=True)
        ]
    )
    return Fragment(
        page=number,
        index=index,
        box=to_page.box(grid.region.box),
        n_rows=grid.n_rows,
        n_cols=grid.n_cols,
        cells=cells,
        col_edges=grid.col_edges,
        detector=grid.region.detector,
        page_width=evidence.width,
    )
