"""Round red seals with a star and the name of an office that does not exist."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray

from lanci_eval.scanning.sheet import Sheet

DIAMETER = 119.0
"""Of the seal, points: 42 mm, as measured on two sealed circulars."""

RING_TEXT = "示例市示例财政局"
FOOT_TEXT = "样章"

# Vermilion ink on white paper, as measured on one of them; the other's is paler, (244, 109, 107).
_LIGHT_LEFT = np.array([0.995, 0.26, 0.255], dtype=np.float32)
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_FONT = "china-s"  # PyMuPDF carries it; no font of the system is needed
_LABEL = "F0"
_MAX_TILT = 12.0
_MARGIN = 0.06  # of the diameter, room for tilting the drawing without cutting it
_LEAST_INK = 0.55
_RING_STEP = 32.0  # degrees between two characters
_NARROW = 0.75


def stamp_seal(sheet: Sheet, rng: np.random.Generator, *, center: tuple[float, float], dpi: int) -> None:
    """Stamp a seal onto the sheet (in place), tilted a little and pressed unevenly.

    The ink is transparent: black print under it stays black. On a grey sheet the seal is as dark as its colour
    is. ``center`` is (x, y) in pixels; what reaches over the edge is cut off.
    """
    cover = _press(seal_cover(dpi), rng)
    side = cover.shape[0]
    left, top = round(center[0] - side / 2), round(center[1] - side / 2)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + side, sheet.shape[1]), min(top + side, sheet.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = cover[y0 - top : y1 - top, x0 - left : x1 - left]
    if sheet.ndim == 2:
        sheet[y0:y1, x0:x1] *= 1 - part * float(1 - _LIGHT_LEFT @ _LUMINANCE)
    else:
        sheet[y0:y1, x0:x1] *= 1 - part[:, :, np.newaxis] * (1 - _LIGHT_LEFT)


@lru_cache(maxsize=4)
def seal_cover(dpi: int) -> NDArray[np.float32]:
    """How much of each pixel a clean, upright seal covers, 0 to 1; a square array."""
    document = pymupdf.open()
    side = DIAMETER * (1 + 2 * _MARGIN)
    page = document.new_page(width=side, height=side)
    page.insert_font(fontname=_LABEL, fontbuffer=pymupdf.Font(_FONT).buffer)
    shape = page.new_shape()
    middle, width = side / 2, DIAMETER * 0.034
    shape.draw_circle((middle, middle), DIAMETER / 2 - width / 2)
    shape.finish(width=width, color=(0, 0, 0))
    shape.draw_polyline(_star(middle, DIAMETER * 0.15))
    shape.finish(width=0, color=None, fill=(0, 0, 0), closePath=True)
    _write_ring(shape, middle)
    _write(shape, FOOT_TEXT, (middle, middle + DIAMETER * 0.33), DIAMETER * 0.1, pymupdf.Matrix(1, 1))
    shape.commit()
    pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY, alpha=False)
    rows = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    length = min(rows.shape)
    cover = np.float32(1) - rows[:length, :length].astype(np.float32) / np.float32(255)
    document.close()
    cover.setflags(write=False)  # it is cached
    return cover


def _star(middle: float, radius: float) -> list[tuple[float, float]]:
    """The ten corners of a five-pointed star that stands on two of them."""
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(126))
    reaches = [(radius if corner % 2 == 0 else inner, math.radians(36 * corner - 90)) for corner in range(10)]
    return [(middle + reach * math.cos(angle), middle + reach * math.sin(angle)) for reach, angle in reaches]


def _write_ring(shape: pymupdf.Shape, middle: float) -> None:
    """The characters along the upper arc, each with its foot towards the middle, narrow as seals cut them."""
    narrow = pymupdf.Matrix(_NARROW, 0, 0, 1, 0, 0)
    for index, char in enumerate(RING_TEXT):
        angle = (index - (len(RING_TEXT) - 1) / 2) * _RING_STEP
        _write(shape, char, (middle, middle - DIAMETER * 0.33), DIAMETER * 0.15, narrow * pymupdf.Matrix(-angle))


def _write(
    shape: pymupdf.Shape, text: str, foot: tuple[float, float], size: float, about_middle: pymupdf.Matrix
) -> None:
    """Write ``text`` centred over ``foot``, then apply the matrix with the middle of the seal as its fixed point."""
    middle = shape.page.rect.width / 2
    start = pymupdf.Point(foot[0] - size * len(text) / 2, foot[1])
    fixed = pymupdf.Point(middle, middle)
    shape.insert_text(start, text, fontname=_LABEL, fontsize=size, morph=(fixed, about_middle))


def _press(cover: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Tilt the seal and press it down: more ink on one side than on the other, and a grain from the paper."""
    side = cover.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(rng.uniform(-_MAX_TILT, _MAX_TILT)), 1.0)
    tilted = cv2.warpAffine(cover, turn, (side, side), flags=cv2.INTER_LINEAR)
    pressure = cv2.resize(rng.uniform(_LEAST_INK, 1.0, (3, 3)).astype(np.float32), (side, side))
    grain = cv2.GaussianBlur(rng.random((side, side)).astype(np.float32), (0, 0), 0.8)
    pressed: NDArray[np.float32] = tilted * pressure * np.clip(0.75 + grain / 2, 0, 1)
    return pressed
