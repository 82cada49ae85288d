"""Pictures for model cards, as SVG text: confusion matrices and reliability curves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from lanci.training.calibrate import Bin, Reliability

_FONT = 'font-family="sans-serif"'
_INK, _PALE, _RIGHT, _WRONG = "#222222", "#999999", (46, 111, 174), (196, 78, 55)
_CELL, _LABELS, _TOP = 34, 168, 150
_PLOT, _GAP, _COLUMNS = 150, 46, 4


def draw_confusion(title: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A confusion matrix, a row a true class.

    Args:
        title: drawn above it.
        pairs: what was found and what is true, one a decision.

    Returns:
        The picture; the darker a cell, the larger its share of the row. What is right is blue, what is wrong red.
    """
    counts = Counter(pairs)
    true = sorted({right for _, right in counts})
    found = true + sorted({name for name, _ in counts} - set(true))
    totals = {name: sum(n for (_, right), n in counts.items() if right == name) for name in true}
    parts = [_text(10, 20, title, size=14, weight="bold"), _text(10, 40, "rows: true, columns: found", color=_PALE)]
    for col, name in enumerate(found):
        x = _LABELS + col * _CELL + _CELL / 2 + 4
        parts.append(f'<g transform="rotate(-60 {x:.1f} {_TOP - 6})">{_text(x, _TOP - 6, name)}</g>')
    for row, right in enumerate(true):
        y = _TOP + row * _CELL
        parts.append(_text(_LABELS - 8, y + _CELL / 2 + 4, right, anchor="end"))
        parts += [
            _matrix_cell(_LABELS + col * _CELL, y, counts[name, right], totals[right], right=name == right)
            for col, name in enumerate(found)
        ]
    return _svg(_LABELS + len(found) * _CELL + 60, _TOP + len(true) * _CELL + 12, parts)


def _matrix_cell(x: float, y: float, count: int, total: int, *, right: bool) -> str:
    # The square root lets single errors among hundreds be seen.
    share = (count / total) ** 0.5
    red, green, blue = (round(255 - (255 - level) * share) for level in (_RIGHT if right else _WRONG))
    box = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{_CELL}" height="{_CELL}" fill="#{red:02x}{green:02x}{blue:02x}" '
        f'stroke="#dddddd"/>'
    )
    color = "#ffffff" if share > 0.6 else _INK
    return box + (_text(x + _CELL / 2, y + _CELL / 2 + 4, str(count), anchor="middle", color=color) if count else "")


def draw_reliability(curves: Sequence[Reliability]) -> str:
    """One small plot a head: the share that is right over the probability, before and after calibration."""
    parts = [
        _text(10, 20, "Share that is right over probability, on documents never seen", size=14, weight="bold"),
        _text(10, 40, "hollow: before calibration; filled: after; area: number of decisions", color=_PALE),
    ]
    for i, curve in enumerate(curves):
        x = _GAP + (i % _COLUMNS) * (_PLOT + _GAP)
        y = 80 + (i // _COLUMNS) * (_PLOT + _GAP + 24)
        parts += _plot(curve, x, y)
    rows = (len(curves) + _COLUMNS - 1) // _COLUMNS
    width = _GAP + min(len(curves), _COLUMNS) * (_PLOT + _GAP)
    return _svg(max(width, 480), 80 + rows * (_PLOT + _GAP + 24), parts)


def _plot(curve: Reliability, x: float, y: float) -> list[str]:
    errors = f"error {curve.error_before:.3f} → {curve.error_after:.3f}"
    parts = [
        _text(x, y - 8, f"{curve.name} (T {curve.temperature:g})", weight="bold"),
        f'<rect x="{x}" y="{y}" width="{_PLOT}" height="{_PLOT}" fill="none" stroke="{_PALE}"/>',
        f'<line x1="{x}" y1="{y + _PLOT}" x2="{x + _PLOT}" y2="{y}" stroke="{_PALE}" stroke-dasharray="4 4"/>',
        _text(x, y + _PLOT + 16, "0", color=_PALE),
        _text(x + _PLOT, y + _PLOT + 16, "1", anchor="end", color=_PALE),
        _text(x + _PLOT / 2, y + _PLOT + 16, errors, anchor="middle", color=_PALE),
    ]
    parts += _dots(curve.before, x, y, filled=False)
    return parts + _dots(curve.after, x, y, filled=True)


def _dots(bins: Sequence[Bin], x: float, y: float, *, filled: bool) -> list[str]:
    total = sum(one.count for one in bins)
    color = f"#{_RIGHT[0]:02x}{_RIGHT[1]:02x}{_RIGHT[2]:02x}"
    style = f'fill="{color}" fill-opacity="0.8"' if filled else f'fill="none" stroke="{_PALE}"'
    return [
        f'<circle cx="{x + one.mean * _PLOT:.1f}" cy="{y + (1 - one.right) * _PLOT:.1f}" '
        f'r="{2 + 8 * (one.count / total) ** 0.5:.1f}" {style}/>'
        for one in bins
    ]


def _text(
    x: float, y: float, words: str, *, size: int = 11, anchor: str = "start", weight: str = "normal", color: str = _INK
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}"'
    return f'<text {place} fill="{color}" {_FONT}>{escape(words)}</text>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}">\n<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
    )
