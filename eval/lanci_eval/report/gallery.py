"""Page crops of the worst cells, as pictures inside the report."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from lanci.document import Box, Image
from lanci.errors import LanciError
from lanci.source import Source, open_source
from lanci_eval.results import Mistake

PageSource = Callable[[str, str], Path | None]
"""Gives the file of a dataset's item, None where it is no longer at hand."""

MAX_PICTURES = 120
MAX_BYTES = 12_000_000
MAX_WIDTH, MAX_HEIGHT = 640, 240
_DPI = 132.0
_MARGIN_X, _MARGIN_Y = 90.0, 34.0
_FRAME = (214, 40, 40)
_FRAME_WIDTH, _FRAME_GAP = 2, 2


class Gallery:
    """Makes pictures until a limit is reached; a context manager that closes the files it opened.

    Mistakes of one document should come one after another: only the last file and the last page are kept.
    """

    def __init__(self, page_source: PageSource, *, max_pictures: int = MAX_PICTURES) -> None:
        self._page_source = page_source
        self._left = max_pictures
        self._bytes_left = MAX_BYTES
        self._name: tuple[str, str] | None = None
        self._source: Source | None = None
        self._page: tuple[int, Image, float] | None = None

    def __enter__(self) -> Gallery:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def picture(self, dataset: str, item: str, mistake: Mistake) -> str | None:
        """The cell framed in its surroundings, as a data URI of a PNG.

        None when the mistake has no place on an existing page, the file cannot be read, or there are pictures
        enough.
        """
        if mistake.box is None or self._left <= 0 or self._bytes_left <= 0:
            return None
        try:
            page = self._render(dataset, item, mistake.page)
        except (LanciError, IndexError):  # the run has told what is wrong with the file
            return None
        crop = None if page is None else crop_page(page[1], page[2], Box(*mistake.box))
        if crop is None:
            return None
        done, png = cv2.imencode(".png", crop[:, :, ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if not done:
            return None
        self._left -= 1
        self._bytes_left -= len(png)
        return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode("ascii")

    def _render(self, dataset: str, item: str, number: int) -> tuple[int, Image, float] | None:
        if self._name != (dataset, item):
            self._close()
            self._name = (dataset, item)
            path = self._page_source(dataset, item)
            self._source = None if path is None else open_source(path)
        if self._source is None:
            return None
        if self._page is None or self._page[0] != number:
            image, dpi = self._source.page(number).render(_DPI)
            self._page = (number, image, dpi / 72)
        return self._page

    def _close(self) -> None:
        if self._source is not None:
            self._source.close()
        self._name = self._source = self._page = None


def crop_page(image: Image, scale: float, box: Box) -> Image | None:
    """The part of a page around a box, the box framed in red.

    Args:
        image: the page, of shape (height, width, 3).
        scale: pixels a point.
        box: in points of the page; what lies outside of the page is cut off.

    Returns:
        A new image of at most ``MAX_HEIGHT`` by ``MAX_WIDTH`` pixels, None when the box misses the page.
    """
    height, width = image.shape[:2]
    page = Box(0, 0, width / scale, height / scale)
    inside = box.intersect(page)
    if inside.width <= 0 or inside.height <= 0:
        return None
    around = _surroundings(inside, page, MAX_WIDTH / scale, MAX_HEIGHT / scale)
    left, top = math.floor(around.x0 * scale), math.floor(around.y0 * scale)
    crop = image[top : math.ceil(around.y1 * scale), left : math.ceil(around.x1 * scale)].copy()
    frame = [round(v) for v in (inside.x0 * scale - left, inside.y0 * scale - top)]
    frame += [round(v) for v in (inside.x1 * scale - left, inside.y1 * scale - top)]
    shrink = min(1.0, MAX_WIDTH / crop.shape[1], MAX_HEIGHT / crop.shape[0])
    if shrink < 1:
        size = (max(1, int(crop.shape[1] * shrink)), max(1, int(crop.shape[0] * shrink)))
        crop = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        frame = [round(v * shrink) for v in frame]
    crop = np.ascontiguousarray(crop)
    corners = (frame[0] - _FRAME_GAP, frame[1] - _FRAME_GAP), (frame[2] + _FRAME_GAP, frame[3] + _FRAME_GAP)
    cv2.rectangle(crop, *corners, _FRAME, _FRAME_WIDTH)
    return crop


def _surroundings(box: Box, page: Box, max_width: float, max_height: float) -> Box:
    """The box with a margin, as far as the page and the largest size allow, but never less than the box."""
    margin_x = min(_MARGIN_X, max(0.0, (max_width - box.width) / 2))
    margin_y = min(_MARGIN_Y, max(0.0, (max_height - box.height) / 2))
    return Box(box.x0 - margin_x, box.y0 - margin_y, box.x1 + margin_x, box.y1 + margin_y).intersect(page)
