"""Findings about amounts in prose: they have places on pages, and cells only where tables print something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lanci.document import CellRef, ConflictVerdict, Finding, Place, Severity, TextSource
from lanci.validate.constraints import PROSE, Constraint, Term
from lanci.validate.graph import is_excused
from lanci.validate.misread import Misreadings, lead


def is_about_prose(one: Constraint) -> bool:
    """Whether a term of the constraint stands in prose."""
    return any(ref.table == PROSE for ref in one.cells)


def prose_to_finding(alike: Sequence[Constraint], name: Callable[[CellRef], str], misreadings: Misreadings) -> Finding:
    """The finding for a sum in prose that does not hold, or for a figure that tables print otherwise.

    Args:
        alike: the sum alone, or all broken claims about one figure.
        name: table, row and column of a cell in words.
        misreadings: what is thought of the claims; of amounts in cells, the one that is wrong stands first.
    """
    one = alike[0]
    stated = [term for term in one.terms if term.ref.table == PROSE]
    head = stated[0]
    page, label = head.cell.page, one.wording.label
    printed = [other.total for other in alike if other.total.ref.table != PROSE]
    if printed:
        listed = "；".join(f"{name(term.ref)} {term.cell.text}" for term in printed)
        message = (
            f"第{page}页文字“{label}”为 {head.cell.text}，表中为：{listed}"
            f" / “{label}” is {head.cell.text} in the text of page {page}, in tables: {listed}"
        )
        expected, found = printed[0].value, head.value
    else:
        message = (
            f"第{page}页文字“{label}”应等于{one.wording.parts_zh}之和 {one.printed_sum}，"
            f"列示为 {one.total.cell.text}，相差 {one.difference}"
            f" / text of page {page}, “{label}”: should be the sum of {one.wording.parts_en}, {one.printed_sum}; "
            f"printed is {one.total.cell.text} (difference {one.difference})"
        )
        expected, found = one.expected, one.total.value
    judgement = misreadings.of_all(alike)
    cells = tuple(term.ref for term in printed)
    is_cell = judgement.culprit in cells
    # That a line of prose was misread says nothing against the source or the tables.
    is_misread_prose = judgement.verdict is ConflictVerdict.MISREADING and not is_cell
    excused = is_excused(one)
    if excused:
        message += "；其后可能另有未读出的分项 / another part may have been lost after them"
    return Finding(
        rule=one.rule,
        severity=Severity.INFO if is_misread_prose or excused else one.severity,
        message=message + tell_doubt(stated, printed),
        cells=lead(cells, judgement.culprit) if is_cell else cells,
        expected=str(expected),
        found=str(found),
        places=to_places(stated),
        proposal=judgement.proposal if is_cell else None,
        verdict=None if excused else judgement.verdict,
    )


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
