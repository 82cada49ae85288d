"""The visible text of a digital page as words that are never torn inside a number.

Characters come from MuPDF with their boxes, in one pass. What cannot be seen is not content, nor is what is
printed across the page and over its text: watermarks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pymupdf

from lanci.document import Box, Transform, Word
from lanci.page.clipped import mark_cut_numbers, numbers_at_clips
from lanci.page.paint import Paint, read_paint
from lanci.page.pictures import Pictures
from lanci.page.visible import RawChar, Visibility
from lanci.page.words import Bbox, LineReader, Map, drop_repeated

# ACCURATE_BBOXES is left out on purpose: ink boxes of 一 or , are so flat that lines would fall apart.
# INHIBIT_SPACES: only spaces that are really printed count; gaps are judged here.
_FLAGS = (
    pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES | pymupdf.TEXT_CLIP | pymupdf.TEXT_INHIBIT_SPACES
)
_SLANT = 0.09  # sine of the largest angle (5 degrees) to an axis at which text still runs along it
_LARGE = 1.8  # times the font size of most characters, at the least, for text laid over a page
_PALE = 0x90  # the least channel of a pale colour
_FAINT_ALPHA = 192  # of 255
_TALL = 1.6  # font sizes; boxes of usual fonts are 1 to 1.4 high
_ASCENT, _DESCENT = 0.9, 0.25  # font sizes; the box of a usual font above and below the baseline
_MAX_FAINT = 200  # pale lines; a page with more is pale, and has no watermark to be looked for
_UNDER = 0.2  # share of a word's box that text laid over it covers
_LEVEL = (1, 0)

Direction = tuple[int, int]
_Line = dict[str, Any]

# From MuPDF's page to the reading frame of a direction; the map of the opposite turn leads back.
_TO_READING: dict[Direction, Map] = {
    (-1, 0): lambda b: (-b[2], -b[3], -b[0], -b[1]),
    (0, -1): lambda b: (-b[3], b[0], -b[1], b[2]),
    (0, 1): lambda b: (b[1], -b[2], b[3], -b[0]),
}
_BACK: dict[Direction, Map] = {
    (-1, 0): _TO_READING[-1, 0],
    (0, -1): _TO_READING[0, 1],
    (0, 1): _TO_READING[0, -1],
}


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of a page in displayed coordinates, and what the trust test needs to know of them.

    ``n_chars`` counts the visible characters, ``n_unreadable`` those of them without a Unicode value,
    ``n_unreadable_words`` the words that hold one; ``n_hidden`` counts the characters that cannot be seen.
    ``direction`` is the writing direction of most characters as (dx, dy): (1, 0) for upright text.
    ``n_outlines`` estimates the glyphs that are drawn as paths. ``pictures`` is None for a page without any.
    ``remarks`` tell the user what was left out.
    """

    words: tuple[Word, ...]
    n_chars: int
    n_unreadable: int
    direction: Direction
    n_unreadable_words: int = 0
    n_hidden: int = 0
    n_outlines: int = 0
    pictures: Pictures | None = None
    remarks: tuple[str, ...] = ()


def read_text_layer(page: pymupdf.Page, drawings: Sequence[dict[str, Any]] | None = None) -> TextLayer:
    """Read the visible words of a page.

    Args:
        page: the page; boxes come back in displayed points.
        drawings: its ``get_cdrawings(extended=True)`` where the caller has them.
    """
    rotation = page.rotation
    width, height = page.rect.width, page.rect.height
    if rotation in (90, 270):
        width, height = height, width
    paint = read_paint(page.get_cdrawings(extended=True) if drawings is None else drawings)
    visibility = Visibility(page, width, height, paint)
    lines = _read_lines(page, _FLAGS)
    main, straight, n_slanted = _sort_lines(lines)
    plain, faint = _split_faint(straight)
    turn = Transform(*page.rotation_matrix) if rotation else None
    reading = _Reading(main, turn, visibility)
    for direction, line in plain:
        reading.add(direction, line)
    n_overlaid = reading.add_faint(faint)
    words = _mark_cut(page, drop_repeated(reading.words()), lines, paint, turn)
    return TextLayer(
        words=tuple(words),
        n_chars=sum(reader.n_chars for reader in reading.readers),
        n_unreadable=sum(reader.n_unreadable for reader in reading.readers),
        n_unreadable_words=sum(reader.n_unreadable_words for reader in reading.readers),
        direction=main if turn is None else _turned(main, turn),
        n_hidden=visibility.n_hidden,
        n_outlines=paint.n_outlines,
        pictures=visibility.pictures,
        remarks=_remarks(n_slanted + n_overlaid, visibility.n_covered),
    )


def _read_lines(page: pymupdf.Page, flags: int) -> list[_Line]:
    text = page.get_textpage(flags=flags).extractRAWDICT()
    return [line for block in text["blocks"] for line in block.get("lines", ())]


def _mark_cut(
    page: pymupdf.Page, words: Sequence[Word], lines: Sequence[_Line], paint: Paint, turn: Transform | None
) -> Sequence[Word]:
    """The words, numbers of which a clip hides a part marked."""
    if not paint.clips:
        return words
    clips = [Box(*clip) if turn is None else turn.box(Box(*clip)) for clip in paint.clips]
    doubtful = numbers_at_clips(words, clips)
    if not doubtful:
        return words
    unclipped = _read_lines(page, _FLAGS & ~pymupdf.TEXT_CLIP)
    return mark_cut_numbers(words, doubtful, (lines, unclipped), turn)


def _sort_lines(lines: Iterable[_Line]) -> tuple[Direction, list[tuple[Direction, _Line]], int]:
    """The direction in which most characters are written, the lines along an axis, the number of other characters.

    Text set at an angle is a watermark or a stamp, unless most of the page is.
    """
    straight: list[tuple[Direction, _Line]] = []
    slanted: list[tuple[Direction, _Line]] = []
    votes: Counter[Direction] = Counter()
    n_slanted = 0
    for line in lines:
        dx, dy = line["dir"]
        direction = (1 if dx > 0 else -1, 0) if abs(dx) >= abs(dy) else (0, 1 if dy > 0 else -1)
        n_chars = sum([len(span["chars"]) for span in line["spans"]])
        if min(abs(dx), abs(dy)) <= _SLANT:
            straight.append((direction, line))
            votes[_LEVEL if line["wmode"] else direction] += n_chars
        else:
            slanted.append((direction, line))
            n_slanted += n_chars
    if n_slanted > votes.total():
        for direction, line in slanted:
            votes[direction] += sum(len(span["chars"]) for span in line["spans"])
        straight, n_slanted = straight + slanted, 0
    main = max(votes, key=lambda d: (votes[d], d)) if votes else _LEVEL
    return main, straight, n_slanted


def _split_faint(
    lines: Sequence[tuple[Direction, _Line]],
) -> tuple[Sequence[tuple[Direction, _Line]], Sequence[tuple[Direction, _Line]]]:
    """Set apart the lines that are much larger than most text and pale or translucent: perhaps a watermark."""
    shades: dict[tuple[int, int], bool] = {}
    sizes: Counter[float] = Counter()
    pale: list[int] = []
    for index, (_, line) in enumerate(lines):
        span = line["spans"][0]
        shade = span["color"], span["alpha"]
        is_pale = shades.get(shade)
        if is_pale is None:
            is_pale = shades[shade] = _is_pale(*shade)
        if is_pale:
            pale.append(index)
        else:
            sizes[span["size"]] += len(span["chars"])
    if not pale or not sizes or len(pale) > _MAX_FAINT:
        return lines, ()
    large = _LARGE * max(sizes, key=lambda size: (sizes[size], size))
    faint = {index for index in pale if lines[index][1]["spans"][0]["size"] >= large}
    return (
        [line for index, line in enumerate(lines) if index not in faint],
        [line for index, line in enumerate(lines) if index in faint],
    )


def _is_pale(colour: int, alpha: int) -> bool:
    return alpha < _FAINT_ALPHA or min(colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF) >= _PALE


class _Reading:
    """The lines of a page, read in their directions."""

    def __init__(self, main: Direction, turn: Transform | None, visibility: Visibility) -> None:
        self._main = main
        self._turn = turn
        self._visibility = visibility
        self._readers: dict[Direction, LineReader] = {}

    @property
    def readers(self) -> Iterable[LineReader]:
        return self._readers.values()

    def words(self) -> list[Word]:
        """The words read so far, those of one direction after the other."""
        return [word for reader in self.readers for word in reader.words]

    def add(self, direction: Direction, line: _Line) -> None:
        """Read a line."""
        reader = self._readers.get(direction)
        if reader is None:
            to_display = _to_display(direction, self._turn)
            reader = self._readers[direction] = LineReader(to_display, label=direction != self._main)
        to_reading = _TO_READING.get(direction)
        for span in line["spans"]:
            chars = self._visibility.visible(span)
            if is_tall(span, line["dir"]):
                chars = [to_em_box(char, line["dir"], span["size"]) for char in chars]
            if to_reading is not None:
                chars = [{"c": char["c"], "bbox": to_reading(char["bbox"])} for char in chars]
            reader.add_span(chars, span["size"])
        reader.end_line()

    def add_faint(self, lines: Sequence[tuple[Direction, _Line]]) -> int:
        """Read those of the large pale lines that are not printed across other text; the characters of the others."""
        boxes = [word.box for word in self.words()] if lines else []
        n_overlaid = 0
        for direction, line in lines:
            alone = _Reading(self._main, self._turn, self._visibility)
            alone.add(direction, line)
            if any(_lies_over(word.box, box) for word in alone.words() for box in boxes):
                n_overlaid += sum(reader.n_chars for reader in alone.readers)
            else:
                self.add(direction, line)
        return n_overlaid


def is_tall(span: dict[str, Any], direction: tuple[float, float]) -> bool:
    """Whether a font's boxes are far higher than its glyphs, so that they reach over the lines above and below."""
    x0, y0, x1, y1 = span["bbox"]
    return bool((y1 - y0 if abs(direction[0]) > abs(direction[1]) else x1 - x0) > _TALL * span["size"])


def to_em_box(char: RawChar, direction: tuple[float, float], size: float) -> RawChar:
    """The character with a box as high as that of a usual font, measured from its baseline."""
    if not char["c"]:
        return char
    x0, y0, x1, y1 = char["bbox"]
    x, y = char["origin"]
    dx, dy = direction
    if abs(dx) > abs(dy):
        y0, y1 = sorted((y - _ASCENT * size * (1 if dx > 0 else -1), y + _DESCENT * size * (1 if dx > 0 else -1)))
    else:
        x0, x1 = sorted((x + _ASCENT * size * (1 if dy > 0 else -1), x - _DESCENT * size * (1 if dy > 0 else -1)))
    return {**char, "bbox": (x0, y0, x1, y1)}


def _lies_over(upper: Box, lower: Box) -> bool:
    width = min(upper.x1, lower.x1) - max(upper.x0, lower.x0)
    height = min(upper.y1, lower.y1) - max(upper.y0, lower.y0)
    return width > 0.0 and height > 0.0 and width * height > _UNDER * lower.area


def _to_display(direction: Direction, turn: Transform | None) -> Map | None:
    """The map from a direction's reading frame to the displayed page."""
    back = _BACK.get(direction)
    if turn is None:
        return back

    def turned(bbox: Bbox) -> Bbox:
        box = turn.box(Box(*(bbox if back is None else back(bbox))))
        return box.x0, box.y0, box.x1, box.y1

    return turned


def _turned(direction: Direction, turn: Transform) -> Direction:
    dx, dy = direction
    return round(dx * turn.a + dy * turn.c), round(dx * turn.b + dy * turn.d)


def _remarks(n_watermark: int, n_covered: int) -> tuple[str, ...]:
    remarks: list[str] = []
    if n_watermark:
        remarks.append(f"{n_watermark} characters of text printed across the page (a watermark) are left out")
    if n_covered:
        remarks.append(f"{n_covered} characters that are covered or have the colour of what is under them are left out")
    return tuple(remarks)


def turn_words(words: Sequence[Word], turn: Transform) -> tuple[Word, ...]:
    """The words with their boxes mapped by ``turn``."""
    return tuple(replace(word, box=turn.box(word.box)) for word in words)


def words_to_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Group words into text lines, top to bottom, each from left to right.

    Two words share a line when they overlap vertically by more than half of the lower one's height; digits that
    sit a little lower than the Chinese characters beside them stay on their line.
    """
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box.center[1], w.box.x0)):
        for line in reversed(lines[-3:]):
            if _same_line(line, word):
                line.append(word)
                break
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda w: w.box.x0)
    lines.sort(key=lambda line: min(w.box.y0 for w in line))
    return lines


def _same_line(line: Sequence[Word], word: Word) -> bool:
    y0, y1 = min(w.box.y0 for w in line), max(w.box.y1 for w in line)
    overlap = min(y1, word.box.y1) - max(y0, word.box.y0)
    return overlap > 0.5 * min(y1 - y0, word.box.height)


def line_to_text(line: Sequence[Word]) -> str:
    """The words of one line, with a space where one is printed or the page leaves a visible gap."""
    text = line[0].text if line else ""
    for left, right in pairwise(line):
        gap = right.box.x0 - left.box.x1
        em = min(left.box.height, right.box.height)
        text += (" " if right.after_space or gap > _SPACE_GAP * em else "") + right.text
    return text


# Wider than the gaps of justified Chinese text and of digits drawn one by one.
_SPACE_GAP = 0.35
