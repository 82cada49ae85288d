"""Other manners for a family, drawn by a seed, so that nothing is learnt of what happens to go together in families.

A layout family has one typeface and one kind of rules, and a reader that was fitted on a few families may take a
typeface for a sign of a layout, or be unsure on one it has not met. Varied documents keep the name of their family,
what it repeats after a break and how it cuts, so that splits hold; typeface, rules, size, watermark and seal are drawn
anew. Documents of look-alikes keep these and have their breaks drawn anew.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lanci_eval.factory.fonts import TYPEFACES
from lanci_eval.factory.records import Family, Repeat, Rules, Watermark

_ENGINES_OF_CFF = ("chromium", "weasyprint", "libreoffice")
_RULED = (Rules.FULL, Rules.PALE, Rules.DOTTED)
_REDRAWN = 0.5
"""How many of the ruled families get other rules."""
_OPEN, _OPEN_SHARES = (Rules.HORIZONTAL, Rules.THREE_LINE, Rules.NONE), (0.5, 0.3, 0.2)
_OPENED = 0.25
"""How many of all families get no upright rules, and which they get; those of filled cells keep their colours."""

_WATERMARKED, _SEALED = 0.45, 0.3
_CUTS = (0.5, 0.4, 0.3, 0.4, 0.3, 0.2)
"""How often breaks cut labels and texts, leave a row over, pages are shared, copies are spaced, and 续表 is said."""

_CONTINUED = "续表"
_TEXTS = (
    "内部资料",
    "样稿",
    "征求意见稿",
    "公开",
    "财政局",
    "预算编审系统",
    "COPY",
    "2026年度部门预算",
    "仅供核对",
    "请勿外传",
)


def vary_family(family: Family, seed: int) -> Family:
    """The family in other manners; the same seed gives the same ones."""
    rng = np.random.default_rng(seed)
    faces = [
        face.name for face in TYPEFACES.values() if face.outlines == "truetype" or family.engine in _ENGINES_OF_CFF
    ]
    if family.engine == "reportlab":
        faces = [name for name in faces if not TYPEFACES[name].latin]
    redrawn = family.rules in _RULED and rng.random() < _REDRAWN and family.engine != "libreoffice"
    size = float(np.clip(family.style.size + rng.choice((-1.5, -0.5, 0.0, 0.5, 1.5)), 7.5, 11.0))
    font = str(rng.choice(faces))
    rules = _RULED[int(rng.integers(len(_RULED)))] if redrawn else family.rules
    return replace(
        family,
        font=font,
        rules=_draw_open(family, seed) or rules,
        watermark=_draw_watermark(rng) if rng.random() < _WATERMARKED else None,
        sealed=bool(rng.random() < _SEALED),
        style=replace(family.style, size=size, bold_header=bool(rng.random() < 0.5)),
    )


def _draw_open(family: Family, seed: int) -> Rules | None:
    """Rules that leave the sides of cells open; None for none of them.

    They are drawn apart: what else a seed gives does not depend on them, nor does the truth without a layout.
    """
    rng = np.random.default_rng((seed, len(_OPEN)))
    if family.engine == "libreoffice" or family.rules is Rules.FILLS or rng.random() >= _OPENED:
        return None
    return _OPEN[int(rng.choice(len(_OPEN), p=_OPEN_SHARES))]


def cut_anew(family: Family, seed: int) -> Family:
    """The family with its breaks drawn anew: what it repeats, what it cuts, what may share a page.

    Columns of one role are equally wide in all tables, so that tables of the same columns have the same widths.
    """
    rng = np.random.default_rng(seed)
    cut_labels, cut_cells, lone_row, share_page, spaced, continued = (rng.random(6) < _CUTS).tolist()
    style = replace(
        family.style, even_columns=True, spaced_repeats=spaced, continued_line=_CONTINUED if continued else ""
    )
    return replace(
        family,
        repeat=list(Repeat)[int(rng.integers(len(Repeat)))],
        cut_labels=cut_labels or cut_cells,
        cut_cells=cut_cells,
        lone_row=lone_row,
        share_page=share_page,
        style=style,
    )


def _draw_watermark(rng: np.random.Generator) -> Watermark:
    """From hardly visible to as dark as word processors allow, small and tiled or large and alone, grey or tinted."""
    level = float(rng.uniform(0.66, 0.92))
    tint = rng.uniform(-0.06, 0.06, size=3) if rng.random() < 0.4 else np.zeros(3)
    red, green, blue = np.clip(level + tint, 0.6, 0.95).tolist()
    tiled = rng.random() < 0.5
    places = tuple((x, y) for y in (0.15, 0.4, 0.65, 0.9) for x in (0.2, 0.5, 0.8)) if tiled else ((0.5, 0.5),)
    return Watermark(
        texts=(str(rng.choice(_TEXTS)),),
        size=float(rng.uniform(14, 26) if tiled else rng.uniform(40, 80)),
        color=(red, green, blue),
        turn=float(rng.choice((0.0, 20.0, 30.0, 45.0, -45.0))),
        places=places,
    )
