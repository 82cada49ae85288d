"""A dash that stands alone in a cell, told by its shape: recognisers read so little ink as all kinds of signs."""

from __future__ import annotations

import numpy as np

from lanci.ocr.cell_lines import LinePicture

# Shares of the height of a line's picture, which is that of a character at least.
_HEIGHT, _WIDTH = 0.25, 0.55
"""Highest and widest ink of a dash. 344 dashes of nine typefaces at 150 to 300 dpi were 0.06 to 0.20 high and 0.19 to
0.43 wide; the lowest other sign, two asterisks, was 0.30 high."""
_LEVEL = 1.35
"""How much longer than high it is at least, by the spread of its ink: dashes 1.5 to 5.4, a speck about 1."""
_INK = 0.25
"""Share of its greatest darkness from which a pixel counts."""
_PIXEL = 12**-0.5
"""Spread of a single pixel."""


def is_dash(line: LinePicture) -> bool:
    """Whether all ink of a line is one short level stroke."""
    image = line.image
    high, wide = image.shape
    if line.height > 2 * _HEIGHT * high or (line.ink_end - line.ink_start) * wide > 2 * _WIDTH * high:
        return False
    dark = 255.0 - image
    if dark.max() <= 0:
        return False
    dark[dark < _INK * dark.max()] = 0
    sizes = []
    for axis in (0, 1):
        profile = dark.sum(axis=axis)
        places = np.flatnonzero(profile)
        middle = np.average(places, weights=profile[places])
        spread = np.sqrt(np.average((places - middle) ** 2, weights=profile[places]))
        sizes.append((int(places[-1] - places[0]) + 1, max(float(spread), _PIXEL)))
    (width, along), (height, across) = sizes
    return height <= _HEIGHT * high and width <= _WIDTH * high and along >= _LEVEL * across
