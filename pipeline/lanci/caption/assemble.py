"""Captions, notes and cells of each page put together to fragments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lanci.caption.lift import lift_caption_rows
from lanci.caption.lines import TextLine, is_running, running_heads, words_to_text_lines
from lanci.caption.parse import is_caption_like, is_note, names_table, parse_caption
from lanci.document import (
    Caption,
    Cell,
    CellReading,
    Fragment,
    Grid,
    PageEvidence,
    Word,
)
from lanci.text import join_lines

_MAX_CAPTION_LINES = 6
# Between two caption lines, or the last one and its table, there is at most this much space, in line heights.
_MAX_CAPTION_GAP = 4.0
_MAX_NOTE_GAP = 3.0


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
class _Around:
    """What stands around one table, and how many other lines lie between it and its neighbours."""

    caption: Caption
    notes: tuple[str, ...]
    gap_above: int
    gap_below: int


def make_fragments(pages: Sequence[PageContent]) -> tuple[Fragment, ...]:
    """The fragments of a document in reading order.

    All pages are needed at once to tell running heads from captions.
    """
    pages, lines = _lift_captions(pages)
    heights = [_frame_height(page) for page in pages]
    heads = running_heads(list(zip(heights, lines, strict=True)))
    fragments: list[Fragment] = []
    for page, page_lines, height in zip(pages, lines, heights, strict=True):
        content = [line for line in page_lines if names_table(line) or not is_running(line, height, heads)]
        for index, around in enumerate(_around_tables(page.grids, content)):
            fragments.append(_grid_to_fragment(page, index, around))
    return tuple(fragments)


def _lift_captions(pages: Sequence[PageContent]) -> tuple[list[PageContent], list[list[TextLine]]]:
    """The pages without caption rows in their grids, and all text lines of each page from top to bottom."""
    lifted_pages: list[PageContent] = []
    lines: list[list[TextLine]] = []
    for page in pages:
        lifted = [lift_caption_rows(g, r) for g, r in zip(page.grids, page.readings, strict=True)]
        page_lines = [*words_to_text_lines(page.outside), *(line for _, _, rows in lifted for line in rows)]
        lines.append(sorted(page_lines, key=lambda line: line.box.y0))
        grids = tuple(grid for grid, _, _ in lifted)
        lifted_pages.append(replace(page, grids=grids, readings=tuple(readings for _, readings, _ in lifted)))
    return lifted_pages, lines


def _frame_height(page: PageContent) -> float:
    """The height of the page in its working frame, which may lie on its side."""
    turned = abs(page.evidence.to_page.b) > abs(page.evidence.to_page.a)
    return page.evidence.width if turned else page.evidence.height


def _around_tables(grids: Sequence[Grid], lines: Sequence[TextLine]) -> list[_Around]:
    """Divide the lines between the tables: notes below one, then prose, then the caption of the next."""
    arounds: list[_Around] = []
    top = float("-inf")
    notes_of: list[tuple[str, ...]] = []
    captions: list[list[TextLine]] = []
    gaps: list[int] = []
    for index in range(len(grids) + 1):
        bottom = grids[index].region.box.y0 if index < len(grids) else float("inf")
        between = [line for line in lines if top <= line.box.center[1] < bottom]
        notes: list[TextLine] = _notes_below(grids[index - 1], between) if index else []
        rest = [line for line in between if line not in notes]
        caption = _caption_above(grids[index], rest) if index < len(grids) else []
        if index:
            notes_of.append(_join_notes(notes))
        captions.append(caption)
        gaps.append(len(rest) - len(caption))
        if index < len(grids):
            top = grids[index].region.box.y1
    for index, grid in enumerate(grids):
        caption_ = parse_caption(captions[index], grid.region.box)
        arounds.append(_Around(caption_, notes_of[index], gaps[index], gaps[index + 1]))
    return arounds


def _notes_below(grid: Grid, lines: Sequence[TextLine]) -> list[TextLine]:
    """Note lines right under a table, with the lines that continue a note."""
    notes: list[TextLine] = []
    bottom = grid.region.box.y1
    for line in lines:
        near = line.box.y0 - bottom <= _MAX_NOTE_GAP * line.size
        continues = (
            bool(notes) and line.box.y0 - notes[-1].box.y1 < 1.2 * line.size and not notes[-1].text.endswith("。")
        )
        if not near or not (is_note(line) or continues):
            break
        notes.append(line)
        bottom = line.box.y1
    return notes


def _join_notes(lines: Sequence[TextLine]) -> tuple[str, ...]:
    """One text a note: the lines that do not begin a note continue the one above."""
    notes: list[list[str]] = []
    for line in lines:
        if is_note(line):
            notes.append([line.text])
        else:
            notes[-1].append(line.text)
    return tuple(join_lines(note) for note in notes)


def _caption_above(grid: Grid, lines: Sequence[TextLine]) -> list[TextLine]:
    caption: list[TextLine] = []
    below = grid.region.box.y0
    for line in reversed(lines):
        if len(caption) == _MAX_CAPTION_LINES or below - line.box.y1 > _MAX_CAPTION_GAP * line.size:
            break
        if not is_caption_like(line, grid.region.box):
            break
        caption.insert(0, line)
        below = line.box.y0
    return caption


def _grid_to_fragment(page: PageContent, index: int, around: _Around) -> Fragment:
    grid, evidence = page.grids[index], page.evidence
    cells = tuple(
        Cell(
            row=cell.row,
            col=cell.col,
            row_span=cell.row_span,
            col_span=cell.col_span,
            text=reading.text,
            page=evidence.number,
            box=evidence.to_page.box(cell.box),
            source=reading.source,
            confidence=reading.confidence,
            needs_review=reading.needs_review,
            alternatives=reading.alternatives,
        )
        for cell, reading in zip(grid.cells, page.readings[index], strict=True)
    )
    return Fragment(
        page=evidence.number,
        index=index,
        box=evidence.to_page.box(grid.region.box),
        n_rows=grid.n_rows,
        n_cols=grid.n_cols,
        cells=cells,
        col_edges=grid.col_edges,
        caption=around.caption,
        notes=around.notes,
        detector=grid.region.detector,
        gap_above=around.gap_above,
        gap_below=around.gap_below,
        page_width=evidence.width,
    )
