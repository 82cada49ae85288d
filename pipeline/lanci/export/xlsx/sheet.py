"""Writing cells: every text as a text, every doubt as a colour and a comment."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from openpyxl.comments import Comment
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from lanci.export.xlsx.marks import Doubt, Mark
from lanci.export.xlsx.styles import PLAIN, Look, StyleBook
from lanci.export.xlsx.texts import text_to_sheet_text

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

_AUTHOR = "lanci"
_MOST_REASONS = 12
_COMMENT_WIDTH, _LINE_HEIGHT, _LINE_CHARS = 360, 18, 50
"""Of a comment's box, in pixels and narrow characters."""

_MOST_LINKS = 65_530
"""So many links one sheet can hold."""

_WIDTHS = (7.0, 44.0)
"""Narrowest and widest column, in characters."""


class SheetWriter:
    """Writes the cells of one sheet; rows and columns are counted from 1."""

    def __init__(self, sheet: Worksheet, styles: StyleBook) -> None:
        self.sheet = sheet
        self._styles = styles
        self._n_links = 0
        self._widths: dict[int, float] = {}

    def put_text(self, row: int, col: int, text: str, look: Look = PLAIN, mark: Mark | None = None) -> None:
        """A text, whatever it looks like; what a workbook cannot hold is told in the cell's comment."""
        cell, safe = self.sheet.cell(row, col), text_to_sheet_text(text)
        if safe.text:
            cell.value = safe.text
            cell.data_type = "s"  # openpyxl takes a leading equals sign for a formula, and #N/A for an error
        if safe.notes:
            mark = Mark(mark.doubt, mark.reasons + safe.notes) if mark else Mark(Doubt.FINDING, safe.notes)
        self._decorate(cell, look, mark)

    def put_number(self, row: int, col: int, value: float, look: Look, mark: Mark | None = None) -> None:
        """A number, in the format that the look names."""
        cell = self.sheet.cell(row, col)
        cell.value = value
        self._decorate(cell, look, mark)

    def put_blank(self, row: int, col: int, look: Look) -> None:
        """The look of a cell that another one covers."""
        self._styles.put_on(self.sheet.cell(row, col), look)

    def put_link(self, row: int, col: int, text: str, target: str, look: Look = PLAIN) -> None:
        """A text that leads to a place in this workbook; the bare text once the sheet is full of links."""
        is_link = self._n_links < _MOST_LINKS
        self.put_text(row, col, text, replace(look, link=is_link))
        if is_link:
            self._n_links += 1
            cell = self.sheet.cell(row, col)
            cell._hyperlink = Hyperlink(ref=cell.coordinate, location=target)

    def put_row(self, row: int, texts: Sequence[str], look: Look = PLAIN) -> None:
        """Texts from the first column on."""
        for col, text in enumerate(texts, 1):
            self.put_text(row, col, text, look)
            self.widen(col, text)

    def widen(self, col: int, text: str) -> None:
        """Make room for a text in its column, within bounds."""
        width = 2 + sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text[:100])
        low, high = _WIDTHS
        self._widths[col] = max(self._widths.get(col, low), min(width, high))

    def finish(self) -> None:
        """Give the columns the widths that :meth:`widen` asked for, and paper the width of all of them."""
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for col, width in sorted(self._widths.items()):
            letter = self.sheet.cell(1, col).column_letter
            self.sheet.column_dimensions[letter].width = width

    def _decorate(self, cell: SheetCell, look: Look, mark: Mark | None) -> None:
        self._styles.put_on(cell, replace(look, doubt=mark.doubt) if mark else look)
        if mark:
            cell.comment = _mark_to_comment(mark)


def _mark_to_comment(mark: Mark) -> Comment:
    lines = list(mark.reasons[:_MOST_REASONS])
    if len(mark.reasons) > len(lines):
        lines.append(f"and {len(mark.reasons) - len(lines)} more: see the sheet of findings")
    text = text_to_sheet_text("\n".join(lines)).text
    n_lines = sum(1 + len(line) // _LINE_CHARS for line in lines)
    return Comment(text, _AUTHOR, height=_LINE_HEIGHT * (n_lines + 1), width=_COMMENT_WIDTH)
