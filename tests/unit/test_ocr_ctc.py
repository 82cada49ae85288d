"""CTC decoding, greedy and held to grammars, on small matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.ocr.ctc import CtcAlphabet, lattice_to_texts
from lanci.ocr.engine import NUMERIC_ALPHABET, Lattice
from lanci.ocr.grammar import AMOUNT, CODE, PERCENT, SERIAL, Grammar


def _lattice(*frames: dict[str, float]) -> Lattice:
    """One frame a mapping; the rest of a frame's probability is on 'no character'."""
    rows = []
    for frame in frames:
        chars = [frame.get(char, 0.0) for char in NUMERIC_ALPHABET]
        rows.append([1.0 - sum(chars) - frame.get("other", 0.0), *chars])
    return np.array(rows, dtype=np.float32)


def _spell(text: str) -> Lattice:
    return _lattice(*(frame for char in text for frame in ({char: 0.98}, {})))


def test_greedy_decoding_joins_repeats_and_splits_at_blanks() -> None:
    alphabet = CtcAlphabet(["a", "b"])
    frames = np.array(
        [
            [0.1, 0.8, 0.1, 0.0],
            [0.2, 0.7, 0.1, 0.0],
            [0.9, 0.1, 0.0, 0.0],
            [0.1, 0.9, 0.0, 0.0],
            [0.1, 0.3, 0.6, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ],
        dtype=np.float32,
    )
    reading = alphabet.to_reading(frames, 1.0)
    assert reading.text == "aab "
    assert reading.confidence == pytest.approx(0.6, abs=0.01)
    assert [c for c, _ in reading.chars[2].candidates][:2] == ["b", "a"]
    assert [round(char.position, 2) for char in reading.chars] == [0.17, 0.58, 0.75, 0.92]


def test_lattice_adds_up_the_spellings_of_a_sign() -> None:
    alphabet = CtcAlphabet(["-", "－", "x"])
    lattice = alphabet.to_lattice(np.array([[0.1, 0.3, 0.4, 0.2, 0.0]], dtype=np.float32))
    assert lattice[0, 1 + NUMERIC_ALPHABET.index("-")] == pytest.approx(0.7)
    assert lattice[0, 0] == pytest.approx(0.1)


@pytest.mark.parametrize("text", ["0", "-1,234.56", "100%", "11,222,333", "2010101", "-0.05"])
def test_clear_numbers_are_decoded(text: str) -> None:
    best = lattice_to_texts(_spell(text))[0]
    assert best.text == text
    assert best.probability > 0.8


def test_grammar_prefers_the_comma_that_fits() -> None:
    lattice = _spell("1,234.56")
    lattice[2, 1 + NUMERIC_ALPHABET.index(",")] = 0.3
    lattice[2, 1 + NUMERIC_ALPHABET.index(".")] = 0.68
    assert lattice_to_texts(lattice)[0].text == "1,234.56"


@given(st.lists(st.lists(st.floats(0, 1), min_size=15, max_size=15), min_size=1, max_size=8))
def test_whatever_is_decoded_is_a_number(rows: list[list[float]]) -> None:
    lattice = np.array(rows, dtype=np.float32)
    lattice /= np.maximum(lattice.sum(axis=1, keepdims=True), 1.0)
    readings = lattice_to_texts(lattice)
    assert all(AMOUNT.fullmatch(r.text) and 0 < r.probability <= 1.0001 for r in readings)
    assert [r.probability for r in readings] == sorted((r.probability for r in readings), reverse=True)


GRAMMARS = [AMOUNT, CODE, PERCENT, SERIAL]


@pytest.mark.parametrize(
    ("grammar", "good", "bad"),
    [
        (AMOUNT, ["0", "-3.60", "1,234,567.89", "12345", "7%"], ["", "-", "1,23", "1234,567", ".5", "5.", "--1", "%"]),
        (CODE, ["201", "20101", "2010199", "201.01.99", "201.01"], ["20", "2010", "201010", "201.1", "-201"]),
        (PERCENT, ["100%", "-3.5%"], ["100", "1,000%", "%"]),
        (SERIAL, ["1", "10", "1234"], ["0", "01", "12345", "1."]),
    ],
)
def test_grammars_know_their_texts_and_what_may_begin_them(grammar: Grammar, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert grammar.fullmatch(text)
        assert all(grammar.may_begin(text[:n]) for n in range(len(text)))
    assert not any(grammar.fullmatch(text) for text in bad)
    assert not grammar.may_begin("x")


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.name)
def test_no_grammar_runs_into_a_dead_end(grammar: Grammar) -> None:
    """Whatever a text begins with can be gone on with to a whole text: the search keeps nothing in vain."""
    alive = set(grammar.final)
    while found := {i for i, row in enumerate(grammar.steps) if i not in alive and alive & set(row)}:
        alive |= found
    assert alive == set(range(len(grammar.steps)))


def test_the_grammar_decides_what_an_unclear_sign_is() -> None:
    lattice = _lattice({"2": 0.98}, {"0": 0.98}, {"1": 0.98}, {".": 0.6, "1": 0.3}, {})
    assert lattice_to_texts(lattice, AMOUNT)[0].text in {"201", "2011"}
    assert lattice_to_texts(lattice, CODE)[0].text == "201"
    assert lattice_to_texts(_spell("201.01"), CODE)[0].text == "201.01"
    assert all(SERIAL.fullmatch(reading.text) for reading in lattice_to_texts(_spell("201.01"), SERIAL))


def test_two_equal_digits_need_a_frame_between_them() -> None:
    apart = _lattice({"1": 0.95}, {"1": 0.5}, {"1": 0.95})
    assert {reading.text for reading in lattice_to_texts(apart)[:2]} == {"1", "11"}
    assert lattice_to_texts(_lattice({"1": 1.0}, {"1": 1.0}))[0].text == "1"
