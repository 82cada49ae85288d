"""What an engine really printed: whether every page holds what its sheet says, and where its cells stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pymupdf

from lanci.document import Box
from lanci.text import squash
from lanci_eval.demo.blocks import GridCell
from lanci_eval.evidence.rules import Network, find_networks
from lanci_eval.factory.problems import PrintError
from lanci_eval.factory.records import Family, SheetPage, TablePart
from lanci_eval.factory.sheet import PrintedTable, frame_width, print_part

_SAME = 1.0
"""Points; rules closer than this are one, and boxes that differ by less are the same."""

_SHOWN = 6
"""Most characters that a message names."""


@dataclass(frozen=True, slots=True)
class PartLines:
    """Where a part of a table stands on its page: the edges of its columns and rows, points."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    @property
    def box(self) -> Box:
        """Around the whole part."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def span_box(self, rows: range, cols: range) -> Box:
        """The box of a cell over these rows (of the part) and columns."""
        return Box(self.xs[cols.start], self.ys[rows.start], self.xs[cols.stop], self.ys[rows.stop])


def check_prints(pdf: bytes, pages: Sequence[SheetPage], family: Family) -> None:
    """Raise PrintError unless there is one page for each sheet, and on it exactly the characters of the sheet."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        if document.page_count != len(pages):
            raise PrintError(f"{family.engine} printed {document.page_count} pages for {len(pages)} sheets")
        for page, sheet in zip(document, pages, strict=True):
            expected = Counter("".join(squash(text) for text in _sheet_texts(sheet, family)))
            found = Counter(squash(page.get_text("text")))
            if expected != found:
                missing = "".join(sorted((expected - found).elements()))[:_SHOWN]
                extra = "".join(sorted((found - expected).elements()))[:_SHOWN]
                raise PrintError(
                    f"{family.engine}, {family.font}: page {sheet.number} lacks {missing!r} and has {extra!r} too many",
                    page=sheet.number,
                )


def _sheet_texts(sheet: SheetPage, family: Family) -> Iterator[str]:
    for block in sheet.blocks:
        if not isinstance(block, TablePart):
            yield block.text
            continue
        table = print_part(block, family)
        for row in table.captions:
            yield from row.texts
        yield from (cell.text for cell in table.cells)
        yield from table.notes


def find_lines(
    pdf: bytes, ruled: bytes, pages: Sequence[SheetPage], family: Family
) -> tuple[tuple[PartLines | None, ...], ...]:
    """The lines of all parts of tables, page by page, from the top; None where they are not certain.

    Args:
        pdf: as printed.
        ruled: the same with all rules drawn (``pdf`` itself where the family draws them all).
        pages: what was printed.
        family: its manners.

    Lines are certain where the rules close exactly the cells of the part, and each cell of ``pdf`` holds exactly
    the characters of its text.
    """
    found: list[tuple[PartLines | None, ...]] = []
    with pymupdf.open(stream=pdf, filetype="pdf") as plain, pymupdf.open(stream=ruled, filetype="pdf") as drawn:
        for index, sheet in enumerate(pages):
            parts = [print_part(block, family) for block in sheet.blocks if isinstance(block, TablePart)]
            width = frame_width(landscape=sheet.landscape)
            networks = [
                network
                for network in find_networks(drawn[index], drawn[index].get_drawings())
                if abs(network.box.width - width) < width * 0.02
            ]
            if len(networks) != len(parts):
                found.append((None,) * len(parts))
                continue
            chars = list(_page_chars(plain[index]))
            pairs = zip(parts, networks, strict=True)
            found.append(tuple(_match(part, network, chars) for part, network in pairs))
    return tuple(found)


def _match(part: PrintedTable, network: Network, chars: Sequence[tuple[str, float, float]]) -> PartLines | None:
    xs = _cluster(x for cell in network.cells for x in (cell.x0, cell.x1))
    ys = _cluster(y for cell in network.cells for y in (cell.y0, cell.y1))
    cols = sorted({edge for cell in part.cells for edge in (cell.col, cell.col + cell.col_span)})
    rows = sorted({edge for cell in part.cells for edge in (cell.row, cell.row + cell.row_span)})
    if (len(xs), len(ys), len(network.cells)) != (len(cols), len(rows), len(part.cells)):
        return None
    lines = PartLines(_all_edges(cols, xs), _all_edges(rows, ys))
    for cell in part.cells:
        box = _cell_box(cell, lines)
        if not any(_is_same(box, other) for other in network.cells):
            return None
        inside = Counter("".join(char for char, x, y in chars if box.contains(x, y)))
        if inside != Counter(squash(cell.text)):
            return None
    return lines


def _all_edges(numbers: Sequence[int], places: Sequence[float]) -> tuple[float, ...]:
    """The places of edges 0 to the last; those that no cell of the part has, for all are merged there, lie between."""
    return tuple(round(float(place), 2) for place in np.interp(range(numbers[-1] + 1), numbers, places))


def _cell_box(cell: GridCell, lines: PartLines) -> Box:
    rows, cols = range(cell.row, cell.row + cell.row_span), range(cell.col, cell.col + cell.col_span)
    return lines.span_box(rows, cols)


def _is_same(one: Box, two: Box) -> bool:
    pairs = ((one.x0, two.x0), (one.y0, two.y0), (one.x1, two.x1), (one.y1, two.y1))
    return all(abs(a - b) <= _SAME for a, b in pairs)


def _cluster(values: Iterable[float]) -> tuple[float, ...]:
    """Sorted values, those closer than ``_SAME`` to the one before taken together, as their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= _SAME:
            groups[-1].append(value)
        else:
            groups.append([value])
    return tuple(round(sum(group) / len(group), 2) for group in groups)


def _page_chars(page: pymupdf.Page) -> Iterator[tuple[str, float, float]]:
    """Every visible character, compatibility forms unified, with the middle of its box."""
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    x0, y0, x1, y1 = char["bbox"]
                    for one in squash(char["c"]):
                        yield one, (x0 + x1) / 2, (y0 + y1) / 2
