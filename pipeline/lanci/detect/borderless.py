"""Tables without rules on digital pages, from camelot's network parser.

Camelot aligns text edges to columns and rows. Only its edges are taken; the text comes from our own words, since
camelot tends to give a number to its neighbour's cell.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf

from lanci.document import Box, PageEvidence, Rule, TableRegion, Word

_log = logging.getLogger(__name__)
_MIN_ROWS = 3
_MIN_COLS = 3
_MIN_FILLED = 0.45  # share of cells with text; prose that is cut into columns fills fewer or is long
_MAX_TEXT = 25  # mean characters a filled cell


def find_borderless(evidence: PageEvidence, page: pymupdf.Page) -> tuple[TableRegion, ...]:
    """Candidate tables of one page that read like a table and not like prose."""
    regions: list[TableRegion] = []
    for rows, cols in _camelot_edges(page):
        region = _edges_to_region(evidence.number, rows, cols)
        if _reads_like_table(region, rows, cols, evidence.words):
            regions.append(region)
    return tuple(sorted(regions, key=lambda r: (r.box.y0, r.box.x0)))


def _camelot_edges(page: pymupdf.Page) -> list[tuple[list[float], list[float]]]:
    """Row and column edges of camelot's tables in displayed points, ascending."""
    import camelot  # slow to import, needed for few documents

    with tempfile.TemporaryDirectory(prefix="lanci-") as folder:
        path = Path(folder) / "page.pdf"
        single = pymupdf.open()
        single.insert_pdf(page.parent, from_page=page.number, to_page=page.number)
        single.save(path)
        single.close()
        try:
            tables = camelot.read_pdf(str(path), pages="1", flavor="network", suppress_stdout=True)
        except (ValueError, IndexError, ZeroDivisionError, KeyError, TypeError) as error:
            # camelot fails in these ways on pages whose text it cannot align; the page then has no such table
            _log.debug("camelot gave up on page %d: %s", page.number + 1, error)
            return []
        return [_table_edges(table, page.rect.height) for table in tables]


def _table_edges(table: Any, height: float) -> tuple[list[float], list[float]]:
    cols = sorted({round(x, 2) for pair in table.cols for x in pair})
    rows = sorted({round(height - y, 2) for pair in table.rows for y in pair})
    return rows, cols


def _edges_to_region(page: int, rows: Sequence[float], cols: Sequence[float]) -> TableRegion:
    box = Box(cols[0], rows[0], cols[-1], rows[-1])
    rules = [Rule(True, y, box.x0, box.x1) for y in rows] + [Rule(False, x, box.y0, box.y1) for x in cols]
    return TableRegion(page, box, tuple(rules), "camelot")


def _reads_like_table(region: TableRegion, rows: Sequence[float], cols: Sequence[float], words: Sequence[Word]) -> bool:
    n_rows, n_cols = len(rows) - 1, len(cols) - 1
    if n_rows < _MIN_ROWS or n_cols < _MIN_COLS:
        return False
    filled: dict[tuple[int, int], int] = {}
    for word in words:
        x, y = word.box.center
        if region.box.contains(x, y):
            place = (sum(y >= edge for edge in rows), sum(x >= edge for edge in cols))
            filled[place] = filled.get(place, 0) + len(word.text)
    if len(filled) < _MIN_FILLED * n_rows * n_cols:
        return False
    return sum(filled.values()) <= _MAX_TEXT * len(filled)
