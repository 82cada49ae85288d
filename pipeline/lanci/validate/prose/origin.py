"""Where amounts of prose are printed, and how surely they were read: what findings about them tell of both."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import Place, TextSource
from lanci.validate.constraints import Term


def tell_doubt(stated: Sequence[Term], printed: Sequence[Term]) -> str:
    """What was read by OCR and how sure that is; the least sure of the amounts in prose and of those in tables."""
    sides = (("文字", "the text", stated), ("表中", "the table", printed))
    read = [
        (chinese, english, min(doubted))
        for chinese, english, terms in sides
        if (doubted := [term.cell.confidence for term in terms if term.cell.source is TextSource.OCR])
    ]
    if not read:
        return ""
    told_zh = "，".join(f"{chinese}为识别结果（可信度 {least:.2f}）" for chinese, _, least in read)
    told_en = ", ".join(f"{english} was read by OCR (confidence {least:.2f})" for _, english, least in read)
    return f"；{told_zh} / {told_en}"


def to_places(terms: Sequence[Term]) -> tuple[Place, ...]:
    """Where amounts in prose are printed, each place once."""
    return tuple(dict.fromkeys(Place(term.cell.page, term.cell.box) for term in terms))
