"""The paragraphs of prose that hold amounts, joined over lines and page breaks."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lanci.caption.lines import TextLine
from lanci.caption.phrases import is_contents_entry, is_numbered, is_part_heading
from lanci.document import Box, Place, Statement, Transform, Word, boxes_to_hull
from lanci.text import join_lines, squash

_MARK = "元"
_AMOUNT = re.compile(r"\d(?:[十百千]?[万亿]|[十百千])?元")
_LEADING = 1.9
"""Lines of a paragraph follow each other this closely, in line heights; official documents are set wide."""
_INDENT = 1.0
_SHORT = 2.6
"""Line heights by which a line that its paragraph goes on under may end before the right margin: a number or a
Latin word that did not fit, and a mark that hangs over."""
_SAME_SIZE = 0.2
"""Share by which heights of a paragraph's lines differ: digits and letters are set in other fonts."""
_FULL_LINE = 12
"""Characters of a line that tells where the margins are; labels of drawings are shorter."""
_ENDS = "。！？；!?;"
_LONGEST_HEADING = 60

MAX_LENGTH = 3000
"""Characters of a statement; the longest of real documents list a year's projects in 1,300."""
MAX_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ProsePage:
    """The lines of a page that may be prose, without its running heads, in its working frame.

    ``tables`` are the boxes of its tables; ``to_page`` leads to the page as displayed.
    """

    number: int
    lines: Sequence[TextLine]
    tables: Sequence[Box]
    to_page: Transform


@dataclass(slots=True)
class _Paragraph:
    """A paragraph as it is put together: its lines with the pages on which they stand."""

    lines: list[TextLine]
    pages: list[ProsePage]
    length: int = field(default=0)

    def add(self, line: TextLine, page: ProsePage) -> None:
        self.lines.append(line)
        self.pages.append(page)
        self.length += len(line.text)


def states_amounts(words: Iterable[Word]) -> bool:
    """Whether words of a page may state an amount with its unit: quick, and seldom wrong for pages of prose."""
    return any(_MARK in word.text for word in words)


def find_statements(pages: Sequence[ProsePage]) -> tuple[Statement, ...]:
    """The statements of a document in reading order.

    Args:
        pages: those with prose, in page order.
    """
    found: list[Statement] = []
    heading, on_page = "", 0
    seen: set[str] = set()
    for paragraph in _paragraphs(pages):
        page = paragraph.pages[0]
        if page.number != on_page:
            heading = heading if page.number == on_page + 1 else ""
            on_page, seen = page.number, set()
        text = join_lines(line.text for line in paragraph.lines)[:MAX_LENGTH]
        if _AMOUNT.search(squash(text)):
            # The lines beside a picture that is read for itself are met with it and with the page.
            if text not in seen and len(seen) < MAX_PER_PAGE:
                seen.add(text)
                confidence = min(line.confidence for line in paragraph.lines)
                found.append(Statement(text, _places(paragraph), heading, confidence))
        elif _is_heading(text):
            heading = text
    return tuple(found)


def _is_heading(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and text[-1:] not in _ENDS and (is_numbered(text) or is_part_heading(text))


def _places(paragraph: _Paragraph) -> tuple[Place, ...]:
    pages = {page.number: page for page in paragraph.pages}
    boxes: dict[int, list[Box]] = {}
    for line, page in zip(paragraph.lines, paragraph.pages, strict=True):
        boxes.setdefault(page.number, []).append(line.box)
    return tuple(Place(n, pages[n].to_page.box(boxes_to_hull(found))) for n, found in boxes.items())


def _paragraphs(pages: Sequence[ProsePage]) -> Iterator[_Paragraph]:
    current: _Paragraph | None = None
    before: ProsePage | None = None
    for page in pages:
        right = _right_edge(page)
        for index, line in enumerate(page.lines):
            if is_contents_entry(line.text):
                continue
            if current is not None and current.length < MAX_LENGTH:
                turns = not index and before is not None and _goes_over(before, current.lines[-1], page, line)
                edge = _right_edge(current.pages[-1]) if turns else right
                if (index or turns) and _continues(current, line, edge, turns=turns):
                    current.add(line, page)
                    continue
            if current is not None:
                yield current
            current = _Paragraph([], [])
            current.add(line, page)
        before = page
    if current is not None:
        yield current


def _right_edge(page: ProsePage) -> float:
    return max((line.box.x1 for line in page.lines if len(line.text) >= _FULL_LINE), default=math.inf)


def _goes_over(before: ProsePage, last: TextLine, page: ProsePage, first: TextLine) -> bool:
    """Whether nothing stands between the last line of a page and the first of the next one."""
    return (
        page.number == before.number + 1
        and last is before.lines[-1]
        and last.text[-1:] not in _ENDS
        and all(table.y1 <= last.box.y1 for table in before.tables)
        and all(table.y0 >= first.box.y0 for table in page.tables)
    )


def _continues(current: _Paragraph, lower: TextLine, right: float, *, turns: bool) -> bool:
    """Whether a line goes on with the paragraph of the line above it: that one is full, and it is not indented."""
    upper, is_first = current.lines[-1], len(current.lines) == 1
    size = max(upper.size, lower.size)
    gap = lower.box.y0 - upper.box.y1
    if not turns and not -0.5 * size < gap < _LEADING * size:
        return False
    if upper.box.x1 < right - _SHORT * size or lower.box.x0 > upper.box.x0 + _INDENT * size:
        return False
    if abs(upper.size - lower.size) > _SAME_SIZE * size:
        return False
    # Items of a list stand under each other; the second line of a paragraph stands before its first.
    is_item = is_first or is_numbered(lower.text)
    is_under = lower.box.x0 > upper.box.x0 - _INDENT * size
    return not (is_item and is_under and upper.text[-1:] in _ENDS)
