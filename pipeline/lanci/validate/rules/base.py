"""What a rule is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from lanci.document import Finding, Severity
from lanci.validate.context import DocumentContext, TableContext


@dataclass(frozen=True, slots=True)
class Description:
    """What a rule checks, in one sentence of each language."""

    english: str
    chinese: str


class TableRule(Protocol):
    """A check of one table; ``severity`` is the most that its findings have."""

    name: str
    severity: Severity
    describes: Description

    def check(self, context: TableContext) -> Iterable[Finding]: ...


class DocumentRule(Protocol):
    """A check over all tables of a document."""

    name: str
    severity: Severity
    describes: Description

    def check(self, context: DocumentContext) -> Iterable[Finding]: ...
