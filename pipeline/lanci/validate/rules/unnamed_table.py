"""Rule ``unnamed-table``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Finding, Severity
from lanci.facets import FacetValues
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description

_NO_KIND = "other"


class UnnamedTable:
    """The models are not sure enough what kind of table it is, so that a person should name it."""

    name = "unnamed-table"
    severity = Severity.WARNING
    describes = Description(
        "The type of the table is too unsure to be given; it is `other` until somebody names it. A remark only, where "
        "the best guess is that it is no budget table.",
        "表的类型把握不足，暂记为 other，待人工确认；若最可能并非预算表，则仅作提示。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        table = context.table
        if table.guesses is None:
            return
        ranked = (table.guesses.kind, table.guesses.fund, table.guesses.scope, table.guesses.classification)
        if not all(ranked):
            return
        best = FacetValues(*(values[0][0] for values in ranked)).type
        yield Finding(
            rule=self.name,
            severity=Severity.INFO if best == _NO_KIND else self.severity,
            message=f"表的类型不确定，最可能为 {best}（{table.type_probability:.2f}），请确认"
            f" / the type is unsure; most likely {best} ({table.type_probability:.2f}): please say what it is",
            found=best,
        )
