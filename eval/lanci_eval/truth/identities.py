"""What the arithmetic of a document says of its annotation: its sums hold, or the source itself is known to err."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.annotation import AnnotatedDocument, Problem
from lanci.document import Finding
from lanci.interpret import interpret
from lanci.validate import validate


@dataclass(frozen=True, slots=True)
class BrokenIdentity:
    """A sum, a sequence or an equality that what is annotated does not keep.

    ``known`` tells that an inconsistency of the source is annotated for one of the tables that it concerns: the
    source errs. Otherwise the annotation has to be compared with the page again.
    """

    document: str
    finding: Finding
    known: bool

    def to_problem(self) -> Problem:
        """Place and words of it; the first cell of a finding is the doubtful one."""
        first = self.finding.cells[0] if self.finding.cells else None
        says = "true inconsistency" if self.known else "annotation error to settle"
        return Problem(
            self.document,
            first.table if first else "",
            f"{says}: {self.finding.rule}: {self.finding.message}",
            first.row if first else None,
            first.col if first else None,
        )


def find_broken_identities(document: AnnotatedDocument) -> tuple[BrokenIdentity, ...]:
    """Every arithmetic finding on the tables of a document that is free of contradictions, in their order."""
    tables, across = validate([interpret(annotated.table) for annotated in document.tables])
    findings = [finding for table in tables for finding in table.findings] + list(across)
    known = {annotated.table.id for annotated in document.tables if annotated.inconsistencies}
    return tuple(
        BrokenIdentity(document.id, finding, any(ref.table in known for ref in finding.cells))
        for finding in findings
        if _is_arithmetic(finding)
    )


def _is_arithmetic(finding: Finding) -> bool:
    """Rules that compare numbers say what they expected; the others look at texts and spans."""
    return finding.expected is not None
