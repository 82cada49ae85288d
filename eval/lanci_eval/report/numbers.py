"""How numbers are written in the report: few digits, and nothing rounded up to perfection."""

from __future__ import annotations

from lanci_eval.metrics.base import FigureInfo
from lanci_eval.results import Estimate

UNDEFINED = "–"
_FINEST = 0.0001  # of one: a hundredth of a percent


def figure_to_text(value: float | None, info: FigureInfo) -> str:
    """A figure: a share in percent, anything else with three significant digits."""
    if value is None:
        return UNDEFINED
    return share_to_percent(value) if info.percent else number_to_text(value)


def share_to_percent(value: float) -> str:
    """One decimal; two where one would make an imperfect share look like 0 or 100 percent."""
    text = f"{100 * value:.1f}"
    if text in ("0.0", "-0.0", "100.0") and value not in (0, 1):
        if 0 < value < _FINEST / 2:
            return "<0.01"
        if 1 - _FINEST / 2 < value < 1:
            return ">99.99"
        text = f"{100 * value:.2f}"
    return text.replace("-0.0", "0.0") if float(text) == 0 else text.replace("-", "−")


def number_to_text(value: float) -> str:
    """Three significant digits without an exponent, thousands parted by commas; whole numbers without a point."""
    if value == round(value):
        return f"{value:,.0f}".replace("-", "−")
    digits = 0 if abs(value) >= 99.5 else 1 if abs(value) >= 9.95 else 2 if abs(value) >= 0.0995 else 4
    return f"{value:,.{digits}f}".replace("-", "−")


def interval_to_text(estimate: Estimate, info: FigureInfo) -> str:
    """Both ends, empty where there is no interval."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{figure_to_text(estimate.low, info)} to {figure_to_text(estimate.high, info)}"


def difference_to_text(value: float | None, info: FigureInfo) -> str:
    """A difference with its sign, shares in percentage points."""
    if value is None:
        return UNDEFINED
    scaled = 100 * value if info.percent else value
    digits = 2 if abs(scaled) < 0.95 else 1
    text = f"{scaled:+.{digits}f}"
    return "0" if float(text) == 0 else text.replace("-", "−")


def count_to_text(count: int, one: str, many: str | None = None) -> str:
    """``3 documents``; the plural by default takes an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def shorten(text: str, length: int) -> str:
    """The text, cut with an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1] + "…"
