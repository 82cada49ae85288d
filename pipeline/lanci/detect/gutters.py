"""Pages set in two columns of prose: what stands left and right of the gutter is read apart."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from lanci.detect.pieces import Line, Piece

_LONG = 0.3  # of the width of the page's text that a line of prose takes at least on its side
_CHARACTERS = 15
_OFF_MIDDLE = 0.12  # of that width by which the gutter may be off the middle of the page
_LINES = 6  # lines with prose beside the gutter that show it


def split_at_gutter(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines as one stream, or as several where a gutter runs through them.

    Only stretches with prose beside the gutter are split: what runs over it bounds them.
    """
    shown = [index for index, line in enumerate(lines) if len(line.pieces) > 1]
    if len(shown) < _LINES:
        return [list(lines)]
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    gaps = {index: gap for index in shown if (gap := _gutter_gap(lines[index], x0, x1)) is not None}
    if len(gaps) < _LINES:
        return [list(lines)]
    gutter = median((low + high) / 2 for low, high in gaps.values())
    evidence = {index for index, (low, high) in gaps.items() if low < gutter < high}
    beside = [p for index in evidence for p in lines[index].pieces if _is_prose(p, x1 - x0)]
    n_left = sum(p.center < gutter for p in beside)
    if len(evidence) < _LINES or min(n_left, len(beside) - n_left) < _LINES // 2:
        return [list(lines)]
    return _split_bands(lines, evidence, gutter)


def _gutter_gap(line: Line, x0: float, x1: float) -> tuple[float, float] | None:
    """The gap near the middle of the page between two pieces, if prose ends or begins there."""
    middle, width = (x0 + x1) / 2, x1 - x0
    for left, right in zip(line.pieces, line.pieces[1:], strict=False):
        if abs((left.x1 + right.x0) / 2 - middle) > _OFF_MIDDLE * width:
            continue
        if _is_prose(left, width) or _is_prose(right, width):
            return left.x1, right.x0
    return None


def _is_prose(piece: Piece, width: float) -> bool:
    return piece.x1 - piece.x0 >= _LONG * width and len(piece.text) >= _CHARACTERS


def _split_bands(lines: Sequence[Line], evidence: set[int], gutter: float) -> list[list[Line]]:
    """Streams from top to bottom: whole lines, and the two sides of each band."""
    last_of_band = _last_of_bands(lines, evidence, gutter)
    streams: list[list[Line]] = [[]]
    index = 0
    while index < len(lines):
        last = last_of_band.get(index)
        if last is None:
            streams[-1].append(lines[index])
            index += 1
            continue
        band = lines[index : last + 1]
        sides = ([p for p in line.pieces if p.center < gutter] for line in band)
        others = ([p for p in line.pieces if p.center >= gutter] for line in band)
        streams.append([_to_line(line, side) for line, side in zip(band, sides, strict=True) if side])
        streams.append([_to_line(line, side) for line, side in zip(band, others, strict=True) if side])
        streams.append([])
        index = last + 1
    return [stream for stream in streams if stream]


def _last_of_bands(lines: Sequence[Line], evidence: set[int], gutter: float) -> dict[int, int]:
    """The last line of each band by its first: lines with prose among them, no text of which runs over the gutter."""
    bands: dict[int, int] = {}
    first: int | None = None
    shown = False
    for index, line in enumerate([*lines, None]):
        if line is None or any(p.x0 < gutter < p.x1 for p in line.pieces):
            if first is not None and shown:
                bands[first] = index - 1
            first, shown = None, False
            continue
        first = index if first is None else first
        shown = shown or index in evidence
    return bands


def _to_line(line: Line, pieces: Sequence[Piece]) -> Line:
    if len(pieces) == len(line.pieces):
        return line
    return Line(tuple(pieces), min(p.y0 for p in pieces), max(p.y1 for p in pieces), line.em, line.has_leaders)
