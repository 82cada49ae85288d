"""What the lines around two parts say: titles, 续表, entity, unit, notes, prose between."""

from __future__ import annotations

import re

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from lanci.document import Caption, TextSource
from lanci.stitch.evidence import Evidence, Pair, Sign
from lanci.text import squash

_MARK = re.compile(
    r"^续表"
    r"|^\(?(?:接上[页表]|续)\)?$"
    r"|\((?:续|接上)[表页]?[一二三四五六七八九十\d]*\)$"
    r"|表续表?\d*$"
    r"|(?<![手接])续表\d*$"  # 手续表 and 接续表 are titles
)
_NUMBER = re.compile(
    r"(?P<name>[附公开预决算]*[表件]?)[(]?(?P<number>(?:\d{1,3}|[一二三四五六七八九十]+)(?:[-.—](?:\d{1,3}|[一二三四五六七八九十]+))*)"
    r"[)]?(?P<end>表|[.、:])?"
)
"""The number of a table among those of a document: 附表13, 公开01表, 5., (三)."""
_SAME_LINE = 90.0
_CHARACTERS_PER_MISREADING = 12
"""OCR may misread one character of a title for every so many."""
_SCANNED = 0.3
"""What another number counts where it may be misread."""
_MUCH_PROSE = 4
"""So many lines between two parts say all that lines can say."""
_NEAR = 2
"""Within so many times the allowed misreadings a scanned title is only probably another one."""


def prose_between(pair: Pair) -> Evidence | None:
    """Lines of prose between the parts: text that a table which merely flows over would not have."""
    lines = pair.upper.labelled.fragment.gap_below + pair.lower.labelled.fragment.gap_above
    if not lines:
        return None
    strength = -min(lines, _MUCH_PROSE) / _MUCH_PROSE
    return Evidence(Sign.PROSE, strength, f"{lines} lines of prose between the parts")


def blank_pages(pair: Pair) -> Evidence | None:
    """Pages without anything on them between the parts: backs of sheets that were printed on one side."""
    upper, lower = pair.upper.labelled.fragment.page, pair.lower.labelled.fragment.page
    count = lower - upper - 1
    if count < 1:
        return None
    return Evidence(Sign.BLANK_PAGES, -1.0, f"{count} blank pages between page {upper} and page {lower}")


def continued_mark(pair: Pair) -> Evidence | None:
    """A line above the lower part says that it continues: 续表, (续), 接上页."""
    caption = pair.lower.labelled.fragment.caption
    for line in (*caption.lines, caption.title):
        if _MARK.search(squash(line)):
            return Evidence(Sign.CONTINUED, 1.0, f"marked as a continuation: {line}")
    return None


def titles(pair: Pair) -> Evidence | None:
    """The lower part's title: the same, none, or another one.

    Titles differ by a word (收入, 支出), so only OCR is granted misread characters, and digits never.
    """
    ours, theirs = plain_title(pair.caption.title), plain_title(pair.lower.labelled.fragment.caption.title)
    if not theirs:
        return None if continued_mark(pair) else Evidence(Sign.NO_TITLE, 1.0, "no title of its own")
    if not ours:
        return Evidence(Sign.NEW_TITLE, -1.0, f"a title where the table above has none: {theirs}")
    allowed = _misreadings(pair, ours)
    distance = Levenshtein.distance(ours, theirs)
    same_digits = re.findall(r"\d", ours) == re.findall(r"\d", theirs)
    if distance <= allowed and same_digits:
        return Evidence(Sign.TITLE, 1.0 if distance == 0 else 0.7, f"title repeated: {theirs}")
    near = _is_ocr(pair) and same_digits and distance <= _NEAR * allowed
    return Evidence(Sign.NEAR_TITLE if near else Sign.OTHER_TITLE, -1.0, f"another title: {theirs}")


def table_numbers(pair: Pair) -> Evidence | None:
    """Both parts carry a number among the tables of the document (附表13, 5.), and not the same one.

    The same number says no more than the same title: it may be that of many forms.
    """
    ours, theirs = _table_number(pair.caption), _table_number(pair.lower.labelled.fragment.caption)
    if not ours or not theirs or ours == theirs:
        return None
    strength = -_SCANNED if _is_ocr(pair) else -1.0
    return Evidence(Sign.OTHER_NUMBER, strength, f"another number: {theirs} after {ours}")


def _table_number(caption: Caption) -> str:
    """The number in front of the title, or on a line of its own that calls it one of a table; "" for none."""
    title = plain_title(caption.title)
    for line in map(plain_title, caption.lines):
        front = line.removesuffix(title) if title else line
        match = _NUMBER.fullmatch(front)
        if match and (front != line or match["name"] or match["end"] == "表"):
            return front
    return ""


def plain_title(title: str) -> str:
    """The title for comparing, without a mark of continuation."""
    return re.sub(r"\((?:续|接上)[^)]*\)$|^续表:?|(?<=表)续表?\d*$", "", squash(title))


def _misreadings(pair: Pair, text: str) -> int:
    """So many characters of the text may be misread on the other page: none where it is not by OCR."""
    return max(1, len(text) // _CHARACTERS_PER_MISREADING) if _is_ocr(pair) else 0


def _is_ocr(pair: Pair) -> bool:
    return any(
        cell.source is TextSource.OCR for view in (pair.upper, pair.lower) for cell in view.labelled.fragment.cells
    )


def caption_lines(pair: Pair) -> Evidence | None:
    """No title, but lines (entity, year, unit) that stand above the table's first part as well."""
    caption = pair.lower.labelled.fragment.caption
    if caption.title or not caption.lines:
        return None
    ours = [squash(line) for line in pair.caption.lines]
    same = [line for line in caption.lines if any(fuzz.ratio(squash(line), other) >= _SAME_LINE for other in ours)]
    if not same:
        return None
    share = len(same) / len(caption.lines)
    return Evidence(Sign.CAPTION_LINES, share, f"lines above repeated: {', '.join(same)}")


def entities(pair: Pair) -> Evidence | None:
    """Both parts name an entity, and not the same one; entities, too, differ by a character (第一中学, 第二中学)."""
    ours, theirs = squash(pair.caption.entity), squash(pair.lower.labelled.fragment.caption.entity)
    if not ours or not theirs or ours in theirs or theirs in ours:
        return None
    if Levenshtein.distance(ours, theirs) <= _misreadings(pair, ours):
        return None
    return Evidence(Sign.OTHER_ENTITY, -1.0, f"another entity: {theirs}")


def units(pair: Pair) -> Evidence | None:
    """Both parts print a unit, and not the same one."""
    ours, theirs = squash(pair.caption.unit), squash(pair.lower.labelled.fragment.caption.unit)
    if not ours or not theirs or ours == theirs:
        return None
    return Evidence(Sign.OTHER_UNIT, -1.0, f"another unit: {theirs} instead of {ours}")


def closing_notes(pair: Pair) -> Evidence | None:
    """A note under the upper part that is not printed under the lower one too: the table has ended."""
    ours, theirs = ({squash(note) for note in view.labelled.fragment.notes} for view in (pair.upper, pair.lower))
    if not ours or ours & theirs:
        return None
    return Evidence(Sign.NOTES, -1.0, f"a note stands under the table: {pair.upper.labelled.fragment.notes[0]}")
