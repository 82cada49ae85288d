"""The panel beside a page: the legend of its roles and the list of its findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lanci.document import HeaderRole
from lanci.show.marks import FindingMark, PageMarks
from lanci.show.style import (
    INK,
    LINE_HEIGHT,
    PANEL_MARGIN,
    PANEL_WIDTH,
    REVIEW_COLOR,
    ROLE_COLORS,
    SEVERITY_COLORS,
    Color,
)

_INDENT = 16.0
_MAX_LINES = 220


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A line of the panel: text after ``indent`` points, with a swatch of colour before it where given."""

    text: str
    indent: float = 0.0
    color: Color = INK
    swatch: Color | None = None


def marks_to_lines(marks: PageMarks, heading: str, measure: Callable[[str], float]) -> list[PanelLine]:
    """The panel's lines from top to bottom, none wider than the panel.

    Args:
        marks: what the page shows.
        heading: the first line.
        measure: the width of a text in points.
    """
    lines = [PanelLine(part) for part in wrap(heading, _room(0), measure)]
    lines.append(PanelLine(""))
    present = {mark.role for mark in marks.cells}
    lines += [PanelLine(role.value, _INDENT, swatch=ROLE_COLORS[role]) for role in HeaderRole if role in present]
    if any(mark.needs_review for mark in marks.cells):
        lines.append(PanelLine("needs review", _INDENT, swatch=REVIEW_COLOR))
    lines.append(PanelLine(""))
    lines.append(PanelLine(f"findings on this page: {len(marks.findings)}"))
    for mark in marks.findings:
        lines += _finding_lines(mark, measure)
    if len(lines) > _MAX_LINES:
        lines = [*lines[:_MAX_LINES], PanelLine("… the rest is in document.json")]
    return lines


def lines_to_height(lines: list[PanelLine]) -> float:
    """Height in points that the panel needs."""
    return len(lines) * LINE_HEIGHT + 2 * PANEL_MARGIN


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines of at most ``width`` points, at spaces where there are any, else anywhere."""
    lines: list[str] = []
    rest = text
    while rest and measure(rest) > width:
        end = 1
        while end < len(rest) and measure(rest[: end + 1]) <= width:
            end += 1
        space = rest.rfind(" ", 1, end + 1)
        cut = space if space > end // 2 else end
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, rest] if rest or not lines else lines


def _finding_lines(mark: FindingMark, measure: Callable[[str], float]) -> list[PanelLine]:
    finding = mark.finding
    color = SEVERITY_COLORS[finding.severity]
    parts = wrap(finding.message, _room(_INDENT), measure)
    if finding.proposal is not None:
        parts += wrap(f"proposal: {finding.proposal}", _room(_INDENT), measure)
    told = f" ({finding.verdict.value})" if finding.verdict is not None else ""
    head = PanelLine(f"{mark.number} {finding.severity.value}: {finding.rule}{told}", color=color)
    return [head, *(PanelLine(part, _INDENT) for part in parts)]


def _room(indent: float) -> float:
    return PANEL_WIDTH - 2 * PANEL_MARGIN - indent
