"""Reading: whether the printed amounts of tables are read at all, in cells or in plain lines of text.

This is the floor that plain OCR sets: what is read nowhere cannot be in the right cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

from lanci_eval.evidence.records import NumberKind
from lanci_eval.evidence.tokens import inner_tokens
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, share
from lanci_eval.metrics.found_numbers import FoundNumber, evidence_of, find_numbers, pair_off


class Reading(Metric):
    """Recall of printed amounts anywhere in an extraction's text; only for documents with evidence."""

    name: ClassVar[str] = "reading"
    needs_tables: ClassVar[bool] = False
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo(
            "amounts_read", "Amounts printed in tables that are read somewhere on their page, in cells or lines"
        ),
        FigureInfo("amounts_printed", "Amounts printed in tables", higher_is_better=None, percent=False),
    )

    def tally(self, case: Case) -> Tally:
        evidence = evidence_of(case)
        if evidence is None:
            return {}
        printed = Counter(
            (page.number, number.token)
            for page in evidence.pages
            for number in page.numbers
            if number.in_area and number.kind is NumberKind.AMOUNT
        )
        lines = [
            FoundNumber(token, (line.page,), alone=False, word=True)
            for line in case.found.lines
            for token in inner_tokens(line.text)
        ]
        not_in_cells, _ = pair_off(printed, find_numbers(case.found, printed))
        not_in_lines, _ = pair_off(printed, lines)
        # A system may give a table's text as lines as well: both are readings of one printing.
        unread = sum((not_in_cells & not_in_lines).values())
        total = sum(printed.values())
        return {"printed": float(total), "read": float(total - unread)}

    def figures(self, sums: Mapping[str, float]) -> Figures:
        printed = sums.get("printed")
        return {"amounts_read": share(sums.get("read", 0.0), printed or 0.0), "amounts_printed": printed}
