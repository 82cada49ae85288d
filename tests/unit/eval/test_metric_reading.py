"""Reading: amounts read in cells or in plain lines."""

import pytest
from tests.unit.eval.builders import figures_of, make_table
from tests.unit.eval.printed_pages import save_pages

from lanci_eval.metrics.base import Case
from lanci_eval.metrics.reading import Reading
from lanci_eval.records import EvalLine, Extraction

ROWS = (("201", "1,234.00", "34.00"), ("20101", "1,200.00", "34.00"))


@pytest.fixture
def pdf(tmp_path):
    return save_pages(tmp_path / "page.pdf", [ROWS])


def read(pdf, *lines: str, page: int = 1, tables=()) -> float | None:
    found = Extraction(tables, tuple(EvalLine(page, text) for text in lines))
    return figures_of(Reading, Case(found, evidence=pdf))["amounts_read"]


def test_lines_and_cells_are_readings(pdf) -> None:
    assert read(pdf, "201 1,234.00 34.00", "2010一般1,200.00", "合计34.00元") == 1.0
    assert read(pdf, tables=(make_table(ROWS),)) == 1.0
    assert read(pdf, tables=(make_table((("201合计1,234.00 34.00", "1,200.00"),)),)) == 3 / 4


def test_lost_torn_and_wrong_page_are_not(pdf) -> None:
    assert read(pdf, "1,234.00 34.00", "34.00") == 3 / 4
    assert read(pdf, "1,234.00 34.00 34.00", "1,200 .00") == 3 / 4
    assert read(pdf, "1,234.0034.00") == 0.0
    assert read(pdf, "1,234.00", page=2) == 0.0


def test_one_printing_read_in_a_cell_and_a_line_counts_once(pdf) -> None:
    assert read(pdf, "34.00", tables=(make_table((("34.00", ""),)),)) == 1 / 4


def test_nothing_printed_or_no_evidence_is_undefined(tmp_path) -> None:
    blank = save_pages(tmp_path / "blank.pdf", [()])
    assert figures_of(Reading, Case(Extraction(), evidence=blank)) == {"amounts_read": None, "amounts_printed": 0.0}
    assert figures_of(Reading, Case(Extraction())) == {"amounts_read": None, "amounts_printed": None}
