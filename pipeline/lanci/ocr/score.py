"""How well pictures of text lines read: tells an upright page from one that stands on its head."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import Image
from lanci.ocr.engine import OcrEngine


def score_lines(engine: OcrEngine, images: Sequence[Image]) -> list[float]:
    """For each picture the mean probability of its characters, 0.0 where nothing is read."""
    scores: list[float] = []
    for reading in engine.read_lines(images):
        chances = [char.candidates[0][1] for char in reading.chars]
        # An engine that tells nothing of single characters has a confidence of the line.
        whole = reading.confidence if reading.text.strip() else 0.0
        scores.append(sum(chances) / len(chances) if chances else whole)
    return scores
