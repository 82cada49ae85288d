"""Words and ruled cells: touching numbers are cut at the rule between them, wrapped ones put together again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lanci.document import Box, boxes_to_hull
from lanci_eval.evidence.records import PrintedWord
from lanci_eval.evidence.tokens import inner_spans, is_numeric, kind_of, to_token

_NUMBER_CHARS = frozenset("0123456789.,-()")
_CLOSE = 0.6  # of a character's height; words of one text are no farther from each other
_NEXT_LINE = 0.8  # of a character's height; lines of one text are no farther from each other
_SLACK = 0.25  # of a character's height; how far a rule may lie from the gap between two characters


def split_words(words: Sequence[PrintedWord], cells: Sequence[Box]) -> tuple[PrintedWord, ...]:
    """Cut words with digits where the side of a cell passes between two characters, never inside a number."""
    result: list[PrintedWord] = []
    for word in words:
        whole = kind_of(to_token(word.text)) is not None
        if whole or not word.level or not any(c.isdigit() for c in word.text):
            result.append(word)
            continue
        sides = _sides(word.box, cells)
        cuts = [i for i in range(1, len(word.glyphs)) if any(_passes(side, word, i) for side in sides)]
        taken = inner_spans(word.text)
        cuts = [i for i in cuts if not any(start < i < end for start, end in taken)]
        bounds = [0, *cuts, len(word.glyphs)]
        result += [_piece(word, i, j) for i, j in pairwise(bounds)]
    return tuple(result)


def _sides(box: Box, cells: Sequence[Box]) -> list[float]:
    middle = box.center[1]
    beside = (cell for cell in cells if cell.y0 <= middle <= cell.y1)
    return sorted({x for cell in beside for x in (cell.x0, cell.x1) if box.x0 < x < box.x1})


def _passes(side: float, word: PrintedWord, i: int) -> bool:
    left, right = word.glyphs[i - 1], word.glyphs[i]
    slack = _SLACK * left.height
    inside = left.center[0] < side < right.center[0]
    return inside and left.x1 - slack <= side <= right.x0 + slack


def _piece(word: PrintedWord, start: int, end: int) -> PrintedWord:
    glyphs = word.glyphs[start:end]
    return PrintedWord(word.text[start:end], boxes_to_hull(glyphs), word.level, glyphs)


def rejoin_words(words: Sequence[PrintedWord], cells: Sequence[Box]) -> tuple[PrintedWord, ...]:
    """Put numbers together again that the width of a ruled cell breaks over lines.

    Only where all words of the cell are the pieces of one number, and one more character would not have fitted
    in any line but the last.
    """
    replaced: dict[int, PrintedWord | None] = {}
    pieces = [i for i, w in enumerate(words) if w.level and set(to_token(w.text)) <= _NUMBER_CHARS]
    for cell in cells:
        inside = [i for i in pieces if cell.contains(*words[i].box.center)]
        if len(inside) < 2 or any(i not in inside and cell.contains(*w.box.center) for i, w in enumerate(words)):
            continue
        inside.sort(key=lambda i: words[i].box.y0)
        parts = [words[i] for i in inside]
        text = "".join(p.text for p in parts)
        if kind_of(to_token(text)) is not None and _is_wrapped(parts, cell):
            glyphs = tuple(g for p in parts for g in p.glyphs)
            replaced[inside[0]] = PrintedWord(text, boxes_to_hull(glyphs), True, glyphs)
            replaced.update(dict.fromkeys(inside[1:]))
    merged = [replaced.get(i, word) for i, word in enumerate(words)]
    return tuple(word for word in merged if word is not None)


def _is_wrapped(parts: Sequence[PrintedWord], cell: Box) -> bool:
    for upper, lower in pairwise(parts):
        advance = upper.box.width / len(upper.text)
        gap = lower.box.y0 - upper.box.y1
        if lower.box.center[1] <= upper.box.y1 or gap > upper.box.height:
            return False
        if upper.box.width + 2 * advance + upper.box.height / 2 < cell.width:  # room for one more and the padding
            return False
    return True


def split_boxes(words: Sequence[PrintedWord]) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """The boxes of the words that are no numbers, and of those that are."""
    texts: list[Box] = []
    numbers: list[Box] = []
    for word in words:
        (numbers if is_numeric(to_token(word.text)) else texts).append(word.box)
    return tuple(texts), tuple(numbers)


def stands_alone(number: Box, texts: Sequence[Box], numbers: Sequence[Box], cells: Sequence[Box]) -> bool:
    """Whether a number is all that its cell says, as far as is known.

    In a ruled cell, another word than a number on its line, or on the line right above or below, makes it part of
    a text (``365`` in ``完成 365 个``). Elsewhere, and for other numbers, only what is close by on its line does.
    """
    cells = [cell for cell in cells if cell.contains(*number.center)]
    near = [other for other in (*texts, *numbers) if other != number and _is_beside(number, other, limited=True)]
    if not cells:
        return not near
    cell = min(cells, key=lambda c: c.area)
    texts = [text for text in texts if cell.contains(*text.center)]
    return not (
        any(_is_beside(number, text, limited=False) or _is_next(number, text) for text in texts)
        or any(cell.contains(*other.center) for other in near)
    )


def _is_beside(box: Box, other: Box, *, limited: bool) -> bool:
    gap = max(other.x0 - box.x1, box.x0 - other.x1)
    return abs(other.center[1] - box.center[1]) <= 0.5 * box.height and (not limited or gap <= _CLOSE * box.height)


def _is_next(box: Box, other: Box) -> bool:
    gap = max(other.y0 - box.y1, box.y0 - other.y1)
    return gap <= _NEXT_LINE * box.height and other.x0 < box.x1 and box.x0 < other.x1
