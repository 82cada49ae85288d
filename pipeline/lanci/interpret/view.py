"""Fast look-ups into a table."""

from __future__ import annotations

from lanci.document import Cell, HeaderRole, RowRole, Table

DATA_ROWS = frozenset({RowRole.DETAIL, RowRole.TOTAL, RowRole.SUBTOTAL})
"""Rows that hold data; sections (key/value lines inside a grid) and notes do not."""

_LABEL_ROLES = (
    HeaderRole.SUBJECT_NAME,
    HeaderRole.ITEM,
    HeaderRole.PROJECT_NAME,
    HeaderRole.UNIT_NAME,
    HeaderRole.SUBJECT_CODE,
    HeaderRole.TEXT,
)


class TableView:
    """An index over a table's cells, made once and only read.

    Attributes:
        table: the table.
        data_rows: the body rows that hold data, in order.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.data_rows: tuple[int, ...] = tuple(
            row for row in range(table.n_header_rows, table.n_rows) if table.row_roles[row] in DATA_ROWS
        )
        self._cells: dict[tuple[int, int], Cell] = {}
        for cell in table.cells:
            if cell.row_span == cell.col_span == 1:
                self._cells[cell.row, cell.col] = cell
            else:
                self._cells.update(((row, col), cell) for row in cell.rows for col in cell.cols)
        self._columns: dict[tuple[HeaderRole, ...], tuple[int, ...]] = {}

    def at(self, row: int, col: int) -> Cell | None:
        """The printed cell that covers the position, or None."""
        return self._cells.get((row, col))

    def alone(self, row: int, col: int) -> Cell | None:
        """The cell at the position if it covers nothing else: only such an amount is one term of a sum."""
        cell = self.at(row, col)
        return cell if cell is not None and cell.row_span == cell.col_span == 1 else None

    def text(self, row: int, col: int) -> str:
        """The text of the cell that covers the position, "" when there is none."""
        cell = self.at(row, col)
        return cell.text if cell is not None else ""

    def row_cells(self, row: int) -> list[Cell]:
        """The cells that cover a row, left to right."""
        cells: list[Cell] = []
        col = 0
        while col < self.table.n_cols:
            cell = self._cells.get((row, col))
            if cell is not None:
                cells.append(cell)
            col = col + 1 if cell is None else cell.cols.stop
        return cells

    def columns(self, *roles: HeaderRole) -> tuple[int, ...]:
        """The columns with one of the roles, left to right."""
        if roles not in self._columns:
            self._columns[roles] = tuple(column.index for column in self.table.columns if column.role in roles)
        return self._columns[roles]

    def label(self, row: int) -> str:
        """What a reader would call the row: its name, item or code; "" when it has none."""
        for role in _LABEL_ROLES:
            for col in self.columns(role):
                if text := self.text(row, col):
                    return text
        return ""

    def column_name(self, col: int) -> str:
        """The header texts above a column joined, or its number from 1."""
        return "/".join(self.table.columns[col].path) or f"#{col + 1}"
