"""What a code or name that was read by OCR may be instead, by the list: suggestions, never corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from lanci.document import Alternative
from lanci.reference.names import match_name, strip_lead
from lanci.reference.subjects import Subject, find_named, lookup_code, to_key
from lanci.text import squash

_MOST_WRONG = 2
_SHORTEST_NAME = 3
"""A name of so few letters with one of them misread may be many things."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another reading of a cell that the list knows.

    ``text`` is the code or name in the list's wording; ``seen`` tells that the recogniser offered it as well.
    """

    text: str
    subject: Subject
    seen: bool


def better_name(code: str, text: str, alternatives: Sequence[Alternative] = ()) -> Suggestion | None:
    """The list's name for a code where a misread character or two part the printed one from it.

    A recogniser takes one character for another; where characters are missing or added the source is likely to
    word the name differently, and only an alternative reading that says otherwise counts.

    Args:
        code: as read, and taken to be right.
        text: the name as read.
        alternatives: other readings of the name's cell.
    """
    subject = lookup_code(code)
    plain = to_key(strip_lead(text))
    if subject is None or len(plain) < _SHORTEST_NAME or match_name(text, subject.forms).is_compatible:
        return None
    if find_named(plain, subject.classification):
        return None  # the name of another subject is no misread character
    offered = {to_key(strip_lead(alternative.text)) for alternative in alternatives}
    for form in subject.forms:
        key = to_key(form)
        misread = len(key) == len(plain) and _is_close(key, plain)
        if misread or (key in offered and Levenshtein.distance(key, plain) <= _MOST_WRONG):
            return Suggestion(form, subject, key in offered)
    return None


def _is_close(key: str, plain: str) -> bool:
    wrong = sum(a != b for a, b in zip(key, plain, strict=True))
    return wrong <= min(_MOST_WRONG, len(key) // 3)


def better_code(
    code: str, name: str, alternatives: Sequence[Alternative] = (), year: int | None = None
) -> Suggestion | None:
    """The code of the only subject with the printed name that one misread, lost or doubled digit leads to.

    Many subjects share a name (行政运行): those count whose code is that near. Where several are left, one that the
    recogniser offers is taken.

    Args:
        code: as read; anything that is printed in a code's place.
        name: as read, and taken to be right.
        alternatives: other readings of the code's cell.
        year: in which the code must be valid; None for any.
    """
    read = squash(code)
    near = [
        subject
        for subject in find_named(strip_lead(name))
        if subject.code != read and subject.is_valid(year) and Levenshtein.distance(subject.code, read) == 1
    ]
    offered = {squash(alternative.text) for alternative in alternatives}
    chosen = near if len(near) == 1 else [subject for subject in near if subject.code in offered]
    return Suggestion(chosen[0].code, chosen[0], chosen[0].code in offered) if len(chosen) == 1 else None
