"""Rule ``same-quantity``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci.document import Finding, Severity
from lanci.validate.context import DocumentContext
from lanci.validate.rules.base import Description
from lanci.validate.series import TOTAL_KEY, Entry, Series, group_series, read_series, same_amount

Printed = tuple[Series, Entry]


class SameQuantity:
    """What several tables print for one subject and measure is one amount."""

    name = "same-quantity"
    severity = Severity.ERROR
    describes = Description(
        "Tables of one document that print the same quantity (equal totals, mostly equal breakdown) print it "
        "alike for every subject; class lines of 收支总表 count by their names.",
        "同一文件中反映同一口径的各表（合计相同、明细基本一致），同一科目的金额应一致；收支总表按类级科目名称对应。",
    )

    def check(self, context: DocumentContext) -> Iterable[Finding]:
        for group in group_series(read_series(context)):
            keys = dict.fromkeys(entry.key for series in group for entry in series.entries)
            for key in keys:
                if key == TOTAL_KEY:
                    continue
                printed = [(series, entry) for series in group if (entry := series.entry(key)) is not None]
                camps = _to_camps(printed)
                if len(camps) > 1:
                    yield self._report(camps)

    def _report(self, camps: Sequence[Sequence[Printed]]) -> Finding:
        ordered = [printed for camp in camps for printed in camp]
        label = max((entry.label for _, entry in ordered), key=len)
        odd, usual = camps[0][0][1].term, camps[-1][0][1].term
        where = "；".join(f"{series.context.table.title} {_text(entry)}" for series, entry in ordered)
        funds = [{series.context.table.fund for series, _ in camp} for camp in camps]
        one_fund = any(a & b for i, a in enumerate(funds) for b in funds[i + 1 :])
        return Finding(
            rule=self.name,
            severity=self.severity if one_fund else Severity.WARNING,
            message=f"“{label}”各表不一致，相差 {odd.value - usual.value}：{where}"
            f" / {label} differs between tables by {odd.value - usual.value}: {where.replace('；', '; ')}",
            cells=tuple(entry.term.ref for _, entry in ordered),
            expected=str(usual.value),
            found="" if odd.is_blank else str(odd.value),
        )


def _to_camps(printed: Sequence[Printed]) -> list[list[Printed]]:
    """The printings that agree, together; the smallest camp first, so that the odd one out leads."""
    camps: list[list[Printed]] = []
    for series, entry in printed:
        if entry.term.is_unreadable:
            continue
        for camp in camps:
            lead, first = camp[0]
            if same_amount(lead, first.term, series, entry.term):
                camp.append((series, entry))
                break
        else:
            camps.append([(series, entry)])
    return sorted(camps, key=len)


def _text(entry: Entry) -> str:
    return "（空白）" if entry.term.is_blank else entry.term.cell.text
