"""A first document, so that loading models and filling caches is not counted with the first real one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from lanci_eval.records import Extraction


def warm_up(extract: Callable[[Path], Extraction]) -> None:
    """Let a system read two pages with a small ruled table: one with a text layer, one a picture of it."""
    import pymupdf

    with tempfile.TemporaryDirectory(prefix="lanci-eval-") as folder:
        path = Path(folder) / "warm-up.pdf"
        with pymupdf.open() as document:
            page = document.new_page(width=300, height=200)
            for step in range(4):
                page.draw_line((30, 30 + 40 * step), (270, 30 + 40 * step))
                page.draw_line((30 + 80 * step, 30), (30 + 80 * step, 150))
            for place in range(9):
                x, y = 40 + 80 * (place % 3), 55 + 40 * (place // 3)
                page.insert_text((x, y), ("项目", "合计", "12.50")[place % 3], fontname="china-s")
            picture = page.get_pixmap(dpi=150)
            document.new_page(width=300, height=200).insert_image((0, 0, 300, 200), pixmap=picture)
            document.save(path)
        extract(path)
