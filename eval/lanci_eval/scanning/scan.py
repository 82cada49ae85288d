"""From the pages of a digital PDF to an image-only PDF, as if printed, signed off and scanned.

The steps follow the way of the sheet: it is printed (faint or broken toner), stamped, its back shines through; it
is laid on the glass sideways or askew, or seen at an angle; the optics blur it, the lamp lights it unevenly, dust
leaves specks, the sensor adds noise, and the file is compressed as JPEG.

Every random number comes from a generator seeded by the caller's seed and the page. The scanner's steps share
one generator, in the order skew, light, dust, noise; every other step has one of its own, so that turning it on
leaves the rest of the page as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import pymupdf

from lanci.document import Image
from lanci.errors import LimitError
from lanci.numbers import looks_numeric
from lanci_eval.scanning import scanner, seal
from lanci_eval.scanning.degradation import Degradation, SealPlace
from lanci_eval.scanning.pdf import pdf_to_bytes
from lanci_eval.scanning.sheet import Sheet, bleed_through, drop_toner, fade_print, print_sheet, turn_sheet

MAX_PIXELS = 36_000_000
"""Of one page; A3 at 400 dpi has 31 million. The steps need up to 90 bytes a pixel in colour."""

_POINTS_PER_INCH = 72
_LOWER_RIGHT = (0.76, 0.80)  # of width and height, where circulars are dated and sealed


class _Step(IntEnum):
    """Steps with a generator of their own; the numbers are part of every seed and never change."""

    FADE = 1
    GAPS = 2
    SEALS = 3
    TURN = 4
    PERSPECTIVE = 5


def scan_pages(pdf: bytes, pages: Sequence[int], seed: int, degradation: Degradation | None = None) -> bytes:
    """A PDF of some pages as images of a scan, without any text; sizes are those of the displayed pages.

    Args:
        pdf: the digital document. All of it, for the back of a page is the page beside it.
        pages: numbers of the pages, from 1, in the order wanted; at least one.
        seed: not negative; the same seed gives the same bytes, whatever other pages are asked for.
        degradation: how bad the scan is; the default is a fair office scan.

    Raises:
        ValueError: there is no page to scan, or no page of that number.
        LimitError: a page has more than ``MAX_PIXELS`` at this resolution.
    """
    if not pages:
        raise ValueError("a scan needs at least one page")
    settings = degradation or Degradation()
    target = pymupdf.open()
    with pymupdf.open(stream=pdf, filetype="pdf") as source:
        for number in pages:
            if not 1 <= number <= source.page_count:
                raise ValueError(f"there is no page {number}; the document has {source.page_count}")
            image = scan_page(source, number, seed, settings)
            width, height = source[number - 1].rect.br
            if _turn(seed, number - 1, settings) in {90, 270}:
                width, height = height, width
            sheet = target.new_page(width=width, height=height)
            sheet.insert_image(sheet.rect, stream=scanner.encode_jpeg(image, settings.quality))
    return pdf_to_bytes(target)


def scan_page(source: pymupdf.Document, number: int, seed: int, settings: Degradation) -> Image:
    """One page (from 1) as the scanner sees it, before compression; grey or RGB.

    Raises:
        LimitError: the page has more than ``MAX_PIXELS`` at this resolution.
    """
    index = number - 1
    sheet = _prepare_sheet(source, index, seed, settings)
    return degrade(turn_sheet(sheet, _turn(seed, index, settings)), seed, index, settings)


def degrade(sheet: Sheet, seed: int, index: int, settings: Degradation) -> Image:
    """All that the scanner does to the sheet of the page with this index."""
    if settings.perspective:
        rng = _generator(seed, index, _Step.PERSPECTIVE)
        sheet = scanner.project(sheet, rng, reach=settings.perspective, paper=settings.paper)
    rng = np.random.default_rng([seed, index])
    sheet = scanner.skew(sheet, float(rng.uniform(-settings.max_skew, settings.max_skew)), settings.paper)
    if settings.blur:
        sheet = scanner.blur(sheet, settings.blur)
    sheet *= scanner.shading(sheet.shape, rng, settings.shade)
    scanner.speckle(sheet, rng, per_square_inch=settings.specks, dpi=settings.dpi)
    return scanner.to_image(scanner.add_noise(sheet, rng, settings.noise))


def render_page(page: pymupdf.Page, dpi: int, *, colour: bool) -> Image:
    """The page as displayed, a raster of shape (height, width) or (height, width, 3).

    Raises:
        LimitError: it would have more than ``MAX_PIXELS``.
    """
    pixels = page.rect.width * page.rect.height * (dpi / _POINTS_PER_INCH) ** 2
    if pixels > MAX_PIXELS:
        message = f"page {page.number + 1} has {pixels / 1e6:.0f} million pixels at {dpi} dpi; scan it at a lower one"
        raise LimitError(message, page=page.number + 1)
    pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB if colour else pymupdf.csGRAY, alpha=False)
    rows = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)
    used = rows[:, : pixmap.width * pixmap.n]
    return used.reshape(pixmap.height, pixmap.width, 3) if colour else used


def _prepare_sheet(source: pymupdf.Document, index: int, seed: int, settings: Degradation) -> Sheet:
    """Print the page, stamp it, and let its back shine through."""
    page, paper, dpi = source[index], settings.paper, settings.dpi
    sheet = print_sheet(render_page(page, dpi, colour=settings.colour), paper, settings.ink)
    if settings.fade:
        sheet = fade_print(sheet, _generator(seed, index, _Step.FADE), depth=settings.fade, paper=paper, dpi=dpi)
    if settings.gaps:
        rng = _generator(seed, index, _Step.GAPS)
        drop_toner(sheet, rng, per_square_inch=settings.gaps, paper=paper, dpi=dpi)
    rng = _generator(seed, index, _Step.SEALS)
    for place in settings.seals:
        x, y = _seal_center(page, place, rng)
        seal.stamp_seal(sheet, rng, center=(x * dpi / _POINTS_PER_INCH, y * dpi / _POINTS_PER_INCH), dpi=dpi)
    if settings.bleed:
        back = render_page(source[_back_of(index, source.page_count)], dpi, colour=settings.colour)
        printed = print_sheet(back, paper, settings.ink)
        sheet = bleed_through(sheet, printed, strength=settings.bleed, paper=paper, dpi=dpi)
    return sheet


def _turn(seed: int, index: int, settings: Degradation) -> int:
    return int(_generator(seed, index, _Step.TURN).choice(settings.turns))


def _back_of(index: int, count: int) -> int:
    """The page on the other side of the sheet: 1 and 2 share one, 3 and 4, and so on.

    The last sheet of an odd number of pages has a blank back, and a single page has none at all; the page
    before it, or the page itself, then stands in, so that every page shows what was asked for.
    """
    back = index + 1 if index % 2 == 0 else index - 1
    return back if back < count else max(index - 1, 0)


def _seal_center(page: pymupdf.Page, place: SealPlace, rng: np.random.Generator) -> tuple[float, float]:
    """Where the middle of a seal falls, points; so that all of it is on the page where the page is large enough."""
    across, down = rng.random(2)
    centers = _amount_centers(page) if place is SealPlace.CELLS else []
    if centers:
        x, y = centers[int(across * len(centers))]
    else:
        x = page.rect.width * (_LOWER_RIGHT[0] + 0.06 * (across - 0.5))
        y = page.rect.height * (_LOWER_RIGHT[1] + 0.08 * (down - 0.5))
    radius = seal.DIAMETER / 2
    x = min(max(x, radius), max(page.rect.width - radius, radius))
    return x, min(max(y, radius), max(page.rect.height - radius, radius))


def _amount_centers(page: pymupdf.Page) -> list[tuple[float, float]]:
    """The middles of all printed numbers in points of the displayed page, in the order of the text layer."""
    centers: list[tuple[float, float]] = []
    for word in page.get_text("words"):
        if looks_numeric(word[4]):
            box = pymupdf.Rect(word[:4]) * page.rotation_matrix
            centers.append(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
    return centers


def _generator(seed: int, index: int, step: _Step) -> np.random.Generator:
    return np.random.default_rng([seed, index, int(step)])
