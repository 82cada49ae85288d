"""The shipped list of subjects, merged from all evidence: deterministic, and what is doubtful stays out."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from statistics import median

from lanci.reference import MatchKind, Subject, SubjectSource, match_name
from lanci.reference.subjects import ALIAS_SEPARATOR, FIELDS, to_key
from lanci.training.subject_evidence import Printing

_ANNOTATED_WEIGHT = 5
"""An annotated name is exact, a mined one may be cut where a cell wraps."""
_CUT_SHARE = 4
"""A longer wording with one in so many votes of the shorter one is the whole name, else another name."""
_RARE_SHARE = 10
"""A mined code with less than one in so many of the usual votes of its classification needs another sign."""
_ALIAS_SHARE = 10
"""Another wording with fewer votes than one in so many is only kept where it looks like the name."""
_ALIAS_VOTES = 2
_REMARK = re.compile(r"（[^（）]*）")
_STRAY = re.compile(r"[）)”“，、。：]|.*[“”：，、]$|.*（[^）]*$")
"""Pieces of other text: what begins with a closing mark, ends with an open one, or has a bracket left open."""
_SOURCES = tuple(SubjectSource)


@dataclass(frozen=True, slots=True)
class MergedList:
    """The list in the order of codes, with sentences on what was left out and why."""

    subjects: tuple[Subject, ...]
    remarks: tuple[str, ...]


def merge_subjects(printings: Iterable[Printing]) -> MergedList:
    """One subject for each code whose name the evidence settles, with all its parents."""
    by_code: dict[str, list[Printing]] = {}
    for printing in printings:
        if len(printing.name) > 1 and not _STRAY.match(printing.name):
            by_code.setdefault(printing.code, []).append(printing)
    subjects = {code: _merge_code(code, by_code[code]) for code in sorted(by_code)}
    remarks = _drop_rare(subjects)
    remarks += _drop_orphans(subjects)
    ordered = [subjects[code] for code in sorted(subjects)]
    return MergedList(tuple(_with_inherited_years(ordered)), tuple(remarks))


def list_to_csv(subjects: Sequence[Subject]) -> str:
    """The file of the package; ``lanci.reference`` reads it back."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    for s in subjects:
        aliases = ALIAS_SEPARATOR.join(s.aliases)
        years = [year or "" for year in (s.since, s.until, s.first_seen, s.last_seen)]
        writer.writerow([s.code, s.name, aliases, *years, s.votes, s.source.value])
    return out.getvalue()


def _weight(printing: Printing) -> int:
    if printing.source is SubjectSource.WRITTEN:
        return 1_000_000 if printing.is_usual else 0
    return printing.votes * (_ANNOTATED_WEIGHT if printing.source is SubjectSource.ANNOTATED else 1)


def _merge_code(code: str, printings: Sequence[Printing]) -> Subject:
    weights: dict[str, int] = {}
    for printing in sorted(printings, key=lambda p: (p.name, p.source)):
        weights[printing.name] = weights.get(printing.name, 0) + _weight(printing)
    name = min(weights, key=lambda wording: (-weights[wording], wording))
    for longer in sorted(weights, key=len):
        if _extends(longer, name) and _CUT_SHARE * weights[longer] >= weights[name]:
            name = longer
    trusted = {p.name for p in printings if p.source is not SubjectSource.MINED or _is_alias(p, name, weights[name])}
    aliases = [
        wording
        for wording in sorted(trusted - {name})
        if not name.startswith(wording) and (not wording.startswith(name) or _extends(wording, name))
    ]
    years = sorted(year for p in printings for year in (p.first_year, p.last_year) if year)
    return Subject(
        code,
        name,
        tuple(aliases),
        since=next((p.since for p in printings if p.since), None),
        until=next((p.until for p in printings if p.until), None),
        first_seen=years[0] if years else None,
        last_seen=years[-1] if years else None,
        votes=sum(p.votes for p in printings if p.name == name),
        source=min((p.source for p in printings), key=_SOURCES.index),
    )


def _is_alias(printing: Printing, name: str, weight: int) -> bool:
    """Whether a mined wording is another name, no text of a neighbouring cell."""
    if printing.votes < _ALIAS_VOTES:
        return False
    common = printing.votes * _ALIAS_SHARE >= weight
    return common or match_name(printing.name, [name]).kind is not MatchKind.OTHER


def _extends(longer: str, name: str) -> bool:
    """Whether a wording goes on where another one stops, with more than a remark in brackets."""
    return longer != name and longer.startswith(name) and not _REMARK.fullmatch(longer[len(name) :])


def _drop_rare(subjects: dict[str, Subject]) -> list[str]:
    """Take out mined codes that hardly any document prints and whose name no other code bears."""
    usual = {
        kind: median(s.votes for s in subjects.values() if s.classification == kind and s.votes)
        for kind in sorted({s.classification for s in subjects.values() if s.votes})
    }
    bearers: dict[str, int] = {}
    for subject in subjects.values():
        bearers[to_key(subject.name)] = bearers.get(to_key(subject.name), 0) + 1
    rare = [
        s
        for s in subjects.values()
        if s.source is SubjectSource.MINED
        and s.votes * _RARE_SHARE < usual[s.classification]
        and bearers[to_key(s.name)] == 1
    ]
    for subject in rare:
        del subjects[subject.code]
    return [f"{s.code} {s.name}: {s.votes} votes, no other sign" for s in rare]


def _drop_orphans(subjects: dict[str, Subject]) -> list[str]:
    orphans = [code for code in sorted(subjects) if any(code[:n] not in subjects for n in range(3, len(code), 2))]
    remarks = [f"{code} {subjects[code].name}: no name for {code[:-2]}" for code in orphans]
    for code in orphans:
        del subjects[code]
    return remarks


def _with_inherited_years(ordered: Sequence[Subject]) -> Iterable[Subject]:
    """A subject is valid no longer than what it is a part of."""
    years: dict[str, tuple[int | None, int | None]] = {}
    for subject in ordered:
        since, until = years.get(subject.code[:-2], (None, None))
        years[subject.code] = (_latest(since, subject.since), _earliest(until, subject.until))
        yield replace(subject, since=years[subject.code][0], until=years[subject.code][1])


def _latest(a: int | None, b: int | None) -> int | None:
    return max((year for year in (a, b) if year), default=None)


def _earliest(a: int | None, b: int | None) -> int | None:
    return min((year for year in (a, b) if year), default=None)
