"""How cells look: built once for each kind, then shared, since a style of its own for every cell is slow."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from lanci.export.xlsx.marks import Doubt

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TEXT_FORMAT = "@"
"""The format Text: what a person types into such a cell stays text."""

DOUBT_COLOURS = {Doubt.FINDING: "FCE4D6", Doubt.REVIEW: "FFF2CC", Doubt.CONFLICT: "F8B4B4"}
_HEADER_COLOUR = "E7EBF0"
_LINK_COLOUR = "0563C1"
_LINE = Side(style="thin", color="BFBFBF")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


@dataclass(frozen=True, slots=True)
class Look:
    """What decides how a cell looks."""

    number_format: str = TEXT_FORMAT
    framed: bool = False
    header: bool = False
    link: bool = False
    doubt: Doubt | None = None


PLAIN = Look()


class StyleBook:
    """The styles of one workbook."""

    def __init__(self, sheet: Worksheet) -> None:
        self._scratch = sheet
        self._known: dict[Look, Any] = {}

    def put_on(self, cell: SheetCell, look: Look) -> None:
        """Give a cell its look."""
        style = self._known.get(look)
        if style is None:
            style = self._known[look] = self._make(look)
        cell._style = style

    def _make(self, look: Look) -> Any:
        cell = SheetCell(self._scratch, row=1, column=1)
        is_number = look.number_format != TEXT_FORMAT
        cell.number_format = look.number_format
        side = "center" if look.header else ("right" if is_number else "left")
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=look.framed)
        if look.header:
            cell.font = Font(bold=True)
        if look.link:
            cell.font = Font(underline="single", color=_LINK_COLOUR)
        if look.framed:
            cell.border = _FRAME
        colour = DOUBT_COLOURS[look.doubt] if look.doubt else (_HEADER_COLOUR if look.header else "")
        if colour:
            cell.fill = PatternFill("solid", fgColor=colour)
        return copy(cell._style)
