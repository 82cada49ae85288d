"""Rule ``duplicate-table``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import CellRef, Finding, Severity, Table
from lanci.text import squash
from lanci.validate.context import DocumentContext
from lanci.validate.rules.base import Description


class DuplicateTable:
    """A table with amounts is printed once; a second print of it must not be counted twice by whoever adds up.

    Tables with other titles may well show the same amounts: all is 一般公共预算 where there are no other funds.
    """

    name = "duplicate-table"
    severity = Severity.INFO
    describes = Description(
        "No table with amounts is printed twice with the same content; sums over tables would count it twice.",
        "同一表格（含金额）不应重复列示，否则汇总时会重复计算。",
    )

    def check(self, context: DocumentContext) -> Iterable[Finding]:
        first: dict[tuple[str, ...], Table] = {}
        for table in (one.table for one in context.tables):
            if not any(cell.value for cell in table.cells):
                continue
            texts = (squash(table.title), *(squash(cell.text) for cell in table.cells))
            before = first.setdefault(texts, table)
            if before is not table:
                yield self._report(before, table)

    def _report(self, before: Table, table: Table) -> Finding:
        pages = before.cells[0].page, table.cells[0].page
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"《{table.title}》与第 {pages[0]} 页的表内容相同（第 {pages[1]} 页），汇总时请勿重复计算"
            f" / {table.title} on page {pages[1]} is the same as that on page {pages[0]}: count it once",
            cells=tuple(CellRef(one.id, *_first_amount(one)) for one in (table, before)),
        )


def _first_amount(table: Table) -> tuple[int, int]:
    return next((cell.row, cell.col) for cell in table.cells if cell.value)
