"""Figures with a unit of money in running text, and the unit that a page announces for its tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lanci.text import squash
from lanci_eval.evidence.blocks import Line
from lanci_eval.evidence.records import ProseFigure
from lanci_eval.evidence.tokens import to_token

_UNIT = "万亿元|亿元|百万元|万元|千元|元"
_NUMBER_CHARS = set("0123456789.,")
_AFTER_CUT = _NUMBER_CHARS | set("百千万亿元")
_FIGURE = re.compile(rf"(?<![\d.,])((?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)({_UNIT})(?!/)")
_ANNOUNCED = re.compile(rf"单位[:为]?(?:人民币)?({_UNIT})")
_BARE = re.compile(rf"\(?({_UNIT})\)?")


def find_figures(lines: Sequence[Line]) -> tuple[ProseFigure, ...]:
    """The figures of lines of running text; one that is cut by the end of a line is put together again."""
    text = ""
    last: Line | None = None
    for line in lines:
        piece = _line_text(line)
        cut = last is not None and _goes_on(last, line) and text[-1:] in _NUMBER_CHARS and piece[:1] in _AFTER_CUT
        text += piece if cut else "|" + piece
        last = line
    return tuple(ProseFigure(m.group(1), m.group(2)) for m in _FIGURE.finditer(text))


def _line_text(line: Line) -> str:
    """The words run together, with ``|`` where the gap between two is wider than a character."""
    text = ""
    last = line.words[0]
    for word in line.words:
        text += ("|" if word.box.x0 - last.box.x1 > line.box.height else "") + to_token(word.text)
        last = word
    return text


def _goes_on(upper: Line, lower: Line) -> bool:
    gap = lower.box.y0 - upper.box.y1
    return gap <= 2 * upper.box.height and lower.box.x0 < upper.box.x1 and upper.box.x0 < lower.box.x1


def announced_units(texts: Iterable[str], outside: Iterable[str]) -> tuple[str, ...]:
    """The units of money named by ``单位：`` in some of the texts or alone in one outside of tables, each once."""
    named = [match.group(1) for text in texts for match in _ANNOUNCED.finditer(squash(text))]
    alone = [match.group(1) for text in outside if (match := _BARE.fullmatch(squash(text)))]
    return tuple(dict.fromkeys((*named, *alone)))
