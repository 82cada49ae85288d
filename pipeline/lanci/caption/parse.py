"""What the lines above a table say: its title, whose it is, which year, which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lanci.caption.lines import TextLine
from lanci.document import Box, Caption
from lanci.text import normalize, squash

_MONEY = r"(?:人民币)?[百千万亿]{0,2}元(?:[、,，/]?[%％])?"
UNIT = re.compile(rf"(?:金额)?(?:计量)?单\s*位\s*[:：]?\s*({_MONEY})")
_BARE_UNIT = re.compile(rf"[（(]?\s*({_MONEY})\s*[）)]?")
_ENTITY = re.compile(r"(?:编制|填报|公开|预算|申报)?(?:单位|部门)(?:[（(]?(?:名称|公章|盖章)[）)]?)?\s*[:：]\s*(\S.*)")
_CODED_ENTITY = re.compile(r"(\d{3,12})\s*[-—_\s]?\s*([\u4e00-\u9fff]\S*(?:\s\S+)*)")
_YEAR = re.compile(r"年\s*度\s*[:：]?\s*((?:19|20)\d{2})|^((?:19|20)\d{2})\s*年")
_DATE_LINE = re.compile(r"截[止至]时间|(?:填报|编制)?日期\s*[:：]")
_TABLE_NUMBER = re.compile(
    r"(?:部门|单位|预算|财预|公开|附)*\s*表?\s*[\d一二三四五六七八九十]+(?:[-—]\d+)?\s*表?[:：]?"
)
_LEADING_NUMBER = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]+[)）]?[、.．]\s*|[（(]\s*[一二三四五六七八九十\d]+\s*[）)]\s*"
    r"|\d{1,3}\s*(?:[、．]|\.(?!\d))\s*|(?:公开|预算|附)*(?:表\s*\d+(?:[-—]\d+)?|\d+\s*表)\s*[:：、.]?\s*"
    r"|(?:公开|预算|附)*表\s*[一二三四五六七八九十]+(?:[-—]\d+)?[:：、.\s]\s*)"
)
_TITLE_END = re.compile(r"(?:表|情况|清单|目录|明细|预算|一览)(?:\s*[（(][^（）()]*[)）])?$")
_CONTINUED = re.compile(r"[（(]?续表?[）)]?")


def parse_caption(lines: Sequence[TextLine], table: Box) -> Caption:
    """Understand the caption lines of a table, given from top to bottom."""
    entity = entity_code = unit = ""
    year: int | None = None
    candidates: list[tuple[float, int, str]] = []
    for index, line in enumerate(lines):
        rest: list[str] = []
        for piece in line.pieces:
            found_unit, found_entity = _unit(piece), _entity(piece)
            if found_unit:
                unit = unit or found_unit
            elif found_entity and not entity:
                entity_code, entity = found_entity
            year = year or _year(piece)
            if found_unit:
                rest.append(UNIT.sub("", piece).strip(" （）()"))
            elif not (found_entity or _is_year_line(piece) or _DATE_LINE.search(piece)):
                rest.append(piece)
        text = normalize(" ".join(rest))
        if text == line.text or is_title(text):
            candidates.append((_title_score(line, text, table), -index, text))
    title = ""
    if candidates:
        score, _, text = max(candidates)
        title = strip_number(text) if score >= _TITLE_SCORE else ""
    return Caption(tuple(line.text for line in lines), title, entity, entity_code, year, unit)


def _unit(piece: str) -> str:
    match = UNIT.search(piece) or _BARE_UNIT.fullmatch(piece)
    return squash(match.group(1)) if match else ""


def _entity(piece: str) -> tuple[str, str] | None:
    match = _ENTITY.search(piece)
    if match:
        text = UNIT.sub("", match.group(1)).strip()
        coded = _CODED_ENTITY.fullmatch(text)
        return (coded.group(1), coded.group(2)) if coded else ("", text)
    coded = _CODED_ENTITY.fullmatch(piece)
    if coded and not _TITLE_END.search(piece) and not re.match(r"(?:19|20)\d{2}\s*年", piece):
        return coded.group(1), coded.group(2)
    return None


def _year(piece: str) -> int | None:
    match = _YEAR.search(piece)
    return int(match.group(1) or match.group(2)) if match else None


def _is_year_line(piece: str) -> bool:
    return bool(re.fullmatch(r"(?:预算|公开)?年\s*度\s*[:：]?\s*\d{4}\s*年?", piece))


# Reached by a line that ends like a title, or is centred over its table and not small; not by the overflow of a
# cell that the page break cut, nor by a line of prose.
_TITLE_SCORE = 0.9


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
    if _TABLE_NUMBER.fullmatch(text) or _CONTINUED.fullmatch(text):
        score -= 4.0
    if text.startswith(("注:", "备注:", "说明:")) or text.endswith(("。", ";", ":")):
        score -= 4.0
    return score


def strip_number(text: str) -> str:
    """A title without the number in front of it (``2、``, ``（一）``, ``附表3``) and without 续表 marks."""
    text = normalize(text)
    stripped = _LEADING_NUMBER.sub("", text).strip()
    return normalize(re.sub(r"[（(]续表?[）)]\s*$", "", stripped or text))


_SENTENCE_END = re.compile(r"[。；;，,]$")
_NOTE = re.compile(r"^(?:[（(]?\s*)(?:备\s*注|附\s*注|注|说\s*明)\s*\d*\s*[:：.、]|^[*＊※]")


def is_title(text: str) -> bool:
    """Whether a text ends like the title of a table (…表, …情况, …清单)."""
    return bool(_TITLE_END.search(strip_number(text)))


def names_table(line: TextLine) -> bool:
    """Whether a line can only be the caption of a table, even if it stands at the edge of many pages.

    A long table may repeat its title and unit on each page, where a running head stands.
    """
    return strip_number(line.text).endswith("表") or any(_unit(piece) for piece in line.pieces)


def says_unit_or_entity(text: str) -> bool:
    """Whether a text states the unit of the amounts or the body that the table is about."""
    return bool(_unit(text) or _entity(text))


def is_note(line: TextLine) -> bool:
    """Whether a line below a table is a note to it (注：…)."""
    return bool(_NOTE.match(line.text))


def is_caption_like(line: TextLine, table: Box) -> bool:
    """Whether a line above a table can belong to its caption: short, no sentence, no note."""
    if says_unit_or_entity(line.text) or any(map(says_unit_or_entity, line.pieces)):
        return True
    if is_note(line) or _SENTENCE_END.search(line.text):
        return False
    long = line.box.width > 0.8 * max(table.width, 1.0) and len(squash(line.text)) > 30
    return not long or bool(_TITLE_END.search(line.text))
