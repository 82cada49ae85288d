"""From an annotated document to the content of its pages, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from lanci.annotation import AnnotatedDocument, AnnotatedTable, FragmentTruth, Narrative, table_to_fragments
from lanci.document import Cell, Fragment, HeaderRole, RowRole
from lanci.text import squash
from lanci_eval.demo.blocks import (
    Align,
    CaptionLine,
    GridBlock,
    GridCell,
    PageContent,
    Style,
    TextBlock,
    TextKind,
)

_LANDSCAPE_COLUMNS = 7
_LANDSCAPE_ROWS = 24
_ENUMERATED = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[、.])")
_AMONG = re.compile(r"^其中[：:]?")
_RIGHT_ROLES = (HeaderRole.AMOUNT, HeaderRole.QUANTITY)
_NAME_ROLES = (HeaderRole.SUBJECT_NAME, HeaderRole.ITEM)
_HEADER_ROWS = (RowRole.HEADER, RowRole.COLUMN_NUMBER)
_TOTAL_ROWS = (RowRole.TOTAL, RowRole.SUBTOTAL)

_STYLES = (
    Style(caption_inline=True, indent_codes=False, bold_header=False, rule_width=0.5),
    Style(caption_inline=False, indent_codes=True, bold_header=True, rule_width=0.75),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A fragment on its page, with the truth about it; ``starts`` where its table begins."""

    table: AnnotatedTable
    fragment: Fragment
    truth: FragmentTruth
    starts: bool


def choose_style(document_id: str) -> Style:
    """The style of a document; it hangs on the id alone, so that adding documents changes no other."""
    return _STYLES[crc32(document_id.encode("utf-8")) % len(_STYLES)]


def plan_pages(document: AnnotatedDocument, style: Style) -> tuple[PageContent, ...]:
    """The content of pages 1 to ``n_pages``; a page without any annotation is empty but for its number."""
    parts: dict[int, list[_Part]] = {}
    for table in document.tables:
        for index, (fragment, truth) in enumerate(table_to_fragments(table)):
            parts.setdefault(fragment.page, []).append(_Part(table, fragment, truth, index == 0))
    return tuple(
        _plan_page(number, parts.get(number, []), _prose_on(document, number), style)
        for number in range(1, document.n_pages + 1)
    )


def _prose_on(document: AnnotatedDocument, page: int) -> list[Narrative]:
    return [block for block in document.narrative if block.page == page]


def _plan_page(number: int, parts: Sequence[_Part], prose: Sequence[Narrative], style: Style) -> PageContent:
    landscape = any(_wants_landscape(part.table) for part in parts)
    blocks: list[TextBlock | GridBlock] = []
    for item in _interleave(parts, prose):
        if isinstance(item, _Part):
            blocks.append(_part_to_block(item, style))
        else:
            blocks.append(_prose_to_block(item, opens_page=not blocks))
    return PageContent(number, tuple(blocks), landscape)


def _wants_landscape(table: AnnotatedTable) -> bool:
    """Wide tables, and those whose pages end after so few rows that the original's can only have been low.

    The answer is that of the whole table, so that its pages are turned alike.
    """
    rows = [part.last_row - part.first_row + 1 for part in table.fragments]
    broken_early = len(rows) > 1 and max(rows) <= _LANDSCAPE_ROWS
    return table.table.n_cols >= _LANDSCAPE_COLUMNS or broken_early


def _interleave(parts: Sequence[_Part], prose: Sequence[Narrative]) -> list[_Part | Narrative]:
    """Continuations first, then the sections of prose, each with the tables that belong to it.

    The annotation does not say where between the prose a table stands. A table goes to the section whose
    heading shares the most with its title, to the last of equals, and never before the table above it.
    """
    order: list[_Part | Narrative] = [part for part in parts if not part.starts]
    sections = _to_sections(prose)
    tables: list[list[_Part]] = [[] for _ in sections]
    first = 0
    for part in (part for part in parts if part.starts):
        title = part.table.table.title
        first = max(range(first, len(sections)), key=lambda at: (_shared_pairs(sections[at], title), at))
        tables[first].append(part)
    for section, placed in zip(sections, tables, strict=True):
        order += section
        order += placed
    return order


def _to_sections(prose: Sequence[Narrative]) -> list[list[Narrative]]:
    """Prose cut before every heading; at least one section, which may be empty."""
    sections: list[list[Narrative]] = [[]]
    for block in prose:
        if block.kind == "heading" and sections[-1]:
            sections.append([])
        sections[-1].append(block)
    return sections


def _shared_pairs(section: Sequence[Narrative], title: str) -> int:
    """How many pairs of neighbouring characters the section's heading and the title have in common."""
    if not section or section[0].kind != "heading":
        return 0
    heading = squash(section[0].text)
    return len(set(pairwise(heading)) & set(pairwise(squash(title))))


def _prose_to_block(block: Narrative, *, opens_page: bool) -> TextBlock:
    return TextBlock(_prose_to_kind(block, opens_page=opens_page), block.text)


def _prose_to_kind(block: Narrative, *, opens_page: bool) -> TextKind:
    if block.kind == "contents":
        if block.text[-1:].isdecimal():
            return TextKind.CONTENTS
        return TextKind.TITLE if opens_page else TextKind.HEADING
    if block.kind == "heading":
        below = _ENUMERATED.match(block.text) or block.text.endswith("：")
        return TextKind.HEADING if below else TextKind.TITLE
    return TextKind.PARAGRAPH


def _part_to_block(part: _Part, style: Style) -> GridBlock:
    whole = [
        cell for fragment, truth in table_to_fragments(part.table) for cell in _style_cells(fragment, truth, style)
    ]
    return GridBlock(
        caption=tuple(_caption_line(line, part.table) for line in part.fragment.caption.lines),
        n_rows=part.fragment.n_rows,
        n_cols=part.fragment.n_cols,
        cells=_style_cells(part.fragment, part.truth, style),
        measure=tuple(whole),
        notes=part.fragment.notes,
        table=part.table.table.id,
    )


def _caption_line(line: str, table: AnnotatedTable) -> CaptionLine:
    if squash(line) == squash(table.table.title):
        return CaptionLine(Align.CENTER, line)
    entity = squash(table.table.caption.entity)
    labelled = "：" in line or ":" in line
    on_right = labelled and not (entity and entity in squash(line))
    return CaptionLine(Align.RIGHT if on_right else Align.LEFT, line)


def _style_cells(fragment: Fragment, truth: FragmentTruth, style: Style) -> tuple[GridCell, ...]:
    indents = _indents(fragment, truth, style)
    return tuple(_style_cell(cell, truth, style, indents.get((cell.row, cell.col), 0.0)) for cell in fragment.cells)


def _style_cell(cell: Cell, truth: FragmentTruth, style: Style, indent: float) -> GridCell:
    row_role, column_role = truth.row_roles[cell.row], truth.column_roles[cell.col]
    header = row_role in _HEADER_ROWS
    total = row_role in _TOTAL_ROWS
    bold = (header and style.bold_header) or total
    return GridCell(
        cell.row, cell.col, cell.row_span, cell.col_span, cell.text,
        align=_align(cell, row_role, column_role), bold=bold, indent=indent, header=header,
    )  # fmt: skip


def _align(cell: Cell, row_role: RowRole, column_role: HeaderRole) -> Align:
    if row_role is RowRole.SECTION:
        # Key/value rows: the key in the first column is centred, its value reads from the left.
        return Align.CENTER if cell.col == 0 else Align.LEFT
    label_over_rows = cell.row_span > 1
    total_label = row_role is RowRole.TOTAL and column_role in _NAME_ROLES
    centred = row_role in _HEADER_ROWS or column_role is HeaderRole.ROW_NUMBER or label_over_rows
    if centred or total_label:
        return Align.CENTER
    return Align.RIGHT if column_role in _RIGHT_ROLES else Align.LEFT


def _indents(fragment: Fragment, truth: FragmentTruth, style: Style) -> dict[tuple[int, int], float]:
    """Indents in ems: names under 其中, and subjects under their class where the style has it."""
    indents: dict[tuple[int, int], float] = {}
    codes = {
        cell.row: len(cell.text)
        for cell in fragment.cells
        if truth.column_roles[cell.col] is HeaderRole.SUBJECT_CODE and cell.text.isdecimal()
    }
    among = dict.fromkeys(range(fragment.n_cols), False)
    for cell in fragment.cells:
        role = truth.column_roles[cell.col]
        if role not in _NAME_ROLES or truth.row_roles[cell.row] is not RowRole.DETAIL:
            continue
        opens = bool(_AMONG.match(cell.text))
        among[cell.col] = opens or (among[cell.col] and not _ENUMERATED.match(cell.text))
        if among[cell.col]:
            # What follows stands under the first word after 其中：.
            indents[cell.row, cell.col] = 1.0 if opens else 4.0
        elif style.indent_codes and role is HeaderRole.SUBJECT_NAME and cell.row in codes:
            indents[cell.row, cell.col] = max(0.0, (codes[cell.row] - 3) / 2)
    return indents
