"""Digital PDFs drawn for the tests: ruled or bare tables of texts, and lines of prose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

Rows = Sequence[Sequence[str]]


def draw_table(
    page: pymupdf.Page,
    rows: Rows,
    *,
    place: tuple[float, float] = (60.0, 100.0),
    cell: tuple[float, float] = (100.0, 24.0),
    ruled: bool = True,
) -> None:
    """Draw texts right-aligned in cells of one size (width, height), the first at ``place``."""
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x0, y0 = place[0] + c * cell[0], place[1] + r * cell[1]
            if ruled:
                page.draw_rect(pymupdf.Rect(x0, y0, x0 + cell[0], y0 + cell[1]), color=(0, 0, 0), width=0.5)
            length = pymupdf.get_text_length(text, fontname="china-s", fontsize=10)
            page.insert_text((x0 + cell[0] - 4 - length, y0 + cell[1] - 8), text, fontname="china-s", fontsize=10)


def save_pages(path: Path, pages: Sequence[Rows], prose: Sequence[str] = ()) -> Path:
    """A PDF of one ruled table a page, lines of prose above that of the first."""
    with pymupdf.open() as document:
        for rows in pages:
            draw_table(document.new_page(), rows)
        for number, line in enumerate(prose):
            document[0].insert_text((60, 30 + 16 * number), line, fontname="china-s", fontsize=10)
        document.save(path)
    return path
