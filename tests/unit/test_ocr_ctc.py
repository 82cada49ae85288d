"""CTC decoding, greedy and by the number grammar, on small matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanci.document import Box, Grid, GridCell, TableRegion
from lanci.ocr.ctc import AMOUNT, CtcAlphabet, lattice_to_amounts
from lanci.ocr.engine import NUMERIC_ALPHABET, Lattice, LineReading
from lanci.ocr.numeric import Reading, find_number_cells, find_odd_decimals, refine_number


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
    best = lattice_to_amounts(_spell(text))[0]
    assert best.text == text
    assert best.probability > 0.8


def test_grammar_prefers_the_comma_that_fits() -> None:
    lattice = _spell("1,234.56")
    lattice[2, 1 + NUMERIC_ALPHABET.index(",")] = 0.3
    lattice[2, 1 + NUMERIC_ALPHABET.index(".")] = 0.68
    assert lattice_to_amounts(lattice)[0].text == "1,234.56"


@given(st.lists(st.lists(st.floats(0, 1), min_size=15, max_size=15), min_size=1, max_size=8))
def test_whatever_is_decoded_is_a_number(rows: list[list[float]]) -> None:
    lattice = np.array(rows, dtype=np.float32)
    lattice /= np.maximum(lattice.sum(axis=1, keepdims=True), 1.0)
    readings = lattice_to_amounts(lattice)
    assert all(AMOUNT.fullmatch(r.text) and 0 < r.probability <= 1.0001 for r in readings)
    assert [r.probability for r in readings] == sorted((r.probability for r in readings), reverse=True)


def _refine(text: str, confidence: float, lattice: Lattice) -> Reading:
    return refine_number(Reading(text, confidence), [LineReading(text, confidence, (), lattice)])


def test_a_sure_number_stays() -> None:
    assert _refine("1,234.56", 0.99, _spell("1,234.56")) == Reading("1,234.56", 0.99)


def test_a_reading_that_is_no_number_is_read_again_and_kept_as_alternative() -> None:
    lattice = _spell("1,234.56")
    lattice[2, 1 + NUMERIC_ALPHABET.index(",")] = 0.3
    lattice[2, 1 + NUMERIC_ALPHABET.index(".")] = 0.68
    reading = _refine("1.234.56", 0.68, lattice)
    assert reading.text == "1,234.56"
    assert reading.doubtful
    assert reading.alternatives[0].text == "1.234.56"


def test_nothing_is_invented_when_no_number_was_proposed() -> None:
    reading = _refine("暂无数", 0.4, _lattice({"other": 0.99}, {"other": 0.99}))
    assert reading.text == "暂无数"
    assert reading.doubtful


def test_words_and_dashes_among_numbers_are_left_alone() -> None:
    for text in ("小计", "-", "—"):
        assert _refine(text, 0.95, _spell("1")) == Reading(text, 0.95)


def _grid(n_rows: int, n_cols: int) -> Grid:
    cells = tuple(
        GridCell(r, c, 1, 1, Box(c * 50, r * 20, c * 50 + 50, r * 20 + 20))
        for r in range(n_rows)
        for c in range(n_cols)
    )
    rows, cols = tuple(20.0 * i for i in range(n_rows + 1)), tuple(50.0 * i for i in range(n_cols + 1))
    return Grid(TableRegion(1, Box(0, 0, cols[-1], rows[-1]), (), "rules"), n_rows, n_cols, cells, rows, cols)


def test_number_columns_begin_at_their_first_number() -> None:
    texts = ["项目", "预算数", "工资", "1,234.56", "其他", "", "奖金", "1.234.56", "合计", "无"]
    assert find_number_cells(_grid(5, 2), texts) == {3, 7, 9}


def test_lone_three_decimals_are_odd() -> None:
    assert find_odd_decimals({0: "1.25", 1: "1.234", 2: "3", 3: "4.50"}) == {1}
    assert find_odd_decimals({0: "1.255", 1: "1.234", 2: "3.111"}) == set()
