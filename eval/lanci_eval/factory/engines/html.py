"""Pages as one HTML file: for the engines that lay out HTML with CSS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from lanci_eval.demo.blocks import GridCell
from lanci_eval.demo.grid import PAD_X, PAD_Y
from lanci_eval.demo.typeset import LINE_PITCH
from lanci_eval.factory.engines.strokes import WIDTH, cell_edges
from lanci_eval.factory.fonts import find_typeface
from lanci_eval.factory.records import Family, Passage, PassageKind, SheetPage, TablePart
from lanci_eval.factory.sheet import (
    CAPTION_PITCH,
    CHART_HEIGHT,
    HEADING_SCALE,
    MARGIN_X,
    MARGIN_Y,
    PROSE_PITCH,
    PROSE_SIZE,
    TABLE_GAP,
    TITLE_SCALE,
    CaptionRow,
    PrintedTable,
    page_size,
    print_part,
)

_SIDES = ("top", "right", "bottom", "left")
_STYLE = """
@page upright {{ size: {upright}; margin: {margin}; }}
@page wide {{ size: {wide}; margin: {margin}; }}
* {{ margin: 0; padding: 0; }}
body {{ font-family: {fonts}; color: #000; }}
section {{ break-after: page; }}
section:last-child {{ break-after: auto; }}
section.upright {{ page: upright; }}
section.wide {{ page: wide; }}
table {{ border-collapse: collapse; table-layout: fixed; width: 100%; }}
td {{ padding: {pad_y}em {pad_x}em; line-height: {pitch}; vertical-align: middle; overflow-wrap: anywhere; }}
.caption {{ display: flex; justify-content: space-between; line-height: {caption_pitch}; }}
.title {{ text-align: center; font-weight: bold; font-size: {title}em; line-height: {caption_pitch}; }}
.note {{ line-height: {caption_pitch}; }}
.part {{ margin-bottom: {gap}pt; }}
.prose {{ font-size: {prose}pt; line-height: {prose_pitch}; margin-bottom: 0.3em; text-align: justify; }}
.heading {{ font-size: {heading}pt; font-weight: bold; }}
.paragraph {{ text-indent: 2em; }}
.chart {{ padding-top: {chart}pt; text-align: center; }}
"""


def pages_to_html(pages: Sequence[SheetPage], family: Family) -> str:
    """The whole file; raises MissingProgramError when the family's typeface is not installed."""
    body = "\n".join(_page_to_html(page, family) for page in pages)
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><style>{_to_style(family)}</style></head>'
        f"<body>\n{body}\n</body></html>\n"
    )


def _to_style(family: Family) -> str:
    face = find_typeface(family.font)
    names = [face.latin, face.name] if face.latin else [face.name]
    size = {wide: "{}pt {}pt".format(*page_size(landscape=wide)) for wide in (False, True)}
    return _STYLE.format(
        upright=size[False],
        wide=size[True],
        margin=f"{MARGIN_Y}pt {MARGIN_X}pt",
        fonts=", ".join(f'"{name}"' for name in names),
        pad_y=PAD_Y,
        pad_x=PAD_X,
        pitch=LINE_PITCH,
        caption_pitch=CAPTION_PITCH,
        title=TITLE_SCALE,
        gap=TABLE_GAP,
        prose=PROSE_SIZE,
        prose_pitch=PROSE_PITCH,
        heading=PROSE_SIZE * HEADING_SCALE,
        chart=CHART_HEIGHT,
    )


def _page_to_html(page: SheetPage, family: Family) -> str:
    blocks = [
        _part_to_html(print_part(block, family), family) if isinstance(block, TablePart) else _passage_to_html(block)
        for block in page.blocks
    ]
    return f'<section class="{"wide" if page.landscape else "upright"}">\n' + "\n".join(blocks) + "\n</section>"


def _passage_to_html(passage: Passage) -> str:
    kind = {PassageKind.CHART: "chart", PassageKind.HEADING: "heading", PassageKind.PARAGRAPH: "paragraph"}
    return f'<p class="prose {kind.get(passage.kind, "contents")}">{escape(passage.text)}</p>'


def _part_to_html(table: PrintedTable, family: Family) -> str:
    lines = [f'<div class="part" style="font-size:{table.size:g}pt">']
    lines += [_caption_to_html(row) for row in table.captions]
    columns = "".join(f'<col style="width:{width:.2f}pt">' for width in table.widths)
    lines.append(f"<table><colgroup>{columns}</colgroup>")
    lines += _rows_to_html(table, family)
    lines.append("</table>")
    lines += [f'<p class="note">{escape(note)}</p>' for note in table.notes]
    return "\n".join([*lines, "</div>"])


def _caption_to_html(row: CaptionRow) -> str:
    if row.is_title:
        return f'<p class="title">{escape(row.middle)}</p>'
    spans = "".join(f"<span>{escape(text)}</span>" for text in (row.left, row.middle, row.right))
    return f'<div class="caption">{spans}</div>'


def _rows_to_html(table: PrintedTable, family: Family) -> Iterator[str]:
    for row in range(table.n_rows):
        cells = (_cell_to_html(cell, table, family) for cell in table.cells if cell.row == row)
        yield f'<tr style="height:{table.least_height:.2f}pt">{"".join(cells)}</tr>'


def _cell_to_html(cell: GridCell, table: PrintedTable, family: Family) -> str:
    edges = cell_edges(cell, table, family)
    sides = (edges.top, edges.right, edges.bottom, edges.left)
    css = []
    for name, stroke in zip(_SIDES, sides, strict=True):
        if stroke is None:
            # Transparent borders would be drawn too, invisibly. Padding takes the room that the half of a border
            # that belongs to the cell would take, so that leaving rules out moves nothing.
            pad = PAD_Y if name in {"top", "bottom"} else PAD_X
            indent = cell.indent if name == "left" else 0.0
            css.append(f"padding-{name}:{(pad + indent) * table.size + WIDTH / 2:.3f}pt")
        else:
            css.append(f"border-{name}:{WIDTH}pt {'dotted' if stroke.dotted else 'solid'} {stroke.color}")
            if name == "left" and cell.indent:
                css.append(f"padding-left:{PAD_X + cell.indent:g}em")
    css.append(f"text-align:{cell.align.value}")
    if edges.fill:
        css.append(f"background:{edges.fill}")
    if cell.bold:
        css.append("font-weight:bold")
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.col_span}"' if cell.col_span > 1 else ""
    return f'<td{spans} style="{";".join(css)}">{escape(cell.text)}</td>'
