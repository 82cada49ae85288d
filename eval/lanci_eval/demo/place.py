"""From the content of a page to the place of every line of text and every rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lanci_eval.demo.blocks import (
    Align,
    CaptionLine,
    GridBlock,
    GridCell,
    PageContent,
    PlacedGrid,
    PlacedPage,
    PlacedRule,
    PlacedText,
    Style,
    TextBlock,
    TextKind,
)
from lanci_eval.demo.grid import (
    PAD_X,
    block_to_heights,
    block_to_ranges,
    cell_to_lines,
    cells_to_rules,
    ranges_to_widths,
    sizes_to_edges,
)
from lanci_eval.demo.typeset import LINE_PITCH, measure, wrap

A4 = (595.0, 842.0)
A3 = (842.0, 1191.0)
MARGIN_X = 54.0
MARGIN_Y = 58.0

_SIZES = tuple(10.5 - 0.5 * step for step in range(9))  # 10.5 pt down to 6.5 pt
_READABLE_SIZE = 9.0
_ROW_HEIGHTS = (2.6, 2.2, 1.9, 1.65)  # in ems; from airy, as the originals are, to tight
_TITLE_SCALE = 1.6
_PROSE_PITCH = 1.75
_MIDDLE_TO_BASELINE = 0.38  # ems; half the height of an ideograph
_FOOT = 30.0  # page number above the lower edge, points
_FOOT_SIZE = 9.0
_CONTENTS_LINE = re.compile(r"^(?P<title>.*?)[\s.…·]*(?P<page>\d+)$")


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for the content of a page and the sizes tried: ``size`` in points, ``row`` in ems."""

    x0: float
    x1: float
    size: float
    row: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0


@dataclass(slots=True)
class _Sheet:
    """A page being filled from the top; ``y`` is where the next block begins."""

    frame: Frame
    style: Style
    y: float
    fits: bool = True
    texts: list[PlacedText] = field(default_factory=list)
    rules: list[PlacedRule] = field(default_factory=list)
    grids: list[PlacedGrid] = field(default_factory=list)

    def put(self, text: str, align: Align, scale: float = 1.0, *, bold: bool = False) -> None:
        """Set one line between the margins at the current height, without moving on."""
        size = self.frame.size * scale
        x = _align_to_x(align, self.frame.x0, self.frame.x1, measure(text) * size)
        self.texts.append(PlacedText(x, self.y + size * 1.1, text, size, bold))


def place_page(content: PageContent, style: Style) -> PlacedPage:
    """Lay a page out as large as it fits: smaller type before larger paper, never rows on another page."""
    for width, height, size in _papers_to_try(landscape=content.landscape):
        for row in _ROW_HEIGHTS:
            frame = Frame(MARGIN_X, width - MARGIN_X, size, row)
            sheet = _fill(content, style, frame)
            if sheet.fits and sheet.y <= height - MARGIN_Y:
                return _finish(sheet, content.number, width, height)
    # Nothing left to try: the page grows downwards.
    return _finish(sheet, content.number, width, max(height, sheet.y + MARGIN_Y))


def _papers_to_try(*, landscape: bool) -> Iterator[tuple[float, float, float]]:
    """Width and height of the paper and size of the type, in points, the most wanted first.

    A page that wants to be landscape but is too long for readable type is turned upright before it gets
    smaller.
    """
    if not landscape:
        yield from ((*paper, size) for paper in (A4, A3) for size in _SIZES)
        return
    readable = [size for size in _SIZES if size >= _READABLE_SIZE]
    yield from ((A4[1], A4[0], size) for size in readable)
    yield from ((*A4, size) for size in _SIZES)
    yield from ((paper[1], paper[0], size) for paper in (A4, A3) for size in _SIZES)


def _finish(sheet: _Sheet, number: int, width: float, height: float) -> PlacedPage:
    label = f"- {number} -"
    x = (width - measure(label) * _FOOT_SIZE) / 2
    foot = PlacedText(x, height - _FOOT, label, _FOOT_SIZE)
    texts, rules, grids = (*sheet.texts, foot), tuple(sheet.rules), tuple(sheet.grids)
    return PlacedPage(width, height, texts, rules, sheet.style.rule_width, grids)


def _fill(content: PageContent, style: Style, frame: Frame) -> _Sheet:
    sheet = _Sheet(frame, style, MARGIN_Y)
    for block in content.blocks:
        if isinstance(block, TextBlock):
            _add_prose(sheet, block)
        else:
            _add_grid(sheet, block)
    return sheet


def _add_prose(sheet: _Sheet, block: TextBlock) -> None:
    size = sheet.frame.size
    if block.kind is TextKind.CONTENTS:
        sheet.put(_leader(block.text, sheet.frame.width / size), Align.LEFT)
        sheet.y += size * _PROSE_PITCH
        return
    scale = {TextKind.TITLE: _TITLE_SCALE, TextKind.HEADING: 1.25, TextKind.PARAGRAPH: 1.15}[block.kind]
    align = Align.CENTER if block.kind is TextKind.TITLE else Align.LEFT
    indent = 2.0 if block.kind is TextKind.PARAGRAPH else 0.0
    for text in _wrap_indented(block.text, sheet.frame.width / (size * scale), indent):
        if indent:
            x = sheet.frame.x0 + indent * size * scale
            sheet.texts.append(PlacedText(x, sheet.y + size * scale * 1.1, text, size * scale))
        else:
            sheet.put(text, align, scale, bold=block.kind is not TextKind.PARAGRAPH)
        indent = 0.0
        sheet.y += size * scale * _PROSE_PITCH


def _wrap_indented(text: str, width: float, indent: float) -> Iterator[str]:
    """Lines of a paragraph whose first line is shorter by ``indent`` ems."""
    first, *rest = wrap(text, width - indent) or ("",)
    yield first
    if rest and indent:
        # The rest is set anew at full width; it begins where the first line ended.
        rest = list(wrap(text[len(first) :].strip(), width))
    yield from rest


def _leader(text: str, width: float) -> str:
    """A line of the contents page, its dots filled up to the page number at the right margin."""
    match = _CONTENTS_LINE.match(text)
    if match is None or not match["title"]:
        return text
    title, page = match["title"], match["page"]
    dots = int((width - measure(title) - measure(page)) / measure("."))
    return title + "." * max(dots, 3) + page


def _add_caption(sheet: _Sheet, caption: Sequence[CaptionLine]) -> None:
    size = sheet.frame.size
    sides = [line for line in caption if line.align is not Align.CENTER]
    for line in caption:
        if line.align is Align.CENTER:
            for text in wrap(line.text, sheet.frame.width / (size * _TITLE_SCALE)):
                sheet.put(text, Align.CENTER, _TITLE_SCALE, bold=True)
                sheet.y += size * _TITLE_SCALE * 1.6
    room = sheet.frame.width / size - 3.0 * len(sides)
    rights = [line for line in sides if line.align is Align.RIGHT]
    has_places = len(sides) - len(rights) <= 1 and len(rights) <= 2  # left, middle, right
    if sheet.style.caption_inline and has_places and sum(measure(line.text) for line in sides) <= room:
        for line in sides:
            # Of two lines on the right the first moves to the middle: entity | year | unit.
            middle = line is not rights[-1] if line.align is Align.RIGHT else False
            sheet.put(line.text, Align.CENTER if middle else line.align)
        sheet.y += size * 1.6 if sides else 0.0
        return
    for line in sides:
        for text in wrap(line.text, sheet.frame.width / size):
            sheet.put(text, line.align)
            sheet.y += size * 1.5


def _add_grid(sheet: _Sheet, block: GridBlock) -> None:
    size = sheet.frame.size
    if sheet.texts:
        sheet.y += size * 0.8
    _add_caption(sheet, block.caption)
    sheet.y += size * 0.2
    total = sheet.frame.width / size
    narrow, wanted = block_to_ranges(block)
    sheet.fits = sheet.fits and sum(narrow) <= total
    widths = ranges_to_widths(narrow, wanted, total)
    heights = block_to_heights(block, widths, sheet.frame.row)
    xs = sizes_to_edges(sheet.frame.x0, [width * size for width in widths])
    ys = sizes_to_edges(sheet.y, [height * size for height in heights])
    sheet.rules += cells_to_rules(block.cells, xs, ys)
    sheet.grids.append(PlacedGrid(block.table, tuple(xs), tuple(ys)))
    for cell in block.cells:
        sheet.texts += _cell_to_texts(cell, xs, ys, size)
    sheet.y = ys[-1] + size * 0.4
    for note in block.notes:
        for text in wrap(note, total):
            sheet.put(text, Align.LEFT)
            sheet.y += size * LINE_PITCH
    sheet.y += size * 0.8


def _cell_to_texts(cell: GridCell, xs: Sequence[float], ys: Sequence[float], size: float) -> Iterator[PlacedText]:
    left, right = xs[cell.col], xs[cell.col + cell.col_span]
    top, bottom = ys[cell.row], ys[cell.row + cell.row_span]
    lines = cell_to_lines(cell, (right - left) / size)
    pitch = LINE_PITCH * size
    y = (top + bottom - len(lines) * pitch + pitch) / 2 + _MIDDLE_TO_BASELINE * size
    for line in lines:
        inner_left = left + (PAD_X + cell.indent) * size
        x = _align_to_x(cell.align, inner_left, right - PAD_X * size, measure(line) * size)
        yield PlacedText(x, y, line, size, cell.bold)
        y += pitch


def _align_to_x(align: Align, left: float, right: float, width: float) -> float:
    if align is Align.CENTER:
        return (left + right - width) / 2
    return left if align is Align.LEFT else right - width
