"""A table written in HTML, as cells: rows and columns counted by the rules of the HTML standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from lanci.text import join_lines
from lanci_eval.datasets.truth import MAX_POSITIONS, TruthError
from lanci_eval.records import EvalCell

_LINE_ENDS = frozenset({"br", "p", "div", "li"})


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """The cells of a table on page 1, in the order of the source; ``n_header_rows`` is None where not told.

    Rows of a ``<thead>``, or leading rows with nothing but ``<th>``, are header rows.
    """

    cells: tuple[EvalCell, ...]
    n_header_rows: int | None


@dataclass(slots=True)
class _Cell:
    row_span: int
    col_span: int
    is_header: bool
    lines: list[str]


def parse_html_table(html: str, where: str, texts: Sequence[str] | None = None) -> HtmlTable:
    """The one table of a piece of HTML; inline tags are dropped, ``<br>`` ends a line.

    Args:
        html: with or without the ``<table>`` around the rows.
        where: names the table in messages.
        texts: what the cells hold in the order of the source, where the HTML holds the structure alone.

    Raises:
        TruthError: there is no cell or more than one table, cells overlap, or ``texts`` are too many or too few.
    """
    reader = _Reader(where)
    reader.feed(html)
    reader.close()
    n_cells = sum(len(row) for group in reader.groups for row in group)
    if not n_cells:
        raise TruthError(f"{where}: the HTML has no cell")
    if texts is not None and len(texts) != n_cells:
        raise TruthError(f"{where}: the HTML has {n_cells} cells, but there are {len(texts)} texts")
    cells = _place(reader.groups, where)
    if texts is None:
        texts = [join_lines(cell.lines) for group in reader.groups for row in group for cell in row]
    made = tuple(
        EvalCell(row, col, rows, cols, text, 1) for (row, col, rows, cols), text in zip(cells, texts, strict=True)
    )
    return HtmlTable(made, _count_header_rows(reader))


def _count_header_rows(reader: _Reader) -> int | None:
    if reader.n_head_rows:
        return reader.n_head_rows
    count = 0
    for row in (row for group in reader.groups for row in group):
        if not row or not all(cell.is_header for cell in row):
            break
        count += 1
    return count or None


class _Reader(HTMLParser):
    """Collects the cells by row group (``<thead>``, ``<tbody>``, ``<tfoot>``, or rows outside of any)."""

    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.groups: list[list[list[_Cell]]] = []
        self.n_head_rows = 0
        self._where = where
        self._n_tables = 0
        self._in_head = False
        self._group_is_open = False
        self._row: list[_Cell] | None = None
        self._cell: _Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._n_tables += 1
            if self._n_tables > 1:
                raise TruthError(f"{self._where}: the HTML has more than one table")
        elif tag in ("thead", "tbody", "tfoot"):
            self._end_row()
            self._in_head, self._group_is_open = tag == "thead", True
            self.groups.append([])
        elif tag == "tr":
            self._end_row()
            self._start_row()
        elif tag in ("td", "th"):
            if self._row is None:
                self._start_row()
            values = dict(attrs)
            rows, cols = _parse_span(values.get("rowspan")), _parse_span(values.get("colspan"))
            self._cell = _Cell(rows, max(cols, 1), tag == "th", [""])
            assert self._row is not None
            self._row.append(self._cell)
        elif tag in _LINE_ENDS and self._cell is not None:
            self._cell.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = None
        elif tag == "tr":
            self._end_row()
        elif tag in ("thead", "tbody", "tfoot"):
            self._end_row()
            self._in_head = self._group_is_open = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.lines[-1] += data

    def _start_row(self) -> None:
        if not self._group_is_open:  # rows outside of any group are one of their own
            self.groups.append([])
            self._group_is_open = True
        self._row = []
        self.groups[-1].append(self._row)
        self.n_head_rows += self._in_head

    def _end_row(self) -> None:
        self._row = self._cell = None


def _parse_span(text: str | None) -> int:
    """The number of rows or columns; what is no number counts as 1, as browsers have it."""
    digits = (text or "").strip()
    return int(digits[:7]) if digits.isascii() and digits.isdecimal() else 1


def _place(groups: Sequence[Sequence[Sequence[_Cell]]], where: str) -> list[tuple[int, int, int, int]]:
    """Row, column and spans of every cell in the order of the source.

    A cell stands at the first free column of its row. A row span ends with its group at the latest; 0 means
    just that.
    """
    placed: list[tuple[int, int, int, int]] = []
    covered: set[tuple[int, int]] = set()
    row = 0
    for group in groups:
        end = row + len(group)
        for cells in group:
            col = 0
            for cell in cells:
                while (row, col) in covered:
                    col += 1
                rows = min(cell.row_span or end - row, end - row)
                if len(covered) + rows * cell.col_span > MAX_POSITIONS:
                    raise TruthError(f"{where}: more than {MAX_POSITIONS} positions are too many to be true")
                own = {(r, c) for r in range(row, row + rows) for c in range(col, col + cell.col_span)}
                if not covered.isdisjoint(own):
                    raise TruthError(f"{where}: the cell at row {row}, column {col} overlaps one that began above it")
                covered |= own
                placed.append((row, col, rows, cell.col_span))
                col += cell.col_span
            row += 1
    return placed
