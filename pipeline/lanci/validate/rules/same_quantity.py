"""Rule ``same-quantity``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci.document import Severity
from lanci.validate.certainty import STATED, min_severity, rate
from lanci.validate.constraints import Constraint, Wording, make_parts
from lanci.validate.context import DocumentContext
from lanci.validate.quantities.series import Entry, Series, group_series, read_series
from lanci.validate.rules.base import Description


class SameQuantity:
    """What several tables print for one subject and measure is one amount."""

    name = "same-quantity"
    severity = Severity.ERROR
    describes = Description(
        "Tables of one document that print the same quantity (equal totals, mostly equal breakdown) print it "
        "alike for every subject; class lines of 收支总表 count by their names.",
        "同一文件中反映同一口径的各表（合计相同、明细基本一致），同一科目的金额应一致；收支总表按类级科目名称对应。",
    )

    def find(self, context: DocumentContext) -> Iterable[Constraint]:
        for group in group_series(read_series(context)):
            for index, series in enumerate(group[1:], start=1):
                yield from rate(self._compare(series, group[:index]), STATED)

    def _compare(self, series: Series, before: Sequence[Series]) -> Iterable[Constraint]:
        """Each amount of a series beside the first printing of it in the tables before."""
        for entry in series.entries:
            first = next((other for other in before if other.entry(entry.key) is not None), None)
            match = first.entry(entry.key) if first is not None else None
            if first is None or match is None or not (entry.term.value or match.term.value):
                continue
            one_fund = series.context.table.fund == first.context.table.fund
            severity = self.severity if one_fund else min_severity(self.severity)
            yield self._claim(entry, match, severity)

    def _claim(self, entry: Entry, match: Entry, severity: Severity) -> Constraint:
        label = max(entry.label, match.label, key=len)
        wording = Wording(label, label, label)
        return Constraint(self.name, entry.term, make_parts([match.term]), STATED.certainty, severity, wording)
