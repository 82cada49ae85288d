"""Thousands commas that a recogniser takes for points, told by the grid."""

from __future__ import annotations

import pytest

from lanci.numbers import prints_whole_thousands
from lanci.ocr.columns import NumberColumn
from lanci.ocr.grammar import AMOUNT, WHOLE
from lanci.ocr.numeric import Reading, refine_number
from lanci.ocr.thousands import find_whole, restore_commas

SHOWN = ("56,058,188", "3,281,411", "474,820")


def readings(*texts: str, confidence: float = 0.999) -> list[Reading]:
    return [Reading(text, confidence) for text in texts]


def are_whole(*columns: list[Reading]) -> list[bool]:
    """Of each of the columns of a grid whether points in it are commas."""
    cells = [reading for column in columns for reading in column]
    starts = [sum(map(len, columns[:n])) for n in range(len(columns))]
    places = [tuple(range(start, start + len(column))) for start, column in zip(starts, columns, strict=True)]
    whole = find_whole([NumberColumn(place, AMOUNT, None, None) for place in places], cells)
    return [whole.issuperset(place) for place in places]


def test_points_among_whole_thousands_are_commas() -> None:
    assert are_whole(readings(*SHOWN, "16.700", "2.967.796"), readings("37,058.462", "0")) == [True, True]
    [restored] = [restore_commas(one) for one in readings("37,058.462")]
    assert (restored.text, restored.confidence) == ("37,058,462", 0.999)
    assert [other.text for other in restored.alternatives] == ["37,058.462"]


@pytest.mark.parametrize("text", ["0", "-", "16.70", "1234.567", "16,700", "合计", ""])
def test_nothing_else_changes(text: str) -> None:
    assert restore_commas(Reading(text, 0.9)) == Reading(text, 0.9)


@pytest.mark.parametrize(
    "texts",
    [
        ("1.250", "16.700", "205.300", "7.125"),
        (*SHOWN, "16.700", "16.75"),
        (*SHOWN, "1234.567", "16.700"),
        ("56,058,188", *(f"1{n}.500" for n in range(10, 50))),
        ("12.35", "1,234.50", "1,204,234.50"),
        ("0", "-", ""),
        (),
    ],
    ids=["thousandths", "hundredths too", "no groups", "one comma", "hundredths", "nothing", "none"],
)
def test_where_amounts_have_decimals_or_commas_are_not_seen_points_stay(texts: tuple[str, ...]) -> None:
    assert are_whole(readings(*texts)) == [not texts]
    assert not prints_whole_thousands(texts, texts)


def test_a_column_of_shares_beside_them_stays() -> None:
    assert are_whole(readings(*SHOWN, "16.700"), readings("12.5", "3.125", "100")) == [True, False]


def test_commas_that_were_read_with_doubt_show_nothing() -> None:
    assert are_whole([*readings(*SHOWN, confidence=0.9), *readings("16.700")]) == [False]


def test_a_restored_amount_is_as_sure_as_its_digits() -> None:
    [reading] = readings("16.700")
    assert refine_number(restore_commas(reading), (), WHOLE).text == "16,700"
    assert not refine_number(restore_commas(reading), (), WHOLE).forced
