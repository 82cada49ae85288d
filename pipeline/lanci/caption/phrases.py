"""What a piece of text around a table says by itself: a unit, an entity, a year, a number, a title, a note.

Texts are single lines as printed. Nothing here knows where on the page they stand.
"""

from __future__ import annotations

import re

from lanci.text import normalize, squash

_HAN = r"\u4e00-\u9fff"
_MONEY = r"(?:人民币)?[十百千万亿]{0,2}(?:美|欧|港)?元"
_MEASURE = (
    rf"(?:{_MONEY}|[%％‰]|[十百千万亿]{{0,2}}"
    r"(?:人次|人|户|个|家|座|台|套|辆|件|次|天|条|亩|公顷|平方米|平方公里|公里|千米|立方米|吨|千克|公斤|千瓦时))"
)
_PER = rf"(?:\s*[/／]\s*(?:{_MEASURE}|年|月|日))?"
_SEVERAL = rf"{_MEASURE}{_PER}(?:\s*[、,，;；和/]\s*{_MEASURE}{_PER})*"
# 单位：元 states a unit, 单位：元氏县财政局 a body: no Chinese character may follow, but after 万元. With 金额 or 计量
# before it, it can only be a unit, whatever it says.
_STATED_UNIT = (
    rf"(?:单\s*位|(?i:unit)s?)\s*[:：]?\s*(?P<unit>{_SEVERAL})(?:(?<=[十百千万亿]元)|(?![{_HAN}]))"
    r"|(?:金\s*额|计\s*量)\s*单\s*位\s*[:：]\s*(?P<any>[^\s（）()]+)"
)
_UNIT = re.compile(rf"[（(]?\s*(?:金\s*额|计\s*量)?\s*(?:{_STATED_UNIT})\s*[）)]?")
_BARE_UNIT = re.compile(rf"[（(]?\s*({_MONEY}(?:[、,，/]?[%％])?)\s*[）)]?")
_UNIT_AT_END = re.compile(rf"[（(]\s*({_MONEY}(?:[、,，/]?[%％])?)\s*[）)]$")

_MARKED = r"(?:[（(][^（）()：:]{1,8}[）)])?"
_ENTITY_LABEL = re.compile(
    rf"(?:编制|填报|公开|预算|申报)?(?:单\s*位|部\s*门|企\s*业){_MARKED}(?:名\s*称)?{_MARKED}\s*[:：]\s*(?P<name>.*)"
)
_CODE_LABEL = re.compile(r"(?:单\s*位|部\s*门|预算)?\s*(?:编\s*码|代\s*码)\s*[:：]\s*(\d{3,18})$")
_CODED_ENTITY = re.compile(r"(\d{3,12})\s*[-—_\s]?\s*([\u4e00-\u9fff][^。；;，,]*)")
_LONGEST_ENTITY = 60
_BEGINS_WITH_YEAR = re.compile(r"(?:19|20)\d{2}\s*年")

_YEAR_LABEL = re.compile(r"年\s*度\s*[:：]?\s*((?:19|20)\d{2})")
_YEAR_FIRST = re.compile(r"[（(]?\s*((?:19|20)\d{2})\s*年")
_YEAR_OF_BUDGET = re.compile(r"((?:19|20)\d{2})\s*年\s*(?:度\s*)?(?:部门|单位|预算|决算|财政|收支)")
_YEAR_LINE = re.compile(r"(?:(?:预算|公开)?年\s*度\s*[:：]?\s*\d{4}\s*年?|[（(]?\s*\d{4}\s*年\s*度?\s*[）)]?)")
_DATE_LINE = re.compile(r"截[止至]时间|(?:填\s*报|编\s*制|报送|制表)?\s*日\s*期\s*[:：]")

_NUMERAL = r"[一二三四五六七八九十百]+"
_COUNT = r"\d+(?:\s*[-—–.]\s*\d+)*"
_BOOK = r"(?:部门|单位|预算|财预|公开|附|附件)*"
_TABLE_NUMBER = re.compile(
    rf"(?:{_BOOK}表\s*(?:{_COUNT}|{_NUMERAL})|{_BOOK}(?:{_COUNT}|{_NUMERAL})\s*表"
    rf"|附件\s*(?:{_COUNT}|{_NUMERAL})|(?i:table)\s*{_COUNT})[:：.]?"
)
_NUMBERED_TABLE = re.compile(rf"(?:{_BOOK}表\s*{_COUNT}|(?i:table)\s*{_COUNT})[\s:：、.]\s*\S")
_LEADING_NUMBER = re.compile(
    rf"^(?:[（(]?{_NUMERAL}[)）]?[、.．]\s*|[（(]\s*(?:{_NUMERAL}|\d+)\s*[）)]\s*"
    rf"|\d{{1,3}}\s*(?:[、．]\s*|\.\s*(?!\d)|\.\s*(?=(?:19|20)\d{{2}}\s*年))"
    r"|(?:公开|预算|附|附件)*(?:表\s*\d+(?:[-—]\d+)?|\d+\s*表)\s*[:：、.]?\s*"
    rf"|(?:公开|预算|附|附件)*表\s*{_NUMERAL}(?:[-—]\d+)?[:：、.\s]\s*"
    rf"|第\s*(?:{_NUMERAL}|\d+)\s*(?:部分|章|节|篇|条)\s*[:：、]?\s*|(?i:table)\s*\d+\s*[:.]?\s*)"
)
_PART = re.compile(rf"^第\s*(?:{_NUMERAL}|\d+)\s*(?:部\s*分|章|篇)|^(?:{_NUMERAL}|\d+)\s*[、.．]\s*\S*部分$")
_TITLE_END = re.compile(r"(?:表|情\s*况|清\s*单|目\s*录|明\s*细|预\s*算|一\s*览)(?:\s*[（(][^（）()]*[)）])?$")
_TABLE_END = re.compile(r"表(?:\s*[（(][^（）()]*[)）])?$")
_CONTINUED = re.compile(r"[（(]?(?:续\s*表?|接\s*上\s*[页表])\s*\d*[）)]?")
_CONTINUED_END = re.compile(r"[（(]\s*续\s*表?\s*[）)]\s*$")

_NOTE_LABEL = (
    rf"(?:[（(]\s*)?(?:备\s*注|附\s*注|注\s*[释解]?|[{_HAN}]{{0,4}}说\s*明(?:\s*事\s*项)?"
    r"|(?:数据|资料)\s*来源|(?i:notes?))"
)
_NOTE = re.compile(rf"{_NOTE_LABEL}\s*\d*\s*[）)]?\s*[:：]|(?:备\s*注|附\s*注|注)\s*\d*\s*[.、]|[*＊※]")
_OPEN_NOTE = re.compile(rf"{_NOTE_LABEL}\s*[:：]\s*$")
_NOTE_LIST = re.compile(rf"{_NOTE_LABEL}\s*[:：]\s*[（(]?1\s*[.．、)）](?!\d)")
_ABOUT_THE_TABLE = re.compile(r"(?:此|本|该|上)\s*表\s*(?:无|没|为空|空|不|中|数)")
_ITEM = re.compile(r"[（(]?\s*\d{1,2}\s*[.．、)）](?!\d)")
_LABELLED = re.compile(rf"[{_HAN}（）()]{{2,10}}\s*[:：]")
_NEXT_LABEL = re.compile(rf"\s+(?=[{_HAN}（）()]{{2,10}}\s*[:：])")
_DOTS = re.compile(r"[.．…·⋯]{3,}")
_LEADERS = re.compile(_DOTS.pattern + r"\s*\d*$")
_SENTENCE_END = re.compile(r"[。；;，,]$")


def split_at_labels(piece: str) -> list[str]:
    """The parts of a piece that begin with labels of their own: 编制单位：甲局 预算年度：2026 are two."""
    return _NEXT_LABEL.split(piece)


def unit_of(piece: str) -> str:
    """The unit that a piece states, without white space, or an empty string."""
    match = _UNIT.search(piece)
    if match:
        return squash(match["unit"] or match["any"])
    bare = _BARE_UNIT.fullmatch(piece) or _UNIT_AT_END.search(piece)
    return squash(bare.group(1)) if bare else ""


def without_unit(piece: str) -> str:
    """What a piece says besides the unit, its parentheses left out with it."""
    return normalize(_UNIT_AT_END.sub("", _UNIT.sub(" ", piece)))


def entity_of(piece: str) -> tuple[str, str] | None:
    """The code (may be empty) and the name of the body that a piece is about; None when it names none."""
    match = _ENTITY_LABEL.search(piece)
    if match:
        name = normalize(match["name"])
        coded = _CODED_ENTITY.fullmatch(name)
        return (coded.group(1), coded.group(2)) if coded else ("", name)
    if len(piece) > _LONGEST_ENTITY:
        return None
    coded = _CODED_ENTITY.fullmatch(piece)
    if coded and not _TITLE_END.search(piece) and not _BEGINS_WITH_YEAR.match(piece):
        return coded.group(1), coded.group(2)
    return None


def code_of(piece: str) -> str:
    """The code of a body that stands with a label of its own (单位编码：434001), or an empty string."""
    match = _CODE_LABEL.match(piece)
    return match.group(1) if match else ""


def year_of(piece: str) -> int | None:
    """The year that a piece is about: labelled, at its beginning, or of the budget that it names."""
    if "20" not in piece and "19" not in piece:
        return None
    match = _YEAR_LABEL.search(piece) or _YEAR_FIRST.match(strip_number(piece)) or _YEAR_OF_BUDGET.search(piece)
    return int(match.group(1)) if match else None


def is_year_line(piece: str) -> bool:
    """Whether a piece says nothing but the year."""
    return bool(_YEAR_LINE.fullmatch(piece))


def is_date(piece: str) -> bool:
    """Whether a piece states when the table was made."""
    return bool(_DATE_LINE.search(piece))


def is_table_number(text: str) -> bool:
    """Whether a text is nothing but the number of a table (公开01表, 附件1-2)."""
    return bool(_TABLE_NUMBER.fullmatch(text))


def is_continued_mark(text: str) -> bool:
    """Whether a text is nothing but a mark of continuation (续表)."""
    return bool(_CONTINUED.fullmatch(text))


def is_part_heading(text: str) -> bool:
    """Whether a text names a part of the document (第二部分 …, 二、表格部分)."""
    return bool(_PART.match(text))


def is_numbered(text: str) -> bool:
    """Whether a text begins with the number of a heading or a table."""
    return bool(_LEADING_NUMBER.match(text))


def strip_number(text: str) -> str:
    """A title without the number in front of it (``2、``, ``（一）``, ``附表3``) and without 续表 marks."""
    text = normalize(text)
    stripped = _LEADING_NUMBER.sub("", text).strip()
    return normalize(_CONTINUED_END.sub("", stripped or text))


def is_title(text: str) -> bool:
    """Whether a text ends like the title of a table (…表, …情况, …清单)."""
    return bool(_TITLE_END.search(_CONTINUED_END.sub("", text.rstrip())))


def names_table(text: str) -> bool:
    """Whether a text ends with the word table (…表（按经济分类）): no header cell does that."""
    return bool(_TABLE_END.search(_CONTINUED_END.sub("", text.rstrip())))


def is_numbered_table(text: str) -> bool:
    """Whether a text begins with the number of a table and goes on (表3 …)."""
    return bool(_NUMBERED_TABLE.match(text))


def is_sentence(text: str) -> bool:
    """Whether a text ends as only prose does."""
    return bool(_SENTENCE_END.search(text))


def is_lead_in(text: str) -> bool:
    """Whether a text ends with a colon: what it announces follows."""
    return text.endswith((":", "："))


def is_contents_entry(text: str) -> bool:
    """Whether a text is an entry of a table of contents, with dots that lead to a page number."""
    return bool(_LEADERS.search(text))


def has_leaders(text: str) -> bool:
    """Whether dots that could lead to a page number stand in a text."""
    return _DOTS.search(text) is not None


def says_unit_or_entity(text: str) -> bool:
    """Whether a text states the unit of the amounts or the body that the table is about."""
    return bool(unit_of(text)) or entity_of(text) is not None


def is_note(text: str) -> bool:
    """Whether a line below a table is marked as a note to it (注：…)."""
    return bool(_NOTE.match(text))


def is_open_note(text: str) -> bool:
    """Whether a note is only its mark (注释：), so that what it says follows."""
    return bool(_OPEN_NOTE.match(text))


def is_about_the_table(text: str) -> bool:
    """Whether a line without the mark of a note speaks of the table above it (…，故此表无数据)."""
    return bool(_ABOUT_THE_TABLE.search(text))


def begins_list(text: str) -> bool:
    """Whether a note begins with the first item of a list (注：1. …)."""
    return bool(_NOTE_LIST.match(text))


def is_item(text: str) -> bool:
    """Whether a text begins with the number of an item of a list (2. …)."""
    return bool(_ITEM.match(text))


def is_labelled(piece: str) -> bool:
    """Whether a piece begins with a short label and a colon (审核人：…)."""
    return bool(_LABELLED.match(piece))
