"""The subject codes of a table with the cells that they are printed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lanci.document import Cell, HeaderRole, RowRole, TextSource
from lanci.text import squash
from lanci.validate.context import TableContext


@dataclass(frozen=True, slots=True)
class CodedRow:
    """What stands in a row where its subject code belongs.

    Attributes:
        row: the row.
        code: as printed, of all parts; 3, 5 or 7 digits where it can be a code.
        name: printed with it, "" for none.
        cells: of the parts of the code that are printed, from left to right, at least one.
        name_cell: that of the name; the code's own where one cell holds both, None without a name.
    """

    row: int
    code: str
    name: str
    cells: tuple[Cell, ...]
    name_cell: Cell | None

    @property
    def by_ocr(self) -> bool:
        """Whether a part of the code was read by OCR."""
        return any(cell.source is TextSource.OCR for cell in self.cells)

    def reading_of(self, code: str) -> tuple[Cell, str] | None:
        """The one cell that would have to be read otherwise for the row to have another code, and how.

        None when more than one cell would, or a part of the code is carried from a row above.
        """
        if len(self.cells) == 1 and self.code in squash(self.cells[0].text):
            return self.cells[0], squash(self.cells[0].text).replace(self.code, code, 1)
        parts = [squash(cell.text) for cell in self.cells]
        if "".join(parts) != self.code or len(code) != len(self.code):
            return None
        changed, start = [], 0
        for cell, part in zip(self.cells, parts, strict=True):
            other = code[start : start + len(part)]
            start += len(part)
            if other != part:
                changed.append((cell, other))
        return changed[0] if len(changed) == 1 else None


def read_coded_rows(context: TableContext) -> tuple[CodedRow, ...]:
    """Every code of every row, row by row and from left to right."""
    found = []
    for meaning in context.table.meanings:
        for subject in meaning.codes:
            if cells := _printed(context, meaning.row, subject.cols):
                name_cell = _find_name(context, meaning.row, subject.cols, cells[0]) if subject.name else None
                found.append(CodedRow(meaning.row, subject.code, subject.name, cells, name_cell))
    return tuple(found)


def read_miscoded_rows(context: TableContext, coded: Sequence[CodedRow]) -> Iterator[CodedRow]:
    """Rows that print digits in a place of codes, and no code: a digit is lost, doubled or read as something else."""
    groups = sorted({code.cols for meaning in context.table.meanings for code in meaning.codes})
    known = {(row.row, cell.col) for row in coded for cell in row.cells}
    codes = set(context.view.columns(HeaderRole.SUBJECT_CODE))
    for row in context.view.data_rows:
        for cols in groups:
            cells = _printed(context, row, cols)
            text = "".join(squash(cell.text) for cell in cells)
            is_code_place = codes.issuperset(cols) and context.table.row_roles[row] is not RowRole.TOTAL
            if is_code_place and any(map(str.isdigit, text)) and not any((row, c.col) in known for c in cells):
                name_cell = _find_name(context, row, cols, None)
                yield CodedRow(row, text, name_cell.text if name_cell else "", cells, name_cell)


def _printed(context: TableContext, row: int, cols: Sequence[int]) -> tuple[Cell, ...]:
    """The cells of the columns that print something in this very row."""
    cells = [context.view.at(row, col) for col in cols]
    return tuple(cell for cell in cells if cell is not None and cell.row == row and squash(cell.text))


def _find_name(context: TableContext, row: int, cols: Sequence[int], otherwise: Cell | None) -> Cell | None:
    """The cell of the first name column after the code, if it prints something."""
    after = [col for col in context.view.columns(HeaderRole.SUBJECT_NAME) if col > cols[-1]]
    cell = context.view.at(row, after[0]) if after else None
    return cell if cell is not None and squash(cell.text) else otherwise
