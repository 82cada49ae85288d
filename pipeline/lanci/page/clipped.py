"""Numbers of which a clip hides some digits.

MuPDF leaves out the characters that a clip hides whole: a number that is too wide for its cell would come out with
its first or last digits only. Such a number ends where the clip does; or the clip cuts through its line, which may
hide a point or a minus sign alone. Only on pages where that happens is the text read again, without clips.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from lanci.document import Box, Transform, Word
from lanci.page.words import NUMBER_CHARS, NUMBER_GAP, UNSURE

_TOUCH = 1.0  # points by which the last character in sight may end before its clip: its side bearing
_HIDEABLE = NUMBER_CHARS | frozenset("-")
_SAME = 0.1  # points by which a clip made for one word may differ from its box
_STRIP = 16.0  # points; hidden characters are looked up by height on the page
_THROUGH = 0.2  # share of the height at the top and bottom of a line where a clip may end and hide nothing
_MOST = 64  # clips with one edge that are looked at: a bound for hostile pages

_Edges = dict[int, list[tuple[float, Box]]]  # by whole points: an edge and its clip


def numbers_at_clips(words: Sequence[Word], clips: Sequence[Box]) -> list[int]:
    """The indexes of the words that begin or end with a digit at the edge of a clip, or that a clip cuts through.

    Args:
        words: level words; others are not looked at.
        clips: in the frame of the words.
    """
    lefts: _Edges = {}
    rights: _Edges = {}
    levels: _Edges = {}
    for clip in clips:
        for level in (clip.y0, clip.y1):
            levels.setdefault(int(level), []).append((level, clip))
        lefts.setdefault(int(clip.x0), []).append((clip.x0, clip))
        rights.setdefault(int(clip.x1), []).append((clip.x1, clip))
    found: list[int] = []
    for index, word in enumerate(words):
        text, box, stops = word.text, word.box, word.stops
        if text[-1] not in NUMBER_CHARS and text[0] not in NUMBER_CHARS:
            continue
        if _is_cut_through(levels, box):
            found.append(index)
            continue
        if text[-1] in NUMBER_CHARS:
            last = box.x0 + stops[-1] * (box.x1 - box.x0) if stops else box.x0
            if _reaches(rights, last, box.x1 + _TOUCH, box):
                found.append(index)
                continue
        if text[0] in NUMBER_CHARS:
            second = box.x0 + stops[1] * (box.x1 - box.x0) if len(stops) > 1 else box.x1
            if _reaches(lefts, box.x0 - _TOUCH, second, box):
                found.append(index)
    return found


def _reaches(edges: _Edges, start: float, end: float, box: Box) -> bool:
    """Whether an edge of a clip lies between two places of a word; not that of a clip made for this word alone."""
    for place in range(int(start), int(end) + 1):
        for edge, clip in edges.get(place, ())[:_MOST]:
            if (
                start < edge <= end
                and clip.y0 < (box.y0 + box.y1) / 2 < clip.y1
                and (abs(clip.x0 - box.x0) > _SAME or abs(clip.x1 - box.x1) > _SAME)
            ):
                return True
    return False


def _is_cut_through(levels: _Edges, box: Box) -> bool:
    """Whether the upper or lower edge of a clip runs through a line."""
    edge = _THROUGH * (box.y1 - box.y0)
    start, end, middle = box.y0 + edge, box.y1 - edge, (box.x0 + box.x1) / 2
    for place in range(int(start), int(end) + 1):
        for level, clip in levels.get(place, ())[:_MOST]:
            if start < level < end and clip.x0 < middle < clip.x1:
                return True
    return False


def mark_cut_numbers(
    words: Sequence[Word],
    doubtful: Sequence[int],
    lines: tuple[Iterable[dict[str, Any]], Iterable[dict[str, Any]]],
    turn: Transform | None,
) -> list[Word]:
    """The words, those of ``doubtful`` that go on with hidden digits marked as unsure.

    Args:
        words: the words of the page.
        doubtful: indexes from :func:`numbers_at_clips`.
        lines: the lines of MuPDF's ``rawdict``, as they show and without clips.
        turn: from their frame to that of the words; None when they are the same.
    """
    shown, all_lines = lines
    seen = {(char["c"], char["origin"]) for char in _chars(shown)}
    strips: dict[int, list[Box]] = {}
    for char in _chars(all_lines):
        if char["c"] in _HIDEABLE and (char["c"], char["origin"]) not in seen:
            box = Box(*char["bbox"]) if turn is None else turn.box(Box(*char["bbox"]))
            strips.setdefault(int(box.center[1] // _STRIP), []).append(box)
    marked = list(words)
    for index in doubtful if strips else ():
        box = words[index].box
        strip = int(box.center[1] // _STRIP)
        near = [hidden for k in (strip - 1, strip, strip + 1) for hidden in strips.get(k, ())]
        if any(_adjoins(hidden, box) for hidden in near):
            marked[index] = replace(words[index], confidence=UNSURE)
    return marked


def _chars(lines: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return (char for line in lines for span in line["spans"] for char in span["chars"])


def _adjoins(hidden: Box, box: Box) -> bool:
    """Whether a hidden character stands on the line of a word, in it or right beside it."""
    height = box.y1 - box.y0
    gap = max(hidden.x0 - box.x1, box.x0 - hidden.x1)
    return gap <= NUMBER_GAP * height and abs(hidden.y0 + hidden.y1 - box.y0 - box.y1) < height
