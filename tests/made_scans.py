"""A page as a scanner would see it, drawn for the tests of what is done to scans."""

from __future__ import annotations

import cv2
import numpy as np

from lanci.document import Image

SCALE = 200 / 72
SHAPE = (1100, 1500)


def ruled_page(rule: int = 30) -> Image:
    """A ruled page with numbers; ``rule`` is the grey level of its lines."""
    page = np.full(SHAPE, 255, np.uint8)
    for y in range(100, 1001, 100):
        cv2.line(page, (100, y), (1400, y), (rule,), 2)
    for x in (100, 500, 1000, 1400):
        cv2.line(page, (x, 100), (x, 1000), (rule,), 2)
    for y in range(165, 1000, 100):
        cv2.putText(page, "-1,234.56", (620, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (30,), 3, cv2.LINE_AA)
    return page
