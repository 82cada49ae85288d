"""The texts of a document, and of its file names, that name a place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from pathlib import PurePath

from lanci.document import Document, HeaderRole, Table
from lanci.reference import Division, find_division
from lanci.text import squash

_PATH_BREAK = re.compile(r"[\\/]")


class Basis(StrEnum):
    """What tells the place, the strongest first.

    ``CAPTION``: the entity printed above the tables. ``TEXT``: other printed texts, which may name other places too:
    titles, headings, units. ``FILE_NAME``: names of files and folders, which somebody gave: a hint, no evidence.
    """

    CAPTION = "caption"
    TEXT = "text"
    FILE_NAME = "file_name"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that names a place: all divisions that may be meant, and how often it occurs."""

    text: str
    divisions: tuple[Division, ...]
    count: int

    def names(self, division: Division) -> bool:
        """Whether it may name this division or a part of it."""
        return any(found == division or found.is_within(division) for found in self.divisions)

    def speaks_for(self, division: Division) -> bool:
        """Whether it may name this division or one that it is a part of."""
        return any(found == division or division.is_within(found) for found in self.divisions)


def find_mentions(document: Document, paths: Iterable[str]) -> dict[Basis, tuple[Mention, ...]]:
    """The mentions of each basis that has some, the strongest basis first.

    Args:
        document: the document.
        paths: the names by which it came; their folders count too.
    """
    entities = Counter(text for table in document.tables if (text := squash(table.caption.entity)))
    texts = Counter(text for table in document.tables for text in _texts(table))
    texts += Counter({squash(statement.heading) for statement in document.statements} - {""})
    found = {
        Basis.CAPTION: _to_mentions((text, find_division(text), count) for text, count in entities.items()),
        Basis.TEXT: _to_mentions((text, find_division(text), count) for text, count in texts.items()),
        Basis.FILE_NAME: _to_mentions(
            (path, _find_in_path(path), 1) for path in sorted({document.source.name, *paths})
        ),
    }
    return {basis: mentions for basis, mentions in found.items() if mentions}


def _to_mentions(found: Iterable[tuple[str, tuple[Division, ...], int]]) -> tuple[Mention, ...]:
    return tuple(Mention(text, divisions, count) for text, divisions, count in found if divisions)


def _texts(table: Table) -> Iterator[str]:
    """The different texts of one table that may name a place, in a fixed order."""
    units = {column.index for column in table.columns if column.role is HeaderRole.UNIT_NAME}
    cells = (cell.text for cell in table.cells if cell.col in units and cell.row >= table.n_header_rows)
    lines = (squash(text) for text in (table.title, *table.caption.lines, *cells))
    return (text for text in dict.fromkeys(lines) if text and text != squash(table.caption.entity))


def _find_in_path(path: str) -> tuple[Division, ...]:
    """The smallest division that the parts of a path name; folders of divisions above it settle which."""
    *folders, name = _PATH_BREAK.split(path)
    parts = [places for part in (*folders, PurePath(name).stem) if (places := find_division(part))]
    ranks = {
        division: (sum(any(division.is_within(above) for above in part) for part in parts), len(division.code))
        for part in parts
        for division in part
    }
    best = max(ranks.values(), default=None)
    return tuple(sorted((one for one, rank in ranks.items() if rank == best), key=attrgetter("code")))
