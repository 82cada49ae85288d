"""camelot: its four flavours for digital PDFs, each with the defaults of its documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lanci.document import Box
from lanci_eval.records import EvalTable, Extraction
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.cells import Placed, clean, placed_to_table
from lanci_eval.systems.options import check_names, choice, flag
from lanci_eval.systems.pages import PageFrame, read_frames, unturn
from lanci_eval.systems.versions import require, versions
from lanci_eval.systems.warm_up import warm_up

OPTIONS = {
    "engine": "combined (default), raster or vector: where lattice and hybrid see drawn lines",
    "split_text": "off (default) or on: cut text that runs over several cells",
}


class CamelotSystem:
    """``camelot.read_pdf(pages="all")``; the flavour is the part of the system's name behind the dash."""

    name = "camelot"
    summary = "camelot: digital PDFs; lattice by drawn lines, stream, network and hybrid by the places of texts"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        self.name = request.name
        self._flavor = request.name.rpartition("-")[2]
        self._arguments: dict[str, Any] = {"split_text": flag(request, "split_text", False)}
        engine = choice(request, "engine", ("combined", "raster", "vector"))
        if self._flavor in ("lattice", "hybrid"):
            self._arguments["engine"] = engine

    def prepare(self) -> dict[str, str]:
        require("camelot", "pip install 'camelot-py>=2,<3'")
        warm_up(self.extract)
        return versions("camelot-py", "playa-pdf", "pypdfium2")

    def extract(self, path: Path) -> Extraction:
        import camelot

        frames = read_frames(path)
        found = camelot.read_pdf(str(path), pages="all", flavor=self._flavor, suppress_stdout=True, **self._arguments)
        tables: list[EvalTable] = []
        for one in sorted(found, key=lambda table: (table.page, table.order)):
            table = placed_to_table(len(tables) + 1, int(one.page), _placed(one, frames[one.page - 1]))
            if table is not None:
                tables.append(table)
        return Extraction(tuple(tables))


def _placed(table: Any, frame: PageFrame) -> Iterator[Placed]:
    """The cells; those that no edge divides are one cell, as far as they form a rectangle."""
    n_rows, n_cols = len(table.rows), len(table.cols)
    taken: set[tuple[int, int]] = set()
    for row in range(n_rows):
        for col in range(n_cols):
            if (row, col) in taken:
                continue
            row_span, col_span = _span(table.cells, row, col, taken)
            places = [(row + i, col + j) for i in range(row_span) for j in range(col_span)]
            taken.update(places)
            texts = [table.cells[i][j].text.strip() for i, j in places]
            text = clean("\n".join(text for text in texts if text))
            first, last = table.cells[row][col], table.cells[row + row_span - 1][col + col_span - 1]
            box = Box(float(first.x1), float(last.y1), float(last.x2), float(first.y2))
            yield Placed(row, col, row_span, col_span, text, _to_page(box, table, frame))


def _span(cells: Any, row: int, col: int, taken: set[tuple[int, int]]) -> tuple[int, int]:
    """Rows and columns from here on without an edge between them, columns first."""
    n_rows, n_cols = len(cells), len(cells[0])
    col_span = 1
    while (
        col + col_span < n_cols
        and (row, col + col_span) not in taken
        and not cells[row][col + col_span - 1].right
        and not cells[row][col + col_span].left
    ):
        col_span += 1
    row_span = 1
    while row + row_span < n_rows and _continues(cells, row + row_span, range(col, col + col_span), taken):
        row_span += 1
    return row_span, col_span


def _continues(cells: Any, row: int, cols: range, taken: set[tuple[int, int]]) -> bool:
    """Whether this row belongs to the cell above: no edge between them, none within."""
    open_above = all(not cells[row - 1][j].bottom and not cells[row][j].top for j in cols)
    undivided = all(not cells[row][j].right and not cells[row][j + 1].left for j in cols[:-1])
    return open_above and undivided and all((row, j) not in taken for j in cols)


def _to_page(box: Box, table: Any, frame: PageFrame) -> Box:
    """The y axis of camelot points up from the media box's corner; pages with sideways text it turns upright."""
    width, height = (float(value) for value in table.pdf_size)
    downwards = Box(box.x0, height - box.y1, box.x1, height - box.y0)
    return frame.from_media(unturn(downwards, table.rotation, width, height))
