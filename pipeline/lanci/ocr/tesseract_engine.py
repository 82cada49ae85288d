"""Tesseract 5 as an engine: the one reader whose weights have nothing in common with the others.

It is bound in (``tesserocr``), since starting a program for every line takes longer than reading it. The wheels
bring the library; the language data come from the system's packages.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence
from importlib.metadata import version as package_version
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from lanci.document import Box, Image
from lanci.errors import MissingProgramError
from lanci.ocr.engine import CharReading, LineReading, PageLine
from lanci.ocr.lines import has_contrast, reading_order
from lanci.text import is_cjk

LANGUAGE = "chi_sim"
_DATA_FOLDERS = (
    "/usr/share/tesseract-ocr/*/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_LINE_HEIGHT = 40
"""Tesseract reads print of about 30 pixels best; from 36 to 60 tried."""
_MARGIN = 10
"""White around a line, in pixels; without it the first and last characters are lost."""
_DPI = 300
_PAGE_PIXELS = 300 / 72
"""Pixels in a point for finding lines."""
_USUAL_SCALE = 200 / 72
_MAX_PIXELS = 12_000_000
_MAX_WIDTH = 6000
_LINE_SECONDS = 10
"""Limit in time for one line; hostile pictures can hold it up for minutes."""


class TesseractEngine:
    """Tesseract's LSTM recogniser for simplified Chinese, and its own search for lines.

    Args:
        model_dir: a folder with ``chi_sim.traineddata``; by default ``TESSDATA_PREFIX`` or
            where system packages put it.

    Raises:
        MissingProgramError: the binding or the language data are not installed.
    """

    name = "tesseract"

    def __init__(self, model_dir: Path | None = None) -> None:
        if importlib.util.find_spec("tesserocr") is None:
            raise MissingProgramError("the OCR engine tesseract is not installed; run: pip install 'lanci[tesseract]'")
        folder = _find_data(model_dir)
        import tesserocr

        self._library: Any = tesserocr
        # Two, since a change of the kind of page would have to be undone after every page.
        self._line_reader = self._make(folder, tesserocr.PSM.SINGLE_LINE)
        self._page_reader = self._make(folder, tesserocr.PSM.SPARSE_TEXT)
        number = tesserocr.tesseract_version().split()[1]
        self.version = f"{number} (tesserocr {package_version('tesserocr')}, {LANGUAGE})"

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        return [self._read_line(_to_grey(image)) if has_contrast(image) else LineReading("", 1.0) for image in images]

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        if not has_contrast(image):
            return []
        grey = _to_grey(image)
        height, width = grey.shape
        ratio = min(_PAGE_PIXELS / (scale or _USUAL_SCALE), (_MAX_PIXELS / grey.size) ** 0.5)
        size = max(1, round(width * ratio)), max(1, round(height * ratio))
        self._set_image(self._page_reader, cv2.resize(grey, size).astype(np.uint8, copy=False))
        boxes: list[Box] = []
        for found in self._page_reader.GetComponentImages(self._library.RIL.TEXTLINE, True):
            place = found[1]
            left, top = place["x"] / ratio, place["y"] / ratio
            right, bottom = left + place["w"] / ratio, top + place["h"] / ratio
            boxes.append(Box(left, top, min(right, float(width)), min(bottom, float(height))))
        lines = [PageLine(box, self._read_line(_cut(grey, box))) for box in boxes]
        return [lines[i] for i in reading_order(boxes) if lines[i].reading.text.strip()]

    def _make(self, folder: Path, mode: int) -> Any:
        reader = self._library.PyTessBaseAPI(
            path=f"{folder}{os.sep}", lang=LANGUAGE, psm=mode, oem=self._library.OEM.LSTM_ONLY
        )
        reader.SetVariable("debug_file", os.devnull)
        return reader

    def _set_image(self, reader: Any, grey: Image) -> None:
        height, width = grey.shape
        reader.SetImageBytes(np.ascontiguousarray(grey).tobytes(), width, height, 1, width)
        reader.SetSourceResolution(_DPI)

    def _read_line(self, grey: Image) -> LineReading:
        height, width = grey.shape
        size = min(max(1, round(width * _LINE_HEIGHT / height)), _MAX_WIDTH), _LINE_HEIGHT
        line = cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC)
        paper = float(np.percentile(line, 90))
        line = cv2.copyMakeBorder(line, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=(paper,))
        self._set_image(self._line_reader, line.astype(np.uint8, copy=False))
        if not self._line_reader.Recognize(_LINE_SECONDS * 1000):
            return LineReading("", 0.0)
        chars = tuple(self._symbols(size[0]))
        text = "".join(char.candidates[0][0] for char in chars)
        # Ink without text is no certain blank.
        return LineReading(text, min((char.candidates[0][1] for char in chars), default=0.0), chars)

    def _symbols(self, width: int) -> Iterator[CharReading]:
        """The characters read, with a space between words that are not Chinese."""
        level = self._library.RIL
        place = self._line_reader.GetIterator()
        before: CharReading | None = None
        while place is not None:
            text = place.GetUTF8Text(level.SYMBOL) if not place.Empty(level.SYMBOL) else ""
            if text.strip():
                left, _top, right, _bottom = place.BoundingBox(level.SYMBOL)
                position = min(max(((left + right) / 2 - _MARGIN) / width, 0.0), 1.0)
                share = round(min(max(place.Confidence(level.SYMBOL) / 100, 0.0), 1.0), 6)
                char = CharReading(((text, share),), position)
                if before is not None and place.IsAtBeginningOf(level.WORD) and not _touches_chinese(before, char):
                    yield CharReading(((" ", 1.0),), (before.position + position) / 2)
                yield char
                before = char
            if not place.Next(level.SYMBOL):
                break


def _touches_chinese(*chars: CharReading) -> bool:
    return any(map(is_cjk, chain.from_iterable(char.candidates[0][0] for char in chars)))


def _find_data(model_dir: Path | None) -> Path:
    given = model_dir or (Path(prefix) if (prefix := os.environ.get("TESSDATA_PREFIX")) else None)
    folders = [given] if given else [f for pattern in _DATA_FOLDERS for f in sorted(Path("/").glob(pattern[1:]))[::-1]]
    for folder in folders:
        if (folder / f"{LANGUAGE}.traineddata").is_file():
            return folder
    places = ", ".join(map(str, folders)) or "any of the usual folders"
    raise MissingProgramError(
        f"Tesseract's data for simplified Chinese ({LANGUAGE}.traineddata) are not in {places}; run: apt-get install"
        " tesseract-ocr tesseract-ocr-chi-sim, or give the folder that has them"
    )


def _to_grey(image: Image) -> Image:
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def _cut(grey: Image, box: Box) -> Image:
    return grey[max(int(box.y0), 0) : max(int(np.ceil(box.y1)), 1), max(int(box.x0), 0) : max(int(np.ceil(box.x1)), 1)]
