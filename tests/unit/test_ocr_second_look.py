"""Doubtful lines are read again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lanci.document import Image
from lanci.ocr.engine import LineReading, PageLine
from lanci.ocr.second_look import read_again


class _ByHeight:
    """Reads what it is told to for pictures higher than those given first."""

    name, version = "by height", "1"

    def __init__(self, *texts: str) -> None:
        self._texts = texts
        self.heights: list[int] = []

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        self.heights = [image.shape[0] for image in images]
        return [LineReading(text, 1.0) for text in self._texts[: len(images)]]

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        return []


def test_only_doubtful_lines_are_read_again_with_more_white() -> None:
    engine = _ByHeight("5.1", "=")
    readings = [LineReading("1.2", 0.99), LineReading("5.7", 0.6), LineReading("", 1.0)]
    again = read_again([np.full((30, 60), 255, np.uint8)] * 3, readings, engine)
    assert {i: (r.text, r.confidence) for i, r in again.items()} == {1: ("5.1", 1.0), 2: ("=", 1.0)}
    assert engine.heights == [38, 38]


def test_a_second_reading_of_nothing_is_not_sure() -> None:
    again = read_again([np.full((30, 60), 255, np.uint8)], [LineReading("-", 0.6)], _ByHeight(""))
    assert (again[0].text, again[0].confidence) == ("", 0.0)
