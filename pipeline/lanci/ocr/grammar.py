"""What numbers of one kind look like in print, as small state machines that steer the CTC search.

A grammar is a regular language over :data:`lanci.ocr.engine.NUMERIC_ALPHABET`. As a machine it answers in one
look-up the question that a beam search asks at every step: may this character come next?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lanci.ocr.engine import NUMERIC_ALPHABET

NO_STATE = -1
"""What a machine steps to when a character may not come next."""

_COLUMNS = {char: column for column, char in enumerate(NUMERIC_ALPHABET)}
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Grammar:
    """A machine whose state 0 is the beginning.

    Attributes:
        name: for messages and records.
        steps: the next state for each state and each character of ``NUMERIC_ALPHABET``, or :data:`NO_STATE`.
        final: states in which a text may end.
    """

    name: str
    steps: tuple[tuple[int, ...], ...] = field(repr=False)
    final: frozenset[int] = field(repr=False)

    def step(self, state: int, char: str) -> int:
        """The state after ``char``, or :data:`NO_STATE`."""
        column = _COLUMNS.get(char)
        return NO_STATE if column is None or state == NO_STATE else self.steps[state][column]

    def may_begin(self, prefix: str) -> bool:
        """Whether some text of the grammar begins with ``prefix``."""
        return self._run(prefix) != NO_STATE

    def fullmatch(self, text: str) -> bool:
        """Whether ``text`` is of the grammar."""
        return self._run(text) in self.final

    def _run(self, text: str) -> int:
        state = 0
        for char in text:
            state = self.step(state, char)
        return state


def make_grammar(name: str, machine: Mapping[str, Mapping[str, str]], final: Sequence[str]) -> Grammar:
    """Number the states of a machine.

    Args:
        name: of the grammar.
        machine: for each state, the beginning first, sets of characters with the state that they lead to.
        final: the states in which a text may end.
    """
    number = {state: i for i, state in enumerate(machine)}
    steps = []
    for moves in machine.values():
        row = [NO_STATE] * len(NUMERIC_ALPHABET)
        for chars, state in moves.items():
            for char in chars:
                row[_COLUMNS[char]] = number[state]
        steps.append(tuple(row))
    return Grammar(name, tuple(steps), frozenset(number[state] for state in final))


_AFTER_DIGITS = {".": "point", "%": "percent"}

AMOUNT = make_grammar(
    "amount",
    {
        "start": {"-": "sign", _DIGITS: "one"},
        "sign": {_DIGITS: "one"},
        "one": {_DIGITS: "two", ",": "comma", **_AFTER_DIGITS},
        "two": {_DIGITS: "three", ",": "comma", **_AFTER_DIGITS},
        "three": {_DIGITS: "long", ",": "comma", **_AFTER_DIGITS},
        "long": {_DIGITS: "long", **_AFTER_DIGITS},
        "comma": {_DIGITS: "group-1"},
        "group-1": {_DIGITS: "group-2"},
        "group-2": {_DIGITS: "group-3"},
        "group-3": {",": "comma", **_AFTER_DIGITS},
        "point": {_DIGITS: "decimals"},
        "decimals": {_DIGITS: "decimals", "%": "percent"},
        "percent": {},
    },
    ["one", "two", "three", "long", "group-3", "decimals", "percent"],
)
"""A printed number: grouped in threes or not at all, with a digit on both sides of the point."""

WHOLE = make_grammar(
    "whole",
    {
        "start": {"-": "sign", _DIGITS: "one"},
        "sign": {_DIGITS: "one"},
        "one": {_DIGITS: "two", ",": "comma"},
        "two": {_DIGITS: "three", ",": "comma"},
        "three": {",": "comma"},
        "comma": {_DIGITS: "group-1"},
        "group-1": {_DIGITS: "group-2"},
        "group-2": {_DIGITS: "group-3"},
        "group-3": {",": "comma"},
    },
    ["one", "two", "three", "group-3"],
)
"""An amount without decimals, its thousands set apart by commas."""

PERCENT = make_grammar(
    "percent",
    {
        "start": {"-": "sign", _DIGITS: "digits"},
        "sign": {_DIGITS: "digits"},
        "digits": {_DIGITS: "digits", **_AFTER_DIGITS},
        "point": {_DIGITS: "decimals"},
        "decimals": {_DIGITS: "decimals", "%": "percent"},
        "percent": {},
    },
    ["percent"],
)
"""A share with its sign; numbers of a column of shares that is printed without it are amounts."""

CODE = make_grammar(
    "code",
    {
        "0": {_DIGITS: "1"},
        "1": {_DIGITS: "2"},
        "2": {_DIGITS: "3"},
        "3": {_DIGITS: "4", ".": "dot"},
        "4": {_DIGITS: "5"},
        "5": {_DIGITS: "6"},
        "6": {_DIGITS: "7"},
        "7": {},
        "dot": {_DIGITS: "dot 1"},
        "dot 1": {_DIGITS: "dot 2"},
        "dot 2": {".": "last"},
        "last": {_DIGITS: "last 1"},
        "last 1": {_DIGITS: "last 2"},
        "last 2": {},
    },
    ["3", "5", "7", "dot 2", "last 2"],
)
"""A code of the budget classification: class, type and item in 3, 2 and 2 digits, plain or dotted."""

SERIAL = make_grammar(
    "serial",
    {
        "0": {_DIGITS[1:]: "1"},
        "1": {_DIGITS: "2"},
        "2": {_DIGITS: "3"},
        "3": {_DIGITS: "4"},
        "4": {},
    },
    ["1", "2", "3", "4"],
)
"""A row's number in its table, from 1."""
