"""What an export holds: relations whose columns are described where their rows are defined.

One description serves all formats: the types of Parquet and DuckDB, the schemas of the data package and the codebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cached_property
from operator import attrgetter
from types import NoneType
from typing import Any, get_args, get_type_hints

from lanci.records import DESCRIPTION


class Kind(Enum):
    """What a column's values are."""

    TEXT = "text"
    WHOLE = "whole number"
    REAL = "number"
    EXACT = "exact decimal"
    FLAG = "true or false"


_KINDS = {str: Kind.TEXT, int: Kind.WHOLE, float: Kind.REAL, Decimal: Kind.EXACT, bool: Kind.FLAG}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a relation.

    Attributes:
        name: as in all formats.
        kind: of its values.
        optional: whether a value may be missing; texts are never missing but may be "".
        description: one line of Markdown.
        values: all that it may hold, where that is a closed list.
    """

    name: str
    kind: Kind
    optional: bool
    description: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relation:
    """A named list of rows.

    Attributes:
        name: of its file, table or resource.
        description: one line of Markdown.
        row_type: the dataclass of its rows.
        key: the columns that no two rows have alike; empty where whole rows may be alike.
        parent: the relation in which the first columns of the key are a key; None for none.
    """

    name: str
    description: str
    row_type: type[Any]
    key: tuple[str, ...]
    parent: Relation | None = None

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in order."""
        hints = get_type_hints(self.row_type)
        return tuple(_to_column(one.name, hints[one.name], one.metadata[DESCRIPTION]) for one in fields(self.row_type))

    def rows_to_values(self, rows: Iterable[object]) -> list[tuple[Any, ...]]:
        """The rows as tuples in the order of the columns."""
        values_of = attrgetter(*(column.name for column in self.columns))
        return [values_of(row) for row in rows]


def _to_column(name: str, hint: Any, description: str) -> Column:
    alternatives: Sequence[Any] = get_args(hint) or (hint,)
    (plain,) = (one for one in alternatives if one is not NoneType)
    values = tuple(member.value for member in plain) if issubclass(plain, StrEnum) else ()
    kind = Kind.TEXT if values else _KINDS[plain]
    return Column(name, kind, NoneType in alternatives, description, values)
