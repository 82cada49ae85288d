"""What a rule is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from lanci.document import Finding, Severity
from lanci.validate.constraints import Constraint
from lanci.validate.context import DocumentContext, TableContext


@dataclass(frozen=True, slots=True)
class Description:
    """What a rule checks, in one sentence of each language."""

    english: str
    chinese: str


class Rule(Protocol):
    """What all rules have; ``severity`` is the most that their findings have."""

    name: str
    severity: Severity
    describes: Description


class TableRule(Rule, Protocol):
    """A check of one table that is no arithmetic."""

    def check(self, context: TableContext) -> Iterable[Finding]: ...


class DocumentRule(Rule, Protocol):
    """A check over all tables of a document that is no arithmetic."""

    def check(self, context: DocumentContext) -> Iterable[Finding]: ...


class TableSums(Rule, Protocol):
    """Finds the constraints of one table; those that say nothing are left out."""

    def find(self, context: TableContext) -> Iterable[Constraint]: ...


class DocumentSums(Rule, Protocol):
    """Finds the constraints between the tables of a document; those that say nothing are left out."""

    def find(self, context: DocumentContext) -> Iterable[Constraint]: ...
