"""How a printed name compares with the names that a subject is known by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from lanci.reference.subjects import lookup_code, to_key
from lanci.text import squash

_LEAD = re.compile(r"(?:其中:)?(?:[一二三四五六七八九十]+、|\d{3,7}[-—_.、:]?)?")
_SHORTEST_PART = 2
_NOISE_SHARE = 4
"""One character in so many may differ before a name counts as another one."""


class MatchKind(StrEnum):
    """How a printed name relates to a known one, the closest first.

    ``EXACT``: the same but for spaces and line breaks. ``PUNCTUATION``: the same letters. ``CUT``: a part of the
    known name (text that overflows its cell, or a page break). ``LONGER``: the known name with something added.
    ``NOISY``: a few characters differ. ``OTHER``: something else.
    """

    EXACT = "exact"
    PUNCTUATION = "punctuation"
    CUT = "cut"
    LONGER = "longer"
    NOISY = "noisy"
    OTHER = "other"


_RANKS = {kind: rank for rank, kind in enumerate(MatchKind)}
_form_to_plain = lru_cache(maxsize=4096)(squash)


@dataclass(frozen=True, slots=True)
class Match:
    """The best match of a printed name among known wordings.

    ``score`` is 1 for the same letters and goes down to 0 with the share of letters that differ; ``form`` is the
    wording that was matched.
    """

    kind: MatchKind
    score: float
    form: str

    @property
    def is_compatible(self) -> bool:
        """Whether the printed name can be the known one, cut or with something added."""
        return self.kind in (MatchKind.EXACT, MatchKind.PUNCTUATION, MatchKind.CUT, MatchKind.LONGER)


def name_matches(code: str, name: str) -> Match | None:
    """How a printed name fits its code; None when the list does not know the code or nothing is printed."""
    subject = lookup_code(code)
    return match_name(name, subject.forms) if subject is not None and to_key(name) else None


def match_name(name: str, forms: Iterable[str]) -> Match:
    """The best match of a printed name; ordinals, codes and 其中 before it are passed over.

    Raises:
        ValueError: there are no forms.
    """
    plain = strip_lead(name)
    matches = [_match(plain, form) for form in forms]
    return min(matches, key=lambda match: (_RANKS[match.kind], -match.score))


def strip_lead(name: str) -> str:
    """A printed name without spaces and without the ordinal, code or 其中 before it."""
    plain = squash(name)
    return plain[len(match.group()) :] if (match := _LEAD.match(plain)) else plain


def _match(plain: str, form: str) -> Match:
    if plain == _form_to_plain(form):
        return Match(MatchKind.EXACT, 1.0, form)
    left, right = to_key(plain), to_key(form)
    if left == right:
        return Match(MatchKind.PUNCTUATION, 1.0, form)
    longest = max(len(left), len(right))
    distance = Levenshtein.distance(left, right)
    score = 1.0 - distance / longest
    if len(left) >= _SHORTEST_PART and left in right:
        return Match(MatchKind.CUT, score, form)
    if left.startswith(right):
        return Match(MatchKind.LONGER, score, form)
    kind = MatchKind.NOISY if distance <= max(1, longest // _NOISE_SHARE) else MatchKind.OTHER
    return Match(kind, score, form)
