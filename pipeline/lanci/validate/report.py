"""From broken constraints to findings with a message in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from lanci.document import CellRef, Finding, Severity, TextSource
from lanci.validate.certainty import DOUBTFUL
from lanci.validate.constraints import Constraint, Relation, Term
from lanci.validate.context import TableContext
from lanci.validate.graph import Graph, is_excused
from lanci.validate.misread import Misreadings, lead
from lanci.validate.report_prose import is_about_prose, prose_to_finding

Contexts = Mapping[str, TableContext]
"""The tables of the document by id."""


def report_broken(graph: Graph, misreadings: Misreadings, contexts: Contexts) -> Iterator[Finding]:
    """A finding for each broken constraint that is more likely meant than not, in the order of the rules.

    Amounts that should be one over several tables make one finding, which names all printings.
    """
    hubs: set[tuple[str, CellRef]] = set()
    name = partial(place_to_words, contexts=contexts)
    for one in graph.constraints:
        if not one.is_broken or one.certainty < DOUBTFUL:
            continue
        if not is_equality(one):
            if is_about_prose(one):
                yield prose_to_finding([one], name, misreadings)
            else:
                yield sum_to_finding(one, graph, misreadings, contexts)
        elif (hub := (one.rule, one.parts[0].term.ref)) not in hubs:
            hubs.add(hub)
            if is_about_prose(one):
                alike = [other for other in graph.around(hub[1]) if other.rule == one.rule and other.is_broken]
                yield prose_to_finding(alike, name, misreadings)
            else:
                yield equality_to_finding(one, graph, misreadings, contexts)


def is_equality(one: Constraint) -> bool:
    """Whether a constraint says that two tables print the same amount."""
    return len(one.parts) == 1 and one.total.ref.table != one.parts[0].term.ref.table


def equality_to_finding(one: Constraint, graph: Graph, misreadings: Misreadings, contexts: Contexts) -> Finding:
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
    listed = [f"{place_to_words(term.ref, contexts)} {_printed(term)}" for term in terms]
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


def sum_to_finding(one: Constraint, graph: Graph, misreadings: Misreadings, contexts: Contexts) -> Finding:
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
        message=_message(one, contexts, excused=excused),
        # With all parts blank the blanks are what the finding is about.
        cells=lead(cells, judgement.culprit) if len(cells) > 1 else one.cells,
        expected=str(one.expected),
        found="" if one.total.is_blank else str(one.total.value),
        proposal=judgement.proposal,
        verdict=None if excused else judgement.verdict,
    )


def _message(one: Constraint, contexts: Contexts, *, excused: bool) -> str:
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


def place_to_words(ref: CellRef, contexts: Contexts) -> str:
    """Table, row and column of an amount as a reader would name them."""
    context = contexts[ref.table]
    label = context.label(ref.row, ref.col)
    return f"《{context.table.title}》{label}（{context.view.column_name(ref.col)}）"


def _printed(term: Term) -> str:
    return "（空白）" if term.is_blank else term.cell.text
