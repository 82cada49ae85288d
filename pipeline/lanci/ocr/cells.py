"""Reading the cells of a grid on a scanned page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lanci.document import Alternative, CellReading, Grid, Raster, TextSource
from lanci.ocr.cell_dash import is_dash
from lanci.ocr.columns import NumberColumn, find_number_columns, plain_number
from lanci.ocr.confidence import load_confidence
from lanci.ocr.crops import CellPicture, crop_cells
from lanci.ocr.engine import LineReading, OcrEngine
from lanci.ocr.evidence import Evidence, Head, Seen, find_head, gather_evidence
from lanci.ocr.grammar import AMOUNT, WHOLE
from lanci.ocr.numeric import Reading, refine_dash, refine_number
from lanci.ocr.second_look import DOUBTFUL, read_again
from lanci.ocr.thousands import find_whole, restore_commas
from lanci.text import join_lines, squash

_CLOSED_NUMBER, _CLOSED_TEXT = 0.85, 0.5
"""An engine that does not open its recogniser is not calibrated: below these confidences of its own, numbers
and words are for a person to check."""
_MAX_ALTERNATIVES = 4
_CLEARLY = 0.05
"""By how much the second picture's reading must be more certain to stand. On 7,010 cells of degraded pages it put
10 wrong ones right and 3 right ones wrong, all of which stay doubtful: the two readings differ."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A reading of a cell before it is judged, with what speaks for and against it."""

    reading: Reading
    head: Head
    evidence: Evidence
    picture: CellPicture
    is_open: bool
    """Whether the engine gives what the model of confidence was fitted on: the recogniser's whole output."""


def read_cells(grid: Grid, raster: Raster, engine: OcrEngine) -> tuple[CellReading, ...]:
    """Read every cell of a grid; all lines of the page go to the recogniser in one call, doubtful ones in a second.

    Args:
        grid: cells in the working frame.
        raster: the page in the same frame.
        engine: the recogniser.

    Returns:
        One reading for each of ``grid.cells``, in their order.
    """
    observed = observe_cells(grid, raster, engine)
    if not any(one.is_open for one in observed):
        return tuple(_judge_closed(one) for one in observed)
    judged = load_confidence().judge([one.head for one in observed], [one.evidence for one in observed])
    return tuple(
        CellReading(one.reading.text, j.probability, j.needs_review, one.reading.alternatives, TextSource.OCR)
        for one, j in zip(observed, judged, strict=True)
    )


def observe_cells(grid: Grid, raster: Raster, engine: OcrEngine) -> list[Observation]:
    """Read every cell, and gather the evidence on which readings are judged.

    The arguments are those of :func:`read_cells`, and so is the order of what is returned.
    """
    pictures = crop_cells(grid, raster)
    images = [line.image for picture in pictures for line in picture.lines]
    first = engine.read_lines(images)
    again = read_again(images, first, engine)
    seen = _to_seen(grid, pictures, first, again)
    evidence = gather_evidence(grid, seen, DOUBTFUL)
    return [
        Observation(
            one.final, find_head(one), evidence[i], one.picture, any(line.lattice is not None for line in one.lines)
        )
        for i, one in enumerate(seen)
    ]


def _to_seen(
    grid: Grid, pictures: Sequence[CellPicture], first: Sequence[LineReading], again: Mapping[int, LineReading]
) -> list[Seen]:
    lines: list[list[LineReading]] = []
    others: list[list[LineReading] | None] = []
    start = 0
    for picture in pictures:
        places = range(start, start + len(picture.lines))
        start = places.stop
        lines.append([first[i] for i in places])
        others.append([again.get(i, first[i]) for i in places] if any(i in again for i in places) else None)
    greedy = [_join(readings) for readings in lines]
    columns = _find_columns(grid, greedy)
    column_of = {i: column for column in columns for i in column.cells}
    seen = []
    for i, picture in enumerate(pictures):
        column = column_of.get(i)
        other = others[i]
        own, second = lines[i], None
        join = _join_whole if column is not None and column.grammar is WHOLE else _join
        if other is not None:
            second = join(other)
            if _reads_better(second, greedy[i], column is not None):
                own, second = other, join(own)
        dash = len(picture.lines) == 1 and is_dash(picture.lines[0])
        final = refine_dash(join(own), own, _ink_width(picture), dash=dash)
        if column is not None:
            final = refine_number(final, own, column.grammar)
        if second is not None and squash(second.text) != squash(final.text):
            final = replace(final, alternatives=_add_alternative(final.alternatives, second))
        seen.append(Seen(picture, own, final, second, column))
    return seen


def _find_columns(grid: Grid, greedy: Sequence[Reading]) -> tuple[NumberColumn, ...]:
    """The number columns of a grid; those of amounts whose points are commas are of whole amounts."""
    columns = find_number_columns(grid, [reading.text for reading in greedy])
    whole = find_whole(columns, greedy)
    if not whole:
        return columns
    texts = [(restore_commas(reading) if i in whole else reading).text for i, reading in enumerate(greedy)]
    return tuple(
        replace(column, grammar=WHOLE) if column.grammar is AMOUNT and whole.issuperset(column.cells) else column
        for column in find_number_columns(grid, texts)
    )


def _join_whole(readings: Sequence[LineReading]) -> Reading:
    return restore_commas(_join(readings))


def _join(readings: Sequence[LineReading]) -> Reading:
    text = join_lines([reading.text for reading in readings])
    return Reading(text, min((reading.confidence for reading in readings), default=1.0))


def _ink_width(picture: CellPicture) -> float:
    """Width of the widest line's ink, in line heights (a lone dash has the white of a whole line around it)."""
    widths = (
        (line.ink_end - line.ink_start)
        * line.image.shape[1]
        / (line.image.shape[0] - line.image.shape[1] * (1 + line.ink_start - line.ink_end))
        for line in picture.lines
    )
    return max(widths, default=0.0)


def _reads_better(second: Reading, first: Reading, among_numbers: bool) -> bool:
    """Whether the second reading of a cell is clearly more certain; among numbers it must be one if the first is.

    Any text is better than none, for there is ink.
    """
    if not first.text:
        return bool(second.text)
    if second.confidence < first.confidence + _CLEARLY:
        return False
    ours, theirs = (AMOUNT.fullmatch(plain_number(reading.text)) for reading in (first, second))
    return theirs or not ours or not among_numbers


def _add_alternative(known: tuple[Alternative, ...], second: Reading) -> tuple[Alternative, ...]:
    if any(squash(one.text) == squash(second.text) for one in known) or not second.text:
        return known
    return (*known, Alternative(second.text, round(second.confidence, 4)))[:_MAX_ALTERNATIVES]


def _judge_closed(one: Observation) -> CellReading:
    """The rule for engines that give a text and a confidence, and no more."""
    reading = one.reading
    if not one.picture.lines:
        return CellReading("", 1.0, one.picture.disturbed, source=TextSource.OCR)
    has_digit = one.head is Head.AMOUNT or any(char.isdigit() for char in reading.text)
    limit = _CLOSED_NUMBER if has_digit else _CLOSED_TEXT
    doubtful = not reading.text or one.picture.disturbed or reading.confidence < limit
    return CellReading(reading.text, round(reading.confidence, 4), doubtful, reading.alternatives, TextSource.OCR)
