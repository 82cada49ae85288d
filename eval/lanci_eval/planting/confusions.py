"""What readers of scans make of printed numbers: which digit becomes which, what is lost and what is doubled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein

from lanci.numbers import parse_amount
from lanci.text import squash

DATA_FILE = "confusions.json"
_MOST_EDITS = 2
"""A text with more wrong characters than this is garbled: which of them stands for which cannot be told."""


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A printed number and what was read in its place; ``profile`` and ``noise`` say from which picture."""

    profile: str
    noise: str
    printed: str
    read: str

    @property
    def is_misread(self) -> bool:
        """Whether another amount was read, or none."""
        return parse_amount(self.read) != parse_amount(self.printed)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the counts come from: ``n_garbled`` misread numbers are in none of them."""

    engine: str
    datasets: tuple[str, ...]
    n_pages: int
    n_numbers: int
    n_misread: int
    n_garbled: int
    n_by_picture: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Confusions:
    """How often each printed piece of a number was read as another one.

    Attributes:
        edits: counts by printed and read piece: ("7", "1") another character, ("7", "") lost, ("7", "77") doubled,
            ("", "7") read where nothing is printed.
        provenance: of the counts.
    """

    edits: Mapping[tuple[str, str], int]
    provenance: Provenance

    def count(self, printed: str, read: str) -> int:
        """How often one piece was read as another."""
        return self.edits.get((printed, read), 0)


def count_confusions(readings: Iterable[NumberReading]) -> tuple[Counter[tuple[str, str]], int]:
    """The edits of all misread numbers, and how many of these are garbled or were read as blank."""
    edits: Counter[tuple[str, str]] = Counter()
    garbled = 0
    for one in readings:
        if not one.is_misread:
            continue
        found = find_edits(squash(one.printed), squash(one.read))
        garbled += not found
        edits.update(found)
    return edits, garbled


def find_edits(printed: str, read: str) -> list[tuple[str, str]]:
    """The pieces of a number that were read as others, from left to right; none if too much is wrong."""
    steps = Levenshtein.editops(printed, read)
    if not read or len(steps) > _MOST_EDITS:
        return []
    found = []
    for step in steps:
        if step.tag == "insert":
            char = read[step.dest_pos]
            beside = read[max(step.dest_pos - 1, 0) : step.dest_pos] + read[step.dest_pos + 1 : step.dest_pos + 2]
            found.append((char, 2 * char) if char in beside else ("", char))
        else:
            found.append((printed[step.src_pos], read[step.dest_pos] if step.tag == "replace" else ""))
    return found


def confusions_to_json(confusions: Confusions) -> str:
    """The text of the data file."""
    counts = sorted(((*pieces, count) for pieces, count in confusions.edits.items()), key=lambda one: (-one[2], one))
    lines = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in counts)
    origin = json.dumps(asdict(confusions.provenance), ensure_ascii=False, indent=1, sort_keys=True)
    return f'{{"provenance": {origin},\n "edits": [\n  {lines}\n ]}}\n'


@cache
def load_confusions() -> Confusions:
    """The counts that come with the package."""
    text = files("lanci_eval.planting").joinpath(f"data/{DATA_FILE}").read_text(encoding="utf-8")
    plain = json.loads(text)
    origin = plain["provenance"]
    provenance = Provenance(**{**origin, "datasets": tuple(origin["datasets"])})
    return Confusions({(printed, read): count for printed, read, count in plain["edits"]}, provenance)
