"""What the scanner or the camera does to a sheet: geometry, optics, light, dust, sensor, file.

Rasters are those of :mod:`lanci_eval.scanning.sheet`. The functions are pure unless they say "in place".
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci_eval.scanning.sheet import Sheet


def project(sheet: Sheet, rng: np.random.Generator, *, reach: float, paper: int) -> Sheet:
    """Perspective: every corner moves inwards by up to ``reach`` of the width, both ways; nothing is cut off."""
    height, width = sheet.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    inwards = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)], dtype=np.float32)
    moved = corners + inwards * (rng.random((4, 2)) * reach * width).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    seen = cv2.warpPerspective(
        sheet, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,) * 3
    )
    return np.asarray(seen, dtype=np.float32)


def skew(sheet: Sheet, degrees: float, paper: int) -> Sheet:
    """Rotate about the middle, counter-clockwise for positive ``degrees``; the size stays."""
    height, width = sheet.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(sheet, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(paper,) * 3)
    return np.asarray(turned, dtype=np.float32)


def blur(sheet: Sheet, sigma: float) -> Sheet:
    """A lens that is not quite sharp: Gaussian, ``sigma`` in pixels, above 0."""
    return np.asarray(cv2.GaussianBlur(sheet, (0, 0), sigma), dtype=np.float32)


def shading(shape: tuple[int, ...], rng: np.random.Generator, depth: float) -> NDArray[np.float32]:
    """A smooth field between ``1 - depth`` and 1: a few random values, interpolated over the page.

    Shape (height, width) for a grey sheet's ``shape``, (height, width, 1) for that of an RGB sheet.
    """
    coarse = (1.0 - depth * rng.random((3, 3))).astype(np.float32)
    smooth = np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    return smooth if len(shape) == 2 else smooth[:, :, np.newaxis]


def speckle(sheet: Sheet, rng: np.random.Generator, *, per_square_inch: float, dpi: int) -> None:
    """Dust on the glass (in place): dots of up to three pixels in several greys."""
    height, width = sheet.shape[:2]
    count = round(per_square_inch * height * width / dpi**2)
    for x, y, radius, grey in zip(
        rng.integers(0, width, count),
        rng.integers(0, height, count),
        rng.integers(0, 2, count),
        rng.integers(60, 190, count),
        strict=True,
    ):
        cv2.circle(sheet, (int(x), int(y)), int(radius), (float(grey),) * 3, thickness=-1)


def add_noise(sheet: Sheet, rng: np.random.Generator, sigma: float) -> Sheet:
    """Sensor noise, normal with a deviation of ``sigma`` grey levels, for each channel by itself."""
    noisy: Sheet = sheet + rng.normal(0.0, sigma, sheet.shape).astype(np.float32)
    return noisy


def to_image(sheet: Sheet) -> Image:
    """Whole grey levels from 0 to 255."""
    image: Image = np.clip(np.rint(sheet), 0, 255).astype(np.uint8)
    return image


def encode_jpeg(image: Image, quality: int) -> bytes:
    """A JPEG file of a grey or RGB image; ``quality`` 0 to 100."""
    stored = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", stored, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(data)
