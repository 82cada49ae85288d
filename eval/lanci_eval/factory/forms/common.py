"""What all forms share: captions, columns of subjects, lines of money."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lanci.document import Caption, HeaderRole, RowRole
from lanci_eval.factory.budget import Budget, CodeRow, Fact, Measure, count
from lanci_eval.factory.content_manner import ContentFeatures, Manner, to_numeral
from lanci_eval.factory.content_sheet import Head, Line, Sheet, Span, Texts, group, number_lines
from lanci_eval.factory.names import chance, pick

_LEVEL_WORDS = ("类", "款", "项")
SERIAL = Head("序号", HeaderRole.ROW_NUMBER)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a form is made from. ``number`` is that of the table in its document, counted from 1."""

    budget: Budget
    manner: Manner
    features: ContentFeatures
    rng: np.random.Generator
    number: int

    def chance(self, probability: float) -> bool:
        return chance(self.rng, probability)


Maker = Callable[[Scene], "tuple[Sheet, ...]"]
"""Makes the sheets of one entry of a document: one, or two stacked under one title."""


def titled(scene: Scene, stem: str, *, whole: bool = False, end: str = "") -> str:
    """A title in the document's wording: ``stem`` 收支 with ``whole`` gives 收支总表 or the like.

    ``end`` follows the last word, in parentheses of its own.
    """
    manner = scene.manner
    return f"{manner.title_start}{stem}{manner.title_forms[0 if whole else 1]}{end}"


def make_caption(
    scene: Scene, title: str, unit: str | None = None, *, plain: bool = False, year: int | None = None
) -> Caption:
    """The lines above a table.

    Args:
        scene: the document.
        title: its title.
        unit: of the amounts where it is not the document's; "" leaves the line out.
        plain: only number and title are printed.
        year: the fiscal year of the table where it is not the document's.
    """
    manner, budget = scene.manner, scene.budget
    unit = manner.unit if unit is None else unit
    head = manner.number_form.format(scene.number, cn=to_numeral(scene.number))
    above = head and not head.endswith(("、", "."))
    lines = [head, title] if above else [f"{head}{title}"]
    entity = code = ""
    if not plain and manner.entity_word:
        entity = budget.entity
        lines.append(f"{manner.entity_word}：{entity}")
    elif not plain:
        code, entity = budget.units[0].code[:3], budget.entity
        lines.append(f"{code}{entity}")
    year = year or budget.year
    says_year = str(year) in title
    if manner.names_year and not plain:
        says_year = True
        lines.append(f"预算年度：{year}")
    if unit and not plain:
        lines.append(manner.unit_form.format(unit))
    return Caption(tuple(lines), title, entity, code, year if says_year else None, "" if plain else unit)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Columns for codes and names: their heads, and how a code's texts stand in them."""

    heads: tuple[Head, ...]
    parts: int
    joined: bool

    @property
    def width(self) -> int:
        return len([leaf for head in self.heads for leaf in head.leaves])


def subject_columns(scene: Scene, group_word: str, levels: int, *, economic: bool = False, word: str = "") -> Subjects:
    """The columns of subject codes and names in the document's manner, in at most ``levels`` header rows.

    ``word`` stands before 科目编码 and 科目名称 where a table has several classifications.
    """
    manner = scene.manner
    code_word, name_word = manner.code_word, manner.name_word
    if economic or word:
        code_word = f"{word}科目编码" if len(manner.code_word) > 2 else "编码"
        name_word = f"{word}科目名称" if len(manner.code_word) > 2 else "名称"
    if manner.code_columns == 3:
        words = _LEVEL_WORDS[:2] if economic else _LEVEL_WORDS
        codes = tuple(Head(part, HeaderRole.SUBJECT_CODE) for part in words)
        name = Head(name_word, HeaderRole.SUBJECT_NAME)
        if levels == 1:
            return Subjects((*codes, name), len(words), False)
        over = group(code_word, *codes)
        heads = (over, name) if levels == 2 else (group(group_word, over, name),)
        return Subjects(heads, len(words), False)
    if manner.joined:
        return Subjects((Head(group_word, HeaderRole.SUBJECT_CODE),), 1, True)
    pair = (Head(code_word, HeaderRole.SUBJECT_CODE), Head(name_word, HeaderRole.SUBJECT_NAME))
    if levels == 2 or (levels == 3 and not manner.splits_basic):
        return Subjects((group(group_word, *pair),), 1, False)
    return Subjects(pair, 1, False)


def subject_texts(manner: Manner, subjects: Subjects, code: str, name: str) -> Texts:
    """A subject as it stands in its columns."""
    if subjects.joined:
        return (f"{code}{manner.joint}{name}",)
    if subjects.parts == 1:
        return (code, name)
    pieces = [code[:3], code[3:5], code[5:7]][: subjects.parts]
    if not manner.whole_codes:
        last = max(index for index, piece in enumerate(pieces) if piece)
        pieces = [piece if index == last else "" for index, piece in enumerate(pieces)]
    return (*pieces, name)


def total_texts(scene: Scene, subjects: Subjects, label: str = "") -> Texts:
    """The label of a total row over the subject columns: in the last of them or across all."""
    label = label or scene.manner.total
    width = subjects.width
    if width == 1:
        return (label,)
    if scene.manner.total_spans:
        return (Span(label, cols=width),)
    return (*[""] * (width - 1), label)


def money_texts(manner: Manner, heads: Sequence[Head], facts: Iterable[Fact]) -> Texts:
    """The amounts of a row in the money columns."""
    facts = tuple(facts)
    return tuple(manner.money(count(facts, leaf.measure)) for leaf in heads if leaf.measure is not None)


def leaves_of(heads: Iterable[Head]) -> tuple[Head, ...]:
    """The columns under some heads."""
    return tuple(leaf for head in heads for leaf in head.leaves)


def coded_lines(scene: Scene, subjects: Subjects, money: Sequence[Head], rows: Sequence[CodeRow]) -> tuple[Line, ...]:
    """A line for each subject and one for the total, without serial numbers."""
    manner = scene.manner
    columns = leaves_of(money)
    lines = [
        Line(
            RowRole.DETAIL,
            (*subject_texts(manner, subjects, row.code, row.name), *money_texts(manner, columns, row.facts)),
        )
        for row in rows
    ]
    facts = [fact for row in rows if row.level == 1 for fact in row.facts]
    return with_total(
        manner, lines, Line(RowRole.TOTAL, (*total_texts(scene, subjects), *money_texts(manner, columns, facts)))
    )


def with_total(manner: Manner, lines: Sequence[Line], total: Line) -> tuple[Line, ...]:
    """The lines with the total at the end where the document has it."""
    return (total, *lines) if manner.total_first else (*lines, total)


def numbered_sheet(scene: Scene, sheet: Sheet) -> Sheet:
    """The sheet with 序号 in front and column numbers below the header, if the document has them."""
    sheet = replace(sheet, numbering=scene.manner.numbering)
    if not scene.manner.serial:
        return sheet
    return replace(sheet, heads=(SERIAL, *sheet.heads), lines=number_lines(sheet.lines), n_labels=sheet.n_labels + 1)


def money_head(text: str, measure: Measure) -> Head:
    """A money column."""
    return Head(text, HeaderRole.AMOUNT, (), measure)


def choose(scene: Scene, *options: str) -> str:
    """One of several wordings."""
    return pick(scene.rng, options)
