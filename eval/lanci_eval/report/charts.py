"""The geometry of the report's drawings; the templates draw them. Lengths are SVG units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci_eval.metrics.base import FigureInfo
from lanci_eval.metrics.confidence import ReliabilityBin
from lanci_eval.results import Estimate

PLOT_SIZE = 200.0
HISTOGRAM_HEIGHT = 36.0
_DOT_SMALLEST, _DOT_LARGEST = 1.8, 5.0


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval and its figure on a scale from 0 to 100, from the left."""

    start: float
    length: float
    tick: float


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin of a reliability curve: where it lies, how large it is drawn, what it says."""

    x: float
    y: float
    radius: float
    bar_height: float
    bar_x: float
    bar_width: float
    title: str


@dataclass(frozen=True, slots=True)
class ReliabilityPlot:
    """Confidence (to the right) against the share that is right (upwards), both 0 to 1 over ``PLOT_SIZE``."""

    system: str
    n_cells: int
    error: float
    dots: tuple[Dot, ...]

    @property
    def path(self) -> str:
        """The dots joined, as points of an SVG polyline."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def estimate_to_bar(estimate: Estimate, info: FigureInfo) -> Bar | None:
    """None for what has no value or is no share between 0 and 1."""
    if estimate.value is None or not info.percent or not 0 <= estimate.value <= 1:
        return None
    low = estimate.value if estimate.low is None else max(0.0, estimate.low)
    high = estimate.value if estimate.high is None else min(1.0, estimate.high)
    return Bar(round(100 * low, 1), round(100 * (high - low), 1), round(100 * estimate.value, 1))


def curve_to_plot(system: str, curve: Sequence[ReliabilityBin]) -> ReliabilityPlot | None:
    """The drawing of a reliability curve (Niculescu-Mizil & Caruana 2005), None when no cell has a confidence.

    ``error`` is the expected calibration error: the mean distance of the dots from the diagonal, weighted by cells.
    """
    if not curve:
        return None
    total = sum(one.count for one in curve)
    fullest = max(one.count for one in curve)
    error = sum(one.count * abs(one.accuracy - one.confidence) for one in curve) / total
    return ReliabilityPlot(system, total, error, tuple(_bin_to_dot(one, fullest) for one in curve))


def _bin_to_dot(one: ReliabilityBin, fullest: int) -> Dot:
    weight = (one.count / fullest) ** 0.5  # areas compare the counts
    return Dot(
        x=round(PLOT_SIZE * one.confidence, 2),
        y=round(PLOT_SIZE * (1 - one.accuracy), 2),
        radius=round(_DOT_SMALLEST + (_DOT_LARGEST - _DOT_SMALLEST) * weight, 2),
        bar_height=round(max(1.0, HISTOGRAM_HEIGHT * weight), 2),
        bar_x=round(PLOT_SIZE * one.low + 0.5, 2),
        bar_width=round(PLOT_SIZE * (one.high - one.low) - 1, 2),
        title=f"{one.count:,} cells say {100 * one.confidence:.1f} % on average, {100 * one.accuracy:.1f} % are right",
    )
