"""What a document says in prose: the record of a paragraph that holds amounts."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.geometry import Place


@dataclass(frozen=True, slots=True)
class Statement:
    """A paragraph outside the tables that prints an amount with its unit, or a percentage.

    Attributes:
        text: as printed, its lines joined; no longer than a bound, where it is cut.
        places: where it is printed, one entry for each page that it covers.
        heading: the last heading above it on its page or the one before, "" for none.
        confidence: of text read by OCR, the least of its lines.
    """

    text: str
    places: tuple[Place, ...]
    heading: str = ""
    confidence: float = 1.0
