"""The layout families: each a set of manners seen together on real pages.

``Design.summary`` says what such pages look like, docs/factory.md shows one of each. Names are fixed: splits of
training and test documents go by them.
"""

from __future__ import annotations

from dataclasses import dataclass

from lanci_eval.factory.content import ContentFeatures
from lanci_eval.factory.records import Family, Repeat, Rules, Style, Watermark

_GREY, _BLUE = "#d8d8d8", "#e4eaf4"


@dataclass(frozen=True, slots=True)
class Design:
    """A family with what its documents must show; ``summary`` says in one line what such pages look like."""

    family: Family
    features: ContentFeatures
    summary: str


_DESIGNS = (
    Design(
        Family(
            "kai-ruled", "reportlab", "AR PL UKai CN", Rules.FULL, Repeat.TITLE_AND_HEADER, landscape=True,
            style=Style(indent_codes=True, even_columns=True, running_head=True),
        ),
        ContentFeatures(header_levels=2, two_same_width_neighbours=True, long_tables=True, inconsistencies=1),
        "landscape, black rules, running head, indented codes, title and header on every page; neighbours of one width",
    ),
    Design(
        Family(
            "song-numbered", "libreoffice", "Noto Serif CJK SC", Rules.FULL, Repeat.TITLE_AND_HEADER,
            landscape=True, cut_labels=True, share_page=True, style=Style(bold_header=True, page_number="— {} —"),
        ),
        ContentFeatures(
            serial_numbers=True, column_numbers=True, with_contents_page=True, with_charts=True, inconsistencies=2
        ),
        "word processor: 序号 and 栏次, bold header, short tables share a page, labels cut by breaks",
    ),
    Design(
        Family(
            "grey-levels", "chromium", "Noto Sans CJK SC", Rules.FULL, Repeat.HEADER, landscape=True, lone_row=True,
            style=Style(header_fill=_GREY, row_height=2.2, page_number=""),
        ),
        ContentFeatures(code_columns=3, unit="元", header_levels=3, two_same_width_neighbours=True, inconsistencies=1),
        "类/款/项 in three columns under a grey header, whole 元, three header levels, a left-over last row",
    ),
    Design(
        Family(
            "pale-web", "chromium", "WenQuanYi Micro Hei", Rules.PALE, Repeat.NOTHING, cut_labels=True, cut_cells=True,
            style=Style(size=9.0, header_fill=_BLUE, bold_header=True, page_number=""),
        ),
        ContentFeatures(long_tables=True, header_levels=2, inconsistencies=1),
        "printed web page: pale rules, blue header, nothing repeated, labels and long texts cut by breaks",
    ),
    Design(
        Family(
            "dotted-form", "libreoffice", "AR PL UMing CN", Rules.DOTTED, Repeat.HEADER, landscape=True,
            style=Style(row_height=2.3, indent_codes=True, spaced_repeats=True),
        ),
        ContentFeatures(serial_numbers=True, header_levels=2, with_charts=True, inconsistencies=1),
        "dotted rules, airy rows, header repeated with letter-spaced labels",
    ),
    Design(
        Family(
            "filled-cells", "weasyprint", "WenQuanYi Zen Hei", Rules.FILLS, Repeat.HEADER, landscape=True,
            cut_labels=True, style=Style(size=9.0, page_number="{}", continued_line="续表"),
        ),
        ContentFeatures(column_numbers=True, header_levels=1, with_charts=True),
        "no rules: filled cells with white gaps, 续表 above a table that goes on",
    ),
    Design(
        Family(
            "open-sides", "weasyprint", "AR PL UMing CN", Rules.HORIZONTAL, Repeat.COLUMN_NUMBERS, landscape=True,
            share_page=True, style=Style(row_height=1.9, page_number="— {} —"),
        ),
        ContentFeatures(column_numbers=True, serial_numbers=True, long_tables=True, inconsistencies=1),
        "horizontal rules only; only the row of column numbers is repeated; short tables share a page",
    ),
    Design(
        Family(
            "three-line", "reportlab", "WenQuanYi Micro Hei", Rules.THREE_LINE, Repeat.HEADER, share_page=True,
            style=Style(size=9.0, caption_inline=False, page_number="{}"),
        ),
        ContentFeatures(header_levels=1, with_charts=True, with_contents_page=True, n_tables=(6, 10)),
        "three rules a table, one header level, every caption line on its own, charts and a contents page",
    ),
    Design(
        Family(
            "borderless", "chromium", "Droid Sans Fallback", Rules.NONE, Repeat.TITLE_AND_HEADER, landscape=True,
            style=Style(indent_codes=True, row_height=1.9, bold_header=True),
        ),
        ContentFeatures(header_levels=2, with_projects=False, inconsistencies=1),
        "no rules and no fills: columns by alignment alone, Latin digits of another face",
    ),
    Design(
        Family(
            "turned-annex", "reportlab", "AR PL UMing CN", Rules.FULL, Repeat.COLUMN_NUMBERS, landscape=True, rotate=90,
            lone_row=True, style=Style(indent_codes=True, page_number="— {} —"),
        ),
        ContentFeatures(column_numbers=True, code_columns=3, header_levels=3, inconsistencies=1),
        "written sideways with a /Rotate entry of 90 degrees, 类/款/项 apart, 栏次 repeated, a left-over row",
    ),
    Design(
        Family(
            "sealed-circular", "libreoffice", "AR PL UKai CN", Rules.FULL, Repeat.HEADER, cut_labels=True, sealed=True,
            style=Style(bold_header=True, caption_inline=False, row_height=2.2, continued_line="续表"),
        ),
        ContentFeatures(serial_numbers=True, header_levels=1, n_tables=(6, 10), inconsistencies=1),
        "upright pages with a red seal over numbers, 续表, every caption line on its own",
    ),
    Design(
        Family(
            "marked-draft", "weasyprint", "Noto Serif CJK SC", Rules.PALE, Repeat.HEADER, landscape=True,
            cut_cells=True, cut_labels=True, lone_row=True, watermark=Watermark(("预算公开", "仅供公开使用")),
            style=Style(header_fill=_GREY, even_columns=True, running_head=True, page_number="{}"),
        ),
        ContentFeatures(
            unit="元", header_levels=2, long_tables=True, two_same_width_neighbours=True, with_contents_page=True
        ),
        "a grey watermark under pale rules, amounts in 元, long texts cut by breaks",
    ),
    Design(
        Family(
            "upside-down", "chromium", "WenQuanYi Zen Hei", Rules.DOTTED, Repeat.NOTHING, rotate=180, share_page=True,
            style=Style(size=9.0, spaced_repeats=True),
        ),
        ContentFeatures(serial_numbers=True, column_numbers=True, header_levels=2, n_tables=(6, 10)),
        "written upside down with a /Rotate entry of 180 degrees, dotted rules, nothing repeated",
    ),
)  # fmt: skip

DESIGNS: dict[str, Design] = {design.family.name: design for design in _DESIGNS}
"""All families by name, in the order in which documents are dealt out to them."""


def find_designs(names: tuple[str, ...] | None = None) -> tuple[Design, ...]:
    """The families of these names, all without names; raises ValueError that lists the names there are."""
    for name in names or ():
        if name not in DESIGNS:
            raise ValueError(f"there is no layout family {name!r}; there are: {', '.join(DESIGNS)}")
    return tuple(DESIGNS[name] for name in dict.fromkeys(names)) if names else _DESIGNS
