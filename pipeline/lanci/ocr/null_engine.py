"""An engine that reads nothing: for looking at grids without OCR, and for tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lanci.document import Image
from lanci.ocr.engine import LineReading, PageLine

_INK_CONTRAST = 40
"""Grey levels between the darkest and the lightest pixel from which a picture is not blank."""


class NullEngine:
    """Gives an empty text for every picture; where there is ink, with confidence 0, so that it is reviewed."""

    name = "null"
    version = "1"

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        return [LineReading("", 0.0 if _has_ink(image) else 1.0) for image in images]

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        """See :class:`lanci.ocr.engine.OcrEngine`; finds no line."""
        return []


def _has_ink(image: Image) -> bool:
    return bool(image.size) and int(np.max(image)) - int(np.min(image)) >= _INK_CONTRAST
