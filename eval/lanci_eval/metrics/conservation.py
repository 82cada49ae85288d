"""Number conservation: what a digital page prints in its tables arrives in cells, once each, and nothing else does.

The pages' visible text is the truth, so no annotation is needed. Numbers are compared as texts, page by page, as
multisets: a number that is printed twice has to arrive twice. The places of cells are not looked at; that a number
stands in the right row is for the metrics that know the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lanci_eval.evidence.records import DocumentEvidence, NumberKind
from lanci_eval.evidence.tokens import kind_of
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, share
from lanci_eval.metrics.found_numbers import FoundNumber, PageToken, evidence_of, find_numbers, pair_off

_GOOD = 0.995  # recall from which a document counts as kept


class Loss(StrEnum):
    """How a number went wrong."""

    MISSING = "missing"
    GLUED = "glued"
    DOUBLED = "doubled"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class LostNumber:
    """A printed number that stands alone in no cell (missing, glued), or one in a cell that is not printed."""

    page: int
    token: str
    kind: NumberKind
    loss: Loss


@dataclass(frozen=True, slots=True)
class _Balance:
    """Printed in areas, of these in no cell alone, in no cell at all; found in cells, of these left over."""

    printed: Counter[PageToken]
    not_alone: Counter[PageToken]
    missing: Counter[PageToken]
    found: tuple[FoundNumber, ...]
    surplus: tuple[FoundNumber, ...]
    anywhere: Counter[PageToken]


class Conservation(Metric):
    """Recall and precision of printed numbers; only for documents with evidence."""

    name: ClassVar[str] = "conservation"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("recall_alone", "Numbers printed in tables that stand alone in a cell, once for each printing"),
        FigureInfo("recall_alone_amounts", "The same for amounts"),
        FigureInfo("recall_alone_codes", "The same for subject codes (3, 5 or 7 digits)"),
        FigureInfo("recall_kept", "Numbers printed in tables that arrive anywhere in a cell, also glued to other text"),
        FigureInfo("recall_kept_amounts", "The same for amounts"),
        FigureInfo("recall_kept_codes", "The same for subject codes"),
        FigureInfo("precision", "Numbers in cells that their page prints, once for each printing"),
        FigureInfo("precision_amounts", "The same for amounts"),
        FigureInfo("precision_codes", "The same for subject codes"),
        FigureInfo("kept_documents", "Documents of which at least 99.5 % of the printed numbers stand alone in a cell"),
        FigureInfo("printed", "Numbers printed in tables", higher_is_better=None, percent=False),
        FigureInfo("missing", "Printed numbers that arrive nowhere", higher_is_better=False, percent=False),
        FigureInfo("glued", "Printed numbers that arrive with other text only", higher_is_better=False, percent=False),
        FigureInfo("doubled", "Numbers in cells beyond the printed ones", higher_is_better=False, percent=False),
        FigureInfo("invented", "Numbers in cells not printed there", higher_is_better=False, percent=False),
    )

    def tally(self, case: Case) -> Tally:
        evidence = evidence_of(case)
        if evidence is None:
            return {}
        balance = _weigh(case, evidence)
        sums: Tally = {}
        for kind in NumberKind:
            printed = _count(balance.printed, kind)
            sums[f"printed:{kind}"] = printed
            sums[f"alone:{kind}"] = printed - _count(balance.not_alone, kind)
            sums[f"kept:{kind}"] = printed - _count(balance.missing, kind)
            sums[f"found:{kind}"] = sum(_kind(n.token) is kind for n in balance.found)
        for loss in Loss:
            for kind in NumberKind:
                sums[f"{loss}:{kind}"] = 0.0
        for lost in _losses(balance):
            sums[f"{lost.loss}:{lost.kind}"] += 1
        printed = sum(balance.printed.values())
        if printed:
            sums["documents"] = 1.0
            sums["documents_kept"] = float(1 - sum(balance.not_alone.values()) / printed >= _GOOD)
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        both = tuple(NumberKind)
        figures: Figures = {}
        for suffix, kinds in (("", both), ("_amounts", (NumberKind.AMOUNT,)), ("_codes", (NumberKind.CODE,))):
            printed, found = _total(sums, "printed", kinds), _total(sums, "found", kinds)
            wrong = _total(sums, Loss.DOUBLED, kinds) + _total(sums, Loss.INVENTED, kinds)
            figures[f"recall_alone{suffix}"] = share(_total(sums, "alone", kinds), printed)
            figures[f"recall_kept{suffix}"] = share(_total(sums, "kept", kinds), printed)
            figures[f"precision{suffix}"] = share(found - wrong, found)
        figures["kept_documents"] = share(sums.get("documents_kept", 0.0), sums.get("documents", 0.0))
        judged = "printed:amount" in sums
        for name in ("printed", *Loss):
            figures[str(name)] = _total(sums, name, both) if judged else None
        return figures


def list_losses(case: Case) -> tuple[LostNumber, ...]:
    """Every number that went wrong, by page, kind of loss and text; empty without evidence."""
    evidence = evidence_of(case)
    if evidence is None:
        return ()
    return tuple(sorted(_losses(_weigh(case, evidence)), key=lambda n: (n.page, n.loss, n.token)))


def _weigh(case: Case, evidence: DocumentEvidence) -> _Balance:
    printed = Counter((p.number, n.token) for p in evidence.pages for n in p.numbers if n.alone)
    anywhere = Counter((p.number, n.token) for p in evidence.pages for n in p.numbers)
    glued = Counter((p.number, token) for p in evidence.pages for token in p.glued)
    found = find_numbers(case.found, anywhere)
    alone = [n for n in found if n.alone]
    words = tuple(n for n in found if n.word)
    not_alone, _ = pair_off(printed, alone)
    # A number alone in its cell takes its printing before one glued to other text may.
    missing, _ = pair_off(printed, alone + [n for n in found if not n.alone])
    # A word of a page may be cut by the cells of a table, so numbers glued on the page are printed, too.
    _, surplus = pair_off(anywhere + glued, words)
    return _Balance(printed, not_alone, missing, words, tuple(surplus), anywhere + glued)


def _losses(balance: _Balance) -> Iterator[LostNumber]:
    for (page, token), count in balance.not_alone.items():
        n_missing = balance.missing[page, token]
        yield from [_lost(page, token, Loss.MISSING)] * n_missing
        yield from [_lost(page, token, Loss.GLUED)] * (count - n_missing)
    for number in balance.surplus:
        is_printed = any(balance.anywhere[page, number.token] for page in number.pages)
        yield _lost(number.pages[0], number.token, Loss.DOUBLED if is_printed else Loss.INVENTED)


def _lost(page: int, token: str, loss: Loss) -> LostNumber:
    return LostNumber(page, token, _kind(token), loss)


def _kind(token: str) -> NumberKind:
    """The kind of a token; what is torn was an amount."""
    return kind_of(token) or NumberKind.AMOUNT


def _count(counter: Counter[PageToken], kind: NumberKind) -> float:
    return float(sum(count for (_, token), count in counter.items() if _kind(token) is kind))


def _total(sums: Mapping[str, float], name: str, kinds: tuple[NumberKind, ...]) -> float:
    return sum(sums.get(f"{name}:{kind}", 0.0) for kind in kinds)
