"""The picture of a page that is read by OCR: its resolution and whether colour is asked for."""

from __future__ import annotations

from typing import Any

from lanci.document import Image
from lanci.source import SourcePage

_COVERED = 0.9
"""Share of the page from which its pictures are the page: margins that a scanner left white are still missing."""
_LOWEST_DPI = 150.0
"""Pages scanned more coarsely are enlarged to this: rules and decimal points must not fall between pixels."""
_STEP = 1.02
"""A picture is shown at its own resolution when that is higher than wanted by no more than this."""


def render_scan(page: SourcePage, dpi: float, *, painted: bool) -> tuple[Image, float]:
    """Draw a page for OCR.

    A page that is one picture is shown pixel for pixel where it was scanned below the wanted resolution: enlarging
    it would cost time and tell nothing more. Pages of grey pictures are drawn in grey, which takes half the time.

    Args:
        page: of an open source.
        dpi: the resolution wanted.
        painted: whether anything but pictures and text is painted on the page.

    Returns:
        The picture, grey or RGB, and its resolution.

    Raises:
        DamagedError: the page cannot be drawn.
    """
    pictures: list[dict[str, Any]] = page.pdf.get_image_info()
    area = sum(_area(picture["bbox"]) for picture in pictures)
    whole = area >= _COVERED * page.width * page.height
    bare = not painted and page.pdf.first_annot is None and page.pdf.first_widget is None
    grey = whole and bare and all(_is_grey(picture) for picture in pictures)
    if whole and len(pictures) == 1:
        own = _own_dpi(pictures[0])
        if own < dpi * _STEP:
            dpi = max(own, min(dpi, _LOWEST_DPI))
    return page.render(dpi, grey=grey)


def _area(bbox: tuple[float, float, float, float]) -> float:
    return max(0.0, bbox[2] - bbox[0]) * max(0.0, bbox[3] - bbox[1])


def _is_grey(picture: dict[str, Any]) -> bool:
    """Whether a picture has one channel of brightness; an indexed one has one channel of anything."""
    name = str(picture["cs-name"])
    return picture["colorspace"] == 1 and "Gray" in name and "Indexed" not in name


def _own_dpi(picture: dict[str, Any]) -> float:
    """Pixels in an inch of the page, of the finer direction where the two differ."""
    a, b, c, d = picture["transform"][:4]
    across, down = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
    if not (across > 0 and down > 0):
        return 0.0
    return float(max(picture["width"] / across, picture["height"] / down)) * 72
