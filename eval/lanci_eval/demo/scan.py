"""Make pages look as if they had been printed, signed off and put through an office scanner.

Each page goes through the same steps, in the order of a real scanner: the sheet lies a little askew, the
optics blur it, the lamp lights it unevenly, dust and toner leave specks, the sensor adds noise, and the file
is compressed as JPEG. Every random number comes from a generator seeded by the document's seed and the page.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray

from lanci.document import Image
from lanci_eval.demo.draw import pdf_to_bytes


@dataclass(frozen=True, slots=True)
class Degradation:
    """How bad the scan is.

    Attributes:
        dpi: resolution of the raster.
        max_skew: largest rotation to either side, degrees.
        blur: standard deviation of the Gaussian blur, pixels.
        noise: standard deviation of the sensor noise, grey levels.
        shade: largest loss of light across the page, as a part of white.
        specks: dust and toner specks per square inch.
        quality: JPEG quality, 0 to 100.
    """

    dpi: int = 200
    max_skew: float = 0.8
    blur: float = 0.7
    noise: float = 3.0
    shade: float = 0.10
    specks: float = 0.6
    quality: int = 45


_Light = NDArray[np.float32]
"""A raster in grey levels, shape (height, width)."""

_PAPER = 246
_INK = 28


def scan_document(pdf: bytes, *, pages: int, seed: int, degradation: Degradation | None = None) -> bytes:
    """A PDF of the first ``pages`` pages as images of a scan, without any text.

    Args:
        pdf: the digital document.
        pages: how many leading pages, at least 1; page numbers stay those of ``pdf``.
        seed: the same seed gives the same bytes.
        degradation: how bad the scan is; the default is a fair office scan.

    Raises:
        ValueError: when ``pages`` is less than 1.
    """
    if pages < 1:
        raise ValueError(f"a scan needs at least one page, not {pages}")
    settings = degradation or Degradation()
    target = pymupdf.open()
    with pymupdf.open(stream=pdf, filetype="pdf") as source:
        for index in range(min(pages, source.page_count)):
            page = source[index]
            sheet = target.new_page(width=page.rect.width, height=page.rect.height)
            image = degrade(render_grey(page, settings.dpi), np.random.default_rng([seed, index]), settings)
            sheet.insert_image(sheet.rect, stream=_encode(image, settings.quality))
    return pdf_to_bytes(target)


def render_grey(page: pymupdf.Page, dpi: int) -> Image:
    """The page as a grey raster of shape (height, width)."""
    pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY, alpha=False)
    rows = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)
    return rows[:, : pixmap.width]


def degrade(image: Image, rng: np.random.Generator, settings: Degradation) -> Image:
    """Skew, blur, shade, speckle and noise for a grey raster of shape (height, width)."""
    ink = _INK + image.astype(np.float32) * ((_PAPER - _INK) / 255)
    ink = _skew(ink, float(rng.uniform(-settings.max_skew, settings.max_skew)))
    ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), settings.blur), dtype=np.float32)
    ink *= _shading(ink.shape, rng, settings.shade)
    _speckle(ink, rng, settings)
    ink += rng.normal(0.0, settings.noise, ink.shape).astype(np.float32)
    grey: Image = np.clip(np.rint(ink), 0, 255).astype(np.uint8)
    return grey


def _skew(image: _Light, degrees: float) -> _Light:
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=_PAPER)
    return np.asarray(turned, dtype=np.float32)


def _shading(shape: tuple[int, ...], rng: np.random.Generator, depth: float) -> _Light:
    """A smooth field between ``1 - depth`` and 1: a few random corner values, interpolated over the page."""
    coarse = (1.0 - depth * rng.random((3, 3))).astype(np.float32)
    smooth = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth, dtype=np.float32)


def _speckle(image: _Light, rng: np.random.Generator, settings: Degradation) -> None:
    height, width = image.shape
    count = round(settings.specks * height * width / settings.dpi**2)
    for x, y, radius, grey in zip(
        rng.integers(0, width, count),
        rng.integers(0, height, count),
        rng.integers(0, 2, count),
        rng.integers(60, 190, count),
        strict=True,
    ):
        cv2.circle(image, (int(x), int(y)), int(radius), float(grey), thickness=-1)


def _encode(image: Image, quality: int) -> bytes:
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(data)
