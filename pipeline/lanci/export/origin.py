"""Whose document it is and of which year, as far as its tables or its file names tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lanci.document import Document
from lanci.entities import EntityMatch, normalise
from lanci.export.rows import Clue

UNKNOWN = "unknown"
"""The province of a document whose place is open."""

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Entity, place and year of a document."""

    year: int | None
    year_from: Clue
    entity: EntityMatch

    @property
    def province(self) -> str:
        """The name of the province, or ``unknown``."""
        return self.entity.province or UNKNOWN


def document_to_origin(document: Document, names: Iterable[str]) -> Origin:
    """What the tables tell, or else the names by which the file came.

    Args:
        document: the document.
        names: paths or file names, of which the folders count too.
    """
    names = sorted({document.source.name, *names})
    year, year_from = _read_year(document, names)
    return Origin(year, year_from, normalise(document, names))


def _read_year(document: Document, names: Iterable[str]) -> tuple[int | None, Clue]:
    printed = {table.caption.fiscal_year for table in document.tables} - {None}
    if printed:
        return (printed.pop(), Clue.TABLES) if len(printed) == 1 else (None, Clue.NONE)
    named = {int(year) for name in names for year in _YEAR.findall(name)}
    return (named.pop(), Clue.FILE_NAME) if len(named) == 1 else (None, Clue.NONE)
