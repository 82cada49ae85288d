"""Hard negatives: tables that follow one another and look alike, under other titles, other names, or none."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from lanci.annotation import AnnotatedDocument, AnnotatedTable
from lanci.document import Caption, Cell, HeaderRole, RowRole, Table
from lanci.numbers import parse_amount

_TITLES = ("一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户资金")
_FACTORS = (2, 3, 7)
_STYLES = ("附表{}", "表{}", "公开{:02}表", "{}.", "{}、", "（{}）")
_IN_FRONT = (".", "、", "）")
_NUMBERED = 0.3
"""How often a drawn table and its look-alikes are numbered."""
_OTHER_VALUES = 0.7
"""How often the key/value rows above the header of a look-alike have other values."""
_BARE = 0.3
"""How often a drawn table has nothing above it."""
_LEAST_WORD = 2
_FIRST = 3
"""So many first cells tell whether two tables begin alike."""
_LONG = 6
"""Characters from which on a text in a form is a value, not a key."""


def add_neighbours(document: AnnotatedDocument, most: int, rng: random.Random) -> AnnotatedDocument:
    """Some tables of a document, each alone or followed by look-alikes with other amounts.

    The look-alikes carry the title that the table has (one form after another), that of another fund, another
    entity, another unit alone, no lines at all, or other words in the header and no lines. Now and then a drawn table
    loses its lines as well.

    Args:
        document: whose tables are drawn.
        most: tables of it that are drawn.
        rng: of all choices.
    """
    drawn = rng.sample(range(len(document.tables)), min(most, len(document.tables)))
    words = _header_words(document)
    tables: list[AnnotatedTable] = []
    manners = ("alone", "alone", "form", "form", "fund", "entity", "unit", "bare", "header", "header")
    for index in drawn:
        annotated = document.tables[index]
        group = [_without_caption(annotated) if rng.random() < _BARE else annotated]
        manner = rng.choice(manners)
        for number in range(0 if manner == "alone" else rng.randint(1, 4)):
            group.append(_look_alike(annotated, (manner, number), words, rng))
        if rng.random() < _NUMBERED:
            style, first = rng.choice(_STYLES), rng.randint(1, 40)
            group = [_with_number(one, style.format(first + number)) for number, one in enumerate(group)]
        tables += group
    numbered = [
        replace(one, table=replace(one.table, id=f"t{i + 1:03d}", companion=None)) for i, one in enumerate(tables)
    ]
    return replace(document, tables=tuple(numbered), narrative=())


def _with_number(annotated: AnnotatedTable, number: str) -> AnnotatedTable:
    """With its number above the title, or in front of it; a table without lines has none."""
    table = annotated.table
    title, lines = table.caption.title, table.caption.lines
    if number.endswith(_IN_FRONT):
        numbered = tuple(f"{number}{line}" if title and line == title else line for line in lines)
    else:
        numbered = (number, *lines) if lines else ()
    return replace(annotated, table=replace(table, caption=replace(table.caption, lines=numbered)))


def _without_caption(annotated: AnnotatedTable) -> AnnotatedTable:
    return replace(annotated, table=replace(annotated.table, caption=Caption()))


def _header_words(document: AnnotatedDocument) -> list[str]:
    """The texts of the header cells of all tables, each once."""
    cells = (cell for annotated in document.tables for cell in annotated.header_cells)
    return list(dict.fromkeys(cell.text for cell in cells if len(cell.text) >= _LEAST_WORD))


def _look_alike(
    annotated: AnnotatedTable, how: tuple[str, int], words: Sequence[str], rng: random.Random
) -> AnnotatedTable:
    """A table on the same grid; ``how`` is the manner and its number among those of the table."""
    manner, number = how
    table = annotated.table
    factor = _FACTORS[number % len(_FACTORS)]
    first = 0 if rng.random() < _OTHER_VALUES else table.n_header_rows
    cells = tuple(
        _other_content(cell, factor, rng)
        if cell.row >= first and (cell.row >= table.n_header_rows or table.row_roles[cell.row] is RowRole.SECTION)
        else cell
        for cell in table.cells
    )
    caption = table.caption
    if manner in ("form", "bare") and not _begins_alike(cells, table):
        manner = "fund"  # without labels that start again nobody could tell them from one table
    if manner == "header":
        cells = tuple(_reword(cell, words, rng) if cell.row < table.n_header_rows else cell for cell in cells)
        caption = Caption()
    elif manner == "bare":
        caption = Caption()
    elif manner == "unit" and caption.unit:
        unit = "元" if caption.unit == "万元" else "万元"
        caption = Caption(lines=(f"单位：{unit}",), unit=unit)
    elif manner == "fund":
        caption = _rename(caption, _TITLES[number % len(_TITLES)] + caption.title)
    elif manner == "entity":
        entity = f"{caption.entity or '某单位'}{'甲乙丙丁'[number % 4]}"
        caption = replace(caption, entity=entity, lines=(*caption.lines, f"单位：{entity}"))
    return replace(annotated, table=replace(table, cells=cells, caption=caption))


def _begins_alike(cells: Sequence[Cell], table: Table) -> bool:
    """Whether the first cells of the body's rows, or those beside them, are those of the table and not all alike."""
    for col in (0, 1):
        ours, theirs = (
            [cell.text for cell in some if cell.col == col and cell.row >= table.n_header_rows][:_FIRST]
            for some in (cells, table.cells)
        )
        if ours == theirs and "" not in ours and len(set(ours)) == _FIRST:
            return True
    return False


def _rename(caption: Caption, title: str) -> Caption:
    lines = tuple(title if caption.title and caption.title in line else line for line in caption.lines)
    return replace(caption, title=title, lines=lines if title in lines else (title, *lines))


def _reword(cell: Cell, words: Sequence[str], rng: random.Random) -> Cell:
    """Another header cell of the same length, so that the column stays as wide; a number or a blank stays."""
    if len(cell.text) < _LEAST_WORD:
        return cell
    fitting = [word for word in words if len(word) == len(cell.text) and word != cell.text]
    at = rng.randint(1, len(cell.text) - 1)
    return replace(cell, text=rng.choice(fitting) if fitting else cell.text[at:] + cell.text[:at])


def _other_content(cell: Cell, factor: int, rng: random.Random) -> Cell:
    """Another amount, all of a table by one factor so that sums hold, or another value of a form."""
    amount = parse_amount(cell.text)
    if amount is not None and cell.role in (HeaderRole.AMOUNT, HeaderRole.QUANTITY):
        return replace(cell, text=str(amount * factor))
    is_name = cell.role in (HeaderRole.TEXT, HeaderRole.PROJECT_NAME, HeaderRole.UNIT_NAME)
    if amount is None and is_name and len(cell.text) >= _LONG:
        at = rng.randint(1, len(cell.text) - 1)
        return replace(cell, text=cell.text[at:] + cell.text[:at])
    return cell
