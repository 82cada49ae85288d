"""The pages of a PDF as displayed, and the way to them from the frames that other libraries count in.

Several libraries measure from the corner of the media box and know nothing of the crop box; some turn the page
further so that its text stands upright.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lanci.document import Box


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page as displayed within its media box.

    ``left`` and ``top`` are where the displayed page begins, in points from the top left corner of the media
    box turned by /Rotate.
    """

    number: int
    width: float
    height: float
    left: float
    top: float

    def from_media(self, box: Box) -> Box:
        """A box that counts from the top left corner of the turned media box, on the displayed page."""
        return Box(box.x0 - self.left, box.y0 - self.top, box.x1 - self.left, box.y1 - self.top)


def read_frames(path: Path) -> tuple[PageFrame, ...]:
    """The frames of all pages of a PDF; whatever PyMuPDF raises when it cannot open the file."""
    import pymupdf

    frames = []
    with pymupdf.open(path) as document:
        for index, page in enumerate(document):
            media, crop = page.mediabox, page.cropbox  # the crop box counts downwards from the media box's top
            left, right = crop.x0 - media.x0, media.x1 - crop.x1
            above, below = crop.y0, media.height - crop.y1
            corner = {0: (left, above), 90: (below, left), 180: (right, below), 270: (above, right)}[page.rotation]
            frames.append(PageFrame(index + 1, page.rect.width, page.rect.height, *corner))
    return tuple(frames)


def unturn(box: Box, direction: str, width: float, height: float) -> Box:
    """A box of a page that was turned to make its text upright, on the page before.

    Args:
        box: in the turned page, origin at its top left.
        direction: how the text ran before: ``anticlockwise`` (upwards; the page was turned clockwise),
            ``clockwise`` (downwards), or empty when nothing was turned.
        width: of the turned page.
        height: of the turned page.
    """
    if direction == "anticlockwise":
        return Box(box.y0, width - box.x1, box.y1, width - box.x0)
    if direction == "clockwise":
        return Box(height - box.y1, box.x0, height - box.y0, box.x1)
    return box
