"""The interface that every text recogniser implements.

An engine reads pictures of single text lines, and whole pictures in which it finds the lines itself. It knows
nothing of tables. Engines import their heavy libraries only when they are made (see ``lanci.ocr.make_engine``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lanci.document import Box, Image

NUMERIC_ALPHABET = "0123456789,.-%"
"""What printed numbers are made of; the columns of a :data:`Lattice` after the first."""

Lattice = NDArray[np.float32]
"""CTC probabilities of shape ``(frames, 1 + len(NUMERIC_ALPHABET))``: no character, then the alphabet.

All spellings of a sign (full width, other dashes) are added up; a row sums to at most 1, the rest belongs to
characters that no number holds.
"""


@dataclass(frozen=True, slots=True)
class CharReading:
    """One recognised character: candidates with probabilities, most likely first, and its place.

    ``position`` is the character's centre along the line as a share (0 to 1) of the picture's width.
    """

    candidates: tuple[tuple[str, float], ...]
    position: float


@dataclass(frozen=True, slots=True)
class LineReading:
    """The greedy reading of one line. ``confidence`` is the smallest character probability, 1.0 for no text.

    An engine whose recogniser is open gives ``chars`` and the ``lattice`` for decoding numbers; others leave
    them empty, and the greedy text is then all there is.
    """

    text: str
    confidence: float
    chars: tuple[CharReading, ...] = ()
    lattice: Lattice | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line found on a picture; ``box`` in pixels of the picture, origin top left."""

    box: Box
    reading: LineReading


class OcrEngine(Protocol):
    """A text recogniser. Implementations give the same output for the same input."""

    @property
    def name(self) -> str:
        """Short stable name: ``rapidocr``, ``openvino``, ``paddle``, ``tesseract``, ``null``."""

    @property
    def version(self) -> str:
        """Versions of library and weights, for the output's ``software``."""

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        """Recognise pictures of one line each (grey or RGB); one reading per picture, in order.

        A blank picture gives an empty text. Raises nothing on tiny pictures (1 pixel included).
        """

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        """Find and recognise all lines of a picture, sorted from top to bottom, then left to right.

        ``scale`` tells how many pixels are a point, if that is known: lines are found quicker and better at the
        size that suits the print.
        """
