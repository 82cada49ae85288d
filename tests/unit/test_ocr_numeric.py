"""Number columns told from their readings, and their cells held to the grammar."""

from __future__ import annotations

import numpy as np
import pytest

from lanci.document import Box, Grid, GridCell, TableRegion
from lanci.ocr.columns import NumberColumn, find_number_columns, is_oddly_exact, is_oddly_grouped
from lanci.ocr.engine import NUMERIC_ALPHABET, CharReading, Lattice, LineReading
from lanci.ocr.grammar import AMOUNT, CODE, PERCENT, SERIAL, Grammar
from lanci.ocr.numeric import Reading, is_stack, refine_dash, refine_number


def _lattice(*frames: dict[str, float]) -> Lattice:
    """One frame a mapping; the rest of a frame's probability is on 'no character'."""
    rows = []
    for frame in frames:
        chars = [frame.get(char, 0.0) for char in NUMERIC_ALPHABET]
        rows.append([1.0 - sum(chars) - frame.get("other", 0.0), *chars])
    return np.array(rows, dtype=np.float32)


def _spell(text: str) -> Lattice:
    return _lattice(*(frame for char in text for frame in ({char: 0.98}, {})))


def _refine(text: str, confidence: float, lattice: Lattice, grammar: Grammar = AMOUNT) -> Reading:
    return refine_number(Reading(text, confidence), [LineReading(text, confidence, (), lattice)], grammar)


def test_a_sure_number_stays() -> None:
    assert _refine("1,234.56", 0.99, _spell("1,234.56")) == Reading("1,234.56", 0.99)


def test_a_reading_that_is_no_number_is_read_again_and_kept_as_alternative() -> None:
    lattice = _spell("1,234.56")
    lattice[2, 1 + NUMERIC_ALPHABET.index(",")] = 0.3
    lattice[2, 1 + NUMERIC_ALPHABET.index(".")] = 0.68
    reading = _refine("1.234.56", 0.68, lattice)
    assert (reading.text, reading.forced) == ("1,234.56", True)
    assert reading.alternatives[0].text == "1.234.56"


def test_a_comma_read_as_a_point_is_nearer_than_a_sign_left_out() -> None:
    lattice = _lattice({"2": 0.98}, {".": 0.97, ",": 0.001}, {}, *({char: 0.98} for char in "709.10"))
    reading = _refine("2.709.10", 0.97, lattice)
    assert (reading.text, reading.forced, reading.rival) == ("2,709.10", True, 1.0)
    assert reading.alternatives[0].text == "2.709.10"


@pytest.mark.parametrize("text", ["20508.", ".20508"])
def test_a_speck_beside_a_number_is_an_alternative_and_doubted(text: str) -> None:
    lattice = _lattice(*({char: 0.999} if char == "." else {char: 0.9} for char in text), {})
    reading = _refine(text, 0.9, lattice, CODE)
    assert (reading.text, reading.alternatives[0].text) == ("20508", text)
    assert reading.forced
    assert reading.confidence < 0.01


@pytest.mark.parametrize(("width", "text"), [(0.45, "-"), (0.9, "一")])
def test_a_lone_stroke_is_a_dash_unless_it_is_as_wide_as_a_character(width: float, text: str) -> None:
    chars = (CharReading((("一", 0.6), ("-", 0.3), ("二", 0.1)), 0.5),)
    greedy = Reading("一", 0.6)
    reading = refine_dash(greedy, [LineReading("一", 0.6, chars)], width)
    assert reading.text == text
    assert reading.confidence == pytest.approx(0.9 if text == "-" else 0.6)


def test_nothing_is_invented_when_no_number_was_proposed() -> None:
    reading = _refine("暂无数", 0.4, _lattice({"other": 0.99}, {"other": 0.99}))
    assert (reading.text, reading.forced) == ("暂无数", False)


def test_words_and_dashes_among_numbers_are_left_alone() -> None:
    for text in ("小计", "-", "—"):
        assert _refine(text, 0.95, _spell("1")) == Reading(text, 0.95)


def test_a_doubtful_number_has_its_rival_weighed() -> None:
    lattice = _spell("305")
    lattice[4, 1 + NUMERIC_ALPHABET.index("5")] = 0.7
    lattice[4, 1 + NUMERIC_ALPHABET.index("6")] = 0.28
    reading = _refine("305", 0.7, lattice)
    assert reading.text == "305"
    assert reading.rival == pytest.approx(0.4, abs=0.01)
    assert reading.alternatives[0].text == "306"


def test_the_grammar_of_the_column_decides_between_proposals() -> None:
    lattice = _spell("201303")
    lattice[10, :] = _lattice({"3": 0.6, "other": 0.1})[0]
    lattice = np.concatenate([lattice, _lattice({"1": 0.9})])
    assert _refine("20130Z", 0.3, lattice, CODE).text == "2013031"


def test_rows_run_together_are_not_made_one_number() -> None:
    lines = [LineReading(text, 0.99, (), _spell(text)) for text in ("186.30", "135.00")]
    assert is_stack(lines)
    assert refine_number(Reading("186.30135.00", 0.99), lines).text == "186.30135.00"
    assert not is_stack([LineReading(text, 0.99) for text in ("11,111,", "111.11")])


def _grid(n_rows: int, n_cols: int) -> Grid:
    cells = tuple(
        GridCell(r, c, 1, 1, Box(c * 50, r * 20, c * 50 + 50, r * 20 + 20))
        for r in range(n_rows)
        for c in range(n_cols)
    )
    rows, cols = tuple(20.0 * i for i in range(n_rows + 1)), tuple(50.0 * i for i in range(n_cols + 1))
    return Grid(TableRegion(1, Box(0, 0, cols[-1], rows[-1]), (), "rules"), n_rows, n_cols, cells, rows, cols)


def _column(*texts: str) -> NumberColumn:
    [column] = find_number_columns(_grid(len(texts), 1), texts)
    return column


def test_number_columns_begin_at_their_first_number() -> None:
    texts = ["项目", "预算数", "工资", "1,234.56", "其他", "", "奖金", "1.234.56", "合计", "无"]
    assert [column.cells for column in find_number_columns(_grid(5, 2), texts)] == [(3, 7, 9)]


@pytest.mark.parametrize(
    ("texts", "grammar"),
    [
        (("201", "20103", "2010301", "205"), CODE),
        (("1", "2", "3", "4", "5"), SERIAL),
        (("12.5%", "100%", "3%", "-4.1%"), PERCENT),
        (("1,201.00", "103.50", "0.30", "205.11"), AMOUNT),
        (("201", "20103"), AMOUNT),
    ],
)
def test_a_column_takes_the_narrowest_grammar_of_nearly_all_its_numbers(
    texts: tuple[str, ...], grammar: Grammar
) -> None:
    assert _column(*texts).grammar is grammar


def test_other_decimals_than_usual_are_odd() -> None:
    column = _column("1.25", "1.234", "3", "4.50", "17.10", "2.05")
    assert column.decimals == 2
    assert [is_oddly_exact(text, column) for text in ("1.234", "3", "4.50")] == [True, False, False]
    assert is_oddly_exact("305.037", _column(*["301,201"] * 12, "305.037"))


def test_a_code_of_another_length_is_odd() -> None:
    column = _column("30201", "30207", "30211", "30213", "302")
    assert column.grammar is CODE
    assert is_oddly_exact("17", column)
    assert not is_oddly_exact("30217", column)


def test_other_thousands_than_usual_are_odd() -> None:
    column = _column("1,250.00", "11,234.10", "3.00", "4,500.00")
    assert [is_oddly_grouped(text, column) for text in ("1250.00", "-9,999.00", "12.00")] == [True, False, False]
    assert _column("3.00", "4.00").grouped is None
