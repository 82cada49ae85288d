"""Characters of one text line to words.

A word is a run of characters without white space or a wide gap between them. Lines are handled in their
*reading frame*, in which they are written from left to right: that of the page for level text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from lanci.document import Box, Word, boxes_to_hull
from lanci.page.visible import RawChar

NUMBER_CHARS = frozenset("0123456789,.")

Bbox = tuple[float, float, float, float]
Map = Callable[[Bbox], Bbox]

UNSURE = 0.5
"""Confidence of a word of which a character is unknown or is not to be seen."""

_WORD_GAP = 0.2  # a gap of this share of the font size ends a word
NUMBER_GAP = 0.35
"""Share of the font size by which the characters of a number may stand apart."""
_IN_NUMBERS = NUMBER_CHARS | frozenset("-+△▲%\u2212\uff0d\uff05")
_LIKE = 0.5  # times a gap, at the least, for the gap before it in a number with wide gaps
_LABEL_GAP = 1.0  # font sizes; a label written along the side of a table is one word up to such gaps
_OVERLAP = 0.5  # share of a character's width; a deeper overlap is no kerning
_PLAIN = 0.1  # share of the font size; an overlap of less is kerning without a look
_NEAR = 0.12  # two equal glyphs closer than this share of the font size are one glyph drawn twice
_RECENT = 64  # characters among which a second drawing of one is looked for
_BIN = 16.0  # points; repeated words are looked up by place
_RAISED = 0.25  # share of the font size by which a superscript ends above what is before it
_SMALLER = 0.8  # times the font size, at the most, for a superscript
_SPREAD = 1.0  # times the height; the widest gap between the characters of a number set with letter spacing
_EVEN = 0.06  # times the height; by which gaps of letter spacing may differ
# No Unicode value known, private use, or a control character.
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")


class LineReader:
    """Collects the words of text lines, one line after the other.

    Attributes:
        words: those finished so far.
        n_chars: characters read, white space not counted.
        n_unreadable: those of them without a usable Unicode value.
        n_unreadable_words: the words that hold one.
    """

    def __init__(self, to_display: Map | None, *, label: bool = False) -> None:
        """Prepare for lines of one direction.

        Args:
            to_display: from the lines' reading frame to the displayed page; None when they are the same.
            label: white space and moderate gaps do not end a word; for text along the side of a table, whose
                words nobody could put in order later.
        """
        self.words: list[Word] = []
        self.n_chars = 0
        self.n_unreadable = 0
        self.n_unreadable_words = 0
        self._to_display = to_display
        self._label = label
        self._chars: list[str] = []
        self._boxes: list[Bbox] = []
        self._spaced = False
        self._cut = False
        self._first = 0  # index in ``words`` of the line's first

    def add_span(self, chars: Sequence[RawChar], size: float) -> None:
        """Add visible characters of one font size, with boxes in the reading frame."""
        if not chars:
            return
        if self._chars and self._is_superscript_of_number(chars[0]):
            self._finish()
            self._spaced = True
        texts = [char["c"] for char in chars]
        boxes = [char["bbox"] for char in chars]
        if self._is_solid(texts, boxes, size):
            self._chars += texts
            self._boxes += boxes
        else:
            self._add_chars(texts, boxes, size)

    def _is_solid(self, texts: Sequence[str], boxes: Sequence[Bbox], size: float) -> bool:
        """Whether the characters plainly go on with the word: most spans are one word, or a part of one."""
        text = "".join(texts)
        if len(text) < len(texts) or text.split() != [text]:
            return False
        end = self._boxes[-1][2] if self._boxes else boxes[0][0]
        widest, least = _WORD_GAP * size, -_PLAIN * size
        for box in boxes:
            if not least <= box[0] - end <= widest:
                return False
            end = box[2]
        return True

    def _add_chars(self, texts: Sequence[str], boxes: Sequence[Bbox], size: float) -> None:
        word_gap = (_LABEL_GAP if self._label else _WORD_GAP) * size
        number_gap = NUMBER_GAP * size
        for text, box in zip(texts, boxes, strict=True):
            if not text or text.isspace():
                self._end_at(text, box)
                continue
            if self._chars:
                last = self._boxes[-1]
                gap = box[0] - last[2]
                if gap > word_gap:
                    if gap > number_gap or not self._goes_on_with(text, gap):
                        self._finish()
                elif gap <= _OVERLAP * (last[0] - last[2]):
                    if self._is_drawn_twice(text, box, size):
                        continue
                    if gap <= last[0] - last[2]:
                        self._finish()
            self._chars.append(text)
            self._boxes.append(box)

    def end_line(self) -> None:
        """End the line; what follows is another one."""
        self._finish()
        self._spaced = self._cut = False
        words = self.words
        if len(words) - self._first > 2 and not self._label:
            words[self._first :] = _join_spread_numbers(words[self._first :])
        self._first = len(words)

    def _end_at(self, text: str, box: Bbox) -> None:
        """End the word at white space, or at a character that is not to be seen: what stands beside it is cut."""
        if not text:
            self._cut = True
            self._finish()
            self._cut = True
        elif self._label and self._chars:
            self._chars.append(" ")
            self._boxes.append(box)
        else:
            self._finish()
            self._spaced, self._cut = True, False

    def _goes_on_with(self, text: str, gap: float) -> bool:
        """Whether the number goes on over a gap: one like that before, or beside a sign; others part two numbers."""
        run, boxes = self._chars, self._boxes
        if text not in _IN_NUMBERS or run[-1] not in _IN_NUMBERS:
            return False
        if len(run) == 1 or text not in NUMBER_CHARS:
            return True
        return boxes[-1][0] - boxes[-2][2] >= _LIKE * gap

    def _is_superscript_of_number(self, char: RawChar) -> bool:
        """Whether a small raised digit follows a number: a reference to a note, no part of the number."""
        last = self._boxes[-1]
        height = last[3] - last[1]
        box = char["bbox"]
        return bool(
            self._chars[-1] in NUMBER_CHARS
            and char["c"] in NUMBER_CHARS
            and box[3] - box[1] <= _SMALLER * height
            and last[3] - box[3] >= _RAISED * height
        )

    def _is_drawn_twice(self, text: str, box: Bbox, size: float) -> bool:
        near = max(_NEAR * size, 0.2)
        for before, other in zip(self._chars[-_RECENT:], self._boxes[-_RECENT:], strict=True):
            if before == text and abs(box[0] - other[0]) <= near and abs(box[1] - other[1]) <= near:
                return True
        return False

    def _finish(self) -> None:
        run, boxes = self._chars, self._boxes
        if not run:
            return
        if self._label:
            while run[-1] == " ":
                run.pop()
                boxes.pop()
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        x0, x1 = min(lefts), max(rights)
        width = (x1 - x0) or 1.0
        text = "".join(run)
        bbox = (x0, min(tops), x1, max(bottoms))
        if self._to_display is not None:
            bbox = self._to_display(bbox)
        self.n_chars += len(run)
        confidence = UNSURE if self._cut else 1.0
        if _UNREADABLE.search(text):
            self.n_unreadable += len(_UNREADABLE.findall(text))
            self.n_unreadable_words += 1
            confidence = UNSURE
        stops = tuple([(left - x0) / width for left in lefts])
        self.words.append(Word(text, Box(*bbox), confidence, stops=stops, after_space=self._spaced))
        self._spaced = self._cut = False
        run.clear()
        boxes.clear()


def _join_spread_numbers(words: Sequence[Word]) -> list[Word]:
    """Join the characters of numbers that are set with letter spacing: three or more at even, moderate distances."""
    joined: list[Word] = []
    run: list[Word] = []
    for word in words:
        if run and not (_goes_on(run[-1], word) and _is_even([*run, word])):
            joined.extend(_spread_to_words(run))
            run = []
        run.append(word)
    joined.extend(_spread_to_words(run))
    return joined


def _goes_on(last: Word, word: Word) -> bool:
    """Whether a part of a number may follow another one."""
    gap = word.box.x0 - last.box.x1
    return (
        0.0 < gap <= _SPREAD * last.box.height
        and not word.after_space
        and _IN_NUMBERS.issuperset(word.text)
        and _IN_NUMBERS.issuperset(last.text)
    )


def _is_even(run: Sequence[Word]) -> bool:
    """Whether all gaps are equal (letter spacing) or all distances from character to character (a fixed pitch)."""
    even = _EVEN * run[0].box.height
    gaps = [right.box.x0 - left.box.x1 for left, right in pairwise(run)]
    if all(len(word.text) == 1 for word in run) and max(gaps) - min(gaps) <= even:
        return True
    steps = [right - left for left, right in pairwise(_starts(run))]
    return max(steps) - min(steps) <= even


def _starts(run: Sequence[Word]) -> list[float]:
    return [word.box.x0 + stop * word.box.width for word in run for stop in word.stops]


def _spread_to_words(run: Sequence[Word]) -> Sequence[Word]:
    starts = _starts(run)
    if len(run) < 2 or len(starts) < 3:
        return run
    box = boxes_to_hull([word.box for word in run])
    stops = tuple((start - box.x0) / (box.width or 1.0) for start in starts)
    text = "".join(word.text for word in run)
    confidence = min(word.confidence for word in run)
    return [replace(run[0], text=text, box=box, stops=stops, confidence=confidence, spread=True)]


def drop_repeated(words: Sequence[Word]) -> list[Word]:
    """Drop words that are printed again at the same place: text drawn twice for boldness, or with a shadow."""
    first: set[str] = set()
    repeated: set[str] = set()
    for word in words:
        (repeated if word.text in first else first).add(word.text)
    kept: list[Word] = []
    places: dict[tuple[str, int, int], list[Box]] = {}
    for word in words:
        if word.text in repeated:
            box = word.box
            if _is_printed(word.text, box, places):
                continue
            places.setdefault((word.text, int(box.x0 // _BIN), int(box.y0 // _BIN)), []).append(box)
        kept.append(word)
    return kept


def _is_printed(text: str, box: Box, places: dict[tuple[str, int, int], list[Box]]) -> bool:
    near = min(max(_NEAR * min(box.height, box.width), 0.2), _BIN)
    x, y = box.x0, box.y0
    for across in {int((x - near) // _BIN), int((x + near) // _BIN)}:
        for down in {int((y - near) // _BIN), int((y + near) // _BIN)}:
            for other in places.get((text, across, down), ()):
                if abs(x - other.x0) <= near and abs(y - other.y0) <= near:
                    return True
    return False
