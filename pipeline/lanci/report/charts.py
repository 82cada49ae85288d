"""The geometry of the report's drawings; the template draws them. Lengths are SVG units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.report.tally import Tally

BAR_WIDTH = 200.0
COLUMN_WIDTH, COLUMN_GAP, CHART_HEIGHT = 46.0, 16.0, 120.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar, from the left."""

    status: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """An upright bar from the ground up, with what stands under and above it."""

    x: float
    height: float
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Upright bars side by side; the highest has the height of the chart."""

    title: str
    width: float
    columns: tuple[ChartColumn, ...]


def tally_to_segments(tally: Tally) -> tuple[Segment, ...]:
    """A bar of the amounts by status; nothing where there are no amounts."""
    segments = []
    start = 0.0
    for status, count in (("proven", tally.proven), ("unchecked", tally.unchecked), ("conflict", tally.conflict)):
        length = BAR_WIDTH * count / tally.amounts if tally.amounts else 0.0
        if length:
            segments.append(Segment(status, round(start, 2), round(length, 2)))
        start += length
    return tuple(segments)


def to_column_chart(title: str, counts: Sequence[tuple[str, int]]) -> ColumnChart:
    """A chart of counts with their labels."""
    highest = max((count for _, count in counts), default=0) or 1
    step = COLUMN_WIDTH + COLUMN_GAP
    columns = tuple(
        ChartColumn(round(place * step, 2), round(CHART_HEIGHT * count / highest, 2), label, f"{count:,}")
        for place, (label, count) in enumerate(counts)
    )
    return ColumnChart(title, round(max(len(columns) * step - COLUMN_GAP, COLUMN_WIDTH), 2), columns)
