"""At which resolution, and in how many colours, a page is drawn for OCR."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pymupdf
import pytest

from lanci.page.scan_render import render_scan
from lanci.source import open_source


def _scan(path: Path, dpi: int, *, colours: int = 1, share: float = 1.0, copies: int = 1) -> Path:
    """A page of 4 x 5 inches that shows pictures of this resolution."""
    document = pymupdf.open()
    page = document.new_page(width=288, height=360)
    space = pymupdf.csRGB if colours == 3 else pymupdf.csGRAY
    width, height = 4 * dpi, 5 * dpi // copies
    pixels = np.random.default_rng(1).integers(0, 255, (height, width, colours), np.uint8).tobytes()
    for index in range(copies):
        band = pymupdf.Rect(0, 360 / copies * index, 288 * share, 360 / copies * (index + 1))
        pixmap = pymupdf.Pixmap(space, width, height, pixels, False)
        page.insert_image(band, pixmap=pixmap, keep_proportion=False)
    document.save(path)
    return path


@pytest.mark.parametrize(
    ("own", "wanted", "used"), [(600, 200, 200), (300, 200, 200), (170, 200, 170), (100, 200, 150), (100, 120, 120)]
)
def test_a_picture_is_shown_at_its_own_resolution_within_bounds(
    tmp_path: Path, own: int, wanted: int, used: int
) -> None:
    with open_source(_scan(tmp_path / "a.pdf", own)) as source:
        image, dpi = render_scan(source.page(1), wanted, painted=False)
    assert dpi == pytest.approx(used, rel=1e-3)
    assert image.shape == (pytest.approx(5 * used, abs=2), pytest.approx(4 * used, abs=2))


def test_strips_and_parts_of_pages_are_drawn_as_asked(tmp_path: Path) -> None:
    for name, share, copies in (("strips.pdf", 1.0, 5), ("part.pdf", 0.5, 1)):
        with open_source(_scan(tmp_path / name, 150, share=share, copies=copies)) as source:
            assert render_scan(source.page(1), 200, painted=False)[1] == 200


def test_grey_only_where_nothing_can_have_colour(tmp_path: Path) -> None:
    def channels(path: Path, *, painted: bool = False) -> int:
        with open_source(path) as source:
            return render_scan(source.page(1), 200, painted=painted)[0].ndim

    grey = _scan(tmp_path / "grey.pdf", 150, copies=3)
    assert channels(grey) == 2
    assert channels(grey, painted=True) == 3
    assert channels(_scan(tmp_path / "colour.pdf", 150, colours=3)) == 3
    with pymupdf.open(grey) as document:
        document[0].add_rect_annot(pymupdf.Rect(50, 50, 90, 90))
        document.save(tmp_path / "stamped.pdf")
    assert channels(tmp_path / "stamped.pdf") == 3
    with pymupdf.open() as document:
        document.new_page().insert_text((50, 50), "no picture at all", color=(1, 0, 0))
        document.save(tmp_path / "text.pdf")
    assert channels(tmp_path / "text.pdf") == 3
