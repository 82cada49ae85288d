"""Rule ``missing-header``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Finding, HeaderRole, Severity
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description

_ENOUGH = 2
"""Columns of amounts that need names; one may be a form's."""


class MissingHeader:
    """The columns of amounts of a table have names.

    Where none has, the table is the rest of another to which it was not joined, or its header was not recognised. How
    its amounts relate may still be seen; what they are is not.
    """

    name = "missing-header"
    severity = Severity.WARNING
    describes = Description(
        "A table with columns of amounts has a header that names them; one without is likely the rest of another table "
        "to which it was not joined.",
        "有多个金额列的表应有表头；没有表头的，可能是未能与前表拼接的续表，或表头未能识别。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        if lacks_header(context):
            first = next(cell for cell in context.table.cells if context.is_amount(cell))
            pages = "、".join(dict.fromkeys(str(part.page) for part in context.table.fragments))
            yield Finding(
                rule=self.name,
                severity=self.severity,
                message=f"第 {pages} 页的表有金额而无表头，可能是未拼接的续表，各列含义未知"
                f" / the table on page {pages} has amounts and no header: it may be the rest of another table; what "
                "its columns are is not known",
                cells=(context.ref(first),),
            )


def lacks_header(context: TableContext) -> bool:
    """Whether a table has columns of amounts, and a name over none of them."""
    cols = context.view.columns(HeaderRole.AMOUNT)
    filled = {cell.col for cell in context.table.cells if cell.col in cols and context.is_amount(cell)}
    return len(filled) >= _ENOUGH and not any(context.table.columns[col].path for col in filled)
