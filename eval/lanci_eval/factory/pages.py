"""Cut a content into pages after the manners of a family: here it is decided what stands on which page.

Rooms are estimated. When an engine needs more, the same content is cut again with a smaller ``share`` of each page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from lanci.document import Cell, RowRole, Table
from lanci.text import squash
from lanci_eval.factory.records import (
    Content,
    Family,
    Form,
    Passage,
    PassageKind,
    Repeat,
    SheetPage,
    TablePart,
)
from lanci_eval.factory.sheet import (
    PROSE_SIZE,
    TABLE_GAP,
    caption_height,
    frame_height,
    frame_width,
    is_cut_long,
    notes_height,
    passage_height,
    print_part,
    row_heights,
    space_out,
    table_size,
    text_width,
    wants_landscape,
)

_SAFE_SHARE = 0.95
_LEAST_BODY_ROWS = 2
"""A table does not begin where fewer body rows than these have room."""

_LEAST_FOR_LONE_ROW = 5
_SHORT_ROWS = 14
"""A table of at most so many rows is short: it may stand on the page of another."""

_LEAST_CUT_HEIGHT = 3.1
"""Ems; only rows of two and more lines are cut."""

_SPACED_CHANCE = 0.5
_LEADER_SHARE = 0.9
"""How far across the page the leaders of a contents page reach."""

_HEADER_ROWS = (RowRole.HEADER, RowRole.COLUMN_NUMBER)


@dataclass(slots=True)
class _Writer:
    """Pages being filled from the top; ``lone_row_due`` until the family's left-over row has been made."""

    family: Family
    share: float
    rng: np.random.Generator
    lone_row_due: bool
    pages: list[SheetPage] = field(default_factory=list)
    blocks: list[TablePart | Passage] = field(default_factory=list)
    used: float = 0.0
    landscape: bool = False

    @property
    def room(self) -> float:
        return frame_height(landscape=self.landscape) * self.share - self.used

    def turn_page(self) -> None:
        """End the page, if anything stands on it."""
        if self.blocks:
            self.pages.append(SheetPage(len(self.pages) + 1, tuple(self.blocks), self.landscape))
        self.blocks, self.used = [], 0.0

    def has_table(self) -> bool:
        return any(isinstance(block, TablePart) for block in self.blocks)


def cut_pages(content: Content, family: Family, seed: int, share: float = 1.0) -> tuple[SheetPage, ...]:
    """The pages of a content.

    Args:
        content: what to print.
        family: the manners: where tables may break and what is printed again.
        seed: of the little that is left to chance (letter-spaced copies of header labels).
        share: how much of the usual room of a page is used, up to 1.
    """
    writer = _Writer(family, _SAFE_SHARE * share, np.random.default_rng(seed), family.lone_row)
    for block in content.blocks:
        if isinstance(block, Passage):
            _add_passage(writer, block)
        else:
            _add_form(writer, block)
    writer.turn_page()
    return number_contents(writer.pages)


def _add_passage(writer: _Writer, passage: Passage) -> None:
    height = passage_height(passage, frame_width(landscape=writer.landscape))
    contents = passage.kind is PassageKind.CONTENTS
    after_contents = _last_kind(writer) is PassageKind.CONTENTS
    if writer.landscape or contents != after_contents or height > writer.room:
        if not (contents and _has_only_headings(writer)):
            _turn_with_headings(writer)
        writer.landscape = False
    writer.blocks.append(passage)
    writer.used += height


def _has_only_headings(writer: _Writer) -> bool:
    headings = (isinstance(block, Passage) and block.kind is PassageKind.HEADING for block in writer.blocks)
    return bool(writer.blocks) and all(headings)


def _turn_with_headings(writer: _Writer) -> None:
    """Turn the page; headings at its foot go with what they stand over."""
    kept = _take_headings(writer)
    writer.turn_page()
    writer.landscape = False
    _put_back(writer, kept)


def _take_headings(writer: _Writer) -> list[Passage]:
    kept: list[Passage] = []
    while writer.blocks and _last_kind(writer) is PassageKind.HEADING:
        block = writer.blocks.pop()
        if isinstance(block, Passage):
            kept.insert(0, block)
    return kept


def _put_back(writer: _Writer, headings: Sequence[Passage]) -> None:
    for heading in headings:
        writer.blocks.append(heading)
        writer.used += passage_height(heading, frame_width(landscape=writer.landscape))


def _last_kind(writer: _Writer) -> PassageKind | None:
    last = writer.blocks[-1] if writer.blocks else None
    return last.kind if isinstance(last, Passage) else None


def _add_form(writer: _Writer, form: Form) -> None:
    _find_place(writer, form)
    table, first, cut_top = form.table, 0, False
    while True:
        part = _fill_page(writer, form, first, cut_top=cut_top)
        writer.blocks.append(part)
        writer.used += part_height(part, writer.family) + TABLE_GAP
        if part.last_row == table.n_rows - 1 and not part.cut_bottom:
            return
        writer.turn_page()
        first, cut_top = part.last_row + (0 if part.cut_bottom else 1), part.cut_bottom


def _find_place(writer: _Writer, form: Form) -> None:
    """Go to the page on which the form begins, headings before it included."""
    table = form.table
    landscape = wants_landscape(table, writer.family)
    whole = TablePart(form, 0, table.n_rows - 1, table.caption.lines, (), table.notes)
    least = replace(whole, last_row=min(table.n_header_rows + _LEAST_BODY_ROWS, table.n_rows) - 1, notes=())
    same_paper = landscape == writer.landscape
    short = table.n_rows <= _SHORT_ROWS and part_height(whole, writer.family) <= writer.room
    partner = same_paper and _is_companion_above(writer, table)
    begun = part_height(least, writer.family) <= writer.room
    if writer.has_table():
        # Where breaks cut texts, tables simply follow one another, as in a word processor.
        stays = begun and (partner or (same_paper and writer.family.cut_cells))
        stays = stays or (same_paper and short and writer.family.share_page)
    else:
        stays = same_paper and (short or part_height(least, writer.family) <= writer.room * 0.6)
    if not stays:
        kept = _take_headings(writer)
        writer.turn_page()
        writer.landscape = landscape
        _put_back(writer, kept)


def _is_companion_above(writer: _Writer, table: Table) -> bool:
    above = next((block for block in reversed(writer.blocks) if isinstance(block, TablePart)), None)
    return above is not None and above.form.table.id == table.companion


def _fill_page(writer: _Writer, form: Form, first: int, *, cut_top: bool) -> TablePart:
    """The part of the form from row ``first`` that the rest of the page takes."""
    table, family = form.table, writer.family
    part = _start_part(writer, form, first, cut_top=cut_top)
    whole = _until(part, table.n_rows - 1)
    if part_height(whole, family) <= writer.room:
        return _leave_lone_row(writer, whole)
    heights = row_heights(table, family)
    room = writer.room - part_height(_until(part, first), family) + heights[first]
    last = first
    while last + 1 < table.n_rows - 1 and sum(heights[first : last + 2]) <= room:
        last += 1
    while last > first and part_height(_until(part, last), family) > writer.room:
        last -= 1
    return _end_part(writer, part, last)


def _start_part(writer: _Writer, form: Form, first: int, *, cut_top: bool) -> TablePart:
    table = form.table
    if first == 0:
        return TablePart(form, 0, 0, table.caption.lines)
    captions: tuple[str, ...] = ()
    if writer.family.repeat is Repeat.TITLE_AND_HEADER:
        captions = table.caption.lines
    elif writer.family.style.continued_line:
        captions = (writer.family.style.continued_line,)
    return TablePart(form, first, first, captions, _repeat_header(writer, table), cut_top=cut_top)


def _until(part: TablePart, last: int) -> TablePart:
    """The part grown to row ``last``; notes stand under the last row of the table."""
    table = part.form.table
    return replace(part, last_row=last, notes=table.notes if last == table.n_rows - 1 else ())


def _end_part(writer: _Writer, part: TablePart, last: int) -> TablePart:
    """End the part at row ``last``, at the nearest row before it where it may break, or inside the next row."""
    table, family = part.form.table, writer.family
    least = max(part.first_row, table.n_header_rows) if part.first_row < table.n_header_rows else part.first_row
    whole_rows = _until(part, last)
    if family.cut_cells and last + 1 < table.n_rows and _may_cut(table, last + 1, family):
        cut = replace(_until(part, last + 1), cut_bottom=True, notes=())
        if part_height(cut, family) <= writer.room:
            return cut
    if not family.cut_labels:
        allowed = [row for row in range(least, last + 1) if not _crosses(table, row)]
        if allowed:
            return _until(part, allowed[-1])
    return whole_rows


def _may_cut(table: Table, row: int, family: Family) -> bool:
    """Whether a break may cut the row itself: it is high, and one of its own texts is long."""
    if row < table.n_header_rows:
        return False
    heights = row_heights(table, family)
    long = any(is_cut_long(cell) and cell.row == row and cell.row_span == 1 for cell in table.cells)
    return long and heights[row] >= _LEAST_CUT_HEIGHT * table_size(table, family)


def _crosses(table: Table, row: int) -> bool:
    """Whether a cell spans over the lower edge of the row."""
    return any(cell.row <= row < cell.row + cell.row_span - 1 for cell in table.cells)


def _leave_lone_row(writer: _Writer, whole: TablePart) -> TablePart:
    """The part without the table's last row, where the family wants one row to be left over."""
    table = whole.form.table
    last = table.n_rows - 2
    long_enough = last - max(whole.first_row, table.n_header_rows) >= _LEAST_FOR_LONE_ROW
    if not writer.lone_row_due or not long_enough or (not writer.family.cut_labels and _crosses(table, last)):
        return whole
    writer.lone_row_due = False
    return _until(whole, last)


def _repeat_header(writer: _Writer, table: Table) -> tuple[Cell, ...]:
    """What the family prints again of the header, rows from 0; key/value rows among the header rows are not."""
    family = writer.family
    rows = [row for row in range(table.n_header_rows) if table.row_roles[row] in _HEADER_ROWS]
    if family.repeat is Repeat.NOTHING:
        rows = []
    elif family.repeat is Repeat.COLUMN_NUMBERS:
        rows = [row for row in rows if table.row_roles[row] is RowRole.COLUMN_NUMBER][-1:]
    spaced = family.style.spaced_repeats and writer.rng.random() < _SPACED_CHANCE
    return tuple(
        replace(cell, row=rows.index(cell.row), text=space_out(cell.text) if spaced else cell.text)
        for cell in table.cells
        if cell.row in rows
    )


def part_height(part: TablePart, family: Family) -> float:
    """Estimated height of a part with the lines above and under it."""
    printed = print_part(part, family)
    width = frame_width(landscape=wants_landscape(part.form.table, family))
    return (
        caption_height(printed.captions, printed.size, width)
        + sum(printed.heights)
        + notes_height(part.notes, printed.size, width)
    )


def number_contents(pages: Sequence[SheetPage]) -> tuple[SheetPage, ...]:
    """The pages with leaders and page numbers in the lines of the contents page, where it names what follows."""
    places: list[tuple[str, int]] = []
    for page in pages:
        for block in page.blocks:
            if isinstance(block, Passage) and block.kind is PassageKind.HEADING:
                places.append((squash(block.text), page.number))
            elif isinstance(block, TablePart) and block.first_row == 0 and block.caption_lines and not block.cut_top:
                places.append((squash(block.form.table.caption.title), page.number))
    width = frame_width(landscape=False)

    def number(block: TablePart | Passage) -> TablePart | Passage:
        if not isinstance(block, Passage) or block.kind is not PassageKind.CONTENTS:
            return block
        line = squash(block.text)
        found = next((index for index, (title, _) in enumerate(places) if title and line.endswith(title)), None)
        if found is None:
            return block
        place = places[found][1]
        del places[: found + 1]  # the lines stand in the order of the document
        dots = int((width * _LEADER_SHARE - text_width(f"{block.text}{place}", PROSE_SIZE)) / PROSE_SIZE)
        return replace(block, text=f"{block.text}{'…' * max(dots, 1)}{place}")

    return tuple(replace(page, blocks=tuple(number(block) for block in page.blocks)) for page in pages)
