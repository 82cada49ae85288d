"""How large everything on a page is: what ``pages`` counts with and what all engines print by.

Points unless said otherwise. Ems are of the type size of the table. Estimates are on the safe side, for engines break
lines each in their own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lanci.document import Cell, HeaderRole, RowRole, Table
from lanci.text import is_cjk, normalize, squash
from lanci_eval.demo.blocks import Align, GridBlock, GridCell
from lanci_eval.demo.grid import PAD_X, PAD_Y, block_to_heights, block_to_ranges, ranges_to_widths
from lanci_eval.demo.typeset import LINE_PITCH, measure, split_to_atoms, wrap
from lanci_eval.factory.records import Family, Passage, PassageKind, Rules, Style, TablePart

A4 = (595.0, 842.0)
MARGIN_X = 50.0
MARGIN_Y = 54.0
TITLE_SCALE = 1.7
PROSE_SIZE = 12.0
PROSE_PITCH = 1.6
HEADING_SCALE = 1.2
CAPTION_PITCH = 1.7
TABLE_GAP = 12.0
CHART_HEIGHT = 170.0
CHART_WIDTH = 330.0

_WIDER = 1.12
"""How much wider than measured a text may come out in another font or with other spacing."""

_LEAST_SIZE = 5.0
_SIZE_STEP = 0.5
_LANDSCAPE_COLUMNS = 7
_RIGHT_ROLES = (HeaderRole.AMOUNT, HeaderRole.QUANTITY)
_NAME_ROLES = (HeaderRole.SUBJECT_NAME, HeaderRole.ITEM)
_HEADER_ROWS = (RowRole.HEADER, RowRole.COLUMN_NUMBER)
_TOTAL_ROWS = (RowRole.TOTAL, RowRole.SUBTOTAL)
_LONG_LABEL = 24
"""A merged cell with so many characters is text, not a label in its middle."""

_LONG_TEXT = 14
"""A text of so many characters goes on after a break where the family cuts texts."""

_ROLE_WIDTHS = {
    HeaderRole.ROW_NUMBER: 3.0,
    HeaderRole.SUBJECT_CODE: 5.5,
    HeaderRole.SUBJECT_NAME: 14.0,
    HeaderRole.ITEM: 14.0,
    HeaderRole.AMOUNT: 7.5,
    HeaderRole.QUANTITY: 5.0,
}
_OTHER_WIDTH = 9.0


@dataclass(frozen=True, slots=True)
class CaptionRow:
    """A line above a table: a centred title in large type, or texts at the left, in the middle and at the right."""

    left: str = ""
    middle: str = ""
    right: str = ""
    is_title: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text in (self.left, self.middle, self.right) if text)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A part of a table as an engine prints it: cells in rows of the part, widths in points.

    ``heights`` are estimated; rows are at least ``least_height`` high.
    """

    captions: tuple[CaptionRow, ...]
    cells: tuple[GridCell, ...]
    n_rows: int
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float
    least_height: float
    n_header_rows: int
    notes: tuple[str, ...]


def page_size(*, landscape: bool) -> tuple[float, float]:
    """Width and height of the paper."""
    return (A4[1], A4[0]) if landscape else A4


def frame_width(*, landscape: bool) -> float:
    """Width between the margins."""
    return page_size(landscape=landscape)[0] - 2 * MARGIN_X


def frame_height(*, landscape: bool) -> float:
    """Height between the margins."""
    return page_size(landscape=landscape)[1] - 2 * MARGIN_Y


def wants_landscape(table: Table, family: Family) -> bool:
    """Whether the table lies on landscape pages in this family."""
    return family.landscape and table.n_cols >= _LANDSCAPE_COLUMNS


def print_part(part: TablePart, family: Family) -> PrintedTable:
    """What engines need of a part: its printed cells, and the widths that all parts of its table share."""
    table = part.form.table
    widths, size = _table_widths(table, family)
    cells = part_cells(part, family)
    shown = _to_grid_cells(cells, table, family.style)
    n_repeated = repeated_rows(part)
    n_rows = n_repeated + part.last_row - part.first_row + 1
    heights = _heights(table, shown, n_rows, widths, family.style)
    own_header = max(0, min(table.n_header_rows, part.last_row + 1) - part.first_row)
    return PrintedTable(
        captions=caption_rows(part.caption_lines, table, family.style),
        cells=shown,
        n_rows=n_rows,
        widths=tuple(width * size for width in widths),
        heights=tuple(height * size for height in heights),
        size=size,
        least_height=family.style.row_height * size,
        n_header_rows=n_repeated + own_header,
        notes=part.notes,
    )


def part_cells(part: TablePart, family: Family) -> tuple[tuple[Cell, int], ...]:
    """The cells as the part's page prints them, in rows of the part, each with its row in the table.

    Cells of a header that is printed again have the row of the table that has the role they repeat.
    """
    table, n_repeated = part.form.table, repeated_rows(part)
    found: list[tuple[Cell, int]] = []
    for cell in part.repeated_header:
        found.append((cell, repeated_to_table_row(part, cell.row)))
    for cell in table.cells:
        first, last = max(cell.row, part.first_row), min(cell.row + cell.row_span - 1, part.last_row)
        if first <= last:
            text = _shown_text(cell, part, first, last, family)
            row = first - part.first_row + n_repeated
            found.append((replace(cell, row=row, row_span=last - first + 1, text=text), first))
    return tuple(sorted(found, key=lambda pair: (pair[0].row, pair[0].col)))


def repeated_rows(part: TablePart) -> int:
    """How many header rows are printed again."""
    return max((cell.row + cell.row_span for cell in part.repeated_header), default=0)


def repeated_to_table_row(part: TablePart, row: int) -> int:
    """The header row of the table that a repeated row stands for: the last of its header rows are repeated."""
    table = part.form.table
    rows = [r for r in range(table.n_header_rows) if table.row_roles[r] in _HEADER_ROWS]
    return rows[len(rows) - repeated_rows(part) + row]


def _shown_text(cell: Cell, part: TablePart, first: int, last: int, family: Family) -> str:
    """The text of a cell on the page of the part, for a break may cut it."""
    cut_above = first > cell.row or (part.cut_top and cell.row == part.first_row)
    cut_below = last < cell.row + cell.row_span - 1 or (part.cut_bottom and last == part.last_row)
    if not cut_above and not cut_below:
        return cell.text
    if not family.cut_cells or len(cell.text) < _LONG_TEXT:
        return "" if cut_above else cell.text
    rows = cell.row_span
    begin = first - cell.row + (0.5 if part.cut_top and first == part.first_row else 0.0)
    end = last + 1 - cell.row - (0.5 if part.cut_bottom and last == part.last_row else 0.0)
    start = _cut_place(cell.text, begin / rows) if cut_above else 0
    stop = _cut_place(cell.text, end / rows) if cut_below else len(cell.text)
    return normalize(cell.text[start:stop])


def _cut_place(text: str, share: float) -> int:
    """Where a line may end nearest to this share of the text."""
    places, at = [0], 0
    for atom in split_to_atoms(text):
        at += len(atom)
        places.append(at)
    return min(places, key=lambda place: (abs(place - share * len(text)), place))


@lru_cache(maxsize=256)
def _table_widths(table: Table, family: Family) -> tuple[tuple[float, ...], float]:
    """Column widths in ems, and the size of an em: the largest at which all columns get what they need."""
    total = frame_width(landscape=wants_landscape(table, family))
    shown = _to_grid_cells(((cell, cell.row) for cell in table.cells), table, family.style)
    block = GridBlock((), table.n_rows, table.n_cols, shown, shown)
    narrow, wanted = block_to_ranges(block)
    if family.style.even_columns and sum(column.role in _RIGHT_ROLES for column in table.columns) > 1:
        wide = [_ROLE_WIDTHS.get(column.role, _OTHER_WIDTH) for column in table.columns]
        wanted = [max(least, width) for least, width in zip(narrow, wide, strict=True)]
    size = family.style.size
    while size > _LEAST_SIZE and sum(narrow) * _WIDER * size > total:
        size -= _SIZE_STEP
    # Room for wider type goes to every column alike.
    widths = ranges_to_widths([w * _WIDER for w in narrow], [w * _WIDER for w in wanted], total / size)
    return tuple(widths), size


def _heights(
    table: Table, cells: Sequence[GridCell], n_rows: int, widths: Sequence[float], style: Style
) -> list[float]:
    block = GridBlock((), n_rows, table.n_cols, tuple(cells), ())
    tight = [(width - 2 * PAD_X) / _WIDER + 2 * PAD_X for width in widths]
    return block_to_heights(block, tight, max(style.row_height, LINE_PITCH + 2 * PAD_Y))


def row_heights(table: Table, family: Family) -> tuple[float, ...]:
    """Estimated heights in points of all rows of the table."""
    widths, size = _table_widths(table, family)
    shown = _to_grid_cells(((cell, cell.row) for cell in table.cells), table, family.style)
    return tuple(height * size for height in _heights(table, shown, table.n_rows, widths, family.style))


def table_size(table: Table, family: Family) -> float:
    """The type size of the table."""
    return _table_widths(table, family)[1]


def caption_rows(lines: Sequence[str], table: Table, style: Style) -> tuple[CaptionRow, ...]:
    """The lines above a table in rows, in their order: the title in the middle, labels with a colon at the right."""
    rows: list[CaptionRow] = []
    sides: list[tuple[bool, str]] = []

    def flush() -> None:
        rights = [text for right, text in sides if right]
        lefts = [text for right, text in sides if not right]
        if style.caption_inline and len(lefts) <= 1 and len(rights) <= 2:
            if sides:
                middle = rights[0] if len(rights) == 2 else ""
                rows.append(CaptionRow(lefts[0] if lefts else "", middle, rights[-1] if rights else ""))
        else:
            rows.extend(CaptionRow(right=text) if right else CaptionRow(left=text) for right, text in sides)
        sides.clear()

    for line in lines:
        if squash(line) == squash(table.caption.title):
            flush()
            rows.append(CaptionRow(middle=line, is_title=True))
        else:
            entity = squash(table.caption.entity)
            labelled = "：" in line or ":" in line
            sides.append((labelled and not (entity and entity in squash(line)), line))
    flush()
    return tuple(rows)


def caption_height(rows: Sequence[CaptionRow], size: float, width: float) -> float:
    """Height of the lines above a table."""
    height = 0.0
    for row in rows:
        em = size * TITLE_SCALE if row.is_title else size
        for_text = width if len(row.texts) == 1 else width / max(len(row.texts), 1)
        lines = max((len(wrap(text, for_text / (em * _WIDER))) for text in row.texts), default=1)
        height += lines * em * CAPTION_PITCH
    return height


def notes_height(notes: Sequence[str], size: float, width: float) -> float:
    """Height of the notes under a table."""
    return sum(len(wrap(note, width / (size * _WIDER))) * size * CAPTION_PITCH for note in notes)


def passage_height(passage: Passage, width: float) -> float:
    """Height of prose, with the space around it."""
    if passage.kind is PassageKind.CHART:
        return CHART_HEIGHT + 2 * PROSE_SIZE * PROSE_PITCH
    scale = HEADING_SCALE if passage.kind is PassageKind.HEADING else 1.0
    size = PROSE_SIZE * scale
    indent = 2.0 if passage.kind is PassageKind.PARAGRAPH else 0.0
    lines = max(1, len(wrap(passage.text, width / (size * _WIDER) - indent)))
    return (lines * PROSE_PITCH + 0.3) * size


def space_out(text: str) -> str:
    """A label of two Chinese characters letter-spaced as headers are; any other text as it is."""
    return f"{text[0]} {text[1]}" if len(text) == 2 and is_cjk(text[0]) and is_cjk(text[1]) else text


def is_cut_long(cell: Cell) -> bool:
    """Whether the text is so long that it goes on when a break cuts it."""
    return len(cell.text) >= _LONG_TEXT


def rule_sides(rules: Rules) -> bool:
    """Whether the rules alone draw every cell."""
    return rules in (Rules.FULL, Rules.PALE)


def _to_grid_cells(cells: Iterable[tuple[Cell, int]], table: Table, style: Style) -> tuple[GridCell, ...]:
    """Cells, each with its row in the table, as they are printed."""
    codes = {
        cell.row: cell.text
        for cell in table.cells
        if table.columns[cell.col].role is HeaderRole.SUBJECT_CODE and cell.text.isdecimal()
    }
    shown = []
    for cell, table_row in cells:
        row_role = table.row_roles[table_row]
        header = row_role in _HEADER_ROWS
        bold = (header and style.bold_header) or row_role in _TOTAL_ROWS
        column_role = table.columns[cell.col].role
        align = _align(cell, row_role, column_role)
        is_named = column_role in (HeaderRole.SUBJECT_CODE, *_NAME_ROLES) and align is Align.LEFT
        # Half an em for every two digits of the code, as word processors' lists have it.
        levels = max(0.0, (len(codes.get(table_row, "")) - 3) / 2)
        shown.append(
            GridCell(
                cell.row,
                cell.col,
                cell.row_span,
                cell.col_span,
                cell.text,
                align=align,
                bold=bold,
                indent=levels / 2 if style.indent_codes and is_named else 0.0,
                header=header,
            )
        )
    return tuple(shown)


def _align(cell: Cell, row_role: RowRole, column_role: HeaderRole) -> Align:
    if row_role is RowRole.SECTION:
        return Align.CENTER if cell.col == 0 or len(cell.text) <= 6 else Align.LEFT
    label_over_rows = cell.row_span > 1 and len(cell.text) < _LONG_LABEL
    total_label = row_role is RowRole.TOTAL and column_role in _NAME_ROLES
    if row_role in _HEADER_ROWS or column_role is HeaderRole.ROW_NUMBER or label_over_rows or total_label:
        return Align.CENTER
    return Align.RIGHT if column_role in _RIGHT_ROLES else Align.LEFT


def text_width(text: str, size: float) -> float:
    """Estimated width of a text."""
    return measure(text) * size * _WIDER
