"""Amounts in their own row and column of the right logical table, and the wrong ones that nothing flags.

Judged on logical tables: an amount on the third page of a table that was not joined is missing from the table.
Values are compared as exact decimals, so that ``1,234.50`` and ``1234.5`` are the same amount and ``-`` for 0.00
is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from lanci.interpret.units import unit_factor
from lanci.numbers import parse_amount
from lanci_eval.matching import TablePair
from lanci_eval.matching.money import body_amounts, is_money, printed_amount
from lanci_eval.matching.places import PagePlaces, found_places, true_places
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, share
from lanci_eval.records import EvalCell


@dataclass(frozen=True, slots=True)
class GoldAmount:
    """A true amount and what became of it.

    ``reading`` is the found cell that begins at the aligned place, or else the one that covers it; ``value`` is
    the amount of a cell that begins there, None when there is no such cell or it is no amount. ``yuan`` is the
    true amount in 元, None for quantities and where the unit is not known. Without a reading, ``apart`` is the cell
    that is found in the place on the page, in a part that was not joined to the table.
    """

    cell: EvalCell
    gold: Decimal
    yuan: Decimal | None
    reading: EvalCell | None
    value: Decimal | None
    apart: EvalCell | None = None

    @property
    def exact(self) -> bool:
        return self.value == self.gold

    @property
    def marked(self) -> bool:
        """Whether a reader is told to look at the place; what is missing altogether is not marked."""
        return self.seen is not None and self.seen.marked

    @property
    def seen(self) -> EvalCell | None:
        """The found cell that a reader sees in the place, be it in another table."""
        return self.reading or self.apart


def gold_amounts(pair: TablePair, pages: PagePlaces) -> Iterator[GoldAmount]:
    """The amounts of the true table of a pair, in the order of its cells; ``pages`` are those of its comparison."""
    if pair.truth is None:
        return
    factor = unit_factor(pair.truth.unit)
    places = found_places(pair)
    for cell, gold in body_amounts(pair.truth):
        own = places.begins(cell)
        yuan = gold * factor if factor is not None and is_money(cell) else None
        value = parse_amount(own.text) if own is not None else None
        reading = own or places.covers(cell)
        apart = pages.find(pair.truth, cell) if reading is None else None
        yield GoldAmount(cell, gold, yuan, reading, value, apart)


class Amounts(Metric):
    """What became of every true amount, and which found ones no truth stands behind."""

    name: ClassVar[str] = "amounts"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("amount_exact", "Share of true amounts read exactly, in their own row and column."),
        FigureInfo(
            "silent_error_rate",
            "Wrong or missing amounts that nothing flags, per true amount.",
            higher_is_better=False,
        ),
        FigureInfo(
            "silent_error_rate_yuan",
            "The same weighted by the true amounts in yuan, where the unit is known.",
            higher_is_better=False,
        ),
        FigureInfo(
            "marked_error_rate", "Wrong or missing amounts that are flagged, per true amount.", higher_is_better=False
        ),
        FigureInfo(
            "missing_amounts", "True amounts at whose place no amount begins, per true amount.", higher_is_better=False
        ),
        FigureInfo("review_share", "Share of found amounts that are flagged for review.", higher_is_better=False),
        FigureInfo(
            "doubted_readings",
            "Share of found amounts whose own reading asks for a look. Checks of whole tables flag others, too, among "
            "them those that an error of the source touches.",
            higher_is_better=False,
        ),
        FigureInfo(
            "invented_amounts",
            "Found amounts in empty cells and in rows, columns and tables too many, per true amount.",
            higher_is_better=False,
        ),
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        sums: Tally = dict.fromkeys(
            ("gold", "exact", "silent", "marked_wrong", "missing", "yuan", "silent_yuan"), 0.0
        ) | dict.fromkeys(("found", "marked", "doubted", "invented"), 0.0)
        pages = PagePlaces(case.comparison)
        for pair in case.comparison.tables:
            _count_gold(pair, pages, sums)
            _count_found(pair, sums)
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        gold = sums.get("gold", 0.0)
        return {
            "amount_exact": share(sums.get("exact", 0.0), gold),
            "silent_error_rate": share(sums.get("silent", 0.0), gold),
            "silent_error_rate_yuan": share(sums.get("silent_yuan", 0.0), sums.get("yuan", 0.0)),
            "marked_error_rate": share(sums.get("marked_wrong", 0.0), gold),
            "missing_amounts": share(sums.get("missing", 0.0), gold),
            "review_share": share(sums.get("marked", 0.0), sums.get("found", 0.0)),
            "doubted_readings": share(sums.get("doubted", 0.0), sums.get("found", 0.0)),
            "invented_amounts": share(sums.get("invented", 0.0), gold),
        }


def _count_gold(pair: TablePair, pages: PagePlaces, sums: Tally) -> None:
    """Count the true amounts of a pair: each is exact, silently wrong or wrong and marked."""
    for amount in gold_amounts(pair, pages):
        size = float(abs(amount.yuan)) if amount.yuan is not None else 0.0
        sums["gold"] += 1
        sums["yuan"] += size
        sums["missing"] += amount.value is None
        if amount.exact:
            sums["exact"] += 1
        elif amount.marked:
            sums["marked_wrong"] += 1
        else:
            sums["silent"] += 1
            sums["silent_yuan"] += size


def _count_found(pair: TablePair, sums: Tally) -> None:
    """Count the found amounts of a pair.

    They are told by the looks of their text, or by standing where a true amount is: roles that only some systems
    give decide nothing, so that all systems are counted alike. Invented are those in rows, columns and tables
    that the truth does not have and those at places where no true text begins.
    """
    if pair.found is None:
        return
    places = true_places(pair)
    gold = {(cell.row, cell.col) for cell, _ in body_amounts(pair.truth)} if pair.truth else set()
    for cell in pair.found.cells:
        true = places.begins(cell)
        at_gold = true is not None and (true.row, true.col) in gold
        value = parse_amount(cell.text) if at_gold else printed_amount(cell.text)
        if value is not None:
            sums["found"] += 1
            sums["marked"] += cell.marked
            sums["doubted"] += cell.needs_review
            sums["invented"] += true is None or not true.text.strip()
