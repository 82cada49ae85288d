"""Rule ``missing-subject``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lanci.document import Finding, Severity
from lanci.validate.context import DocumentContext
from lanci.validate.quantities.series import TOTAL_KEY, Entry, Series, group_series, read_series
from lanci.validate.rules.base import Description

_CLASS_DIGITS = 3
_LEVEL_DIGITS = 2


class MissingSubject:
    """Tables that print the same quantity to the same depth print the same subjects.

    No sum tells of a subject whose row is lost when the subjects under it stand in its place.
    """

    name = "missing-subject"
    severity = Severity.WARNING
    describes = Description(
        "A subject that one table prints with an amount is printed by the other tables of the same quantity, as far as "
        "they print its level and what stands above it: else a row may be lost.",
        "同一口径的各表中，一表列示且有金额的科目，其他列示到同一级次的表也应列示，否则可能漏行。",
    )

    def check(self, context: DocumentContext) -> Iterable[Finding]:
        reported: set[tuple[str, str]] = set()
        for group in group_series(read_series(context)):
            for series in group:
                table = series.context.table.id
                for entry in _missing(series, group):
                    if (table, entry.key) not in reported:
                        reported.add((table, entry.key))
                        yield self._report(series, entry)

    def _report(self, series: Series, entry: Entry) -> Finding:
        title = series.context.table.title
        beside = _nearest(series, entry.key)
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"《{title}》未列示“{entry.label}”，其他同口径表列示为 {entry.term.cell.text}，可能漏行"
            f" / {title} does not print {entry.label}, which another table of the same quantity prints with "
            f"{entry.term.cell.text}; a row may be lost",
            cells=(beside.term.ref, entry.term.ref),
            expected=str(entry.term.value),
        )


def _missing(series: Series, group: Sequence[Series]) -> Iterator[Entry]:
    """What other series of a group print with an amount and this one, which prints the like of it, does not."""
    if not series.context.reach.whole:
        return
    printed = series.printed
    lengths = {len(entry.key) for entry in series.entries}
    for other in group:
        for entry in other.entries:
            above = entry.key[:-_LEVEL_DIGITS] if len(entry.key) > _CLASS_DIGITS else TOTAL_KEY
            is_due = entry.key != TOTAL_KEY and len(entry.key) in lengths and (above in printed or not above)
            if is_due and entry.term.value and entry.key not in printed:
                yield entry


def _nearest(series: Series, key: str) -> Entry:
    """The printed subject that shares most with a code: that above it, or one beside or under it."""

    def shared(entry: Entry) -> int:
        return next((n for n in range(len(key), 0, -1) if entry.key.startswith(key[:n])), 0)

    return max(series.entries, key=shared)
