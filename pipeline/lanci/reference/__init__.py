"""Reference lists: 政府收支分类科目 and 行政区划, as data of the package, with the look-ups that use them."""

from __future__ import annotations

from lanci.reference.divisions import Division, division_parents, find_division
from lanci.reference.names import Match, MatchKind, match_name, name_matches
from lanci.reference.readings import Suggestion, better_code, better_name
from lanci.reference.subjects import (
    Subject,
    SubjectSource,
    children,
    code_to_classification,
    find_named,
    is_covered,
    is_customary,
    lookup_code,
    parents,
    to_national,
)

__all__ = [
    "Division",
    "Match",
    "MatchKind",
    "Subject",
    "SubjectSource",
    "Suggestion",
    "better_code",
    "better_name",
    "children",
    "code_to_classification",
    "division_parents",
    "find_division",
    "find_named",
    "is_covered",
    "is_customary",
    "lookup_code",
    "match_name",
    "name_matches",
    "parents",
    "to_national",
]
