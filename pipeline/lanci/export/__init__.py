"""Exports of a store: one dataset of all documents, or each document in the format of another program."""

from __future__ import annotations

from lanci.export.codebook import codebook_to_markdown
from lanci.export.formats import Format
from lanci.export.run import ExportReport, Step, export_store

__all__ = ["ExportReport", "Format", "Step", "codebook_to_markdown", "export_store"]
