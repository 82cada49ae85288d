"""Which division is meant, all mentions taken together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from lanci.entities.mentions import Basis, Mention
from lanci.reference import Division, division_parents

_SCORES = {Basis.CAPTION: 1.0, Basis.TEXT: 0.9, Basis.FILE_NAME: 0.5}
_SETTLED_ELSEWHERE = 0.8
"""What is left of a score when other texts had to settle which of several places of one name is meant."""

_SHORTENED = 0.9
"""What is left of it when the name is printed without 省 or 市."""


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """The division that is meant, or the candidates where that is open.

    Attributes:
        division: None where nothing tells, or where it is open.
        common: the smallest division that holds all candidates, or the division itself.
        basis: the weakest of what the decision needed.
        score: 0 to 1, higher is surer; a rank, no probability. 0 without a division.
        candidates: the places that may be meant, in the order of their codes; empty with a division.
        text: the most frequent text that names the division.
    """

    division: Division | None = None
    common: Division | None = None
    basis: Basis = Basis.NONE
    score: float = 0.0
    candidates: tuple[Division, ...] = ()
    text: str = ""


def match_place(mentions: Mapping[Basis, Sequence[Mention]]) -> PlaceMatch:
    """The smallest division that most mentions of the strongest basis name.

    Where several bear the name, other mentions settle it if all that tell them apart tell the same; otherwise it
    stays open. A place is never taken from a weaker basis while a stronger one names another.
    """
    basis = next(iter(mentions), Basis.NONE)
    if basis is Basis.NONE:
        return PlaceMatch()
    own = mentions[basis]
    found = sorted({one for mention in own for one in mention.divisions}, key=attrgetter("code"))
    total = sum(mention.count for mention in own)
    shares = {one: sum(mention.count for mention in own if mention.names(one)) / total for one in found}
    likely = [one for one in found if shares[one] > 1 / 2]
    deepest = max((len(one.code) for one in likely), default=0)
    likely = [one for one in likely if len(one.code) == deepest]
    if not likely:
        return _open(basis, found)
    score = _SCORES[basis]
    if len(likely) > 1:
        settled = _settle(likely, mentions)
        if settled is None:
            return _open(basis, likely)
        likely, basis = [settled[0]], max(basis, settled[1], key=list(Basis).index)
        score = min(score * _SETTLED_ELSEWHERE, _SCORES[basis])
    division = likely[0]
    text = max((one for one in own if division in one.divisions), key=attrgetter("count")).text
    score *= shares[division] * (1.0 if division.name in text else _SHORTENED)
    return PlaceMatch(division, division, basis, round(score, 4), text=text)


def _settle(likely: Sequence[Division], mentions: Mapping[Basis, Sequence[Mention]]) -> tuple[Division, Basis] | None:
    """The only one of several for which all mentions speak that tell them apart; the strongest basis goes first."""
    left = list(likely)
    for basis, ones in mentions.items():
        heard = [{one for one in left if mention.speaks_for(one)} for mention in ones]
        telling = [some for some in heard if 0 < len(some) < len(left)]
        left = [one for one in left if all(one in some for some in telling)]
        if len(left) <= 1:
            return (left[0], basis) if left else None
    return None


def _open(basis: Basis, candidates: Sequence[Division]) -> PlaceMatch:
    first, *others = candidates
    above = (*division_parents(first), first)
    shared = [one for one in above if all(other == one or other.is_within(one) for other in others)]
    return PlaceMatch(common=shared[-1] if shared else None, basis=basis, candidates=tuple(candidates))
