"""Lone lines of a scanned page: which of them are rules."""

from __future__ import annotations

import pytest

from lanci.page.scan_lines import Line
from lanci.page.scan_networks import keep_meeting

SCALE = 2.0


def _line(position: float, start: float, end: float, covered: float = 1.0) -> Line:
    """Positions in points."""
    return Line(position * SCALE, start * SCALE, end * SCALE, 2.0, 120.0, 2.0, covered)


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        pytest.param(_line(120, 50, 144), True, id="under-a-header-text"),
        pytest.param(_line(120, 50, 100), False, id="short"),
        pytest.param(_line(120, 50, 144, covered=0.8), False, id="feet-of-characters"),
        pytest.param(_line(120, 20, 114), False, id="beside"),
        pytest.param(_line(150, 50, 144), False, id="below-all"),
    ],
)
def test_a_short_line_between_long_rules_is_one(inner: Line, kept: bool) -> None:
    outer = [_line(105, 50, 540), _line(137, 50, 540)]
    level, _ = keep_meeting([*outer, inner], [], SCALE)
    assert (inner in level) is kept
    assert level[:2] == outer


def test_where_uprights_stand_they_tell() -> None:
    outer = [_line(105, 50, 540), _line(137, 50, 540)]
    inner, upright = _line(120, 50, 144), _line(300, 105, 137)
    level, _ = keep_meeting([*outer, inner], [upright], SCALE)
    assert level == outer


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        pytest.param(_line(120, 75, 200), False, id="inside-a-cell"),
        pytest.param(_line(120, 51, 200), True, id="from-a-side"),
        pytest.param(_line(120, 75, 300), True, id="across-a-rule"),
        pytest.param(_line(160, 75, 200), True, id="below-the-cells"),
        pytest.param(_line(120, 240, 540), True, id="beside-the-cells"),
    ],
)
def test_a_long_line_in_a_cell_that_meets_none_of_its_sides_is_text(line: Line, kept: bool) -> None:
    outer = [_line(105, 50, 540), _line(137, 50, 540)]
    upright = [_line(50, 105, 137), _line(220, 105, 137)]
    level, _ = keep_meeting([*outer, line], upright, SCALE)
    assert (line in level) is kept
