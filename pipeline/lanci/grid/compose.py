"""The words of one cell as the text that it prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lanci.document import Box, CellReading, Word
from lanci.grid.overprint import overprinted, split_layers
from lanci.numbers import parse_amount
from lanci.page.text import line_to_text, words_to_lines
from lanci.text import has_unreadable, is_cjk, join_lines, joiner, normalize

_BLANK = CellReading("")
_DOUBTFUL_BLANK = CellReading("", needs_review=True)

_PADDING = 11.0  # points, left and right margin of a cell together: the widest that office programs set
_TALL = 1.5  # times its width: the height of a word from which on it runs down the page
_RAISED = (0.8, 0.2)  # greatest height of a raised digit, least rise of its foot: shares of the height beside it
_COLUMN = 0.5  # share of the narrower word's width by which words of one column lie over each other

_CODE_TAIL = re.compile(r"[A-Z0-9]*\d[A-Z0-9]*$")
_CODE_HEAD = re.compile(r"[A-Z0-9]*\d")
_TAIL = re.compile(r"[\d.,]+[%％)）]?$")
_HEAD = re.compile(r"[-(（]?\d[\d.,]*[%％)）]?")
_TWO_NUMBERS = re.compile(r"[(（-]?\d[\d.,]*[%％)）]?(?: [(（-]?\d[\d.,]*[%％)）]?)+")


def words_to_reading(words: Sequence[Word], cell: Box, doubtful: bool = False) -> CellReading:
    """The text of a cell.

    A person should look where words are printed over each other, where glyphs cannot be read, where it is not sure
    that a word belongs to this cell, and where two numbers stand in it.

    Args:
        words: the cell's words in drawing order.
        cell: its box.
        doubtful: the cell may hold a word of its neighbour, or lack one of its own.
    """
    if not words:
        return _DOUBTFUL_BLANK if doubtful else _BLANK
    if len(words) == 1:
        text, confidence = normalize(words[0].text), words[0].confidence
        return CellReading(text, confidence, doubtful or confidence < 1.0 or has_unreadable(text))
    confidence = min([word.confidence for word in words])
    if overprinted(words):
        text = " ".join(_compose(layer, cell) for layer in split_layers(words))
        return CellReading(text, confidence, needs_review=True)
    text = _compose(words, cell)
    unsure = confidence < 1.0 or has_unreadable(text) or _TWO_NUMBERS.fullmatch(text) is not None
    return CellReading(text, confidence, doubtful or unsure)


def _compose(words: Sequence[Word], cell: Box) -> str:
    if _runs_down(words):
        return join_lines([word.text for word in words])
    joined, above = "", words
    for line in words_to_lines(words):
        text = _line_to_text(line)
        if text:
            joined += _between(joined, text, above, cell) + text if joined else text
            above = line
    return joined


def _runs_down(words: Sequence[Word]) -> bool:
    """Whether the words are columns of upright characters or of turned text: then they are read as they were drawn."""
    if not any(_is_tall(word) or is_cjk(word.text) for word in words):
        return False  # amounts of one digit that stand under each other
    if not all(_is_tall(word) or len(word.text) == 1 for word in words):
        return False
    downward = 0
    for above, below in pairwise(words):
        common = min(above.box.x1, below.box.x1) - max(above.box.x0, below.box.x0)
        if common > _COLUMN * min(above.box.width, below.box.width):
            if below.box.center[1] <= above.box.center[1]:
                return False
            downward += 1
    return any(map(_is_tall, words)) or 2 * downward >= len(words)


def _is_tall(word: Word) -> bool:
    return len(word.text) > 1 and word.box.height > _TALL * word.box.width


def _line_to_text(line: Sequence[Word]) -> str:
    """The text of a line; a raised mark behind a number (``12.5`` and a small ``1``) is no digit of it."""
    start, parts = 0, []
    for i, (left, right) in enumerate(pairwise(line), start=1):
        if left.text[-1].isdigit() and right.text[0].isdigit() and _is_raised(left.box, right.box):
            parts.append(line_to_text(line[start:i]))
            start = i
    parts.append(line_to_text(line[start:]))
    return normalize(" ".join(parts))


def _is_raised(left: Box, right: Box) -> bool:
    height, rise = _RAISED
    return right.height <= height * left.height and left.y1 - right.y1 >= rise * left.height


def _between(joined: str, text: str, above: Sequence[Word], cell: Box) -> str:
    """What stands between the lines of a cell so far and its next line.

    A number or code that is wider than its cell goes on in the next line. Two numbers may also stand under each
    other: each is complete, and the upper one leaves room or both would be no number together.
    """
    tail, head = _CODE_TAIL.search(joined), _CODE_HEAD.match(text)
    if tail and head and _fills(above, cell):
        return " " if _are_two_numbers(joined, text) or _was_moved_whole(tail, text, above, cell) else ""
    upper, lower = _TAIL.search(joined), _HEAD.match(text)
    if upper and lower and _is_complete(upper) and _is_complete(lower):
        return " "
    return joiner(joined, text)


def _fills(line: Sequence[Word], cell: Box) -> bool:
    """Whether a line leaves no room for another character."""
    taken = max(word.box.x1 for word in line) - min(word.box.x0 for word in line)
    return cell.width - taken < _PADDING + _character_width(line)


def _character_width(line: Sequence[Word]) -> float:
    """How wide the characters at the end of a line are; digits are half as wide as Chinese ones, or as wide."""
    return line[-1].box.width / len(line[-1].text)


def _are_two_numbers(left: str, right: str) -> bool:
    """Whether two lines are a number each, though the first fills the cell: no number together, or equally long."""
    if parse_amount(left) is None or parse_amount(right) is None:
        return False
    return parse_amount(left + right) is None or len(right) >= len(left)


def _was_moved_whole(tail: re.Match[str], text: str, above: Sequence[Word], cell: Box) -> bool:
    """Whether the number that begins a line is no part of the one before it: both would have fitted on one line.

    Only a number behind a space can be moved to the next line as a whole.
    """
    if not tail.start() or not tail.string[tail.start() - 1].isspace():
        return False
    length = len(tail.group()) + len(text.split(maxsplit=1)[0])
    return length * _character_width(above) < cell.width - _PADDING


def _is_complete(number: re.Match[str]) -> bool:
    """Whether the digits at the end or the beginning of a line are a number, not a part of one."""
    digits = number.group()
    if number.start():
        if number.string[number.start() - 1] in "(（" and digits[-1] not in ")）":
            return False
        digits = digits.strip(")）")
    else:
        if digits[0] == "-" and number.end() < len(number.string):
            return False  # ``2021`` and ``-2022年``
        digits = digits.rstrip(".,)）") if number.end() < len(number.string) else digits
    return parse_amount(digits.strip("()（）%％")) is not None
