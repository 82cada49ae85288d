"""Text lines between the tables of a page, and which of them belong to the page's frame (running heads)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lanci.caption.phrases import is_table_number, names_table, unit_of
from lanci.document import Box, Word
from lanci.page.text import line_to_text, words_to_lines
from lanci.text import normalize, squash

_MARGIN = 0.09  # share of the page height at the top and bottom where running heads and page numbers stand
_WIDE_MARGIN = 0.15  # where a number that is set off as that of a page (— 7 —, 第7页) is one
_PAGE_NUMBER = re.compile(r"[-—－–·•\s]*(第?\s*\d{1,4}\s*页?(\s*[,，/]?\s*共\s*\d+\s*页)?)[-—－–·•\s]*")
_RUNNING_SHARE = 3  # a line in the margin that returns on this many pages is a running head
_DIGITS = re.compile(r"\d+")
# A gap this many line heights wide sets two pieces of a line apart (entity on the left, unit on the right).
_PIECE_GAP = 1.5


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text outside the tables; ``pieces`` are its parts set apart by wide gaps.

    ``confidence`` is the least of its words.
    """

    text: str
    box: Box
    pieces: tuple[str, ...]
    size: float
    confidence: float = 1.0


def words_to_text_lines(words: Sequence[Word]) -> list[TextLine]:
    """The lines from top to bottom."""
    return [_line(group) for group in words_to_lines(words)] if words else []


def _line(group: Sequence[Word]) -> TextLine:
    if len(group) == 1:
        (word,) = group
        text = normalize(word.text)
        return TextLine(text, word.box, (text,), word.box.height, word.confidence)
    boxes = [word.box for word in group]
    size = sorted([box.y1 - box.y0 for box in boxes])[len(boxes) // 2]
    pieces: list[list[Word]] = [[group[0]]]
    for word in group[1:]:
        if word.box.x0 - pieces[-1][-1].box.x1 > _PIECE_GAP * size:
            pieces.append([word])
        else:
            pieces[-1].append(word)
    texts = tuple([normalize(line_to_text(piece)) for piece in pieces])
    hull = Box(
        min([box.x0 for box in boxes]),
        min([box.y0 for box in boxes]),
        max([box.x1 for box in boxes]),
        max([box.y1 for box in boxes]),
    )
    return TextLine(" ".join(texts), hull, texts, size, min([word.confidence for word in group]))


def in_margin(words: Iterable[Word], height: float) -> list[Word]:
    """The words that stand in the top or bottom margin, with some that reach into it."""
    top, bottom = _MARGIN * height, (1 - _MARGIN) * height
    return [word for word in words if word.box.y0 < top or word.box.y1 > bottom]


def is_page_number(line: TextLine, height: float) -> bool:
    """Whether a line near the top or bottom of the page is nothing but a page number."""
    if not _in_margin(line, height, _WIDE_MARGIN):
        return False
    if _in_margin(line, height, _MARGIN):
        return bool(_PAGE_NUMBER.fullmatch(line.text))
    return not line.text.isdigit() and bool(_PAGE_NUMBER.fullmatch(line.text))


def _in_margin(line: TextLine, height: float, margin: float) -> bool:
    return line.box.y1 < margin * height or line.box.y0 > (1 - margin) * height


def running_heads(pages: Iterable[tuple[float, Sequence[TextLine]]]) -> frozenset[str]:
    """Texts (squashed, digits as #) that stand in the margins of at least three pages.

    Args:
        pages: for each page its height and lines.
    """
    counts: Counter[str] = Counter()
    for height, lines in pages:
        counts.update({running_key(line) for line in lines if _in_margin(line, height, _MARGIN)})
    return frozenset(key for key, n in counts.items() if n >= _RUNNING_SHARE)


def running_key(line: TextLine) -> str:
    """What stays equal in a running head from page to page."""
    return _DIGITS.sub("#", squash(line.text))


def is_running(line: TextLine, height: float, heads: frozenset[str]) -> bool:
    """Whether the line is a page number or a running head.

    A long table may repeat its title, number and unit on each page, where a running head stands: what can only be
    the caption of a table is none.
    """
    if is_page_number(line, height):
        return True
    return _in_margin(line, height, _MARGIN) and running_key(line) in heads and not _names_table(line)


def _names_table(line: TextLine) -> bool:
    return names_table(line.text) or any(unit_of(piece) or is_table_number(piece) for piece in line.pieces)
