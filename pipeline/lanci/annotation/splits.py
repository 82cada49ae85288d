"""The fixed split of the ground truth into training, development and test documents.

All documents of a city are on one side, so that a form, an office or a scanner of the test documents is never met
in training; generated documents go by the family of their layout.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from lanci.annotation.records import AnnotatedDocument
from lanci.errors import AnnotationError
from lanci.json_schema import JsonSchema

_SCHEMA = JsonSchema("lanci.annotation", "splits-1.schema.json")
SCHEMA = "lanci/splits/1"


class Side(StrEnum):
    """What a document may be used for.

    ``TRAIN``: to fit models and to write rules. ``DEV``: to choose between models and settings. ``TEST``: to
    measure what was chosen, nothing else.
    """

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class CitySplit:
    """A city and the side of all its documents.

    ``sampled`` is how many documents of it the collection holds from which documents to annotate are taken
    (sides were drawn with it); ``documents`` are the ids of the annotated ones, sorted.
    """

    city: str
    side: Side
    sampled: int
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Splits:
    """Every city and every layout family of generated documents on its side.

    Attributes:
        seed: with which the sides of the cities that are not fixed were drawn.
        cities: in the order of the file.
        families: layout family and side.
    """

    seed: int
    cities: tuple[CitySplit, ...]
    families: tuple[tuple[str, Side], ...] = ()

    def side(self, document: AnnotatedDocument) -> Side:
        """The side of a document: that of its layout family when it is a generated one, else that of its city.

        Raises:
            AnnotationError: the file says nothing of its city.
        """
        for family, side in self.families:
            if family == document.layout:
                return side
        return self.side_of_city(_place(document))

    def side_of_city(self, city: str) -> Side:
        """The side of a city, named with or without 市; AnnotationError when there is none."""
        entry = self._entry(city)
        if entry is None:
            raise AnnotationError(f"the splits name no side for {city or 'a document without a city'}; add it to them")
        return entry.side

    def side_of_family(self, family: str) -> Side:
        """The side of a layout family of generated documents; AnnotationError when there is none."""
        for name, side in self.families:
            if name == family:
                return side
        raise AnnotationError(f"the splits name no side for the layout family {family!r}; add it to them")

    def _entry(self, city: str) -> CitySplit | None:
        return next((entry for entry in self.cities if _city_key(entry.city) == _city_key(city)), None)


def load_splits(path: Path) -> Splits:
    """Read a file of splits.

    Raises:
        AnnotationError: it is no JSON, breaks its schema, or names a city, document or family twice.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AnnotationError(f"{path} cannot be read ({error.strerror}); name the file of splits") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: not a JSON file in UTF-8 ({error})") from error
    violation = min(_SCHEMA.find_violations(content), key=lambda v: [str(step) for step in v.path], default=None)
    if violation is not None:
        raise AnnotationError(f"{path}: {violation}")
    splits = Splits(
        content["seed"],
        tuple(CitySplit(c["city"], Side(c["side"]), c["sampled"], tuple(c["documents"])) for c in content["cities"]),
        tuple((f["family"], Side(f["side"])) for f in content["families"]),
    )
    twice = list(_named_twice(splits))
    if twice:
        raise AnnotationError(f"{path}: {'; '.join(twice)}")
    return splits


def save_splits(splits: Splits, path: Path) -> None:
    """Write the file as :func:`load_splits` reads it, one city or family a line."""

    def lines(entries: Iterable[dict[str, Any]]) -> str:
        return ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)

    cities = lines(
        {"city": c.city, "side": c.side.value, "sampled": c.sampled, "documents": list(c.documents)}
        for c in splits.cities
    )
    families = lines({"family": name, "side": side.value} for name, side in splits.families)
    parts = [
        f' "schema": "{SCHEMA}"',
        f' "seed": {splits.seed}',
        f' "cities": [\n{cities}\n ]',
        f' "families": [\n{families}\n ]' if families else ' "families": []',
    ]
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def check_splits(splits: Splits, documents: Sequence[AnnotatedDocument]) -> tuple[str, ...]:
    """All contradictions between the splits and all annotated documents, as sentences; empty when there is none.

    A document of which the splits do not say the side, one that is not listed with its city, one listed under
    another city, and listed ids that are no document.
    """
    problems = []
    listed = {name: entry for entry in splits.cities for name in entry.documents}
    families = {name for name, _ in splits.families}
    for document in documents:
        entry = splits._entry(_place(document))
        if document.layout in families:
            problems.append(f"{document.id}: its layout {document.layout!r} is the name of a family of generated ones")
        if entry is None:
            problems.append(f"{document.id}: no side for its city {_place(document)}; add the city")
        elif document.id not in listed:
            problems.append(f"{document.id}: not listed; add it to the documents of {entry.city} ({entry.side.value})")
        elif listed[document.id] is not entry:
            other = listed[document.id].city
            problems.append(f"{document.id}: listed under {other}, but it is of {_place(document)}; move it there")
    known = {document.id for document in documents}
    problems += [f"{name}: listed, but there is no such document; take it out" for name in listed if name not in known]
    return tuple(problems)


def list_documents(splits: Splits, documents: Sequence[AnnotatedDocument]) -> Splits:
    """The splits with exactly these documents listed, each with its city.

    Raises:
        AnnotationError: the splits name no side for a city.
    """
    ids: dict[str, list[str]] = {entry.city: [] for entry in splits.cities}
    for document in documents:
        entry = splits._entry(_place(document))
        if entry is None:
            raise AnnotationError(f"{document.id}: the splits name no side for {_place(document)}; add it to them")
        ids[entry.city].append(document.id)
    return replace(
        splits, cities=tuple(replace(entry, documents=tuple(sorted(ids[entry.city]))) for entry in splits.cities)
    )


def _place(document: AnnotatedDocument) -> str:
    """What published it: a city, or a province itself."""
    return document.city or document.province


def _city_key(city: str) -> str:
    return city.strip().removesuffix("市")


def _named_twice(splits: Splits) -> Iterator[str]:
    named = {
        "city": [_city_key(entry.city) for entry in splits.cities],
        "document": [name for entry in splits.cities for name in entry.documents],
        "family": [name for name, _ in splits.families],
    }
    for what, names in named.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield f"the {what} {name} is named {count} times; name it once, on one side"
