"""Checking a document again that was parsed before."""

from __future__ import annotations

from dataclasses import replace

from lanci.document import Document
from lanci.interpret import interpret
from lanci.validate import validate


def check(document: Document) -> Document:
    """The document with values, meanings, findings and the status of its amounts worked out anew.

    What was read (texts, boxes, tables, alternatives) is the same; so is the result of checking twice.
    """
    tables, findings = validate([interpret(table) for table in document.tables], document.pages, document.statements)
    return replace(document, tables=tables, findings=findings)
