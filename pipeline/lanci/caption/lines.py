"""Text lines between the tables of a page, and which of them belong to the page's frame (running heads)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lanci.document import Box, Word, boxes_to_hull
from lanci.page.text import line_to_text, words_to_lines
from lanci.text import normalize, squash

_MARGIN = 0.09  # share of the page height at the top and bottom where running heads and page numbers stand
_PAGE_NUMBER = re.compile(r"[-—－–·•\s]*(第?\s*\d{1,4}\s*页?(\s*[,，/]?\s*共\s*\d+\s*页)?)[-—－–·•\s]*")
_RUNNING_SHARE = 3  # a line in the margin that returns on this many pages is a running head
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text outside the tables; ``pieces`` are its parts set apart by wide gaps."""

    text: str
    box: Box
    pieces: tuple[str, ...]
    size: float


# A gap this many line heights wide sets two pieces of a line apart (entity on the left, unit on the right).
_PIECE_GAP = 1.5


def words_to_text_lines(words: Sequence[Word]) -> tuple[TextLine, ...]:
    """The lines from top to bottom."""
    lines: list[TextLine] = []
    for group in words_to_lines(words):
        size = sorted(w.box.height for w in group)[len(group) // 2]
        pieces: list[list[Word]] = [[group[0]]]
        for word in group[1:]:
            if word.box.x0 - pieces[-1][-1].box.x1 > _PIECE_GAP * size:
                pieces.append([word])
            else:
                pieces[-1].append(word)
        texts = tuple(normalize(line_to_text(piece)) for piece in pieces)
        lines.append(TextLine(" ".join(texts), boxes_to_hull([w.box for w in group]), texts, size))
    return tuple(lines)


def is_page_number(line: TextLine, height: float) -> bool:
    """Whether a line in the top or bottom margin is nothing but a page number."""
    return _in_margin(line, height) and bool(_PAGE_NUMBER.fullmatch(line.text))


def _in_margin(line: TextLine, height: float) -> bool:
    return line.box.y1 < _MARGIN * height or line.box.y0 > (1 - _MARGIN) * height


def running_heads(pages: Sequence[tuple[float, Sequence[TextLine]]]) -> frozenset[str]:
    """Texts (squashed, digits as #) that stand in the margins of at least three pages.

    Args:
        pages: for each page its height and lines.
    """
    counts: Counter[str] = Counter()
    for height, lines in pages:
        counts.update({running_key(line) for line in lines if _in_margin(line, height)})
    return frozenset(key for key, n in counts.items() if n >= _RUNNING_SHARE)


def running_key(line: TextLine) -> str:
    """What stays equal in a running head from page to page."""
    return _DIGITS.sub("#", squash(line.text))


def is_running(line: TextLine, height: float, heads: frozenset[str]) -> bool:
    """Whether the line is a page number or a running head."""
    return is_page_number(line, height) or (_in_margin(line, height) and running_key(line) in heads)
