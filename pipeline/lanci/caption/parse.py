"""What the lines above a table say: its title, whose it is, which year, which unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from lanci.caption.lines import TextLine
from lanci.caption.phrases import (
    code_of,
    entity_of,
    is_continued_mark,
    is_date,
    is_note,
    is_numbered,
    is_part_heading,
    is_table_number,
    is_title,
    is_year_line,
    says_unit_or_entity,
    split_at_labels,
    strip_number,
    unit_of,
    without_unit,
    year_of,
)
from lanci.document import Box, Caption
from lanci.text import join_lines, normalize, squash

# Reached by a line that ends like a title, or is centred over its table and not small; not by the overflow of a
# cell that the page break cut, nor by a line of prose.
_TITLE_SCORE = 0.9
# Lines of one title have the same size, within this share, and stand this near to each other, in line heights.
_SAME_SIZE = 0.1
_TITLE_LEADING = 1.2
# A title is broken only when its lines together are about as wide as its table.
_BROKEN_WIDTH = 0.8


@dataclass(frozen=True, slots=True)
class _Said:
    """What one line says; ``rest`` is its text without unit, entity and year."""

    rest: str
    unit: str
    entity: tuple[str, str] | None
    code: str
    year: int | None


def parse_caption(lines: Sequence[TextLine], table: Box) -> Caption:
    """Understand the caption lines of a table, given from top to bottom."""
    said = [_read(line) for line in lines]
    entity_code, entity = next((one.entity for one in said if one.entity and one.entity[1]), ("", ""))
    return Caption(
        lines=tuple(line.text for line in lines),
        title=_find_title(lines, said, table),
        entity=entity,
        entity_code=entity_code or next((one.code for one in said if one.code), ""),
        fiscal_year=next((one.year for one in said if one.year), None),
        unit=next((one.unit for one in said if one.unit), ""),
    )


def _read(line: TextLine) -> _Said:
    rest: list[str] = []
    unit = code = ""
    entity: tuple[str, str] | None = None
    year: int | None = None
    for piece in chain.from_iterable(map(split_at_labels, line.pieces)):
        found_unit = unit_of(piece)
        said = without_unit(piece) if found_unit else piece
        found_entity, found_code = (entity_of(said), code_of(said)) if said else (None, "")
        unit, entity, code = unit or found_unit, entity or found_entity, code or found_code
        year = year or year_of(said)
        if said and not (found_entity or found_code or is_year_line(said) or is_date(said)):
            rest.append(said)
    return _Said(normalize(" ".join(rest)), unit, entity, code, year)


def _find_title(lines: Sequence[TextLine], said: Sequence[_Said], table: Box) -> str:
    """The best title without its number, put together when it is printed on two lines; empty when there is none."""
    scores = [
        (not is_part_heading(line.text), _title_score(line, one.rest, table), index)
        for index, (line, one) in enumerate(zip(lines, said, strict=True))
        if one.rest and (one.rest == line.text or is_title(one.rest))
    ]
    # A part may be named after its tables; its first table has a title of its own below.
    _, _, best = max((score for score in scores if score[1] >= _TITLE_SCORE), default=(False, 0.0, -1))
    if best < 0:
        return ""
    parts = [said[best].rest]
    if best and not is_numbered(lines[best].text) and is_first_half(lines[best - 1], lines[best], table):
        parts.insert(0, said[best - 1].rest)
    elif best + 1 < len(lines) and _is_second_half(lines[best], lines[best + 1], said[best + 1].rest, table):
        parts.append(said[best + 1].rest)
    return strip_number(join_lines(parts))


def _title_score(line: TextLine, printed: str, table: Box) -> float:
    """How much a line looks like the title of the table below it; ``printed`` is its text without a unit."""
    text = squash(printed)
    score = 0.0
    if is_title(printed):
        score += 2.0 + ("表" in text[-1:])
    middle = (table.x0 + table.x1) / 2
    if abs(line.box.center[0] - middle) < 0.06 * max(table.width, 1.0):
        score += 0.7
    score += min(line.size / 12.0, 2.0) * 0.25
    if text.isdigit() or is_table_number(text) or is_continued_mark(text):
        score -= 4.0
    if is_note(text) or text.endswith(("。", ";", ":")):
        score -= 4.0
    return score


def is_first_half(upper: TextLine, lower: TextLine, table: Box) -> bool:
    """Whether two lines are one broken title of which the upper one does not yet end like a title."""
    text = upper.text
    plain = not (
        is_title(text)
        or is_part_heading(text)
        or is_table_number(text)
        or is_continued_mark(text)
        or is_year_line(text)
        or is_date(text)
        or says_unit_or_entity(text)
    )
    return plain and text[-1:] not in "。；;，,：:" and _are_one_title(upper, lower, table)


def _is_second_half(title: TextLine, lower: TextLine, rest: str, table: Box) -> bool:
    """Whether a title goes on: in parentheses after one that is complete, or at any length."""
    if not rest or is_numbered(rest) or is_year_line(rest) or rest.endswith(("。", "：", ":", "；", "，")):
        return False
    in_parentheses = rest.startswith(("（", "(")) and rest.endswith(("）", ")"))
    if is_title(title.text):
        return in_parentheses and _are_one_title(title, lower, table)
    return _are_one_title(title, lower, table)


def _are_one_title(upper: TextLine, lower: TextLine, table: Box) -> bool:
    near = lower.box.y0 - upper.box.y1 < _TITLE_LEADING * upper.size
    same_size = abs(upper.size - lower.size) <= _SAME_SIZE * upper.size
    broken = upper.box.width + lower.box.width > _BROKEN_WIDTH * table.width
    middle = upper.box.center[0]
    # A unit at the end of the line moves its centre to the right.
    beneath = lower.box.x0 <= middle <= lower.box.x1 and upper.box.x0 <= lower.box.center[0] <= upper.box.x1
    return near and same_size and broken and beneath
