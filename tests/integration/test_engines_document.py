"""One page of a scanned document from end to end with each reader."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from lanci.document import Table
from lanci.errors import MissingProgramError
from lanci.ocr import OcrOptions
from lanci.parsing import ParseOptions, parse
from lanci.text import squash

SCAN = Path(__file__).parents[1] / "resources" / "demo" / "linxi-2021-scan.pdf"
PAGE = 2


@cache
def _read(engine: str) -> Table:
    document = parse(SCAN, ParseOptions(pages=(PAGE,), ocr=OcrOptions(engine=engine)))
    assert dict(document.software)["ocr"].startswith(f"{engine} ")
    return document.tables[0]


@pytest.mark.parametrize(
    ("engine", "agreeing"),
    [
        # The same weights give the same table; only PaddleX's padding makes a difference now and then.
        pytest.param("paddle", 0.95, marks=pytest.mark.paddle),
        ("openvino", 1.0),
        ("tesseract", 0.7),
    ],
)
def test_engines_read_the_same_table(engine: str, agreeing: float) -> None:
    expected = _read("rapidocr")
    try:
        found = _read(engine)
    except MissingProgramError as error:
        pytest.skip(str(error))
    places = {(cell.row, cell.col, cell.row_span, cell.col_span): squash(cell.text) for cell in expected.cells}
    assert {(cell.row, cell.col, cell.row_span, cell.col_span) for cell in found.cells} == set(places)
    inked = [cell for cell in found.cells if places[cell.row, cell.col, cell.row_span, cell.col_span]]
    same = sum(squash(c.text) == places[c.row, c.col, c.row_span, c.col_span] for c in inked)
    assert len(inked) > 20
    assert same >= agreeing * len(inked)
