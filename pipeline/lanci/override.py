"""What the user decides about tables that go on: joins and splits at places ``page:table``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from lanci.errors import OverrideError

_PLACE = re.compile(r"([0-9]{1,9})(?:[:：]([0-9]{1,9}))?")
_MAX_NUMBER = 100_000


class OverrideAction(StrEnum):
    """What becomes of a table and the one before it."""

    JOIN = "join"
    SPLIT = "split"


REASONS = {OverrideAction.JOIN: "joined by the user", OverrideAction.SPLIT: "split by the user"}
"""What the evidence of a table's part says of an override."""


@dataclass(frozen=True, slots=True)
class Override:
    """A table is joined to the one before it in reading order, or split from it, whatever the signs say.

    Attributes:
        action: join or split.
        page: the page on which the table, or this part of it, stands, from 1.
        table: which table of the page it is, from 1, from the top.
        origin: where the user wrote it, for messages; it does not bear on the result.
    """

    action: OverrideAction
    page: int
    table: int = 1
    origin: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.origin or f"{self.action.value} {self.page}:{self.table}"


@dataclass(frozen=True, slots=True)
class AppliedOverride:
    """An override that made the result; ``model_probability`` of a join is what the signs alone say, 0 to 1."""

    action: OverrideAction
    page: int
    table: int
    model_probability: float


def text_to_override(text: str, action: OverrideAction, origin: str) -> Override:
    """The override at the place ``12:2``, or ``12`` for ``12:1``.

    Raises:
        OverrideError: the text is no such place.
    """
    match = _PLACE.fullmatch(text.strip())
    if match is None:
        raise OverrideError(f"{origin}: {text[:40]!r} is no place of a table; write page:table, such as 12:1")
    page, table = int(match[1]), int(match[2] or 1)
    if not (1 <= page <= _MAX_NUMBER and 1 <= table <= _MAX_NUMBER):
        raise OverrideError(
            f"{origin}: {text[:40]!r}: pages and the tables of a page count from 1, none is over {_MAX_NUMBER}"
        )
    return Override(action, page, table, origin)
