"""What a system's own checks are worth: amounts proven, errors that nothing marks and cells to look at.

The same extraction is judged twice: by the readings that ask for a look before anything is checked, and by those that
do in the end. Findings count on neither side: what they tell of may be an error of the source, read rightly. Only of
systems that tell both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from lanci.document import HeaderRole
from lanci_eval.matching.places import PagePlaces
from lanci_eval.metrics.amounts import gold_amounts
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, share
from lanci_eval.records import EvalCell

_TO_LOOK_AT = "Amounts, and blanks in columns of amounts, to look at per found amount,"


class Checks(Metric):
    """Shares of amounts by status, and silent errors and review effort without checks and with them."""

    name: ClassVar[str] = "checks"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("amounts_proven", "Share of found amounts that a check proves; no truth is needed."),
        FigureInfo("amounts_unchecked", "Share of found amounts that no check says anything of.", False),
        FigureInfo("amounts_conflict", "Share of found amounts in a check that fails, errors of the source too.", None),
        FigureInfo("silent_unchecked", "Wrong or missing amounts that the reading alone does not doubt.", False),
        FigureInfo("silent_checked", "Wrong or missing amounts not to be looked at once everything is checked.", False),
        FigureInfo(
            "amounts_lost",
            "True amounts in whose place no cell stands, in their table or on their page, per true amount: no check "
            "can mark them, and both shares of silent errors count them.",
            False,
        ),
        FigureInfo(
            "amounts_apart",
            "True amounts that stand on their page in a part that was not joined to their table, per true amount: "
            "wrong, and silent where nothing marks them there.",
            False,
        ),
        FigureInfo("review_unchecked", f"{_TO_LOOK_AT} by the reading alone.", False),
        FigureInfo("review_checked", f"{_TO_LOOK_AT} once everything is checked.", False),
        FigureInfo("proven_wrong", "Wrong amounts that count as proven, per true amount.", False),
    )

    def tally(self, case: Case) -> Tally:
        cells = [cell for table in case.found.tables for cell in table.cells]
        amounts = [cell for cell in cells if cell.status is not None]
        sums: Tally = {}
        for cell in amounts:
            sums[str(cell.status)] = sums.get(str(cell.status), 0.0) + 1
        if case.comparison is None or not any(cell.doubted is not None for cell in cells):
            return sums
        sums |= dict.fromkeys(("gold", "silent_reading", "silent", "lost", "apart", "proven_wrong"), 0.0)
        sums["amounts"] = float(len(amounts))
        places = list(_amount_places(case))
        sums["doubted"] = float(sum(bool(cell.doubted) for cell in places))
        sums["marked"] = float(sum(cell.needs_review for cell in places))
        pages = PagePlaces(case.comparison)
        for pair in case.comparison.tables:
            for amount in gold_amounts(pair, pages):
                sums["gold"] += 1
                if not amount.exact:
                    seen = amount.seen
                    sums["silent_reading"] += seen is None or not seen.doubted
                    sums["silent"] += seen is None or not seen.needs_review
                    sums["lost"] += seen is None
                    sums["apart"] += amount.apart is not None
                    sums["proven_wrong"] += amount.reading is not None and amount.reading.status == "proven"
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        statuses = {name: sums.get(name, 0.0) for name in ("proven", "unchecked", "conflict")}
        whole, gold, amounts = sum(statuses.values()), sums.get("gold", 0.0), sums.get("amounts", 0.0)
        return {f"amounts_{name}": share(count, whole) for name, count in statuses.items()} | {
            "silent_unchecked": share(sums.get("silent_reading", 0.0), gold),
            "silent_checked": share(sums.get("silent", 0.0), gold),
            "amounts_lost": share(sums.get("lost", 0.0), gold),
            "amounts_apart": share(sums.get("apart", 0.0), gold),
            "review_unchecked": share(sums.get("doubted", 0.0), amounts),
            "review_checked": share(sums.get("marked", 0.0), amounts),
            "proven_wrong": share(sums.get("proven_wrong", 0.0), gold),
        }


def _amount_places(case: Case) -> Iterator[EvalCell]:
    """The found amounts, and what else stands in a column of amounts: blanks, texts that are no number."""
    for table in case.found.tables:
        for cell in table.cells:
            in_body = cell.row >= (table.n_header_rows or 0)
            if cell.status is not None or (in_body and cell.role == HeaderRole.AMOUNT):
                yield cell
