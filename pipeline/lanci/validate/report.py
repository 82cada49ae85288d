"""From broken constraints to findings with a message in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from lanci.document import CellRef, ConflictVerdict, Finding, Severity, TextSource
from lanci.validate.certainty import DOUBTFUL
from lanci.validate.constraints import PROSE, Constraint, Relation, Term
from lanci.validate.context import TableContext
from lanci.validate.graph import Graph, is_excused
from lanci.validate.misreading.judgements import Misreadings, lead
from lanci.validate.prose.origin import tell_doubt, to_places

Contexts = Mapping[str, TableContext]
"""The tables of the document by id."""


def report_broken(graph: Graph, misreadings: Misreadings, contexts: Contexts) -> Iterator[Finding]:
    """A finding for each broken constraint that is more likely meant than not, in the order of the rules.

    Amounts that should be one over several tables make one finding, which names all printings.
    """
    hubs: set[tuple[str, CellRef]] = set()
    for one in graph.constraints:
        if not one.is_broken or one.certainty < DOUBTFUL:
            continue
        if not _is_equality(one):
            if _is_about_prose(one):
                yield _prose_to_finding([one], misreadings, contexts)
            else:
                yield _sum_to_finding(one, graph, misreadings, contexts)
        elif (hub := (one.rule, one.parts[0].term.ref)) not in hubs:
            hubs.add(hub)
            if _is_about_prose(one):
                alike = [other for other in graph.around(hub[1]) if other.rule == one.rule and other.is_broken]
                yield _prose_to_finding(alike, misreadings, contexts)
            else:
                yield _equality_to_finding(one, graph, misreadings, contexts)


def _is_equality(one: Constraint) -> bool:
    """Whether a constraint says that two tables print the same amount."""
    return len(one.parts) == 1 and one.total.ref.table != one.parts[0].term.ref.table


def _is_about_prose(one: Constraint) -> bool:
    """Whether a term of the constraint stands in prose."""
    return any(ref.table == PROSE for ref in one.cells)


def _equality_to_finding(one: Constraint, graph: Graph, misreadings: Misreadings, contexts: Contexts) -> Finding:
    """The finding for an amount that tables print differently: the printing that fewest share leads."""
    hub = one.parts[0].term
    alike = [other for other in graph.around(hub.ref) if other.rule == one.rule and other.parts[0].term is hub]
    camps: dict[Decimal, list[Term]] = {hub.value * one.scale(hub): [hub]}
    for other in alike:
        if not other.is_open:
            # What holds is one printing, whatever the units and the rounding.
            value = hub.value * one.scale(hub) if other.holds else other.total.value * other.scale(other.total)
            camps.setdefault(value, []).append(other.total)
    ordered = sorted(camps.values(), key=lambda camp: (len(camp), hub in camp))
    terms = [term for camp in ordered for term in camp]
    odd, usual = ordered[0][0], ordered[-1][0]
    label = one.wording.label or contexts[odd.ref.table].label(odd.ref.row, odd.ref.col)
    listed = [f"{_place_to_words(term.ref, contexts)} {_printed(term)}" for term in terms]
    broken = [other for other in alike if other.is_broken]
    severities = [other.severity for other in broken]
    told = misreadings.of_all(broken)
    return Finding(
        rule=one.rule,
        severity=Severity.ERROR if Severity.ERROR in severities else one.severity,
        message=f"“{label}”各表不一致：{'；'.join(listed)} / {label} differs between tables: {'; '.join(listed)}",
        cells=lead([term.ref for term in terms], told.culprit),
        expected=str(usual.value),
        found="" if odd.is_blank else str(odd.value),
        proposal=told.proposal,
        verdict=told.verdict,
    )


def _sum_to_finding(one: Constraint, graph: Graph, misreadings: Misreadings, contexts: Contexts) -> Finding:
    """The finding for a sum that does not hold; the cell to be doubted first stands first."""
    judgement = misreadings.of(one)
    excused = is_excused(one)
    cells = [term.ref for term in graph.suspects(one)]
    # What the recogniser found blank may be an amount that it lost.
    lost = [term.ref for term in one.terms if term.cell.source is TextSource.OCR]
    cells += [ref for ref in lost if ref not in cells]
    return Finding(
        rule=one.rule,
        severity=Severity.INFO if excused else one.severity,
        message=_sum_message(one, contexts, excused=excused),
        # With all parts blank the blanks are what the finding is about.
        cells=lead(cells, judgement.culprit) if len(cells) > 1 else one.cells,
        expected=str(one.expected),
        found="" if one.total.is_blank else str(one.total.value),
        proposal=judgement.proposal,
        verdict=None if excused else judgement.verdict,
    )


def _sum_message(one: Constraint, contexts: Contexts, *, excused: bool) -> str:
    total, wording = one.total, one.wording
    context = contexts[total.ref.table]
    where = wording.label or context.label(total.ref.row, total.ref.col) or f"#{total.ref.row + 1}"
    column = context.view.column_name(total.ref.col)
    printed_zh = "空白" if total.is_blank else total.cell.text
    printed_en = "blank" if total.is_blank else total.cell.text
    if one.relation is Relation.AT_LEAST:
        claim_zh, claim_en = f"不应小于{wording.parts_zh}之和", f"should be no less than {wording.parts_en}"
    else:
        claim_zh, claim_en = f"应等于{wording.parts_zh}之和", f"should be the sum of {wording.parts_en}"
    message = (
        f"“{where}”在“{column}”列{claim_zh} {one.printed_sum}，列示为{printed_zh}，相差 {one.difference}"
        f" / {where}, column {column}: {claim_en}, {one.printed_sum}; printed is {printed_en} "
        f"(difference {one.difference})"
    )
    if excused:
        message += "；表格可能在未读取的页上继续 / the table may go on beyond the pages that were read"
    return message


def _prose_to_finding(alike: Sequence[Constraint], misreadings: Misreadings, contexts: Contexts) -> Finding:
    """The finding for a sum in prose that does not hold, or for a figure that tables print otherwise.

    It has places on pages, and cells only where tables print something else.

    Args:
        alike: the sum alone, or all broken claims about one figure.
        misreadings: what is thought of the claims; of amounts in cells, the one that is wrong stands first.
        contexts: the tables of the document.
    """
    one = alike[0]
    stated = [term for term in one.terms if term.ref.table == PROSE]
    printed = [other.total for other in alike if other.total.ref.table != PROSE]
    judgement = misreadings.of_all(alike)
    cells = tuple(term.ref for term in printed)
    is_cell = judgement.culprit in cells
    # That a line of prose was misread says nothing against the source or the tables.
    is_misread_prose = judgement.verdict is ConflictVerdict.MISREADING and not is_cell
    excused = is_excused(one)
    message = _figure_message(one, stated[0], printed, contexts) if printed else _prose_sum_message(one, stated[0])
    if excused:
        message += "；其后可能另有未读出的分项 / another part may have been lost after them"
    return Finding(
        rule=one.rule,
        severity=Severity.INFO if is_misread_prose or excused else one.severity,
        message=message + tell_doubt(stated, printed),
        cells=lead(cells, judgement.culprit) if is_cell else cells,
        expected=str(printed[0].value if printed else one.expected),
        found=str(stated[0].value if printed else one.total.value),
        places=to_places(stated),
        proposal=judgement.proposal if is_cell else None,
        verdict=None if excused else judgement.verdict,
    )


def _figure_message(one: Constraint, stated: Term, printed: Sequence[Term], contexts: Contexts) -> str:
    page, label = stated.cell.page, one.wording.label
    listed = "；".join(f"{_place_to_words(term.ref, contexts)} {term.cell.text}" for term in printed)
    return (
        f"第{page}页文字“{label}”为 {stated.cell.text}，表中为：{listed}"
        f" / “{label}” is {stated.cell.text} in the text of page {page}, in tables: {listed}"
    )


def _prose_sum_message(one: Constraint, stated: Term) -> str:
    page, wording, total = stated.cell.page, one.wording, one.total
    return (
        f"第{page}页文字“{wording.label}”应等于{wording.parts_zh}之和 {one.printed_sum}，"
        f"列示为 {total.cell.text}，相差 {one.difference}"
        f" / text of page {page}, “{wording.label}”: should be the sum of {wording.parts_en}, {one.printed_sum}; "
        f"printed is {total.cell.text} (difference {one.difference})"
    )


def _place_to_words(ref: CellRef, contexts: Contexts) -> str:
    """Table, row and column of an amount as a reader would name them."""
    context = contexts[ref.table]
    label = context.label(ref.row, ref.col)
    return f"《{context.table.title}》{label}（{context.view.column_name(ref.col)}）"


def _printed(term: Term) -> str:
    return "（空白）" if term.is_blank else term.cell.text
