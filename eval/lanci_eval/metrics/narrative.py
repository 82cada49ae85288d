"""Narrative figures: amounts that the prose of a disclosure quotes stand as values in its tables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from lanci.numbers import parse_amount
from lanci_eval.evidence.cells import split_boxes, stands_alone
from lanci_eval.evidence.records import DocumentEvidence, ProseFigure
from lanci_eval.evidence.tokens import to_token
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, share
from lanci_eval.metrics.found_numbers import cells_with_pages, evidence_of
from lanci_eval.records import Extraction

_YUAN = {
    unit: Decimal(value)
    for unit, value in (
        ("元", 1),
        ("千元", 10**3),
        ("万元", 10**4),
        ("百万元", 10**6),
        ("亿元", 10**8),
        ("万亿元", 10**12),
    )
}


class Narrative(Metric):
    """Share of the figures in prose that a found table holds; only for documents with evidence.

    A figure and a cell agree when their amounts in yuan differ by at most half a unit of the last digit that the
    prose prints. The sign is not compared (``减少12.30万元``), and zeros are left out. A cell's unit is the one that
    its page announces, so that systems which read no units are judged alike; without any it is that of the figure.
    Prose also quotes figures that no table holds (changes, last year's budget), so ``found`` stays below 1 for a
    perfect extraction; ``found_of_printed`` counts only those that table areas of the document print.
    """

    name: ClassVar[str] = "narrative"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("found", "Figures quoted in the text that stand in some found table"),
        FigureInfo("found_of_printed", "The same, of those that the document's tables print"),
        FigureInfo("quoted", "Figures quoted in the text", higher_is_better=None, percent=False),
    )

    def tally(self, case: Case) -> Tally:
        evidence = evidence_of(case)
        if evidence is None:
            return {}
        units = {page.number: page.units for page in evidence.pages}
        printed = _Values(_values_printed(evidence), units)
        found = _Values(_values_found(case.found), units)
        sums = {"quoted": 0.0, "found": 0.0, "printed": 0.0, "printed_found": 0.0}
        for figure in (figure for page in evidence.pages for figure in page.figures):
            if not parse_amount(figure.token):
                continue
            is_found, is_printed = found.holds(figure), printed.holds(figure)
            sums["quoted"] += 1
            sums["found"] += is_found
            sums["printed"] += is_printed
            sums["printed_found"] += is_found and is_printed
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        quoted = sums.get("quoted")
        return {
            "found": share(sums.get("found", 0.0), quoted or 0.0),
            "found_of_printed": share(sums.get("printed_found", 0.0), sums.get("printed", 0.0)),
            "quoted": quoted,
        }


class _Values:
    """Amounts in yuan without sign, and those of pages without a unit as printed; looked up by nearness."""

    def __init__(self, values: Iterator[tuple[int, Decimal]], units: Mapping[int, Sequence[str]]) -> None:
        yuan: set[Decimal] = set()
        plain: set[Decimal] = set()
        for page, value in values:
            known = units.get(page, ())
            yuan.update(abs(value) * _YUAN[unit] for unit in known)
            if not known:
                plain.add(abs(value))
        self._yuan = sorted(yuan)
        self._plain = sorted(plain)

    def holds(self, figure: ProseFigure) -> bool:
        value = parse_amount(figure.token)
        if value is None:
            return False
        exponent = value.as_tuple().exponent
        half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
        scale = _YUAN[figure.unit]
        return _near(self._yuan, value * scale, half * scale) or _near(self._plain, value, half)


def _near(values: Sequence[Decimal], value: Decimal, tolerance: Decimal) -> bool:
    at = bisect_left(values, value - tolerance)
    return at < len(values) and values[at] <= value + tolerance


def _values_found(found: Extraction) -> Iterator[tuple[int, Decimal]]:
    for cell, pages in cells_with_pages(found):
        value = parse_amount(to_token(cell.text))
        if value is not None:
            yield pages[0], value


def _values_printed(evidence: DocumentEvidence) -> Iterator[tuple[int, Decimal]]:
    """The numbers, integers included, that are all that a cell says."""
    for page in evidence.pages:
        texts, numbers = split_boxes(page.words)
        cells = [cell for area in page.areas for cell in area.cells]
        for word in page.words:
            value = parse_amount(to_token(word.text))
            if value is not None and page.in_area(word.box) and stands_alone(word.box, texts, numbers, cells):
                yield page.number, value
