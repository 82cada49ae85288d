"""Which of the lines above a table belong to its caption."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.caption.lines import TextLine
from lanci.caption.parse import is_first_half
from lanci.caption.phrases import (
    is_contents_entry,
    is_continued_mark,
    is_date,
    is_lead_in,
    is_note,
    is_numbered,
    is_numbered_table,
    is_part_heading,
    is_sentence,
    is_table_number,
    is_title,
    is_year_line,
    says_unit_or_entity,
)
from lanci.document import Box

_MAX_CAPTION_LINES = 6
# Between two caption lines, or the last one and its table, there is at most this much space, in line heights; more
# where a line can be nothing but a title, a unit or an entity.
_MAX_CAPTION_GAP = 4.0
_MAX_TITLE_GAP = 8.0
# Lines of a paragraph follow each other this closely, in line heights.
_LEADING = 1.5
_LONG_TEXT = 30
_WIDE = 0.8


def caption_above(table: Box, lines: Sequence[TextLine]) -> list[TextLine]:
    """The caption of a table among the lines between it and what stands above it, from top to bottom."""
    caption: list[TextLine] = []
    below = table.y0
    right = max((line.box.x1 for line in lines), default=0.0)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        gap = (below - line.box.y1) / (line.size or 1.0)
        if len(caption) == _MAX_CAPTION_LINES or gap > _MAX_TITLE_GAP:
            break
        strong = _states_something(line)
        if gap > _MAX_CAPTION_GAP and not (strong or is_title(line.text)):
            break
        if not strong and (not _can_be_caption(line, table) or _ends_paragraph(lines, index, right)):
            break
        caption.append(line)
        below = line.box.y0
    caption.reverse()
    return _cut(caption, table)


def _states_something(line: TextLine) -> bool:
    return says_unit_or_entity(line.text) or any(map(says_unit_or_entity, line.pieces))


def _can_be_caption(line: TextLine, table: Box) -> bool:
    """Short, no sentence, no note, no entry of a table of contents."""
    text = line.text
    if is_note(text) or is_sentence(text) or is_contents_entry(text):
        return False
    long = len(text) > _LONG_TEXT and line.box.width > _WIDE * max(table.width, 1.0)
    return not long or is_title(text)


def _ends_paragraph(lines: Sequence[TextLine], index: int, right: float) -> bool:
    """Whether the line goes on with a line above it that reaches the right margin: prose, not a heading.

    The lines of a broken title have one centre; the last line of a paragraph stands at the left margin.
    """
    if not index:
        return False
    upper, lower = lines[index - 1], lines[index]
    size = lower.size
    return (
        lower.box.y0 - upper.box.y1 < _LEADING * size
        and abs(upper.size - size) <= 0.1 * size
        and upper.box.x1 > right - 1.5 * size
        and lower.box.x0 < upper.box.x0 + 0.5 * size
        and abs(upper.box.center[0] - lower.box.center[0]) > 0.6 * size
        and not is_sentence(upper.text[-1:].replace("，", "").replace(",", ""))
        and not is_lead_in(upper.text)
        and not is_numbered(lower.text)
        and not is_title(upper.text)
        and not _states_something(upper)
    )


def _cut(caption: list[TextLine], table: Box) -> list[TextLine]:
    """The lines from the first one that belongs to this table: what leads over to the table is prose."""
    titles = [i for i, line in enumerate(caption) if is_title(line.text) or is_numbered_table(line.text)]
    first = titles[-1] if titles else 0
    while first and _goes_with_title(caption[first - 1], caption[first], table):
        first -= 1
    while first < len(caption) and is_lead_in(caption[first].text) and not _states_something(caption[first]):
        first += 1
    kept = caption[first:]
    return kept if any(_says_something(line, table) for line in kept) else []


def _goes_with_title(line: TextLine, below: TextLine, table: Box) -> bool:
    """Whether a line above a title belongs to the same table, and not to the document or its part."""
    text = line.text
    if is_part_heading(text):
        return False
    return (
        is_table_number(text)
        or is_year_line(text)
        or is_date(text)
        or is_continued_mark(text)
        or is_numbered(text)
        or is_title(text)
        or _states_something(line)
        or is_first_half(line, below, table)
    )


def _says_something(line: TextLine, table: Box) -> bool:
    """Not so the overflow of a cell that the page break cut: a few words somewhere over the table."""
    text = line.text
    middle = (table.x0 + table.x1) / 2
    return (
        is_title(text)
        or is_numbered(text)
        or is_table_number(text)
        or is_year_line(text)
        or is_date(text)
        or is_continued_mark(text)
        or ":" in text
        or "：" in text
        or _states_something(line)
        or abs(line.box.center[0] - middle) < 0.06 * max(table.width, 1.0)
    )
