"""A picture sheet: one page in every profile, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import pymupdf

from lanci.document import Image
from lanci_eval.scanning.profiles import Profile
from lanci_eval.scanning.scan import scan_page
from lanci_eval.scanning.scanner import encode_jpeg

_COLUMNS = 3
_THUMB = (200, 240)  # width, height of the whole page, pixels
_DETAIL = (340, 240)
_LABEL_HEIGHT = 26
_GAP = 8
_BACKGROUND = 120
_QUALITY = 72


@dataclass(frozen=True, slots=True)
class View:
    """What of a page is shown: its number from 1, and the middle and width of the detail in points."""

    number: int
    center: tuple[float, float]
    width: float


def draw_contact_sheet(pdf: bytes, view: View, seed: int, profiles: Iterable[Profile]) -> bytes:
    """A JPEG with a tile for each profile: its name, the whole page, and a detail of it.

    The detail of a page that was turned is the same place of the picture, not of the page.
    """
    with pymupdf.open(stream=pdf, filetype="pdf") as source:
        tiles = [_draw_tile(source, view, seed, profile) for profile in profiles]
    blank = np.full_like(tiles[0], _BACKGROUND)
    tiles += [blank] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[start : start + _COLUMNS]) for start in range(0, len(tiles), _COLUMNS)]
    return encode_jpeg(np.vstack(rows), _QUALITY)


def _draw_tile(source: pymupdf.Document, view: View, seed: int, profile: Profile) -> Image:
    image = scan_page(source, view.number, seed, profile.degradation)
    coloured = image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)
    scale = profile.degradation.dpi / 72
    parts = (_fit(coloured, _THUMB), _fit(_cut(coloured, view, scale), _DETAIL))
    width = sum(part.shape[1] for part in parts) + 3 * _GAP
    tile = np.full((_LABEL_HEIGHT + _THUMB[1] + _GAP, width, 3), _BACKGROUND, dtype=np.uint8)
    left = _GAP
    for part in parts:
        tile[_LABEL_HEIGHT : _LABEL_HEIGHT + part.shape[0], left : left + part.shape[1]] = part
        left += part.shape[1] + _GAP
    label = f"{profile.name}, {profile.degradation.dpi} dpi"
    cv2.putText(tile, label, (_GAP, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    return tile


def _cut(image: Image, view: View, scale: float) -> Image:
    """The detail, moved where it would reach over the edge."""
    width = min(round(view.width * scale), image.shape[1])
    height = min(round(width * _DETAIL[1] / _DETAIL[0]), image.shape[0])
    left = int(np.clip(view.center[0] * scale - width / 2, 0, image.shape[1] - width))
    top = int(np.clip(view.center[1] * scale - height / 2, 0, image.shape[0] - height))
    return image[top : top + height, left : left + width]


def _fit(image: Image, box: tuple[int, int]) -> Image:
    """The image as large as the box allows, on grey."""
    scale = min(box[0] / image.shape[1], box[1] / image.shape[0])
    size = (max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1))
    fitted = np.full((box[1], box[0], 3), _BACKGROUND, dtype=np.uint8)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    fitted[: size[1], : size[0]] = cv2.resize(image, size, interpolation=way)
    return fitted
