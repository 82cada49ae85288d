"""Where a line of text has ink, whose strokes may be too thin and pale to be ink by the measure of the page."""

from __future__ import annotations

import numpy as np

from lanci.document import Image
from lanci.page.scan_image import INK_SHARE, Mask

_PAPER = 255
_DEPTH = 0.35
"""Share of the way from the paper to the line's darkest strokes from which a pixel is ink. The measure of the page
loses the hairlines of song typefaces at 150 dpi, and a 2 becomes a dash."""
_PALEST = 224
"""Grey level from which nothing is ink: the grain of the paper."""


def line_ink(patch: Image) -> Mask:
    """Where the picture of one line has ink, told from its own darkest strokes.

    Args:
        patch: grey, shape (height, width), with at least one pixel, print on even paper of level 255.

    Returns:
        A mask; empty where nothing is as dark as ink, as of what shines through from the back of the sheet.
    """
    # A stroke has more pixels than a quarter of the line's height; fewer dark ones are a speck.
    few = min(patch.shape[0] // 4, patch.size - 1)
    dark = int(np.partition(patch, few, axis=None)[few])
    limit = min(max(_PAPER - _DEPTH * (_PAPER - dark), INK_SHARE * _PAPER), _PALEST)
    return np.where(patch < (limit if dark < INK_SHARE * _PAPER else 0), np.uint8(255), np.uint8(0))
