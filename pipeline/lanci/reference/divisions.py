"""The 行政区划: provinces, cities and counties with their codes, and finding them in the names of offices."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from lanci.text import squash

DIVISIONS_FILE = "divisions.csv"
DIVISION_FIELDS = ("code", "name")

_PLACEHOLDER = re.compile(r"市辖区|县|.*直辖县级行政区划")
"""Entries that only hold the tree together: nobody is called so."""
_SHORTENED = re.compile(r"(.{2,}?)(?:(?:[壮回]族|维吾尔)?自治区|省|市|地区|盟)")
_SHORTENED_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Division:
    """A province (2 digits), a city, prefecture or league (4) or a county, district or banner (6)."""

    code: str
    name: str

    def is_within(self, other: Division) -> bool:
        """Whether it is a part of another one."""
        return len(self.code) > len(other.code) and self.code.startswith(other.code)


@dataclass(frozen=True, slots=True)
class _DivisionList:
    by_code: Mapping[str, Division]
    full: Mapping[str, tuple[Division, ...]]
    short: Mapping[str, tuple[Division, ...]]
    longest: int


def find_division(text: str) -> tuple[Division, ...]:
    """The smallest division that a text names (``河北省邢台市临西县人民政府`` → 临西县), all readings of it.

    A division above it in the text settles which of several with one name is meant (``北京市朝阳区``). Names of
    provinces and cities count without 省 or 市 only where the text begins or a division goes before.

    Returns:
        No division, one, or where the text leaves it open several in the order of their codes.
    """
    mentions = [*_find_mentions(squash(text))]
    best: tuple[int, int] = (-1, 0)
    found: dict[str, Division] = {}
    for mention in mentions:
        for division in mention:
            support = sum(any(division.is_within(above) for above in other) for other in mentions)
            rank = (support, len(division.code))
            if rank > best:
                best, found = rank, {}
            if rank == best:
                found[division.code] = division
    return tuple(found[code] for code in sorted(found))


def division_parents(division: Division) -> tuple[Division, ...]:
    """The divisions that it is a part of, from the province down; entries that are no places are left out."""
    by_code = _load().by_code
    above = (by_code[division.code[:length]] for length in range(2, len(division.code), 2))
    return tuple(parent for parent in above if not _PLACEHOLDER.fullmatch(parent.name))


def _find_mentions(text: str) -> Iterator[tuple[Division, ...]]:
    """Every longest name from left to right, with all divisions that bear it."""
    known = _load()
    start, follows = 0, True
    while start < len(text):
        step = 1
        for length in range(min(known.longest, len(text) - start), 1, -1):
            name = text[start : start + length]
            divisions = known.full.get(name) or (known.short.get(name) if follows else None)
            if divisions:
                yield divisions
                step = length
                break
        follows = step > 1
        start += step


@cache
def _load() -> _DivisionList:
    text = files("lanci.reference").joinpath(DIVISIONS_FILE).read_text(encoding="utf-8")
    divisions = [Division(code, name) for code, name in csv.reader(StringIO(text)) if code.isdecimal()]
    full: dict[str, tuple[Division, ...]] = {}
    short: dict[str, tuple[Division, ...]] = {}
    for division in divisions:
        if _PLACEHOLDER.fullmatch(division.name):
            continue
        same = full.get(division.name, ())
        # A city without counties is listed again as its own only part.
        if not any(division.is_within(other) for other in same):
            full[division.name] = (*same, division)
        if len(division.code) <= _SHORTENED_DIGITS and (match := _SHORTENED.fullmatch(division.name)):
            short[match.group(1)] = (*short.get(match.group(1), ()), division)
    longest = max(map(len, full))
    return _DivisionList({division.code: division for division in divisions}, full, short, longest)
