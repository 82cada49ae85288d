"""The 政府收支分类科目: subject codes with their names, as documents print them.

The list is not the whole of the published classification: it holds what real documents were seen to print, so that
a code which is not in it need not be wrong. ``README.md`` beside the data says where every line comes from.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from io import StringIO

from lanci.text import squash

SUBJECTS_FILE = "subjects.csv"
FIELDS = ("code", "name", "aliases", "since", "until", "first_seen", "last_seen", "votes", "source")
ALIAS_SEPARATOR = "|"

_CLASSIFICATIONS = {"2": "functional", "3": "department_economic", "5": "government_economic"}
_COVERED_SINCE = {"functional": 2019, "department_economic": 2018, "government_economic": 2018}
"""Older documents follow lists from before a reform that gave many codes another meaning."""
_DEEPEST = {"functional": 7, "department_economic": 5, "government_economic": 5}
"""The digits of the lowest level that is the same in the whole country."""
_SURE_VOTES = 5
_MANY = 10
_REST_DIGITS, _REST_WORD = "99", "其他"


class SubjectSource(StrEnum):
    """How the list knows a subject, the surest first.

    ``WRITTEN``: by hand from the published classification. ``ANNOTATED``: in an annotated document. ``MINED``: read
    from many documents, by votes.
    """

    WRITTEN = "written"
    ANNOTATED = "annotated"
    MINED = "mined"


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of one classification.

    Attributes:
        code: 3 (类), 5 (款) or 7 digits (项).
        name: in its usual wording, without spaces.
        aliases: other wordings and former names.
        since, until: the first and last fiscal year in which it is valid; None where that is not known.
        first_seen, last_seen: fiscal years of documents that print it; None where none is known to.
        votes: how many printings speak for the name.
        source: the surest way in which it is known.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    first_seen: int | None = None
    last_seen: int | None = None
    votes: int = 0
    source: SubjectSource = SubjectSource.MINED

    @property
    def classification(self) -> str:
        return _CLASSIFICATIONS[self.code[0]]

    @property
    def forms(self) -> tuple[str, ...]:
        """All known wordings, the usual one first."""
        return (self.name, *self.aliases)

    @property
    def is_sure(self) -> bool:
        """Whether the name is known well enough to say that another one contradicts it."""
        return self.source in (SubjectSource.WRITTEN, SubjectSource.ANNOTATED) or self.votes >= _SURE_VOTES

    def is_valid(self, year: int | None) -> bool:
        """Whether it may stand in a document of a fiscal year; yes for a year that is not known."""
        return year is None or ((self.since or year) <= year <= (self.until or year))


def to_key(name: str) -> str:
    """A name for comparing: without spaces, punctuation, brackets and the like."""
    return "".join(char for char in squash(name) if char.isalnum())


def code_to_classification(code: str) -> str | None:
    """The classification that a code belongs to by its first digit, None when it is none of the three."""
    return _CLASSIFICATIONS.get(code[:1])


def is_covered(code: str, year: int | None) -> bool:
    """Whether the list speaks of codes like this one in a fiscal year; yes for a year that is not known."""
    classification = code_to_classification(code)
    return classification is not None and (year is None or year >= _COVERED_SINCE[classification])


def to_national(code: str) -> str:
    """The part of a code that is the same in the whole country: places add levels below it to the economic codes."""
    classification = code_to_classification(code)
    return code if classification is None else code[: _DEEPEST[classification]]


def lookup_code(code: str, classification: str | None = None, year: int | None = None) -> Subject | None:
    """The subject of a code.

    Args:
        code: 3, 5 or 7 digits.
        classification: one of ``lanci.facets.CLASSIFICATIONS`` that the code must belong to; None for any.
        year: the fiscal year in which it must be valid; None for any.
    """
    subject = load_subjects().get(code)
    if subject is None or classification not in (None, subject.classification) or not subject.is_valid(year):
        return None
    return subject


def find_named(name: str, classification: str | None = None) -> tuple[Subject, ...]:
    """The subjects with exactly this name but for spaces and punctuation, in the order of codes."""
    found = _named().get(to_key(name), ())
    return tuple(subject for subject in found if classification in (None, subject.classification))


def is_customary(code: str, name: str) -> bool:
    """Whether a code that the list does not know is built as many are: 行政运行 is 01 below any 款, the rest 99.

    The 款 must be known.
    """
    if len(code) != 7 or code[:-2] not in load_subjects():
        return False
    alike = sum(subject.code[-2:] == code[-2:] for subject in find_named(name))
    return alike >= _MANY or (code.endswith(_REST_DIGITS) and to_key(name).startswith(_REST_WORD))


def children(code: str) -> tuple[Subject, ...]:
    """The subjects directly below a code, in the order of codes."""
    return _below().get(code, ())


def parents(code: str) -> tuple[Subject, ...]:
    """The subjects above a code, from the 类 down; also of a code that the list does not know."""
    known = load_subjects()
    return tuple(known[code[:length]] for length in range(3, len(code), 2) if code[:length] in known)


@cache
def load_subjects() -> Mapping[str, Subject]:
    """The list of the package by code, in the order of codes; read once."""
    text = files("lanci.reference").joinpath(SUBJECTS_FILE).read_text(encoding="utf-8")
    return {row[0]: _row_to_subject(row) for row in csv.reader(StringIO(text)) if row[0].isdecimal()}


@cache
def _below() -> Mapping[str, tuple[Subject, ...]]:
    """The subjects directly below each code."""
    found: dict[str, list[Subject]] = {}
    for code, subject in load_subjects().items():
        found.setdefault(code[:-2], []).append(subject)
    return {code: tuple(subjects) for code, subjects in found.items()}


@cache
def _named() -> Mapping[str, tuple[Subject, ...]]:
    """The subjects that bear each wording, as :func:`to_key` gives it."""
    found: dict[str, dict[str, Subject]] = {}
    for code, subject in load_subjects().items():
        for form in subject.forms:
            found.setdefault(to_key(form), {})[code] = subject
    return {name: tuple(subjects.values()) for name, subjects in found.items()}


def _row_to_subject(row: list[str]) -> Subject:
    code, name, aliases, since, until, first_seen, last_seen, votes, source = row
    return Subject(
        code,
        name,
        tuple(aliases.split(ALIAS_SEPARATOR)) if aliases else (),
        since=_to_year(since),
        until=_to_year(until),
        first_seen=_to_year(first_seen),
        last_seen=_to_year(last_seen),
        votes=int(votes),
        source=SubjectSource(source),
    )


def _to_year(text: str) -> int | None:
    return int(text) if text else None
