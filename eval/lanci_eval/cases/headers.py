"""Expectations of headers: column numbers, roles of columns, headers inside the body of a form."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.document import RowRole, SubTable, Table
from lanci.text import squash
from lanci_eval.cases.lookup import Part, prints, texts_of_row
from lanci_eval.cases.records import Problem
from lanci_eval.cases.tables import OfTable


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNumbers(OfTable):
    """The table has one row of column numbers, with these texts; each column has the number printed there, or none."""

    texts: tuple[str, ...]

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`lanci_eval.cases.tables.OfTable`."""
        table = part.table
        rows = [row for row, role in enumerate(table.row_roles) if role is RowRole.COLUMN_NUMBER]
        expected = f"column numbers {' | '.join(self.texts)}"
        if len(rows) != 1:
            return self.differ(expected, f"{len(rows)} rows of column numbers")
        texts = texts_of_row(table, rows[0])
        if [squash(text) for text in texts] != [squash(text) for text in self.texts]:
            return self.differ(expected, " | ".join(texts))
        numbers = [int(text) if text.isdecimal() else None for text in self.texts]
        found = [column.column_number for column in table.columns]
        return [] if numbers == found else self.differ(f"columns numbered {numbers}", str(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRoles(OfTable):
    """The role of each column (as in docs/output.md), from left to right."""

    roles: tuple[str, ...]

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`lanci_eval.cases.tables.OfTable`."""
        found = [column.role.value for column in part.table.columns]
        return [] if found == list(self.roles) else self.differ(f"roles {', '.join(self.roles)}", ", ".join(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubTableIs(OfTable):
    """A table inside the form, with a part on the page, has these header paths, joined by ``/``.

    ``rows`` counts its rows of data in all, ``page_rows`` those on the page.
    """

    columns: tuple[str, ...]
    rows: int
    page_rows: int | None = None

    def check_part(self, part: Part) -> list[Problem]:
        """See :class:`lanci_eval.cases.tables.OfTable`."""
        expected = f"a table inside with {' | '.join(self.columns)}"
        inside = [sub for sub in part.table.sub_tables if _body(part.table, sub) & set(part.rows)]
        own = [sub for sub in inside if self._has_columns(sub)]
        if not own:
            return self.differ(expected, "; ".join(" | ".join(_paths(sub)) for sub in inside) or "none")
        body = _body(part.table, own[0])
        problems = []
        if len(body) != self.rows:
            problems += self.differ(f"{expected}, {self.rows} rows", str(len(body)))
        shown = len(body & set(part.rows))
        if self.page_rows is not None and shown != self.page_rows:
            problems += self.differ(f"{expected}, {self.page_rows} rows on the page", str(shown))
        return problems

    def _has_columns(self, sub: SubTable) -> bool:
        paths = _paths(sub)
        return len(paths) == len(self.columns) and all(map(prints, self.columns, paths))


def _paths(sub: SubTable) -> list[str]:
    return ["/".join(column.path) for column in sub.columns]


def _body(table: Table, sub: SubTable) -> set[int]:
    """The rows of a sub-table below its header."""
    return set(range(sub.first_row + sub.n_header_rows, sub.last_row + 1)) & set(range(table.n_rows))
