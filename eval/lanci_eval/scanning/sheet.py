"""What happens to a page before it is scanned: the sheet of paper.

A sheet is an array of float32 in grey levels (0 is black), shape (height, width) for grey or (height, width, 3)
for RGB, one pixel per sample of the scan. The functions give back a new sheet or change the one given, as said.
Lengths on paper are in millimetres, since print, paper and stamps do not know of the scanner's resolution.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image

Sheet = NDArray[np.float32]
"""A raster in grey levels, shape (height, width) or (height, width, 3)."""

_MM_PER_INCH = 25.4
_BLOTCH_MM = 9.0
_GAP_RADII_MM = (0.08, 0.16)
_BLEED_BLUR_MM = 0.18


def print_sheet(image: Image, paper: int, ink: int) -> Sheet:
    """Print a page: white becomes the level of the paper, black that of the ink."""
    sheet: Sheet = ink + image.astype(np.float32) * ((paper - ink) / 255)
    return sheet


def fade_print(sheet: Sheet, rng: np.random.Generator, *, depth: float, paper: int, dpi: int) -> Sheet:
    """Faint toner: in blotches of about a centimetre, print loses up to ``depth`` of its darkness."""
    cell = _BLOTCH_MM / _MM_PER_INCH * dpi
    coarse = rng.random((_count(sheet.shape[0], cell), _count(sheet.shape[1], cell))).astype(np.float32)
    blotches = cv2.resize(coarse, (sheet.shape[1], sheet.shape[0]), interpolation=cv2.INTER_CUBIC)
    kept = 1 - depth * np.clip(blotches, 0, 1)
    faded: Sheet = paper - (paper - sheet) * _per_pixel(kept, sheet)
    return faded


def drop_toner(sheet: Sheet, rng: np.random.Generator, *, per_square_inch: float, paper: int, dpi: int) -> None:
    """Break the print (in place): spots without toner, wide enough for a hairline, too small to hide a digit."""
    height, width = sheet.shape[:2]
    count = round(per_square_inch * height * width / dpi**2)
    radii = np.rint(rng.uniform(*_GAP_RADII_MM, count) / _MM_PER_INCH * dpi)
    for x, y, radius in zip(rng.integers(0, width, count), rng.integers(0, height, count), radii, strict=True):
        cv2.circle(sheet, (int(x), int(y)), int(radius), _level(paper, sheet), thickness=-1)


def bleed_through(sheet: Sheet, back: Sheet, *, strength: float, paper: int, dpi: int) -> Sheet:
    """The print on the back of the sheet, seen through the paper: mirrored, blurred and faint.

    ``back`` is the printed page of the other side, as one reads it there; where the sizes differ it is cut
    or filled up with blank paper.
    """
    fitted = np.full_like(sheet, paper)
    height, width = (min(a, b) for a, b in zip(sheet.shape[:2], back.shape[:2], strict=True))
    fitted[:height, :width] = back[:height, :width]
    mirrored = np.ascontiguousarray(fitted[:, ::-1])
    seen = cv2.GaussianBlur(mirrored, (0, 0), max(_BLEED_BLUR_MM / _MM_PER_INCH * dpi, 0.5))
    through: Sheet = sheet * (1 - strength * (1 - seen / paper))
    return through


def turn_sheet(sheet: Sheet, degrees: int) -> Sheet:
    """Lay the sheet on the glass turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(sheet, -(degrees // 90)))


def _count(length: int, cell: float) -> int:
    return max(round(length / cell), 1) + 1


def _per_pixel(field: NDArray[np.float32], sheet: Sheet) -> NDArray[np.float32]:
    """A field of shape (height, width), made fit to multiply a grey or an RGB sheet."""
    return field if sheet.ndim == 2 else field[:, :, np.newaxis]


def _level(grey: float, sheet: Sheet) -> tuple[float, ...]:
    return (float(grey),) * (1 if sheet.ndim == 2 else 3)
