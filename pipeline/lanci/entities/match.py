"""The entity of a document: place and department."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lanci.document import Document
from lanci.entities.mentions import Basis, find_mentions
from lanci.entities.places import PlaceMatch, match_place
from lanci.reference import Division, division_parents, find_division
from lanci.text import squash

_PARTY = re.compile("中共|中国共产党")
_LEVELS = {2: "province", 4: "city", 6: "county"}


@dataclass(frozen=True, slots=True)
class EntityMatch:
    """Whose document it is, as far as that is certain.

    Attributes:
        printed: the entity as it is printed above more than half of the tables that print one, never changed; ""
            where there is none: a department's document may hold tables of many units.
        division_code: code of the place among the 行政区划, "" where it is not known or open.
        province: its name; also where only the county is open and all candidates are in this province.
        city: its name, "" for a province, or for a county right under one.
        county: its name, "" for a city or a province.
        department: the printed entity without the names of its place: 财政局. A committee of the party keeps the level
            of its place (县委办公室).
        score: 0 to 1, how sure the place is; a rank, no probability. 0 where it is not matched.
        basis: the weakest that the match rests on; ``file_name`` is a hint by whoever named the file.
        candidates: the places that may be meant where that is open: they are to be listed for a person.
    """

    printed: str = ""
    division_code: str = ""
    province: str = ""
    city: str = ""
    county: str = ""
    department: str = ""
    score: float = 0.0
    basis: Basis = Basis.NONE
    candidates: tuple[Division, ...] = ()


def normalise(document: Document, paths: Iterable[str] = ()) -> EntityMatch:
    """The entity of a document, its place found among the 行政区划 of 2023.

    Args:
        document: the document.
        paths: the names by which it came, folders included; they count only where no printed text tells.
    """
    place = match_place(find_mentions(document, paths))
    entities = Counter(table.caption.entity for table in document.tables if table.caption.entity)
    printed = next((text for text, count in entities.items() if 2 * count > entities.total()), "")
    names = _level_names(place)
    return EntityMatch(
        printed=printed,
        division_code="" if place.division is None else place.division.code,
        province=names.get("province", ""),
        city=names.get("city", ""),
        county=names.get("county", ""),
        department=_department(printed, _chain(place)),
        score=place.score,
        basis=place.basis,
        candidates=place.candidates,
    )


def _level_names(place: PlaceMatch) -> dict[str, str]:
    if place.common is None:
        return {}
    return {_LEVELS[len(one.code)]: one.name for one in (*division_parents(place.common), place.common)}


def _chain(place: PlaceMatch) -> Sequence[Division]:
    """All divisions whose names may stand before a department's."""
    ends = place.candidates if place.division is None else (place.division,)
    return [one for end in ends for one in (*division_parents(end), end)]


def _department(printed: str, chain: Sequence[Division]) -> str:
    """The entity without the names of places that it begins with."""
    rest = squash(printed)
    party = match.group() if (match := _PARTY.match(rest)) else ""
    rest, last = rest[len(party) :], ""
    while length := _leading_place(rest, chain):
        last, rest = rest[length - 1], rest[length:]
    # 临西县委: the level belongs to the committee's name as well as to the place's.
    return party + (last if rest.startswith("委") else "") + rest


def _leading_place(text: str, chain: Sequence[Division]) -> int:
    """How many characters of a text are the name of one of the places that it begins with, as long as can be."""
    longest = max((len(one.name) for one in chain), default=0)
    for length in range(min(longest, len(text)), 1, -1):
        name = text[:length]
        if any(one.name == name or (one.name.startswith(name) and one in find_division(name)) for one in chain):
            return length
    return 0
