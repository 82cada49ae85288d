"""Stage ``validate``: what a document's own arithmetic says of it, as findings; nothing is ever repaired.

The parts in the order in which a document goes through them:

- ``context``: what the rules look at, a table or a document.
- ``structure``, ``quantities``, ``prose``: which amounts belong together in one table, over several, in paragraphs.
- ``rules``, in the order of ``registry``: the claims that follow, each a ``constraints.Constraint`` with its
  ``certainty``, and the checks that are no arithmetic.
- ``graph``: all constraints of a document together, which amounts they prove and which they dispute.
- ``misreading``: what is behind a constraint that does not hold, a misread amount or an error of the source.
- ``report``: the findings.
- ``status``, by ``doubt``: the status of each amount, and what a person should look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.document import (
    AmountStatus,
    ConflictVerdict,
    Finding,
    PageSummary,
    Statement,
    Table,
)
from lanci.validate.context import DocumentContext
from lanci.validate.graph import Graph, Verdict
from lanci.validate.misreading.judgements import Misreadings, find_misreadings
from lanci.validate.registry import (
    ALL_RULES,
    DOCUMENT_RULES,
    DOCUMENT_SUMS,
    TABLE_RULES,
    TABLE_SUMS,
    rules_to_markdown,
)
from lanci.validate.report import report_broken
from lanci.validate.rules.thousands_point import ThousandsPoint
from lanci.validate.rules.unreadable_amount import UnreadableAmount
from lanci.validate.status import Checked, judge_cells

__all__ = ["ALL_RULES", "build_graph", "rules_to_markdown", "validate"]


def validate(
    tables: Sequence[Table], pages: Sequence[PageSummary] = (), statements: Sequence[Statement] = ()
) -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    """Check interpreted tables by all rules.

    Args:
        tables: the tables of one document in order, with their values set by ``interpret``.
        pages: those that were read. Where a table may go on beyond them, a sum that misses some of its total is a
            remark, no error. Without pages all tables count as whole.
        statements: what the document says of its amounts in prose.

    Returns:
        The tables with their own findings (rules in registry order, cells in reading order) and with the status of
        their amounts, and the findings that concern several tables or prose. Of what was read by OCR an amount needs
        review where its reading and the constraints leave too much doubt in it (:mod:`lanci.validate.doubt`), a blank
        where an amount was likely lost or stands beside it, and a text that should be an amount and is no number. A
        blank needs none where sums hold without an amount there; nothing else changes.
    """
    document = DocumentContext.of(tables, pages, statements)
    graph = build_graph(document)
    misreadings = find_misreadings(graph)
    verdicts = graph.verdicts()
    # What is proposed otherwise is disputed, whatever seems to confirm it.
    verdicts |= {ref: Verdict(AmountStatus.CONFLICT, graph.proofs(ref)) for ref in misreadings.proposals}
    broken = list(report_broken(graph, misreadings, {context.table.id: context for context in document.tables}))
    inside: dict[str, list[Finding]] = {}
    across: list[Finding] = []
    for finding in broken:
        ids = {ref.table for ref in finding.cells}
        (inside.setdefault(ids.pop(), []) if len(ids) == 1 and not finding.places else across).append(finding)
    compared = [finding for rule in DOCUMENT_RULES for finding in rule.check(document)]
    # A sum that holds of thousands holds of thousandths.
    unproven = {ref for finding in compared if finding.rule == ThousandsPoint.name for ref in finding.cells}
    verdicts = {ref: verdict for ref, verdict in verdicts.items() if ref not in unproven}
    checked = Checked(graph, verdicts, misreadings.misread)
    judged = []
    for context in document.tables:
        told = (_propose(finding, misreadings) for rule in TABLE_RULES for finding in rule.check(context))
        findings = (*inside.get(context.table.id, ()), *told)
        cells = judge_cells(context, (*findings, *compared), checked)
        judged.append(replace(context.table, cells=cells, findings=findings))
    return tuple(judged), (*across, *compared)


def build_graph(document: DocumentContext) -> Graph:
    """All constraints of a document: those of each table in order, then those between tables."""
    inside = [one for context in document.tables for rule in TABLE_SUMS for one in rule.find(context)]
    return Graph.of([*inside, *(one for rule in DOCUMENT_SUMS for one in rule.find(document))])


def _propose(finding: Finding, misreadings: Misreadings) -> Finding:
    """The finding for an amount that is no number, with the reading that the sums around it ask for."""
    if finding.rule != UnreadableAmount.name or finding.cells[0] not in misreadings.proposals:
        return finding
    return replace(finding, proposal=misreadings.proposals[finding.cells[0]], verdict=ConflictVerdict.MISREADING)
