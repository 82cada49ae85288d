"""Pictures of a pixel or two in width or height, which some producers draw as ruling lines."""

from __future__ import annotations

from collections.abc import Iterator

import pymupdf

from lanci.document import Box

_THIN_PICTURE = 4  # pixels; a picture that is no wider or higher may be a rule
_DARK = 240  # of 255; a picture that is paler everywhere only keeps its place free


def thin_pictures(page: pymupdf.Page, thickness: float) -> Iterator[Box]:
    """The places, in displayed points, of pictures that show as lines of at most this thickness.

    Where pictures stand is slow to find out, so that is only asked when the page has one of so few pixels.
    """
    suspects = [image[0] for image in page.get_images() if min(image[2], image[3]) <= _THIN_PICTURE]
    dark = {xref for xref in suspects if _is_dark(page.parent, xref)}
    if not dark:
        return
    for info in page.get_image_info(xrefs=True):
        box = Box(*info["bbox"])
        if info["xref"] in dark and min(box.width, box.height) <= thickness < max(box.width, box.height):
            yield box


def _is_dark(document: pymupdf.Document, xref: int) -> bool:
    pixels = pymupdf.Pixmap(document, xref)
    if pixels.colorspace is None:  # a stencil, painted in the text's colour
        return True
    grey = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(pixels, 0) if pixels.alpha else pixels)
    darkest: int = min(grey.samples)
    return darkest < _DARK
