"""How bad a scan is: every step of the way from a printed sheet to a file, with its strength."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LOWEST_DPI, HIGHEST_DPI = 72, 600


class SealPlace(StrEnum):
    """Where a seal is stamped."""

    CELLS = "cells"
    """Over a number of the page, chosen at random; at the lower right where the page prints none."""
    LOWER_RIGHT = "lower right"
    """Over the date line, as circulars are sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Degradation:
    """How bad the scan is; a strength of 0 leaves a step out. The defaults are a fair office scan.

    Attributes:
        dpi: resolution of the raster, 72 to 600.
        max_skew: largest rotation to either side, degrees.
        blur: standard deviation of the Gaussian blur, pixels.
        noise: standard deviation of the sensor noise, grey levels.
        shade: largest loss of light across the page, as a part of white.
        specks: dust and toner specks per square inch.
        quality: JPEG quality, 0 to 100.
        colour: RGB; grey otherwise.
        paper: level of blank paper, 0 to 255.
        ink: level of full black, 0 to 255, darker than ``paper``.
        fade: largest share of its darkness that print loses where the toner is faint.
        gaps: tiny spots without toner per square inch, which break thin rules.
        seals: where seals are stamped, one each.
        bleed: darkness of the print on the back of the sheet, as a share of its own.
        turns: quarter turns in degrees, clockwise (0, 90, 180, 270); each page gets one of them.
        perspective: farthest that a corner of the sheet is displaced, as a share of the page's width.
    """

    dpi: int = 200
    max_skew: float = 0.8
    blur: float = 0.7
    noise: float = 3.0
    shade: float = 0.10
    specks: float = 0.6
    quality: int = 45
    colour: bool = False
    paper: int = 246
    ink: int = 28
    fade: float = 0.0
    gaps: float = 0.0
    seals: tuple[SealPlace, ...] = ()
    bleed: float = 0.0
    turns: tuple[int, ...] = (0,)
    perspective: float = 0.0

    def __post_init__(self) -> None:
        _check_range("dpi", self.dpi, LOWEST_DPI, HIGHEST_DPI)
        _check_range("max_skew", self.max_skew, 0, 45)
        _check_range("quality", self.quality, 0, 100)
        _check_range("paper", self.paper, 1, 255)
        _check_range("ink", self.ink, 0, self.paper - 1)
        # A corner displaced by more could cross its neighbour, and the sheet would be folded.
        _check_range("perspective", self.perspective, 0, 0.25)
        for name in ("shade", "fade", "bleed"):
            _check_range(name, getattr(self, name), 0, 1)
        for name in ("blur", "noise", "specks", "gaps"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it cannot be negative")
        if not self.turns or any(turn not in {0, 90, 180, 270} for turn in self.turns):
            raise ValueError(f"turns are {self.turns}; give one or more of 0, 90, 180 and 270")


def _check_range(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        raise ValueError(f"{name} is {value}; it must be from {lowest} to {highest}")
