"""What may be printed where OCR read an amount, and how likely that is against what was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lanci.document import Cell, TextSource
from lanci.interpret import is_nothing
from lanci.numbers import MINUS, parse_amount
from lanci.text import squash
from lanci.validate.constraints import Term

_AMONG = 0.6
"""How often the printed text is among the other readings of an amount that was misread."""

_SUBSTITUTED, _GAINED, _DROPPED, _SEPARATOR, _MINUS = 0.35, 0.15, 0.2, 0.2, 0.1
"""Shares of the ways in which an amount is misread otherwise: another digit, one too many or too few, signs."""

_ALIKE = {
    "0": "869",
    "1": "74",
    "2": "73",
    "3": "85",
    "4": "91",
    "5": "63",
    "6": "805",
    "7": "12",
    "8": "3609",
    "9": "408",
}
"""Printed digits with those that they are mostly misread as."""
_PAIR_ALIKE, _PAIR_OTHER = 0.25, 0.04
"""How often a misread digit becomes one that looks like it, and one of the others."""

_SECOND_EDIT = 0.05
"""How often a text with one misread digit has another one."""

_HIDES_AMOUNT = 0.3
"""Share of the wrongly blank cells among amounts that hide an amount: 155 of 554."""
_ANY_AMOUNT = 1e-3
"""How probable one special value is where any could stand."""
_SMEAR = 0.01
"""How often a misread amount is something else in a blank cell."""
_FAINT = 1e-3
"""Probability below which another reading is no more than what right readings have beside them: of 176 such readings
of other amounts beside right ones, 7 were more probable."""

_MOST_CERTAIN = 0.9999
_LEAST_CERTAIN = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of a cell.

    Attributes:
        value: its amount, 0 for a blank.
        text: as it may be printed; None where a blank hides an amount, or what was read is no print at all.
        odds: how probable it is that this is printed and that what was read was made of it, in units of the
            probability that what was read is printed.
    """

    value: Decimal
    text: str | None
    odds: float


def other_readings(term: Term) -> Iterator[Reading]:
    """The recogniser's own other readings of an amount read by OCR, those of other values only."""
    if term.cell.source is not TextSource.OCR:
        return
    rivals: dict[Decimal, tuple[str, float]] = {}
    for one in term.cell.alternatives:
        value = parse_amount(one.text)
        if value is not None and (value != term.value or term.is_unreadable):
            text, probability = rivals.get(value, (one.text, 0.0))
            rivals[value] = (text, probability + one.probability)
    whole = sum(probability for _, probability in rivals.values())
    for value, (text, probability) in rivals.items():
        likelihood = min(probability / _FAINT, 1.0) * probability / whole if whole else 0.0
        yield Reading(value, text, _doubt(term.cell) * _AMONG * likelihood)


def reading_of(term: Term, value: Decimal) -> Reading | None:
    """The likeliest way in which a cell read by OCR may print a value, by the usual mistakes of readers."""
    cell = term.cell
    if cell.source is not TextSource.OCR or (value == term.value and not term.is_unreadable):
        return None
    doubt = _doubt(cell)
    if is_nothing(cell.text):
        return Reading(value, None, doubt * _HIDES_AMOUNT * _ANY_AMOUNT)
    likelihood, text = max((_likelihood(own, _plain(cell.text)), own) for own in _spellings(value, term))
    if likelihood:
        return Reading(value, _group_as(cell.text, text), doubt * (1 - _AMONG) * likelihood)
    return None if value else Reading(value, None, doubt * (1 - _AMONG) * _SMEAR)


def _doubt(cell: Cell) -> float:
    """The odds that a cell was misread, by its calibrated confidence."""
    confidence = min(max(cell.confidence, _LEAST_CERTAIN), _MOST_CERTAIN)
    return (1 - confidence) / confidence


def _plain(text: str) -> str:
    """The digits, point and minus of a text as it was read; thousands commas fall away."""
    plain = squash(text).replace(",", "")
    return "-" + plain[1:] if plain[:1] and plain[0] in MINUS else plain


def _spellings(value: Decimal, term: Term) -> set[str]:
    """How a value is written: to the places of the table, and without zeros at the end."""
    exponent = value.normalize().as_tuple().exponent
    own = max(-exponent, 0) if isinstance(exponent, int) else 0
    # Half a unit of the last place: its exponent is one below that place.
    slack = term.slack.as_tuple().exponent if term.slack else 0
    usual = max(-slack - 1, 0) if isinstance(slack, int) else 0
    return {f"{value:.{own}f}", f"{value:.{max(own, usual)}f}"}


def _group_as(read: str, text: str) -> str:
    """A number with thousands commas if what was read has them."""
    if "," not in read:
        return text
    places = len(text.partition(".")[2])
    return f"{Decimal(text):,.{places}f}"


def _likelihood(printed: str, read: str) -> float:
    """How probable it is that a misread amount is read just so, from what is printed; 0 for no usual mistake."""
    if _digits(printed) == _digits(read):
        if printed.count("-") != read.count("-"):
            return _MINUS if printed.replace("-", "") == read.replace("-", "") else 0.0
        return _SEPARATOR
    n = max(len(_digits(printed)), 1)
    if len(printed) == len(read):
        return _SUBSTITUTED * _substitutions(printed, read, n)
    longer, shorter = (printed, read) if len(printed) > len(read) else (read, printed)
    place = _extra_place(longer, shorter)
    if place is None or not longer[place].isdigit():
        return 0.0
    return (_DROPPED if longer is printed else _GAINED) / n


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _substitutions(printed: str, read: str, n: int) -> float:
    pairs = [(a, b) for a, b in zip(printed, read, strict=True) if a != b]
    if len(pairs) > 2 or not all(a.isdigit() and b.isdigit() for a, b in pairs):
        return 0.0
    likelihood = 1.0
    for index, (a, b) in enumerate(pairs):
        likelihood *= (_PAIR_ALIKE if b in _ALIKE[a] else _PAIR_OTHER) / n * (_SECOND_EDIT if index else 1.0)
    return likelihood


def _extra_place(longer: str, shorter: str) -> int | None:
    """Where the longer text has one character more than the shorter; None if they differ otherwise."""
    if len(longer) != len(shorter) + 1:
        return None
    place = next((i for i, char in enumerate(shorter) if longer[i] != char), len(shorter))
    return place if longer[place + 1 :] == shorter[place:] else None
