"""The default engine: the PP-OCRv6 small weights that the ``rapidocr`` wheel ships, run by onnxruntime or OpenVINO.

The models are driven directly, for four things that rapidocr does not give: candidates for every character, a
width that depends on nothing but the picture, detection at the size of the print, and the numeric lattice.
"""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version as package_version
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from lanci.document import Image
from lanci.errors import MissingProgramError, ModelError
from lanci.ocr.ctc import CtcAlphabet
from lanci.ocr.engine import LineReading, PageLine
from lanci.ocr.line_finder import LineFinder
from lanci.ocr.lines import crop_quad, has_contrast, quad_to_box, reading_order, to_tensor
from lanci.ocr.runtime import Model, load_model, runtime_version

DETECTOR_FILE = "PP-OCRv6_det_small.onnx"
RECOGNISER_FILE = "PP-OCRv6_rec_small.onnx"

_LINE_HEIGHT = 48
"""The recogniser's input height in pixels."""
_SQUEEZE, _SQUEEZE_LONG = 0.75, 0.6
"""Lines are made this much narrower than printed, for recognition costs by the pixel of width. On 2,412 lines of
degraded pages the first changed 3 readings of numbers, two for the better, and no Chinese one. The second is for lines
longer than any number: of 176 such lines it read as many right as the first, with more certainty."""
_LONG = 7.0
"""Width over height of a line from which it is no number."""
_WIDTH_STEP = 8
"""Pixels of width to one frame of the output; widths are padded up to a multiple."""
_MIN_WIDTH = 64
"""In narrower pictures lone digits are taken for letters."""
_NARROW, _BATCH = 160, {"onnxruntime": 4}
"""Width up to which pictures are read together, and how many: on one thread four took 8 % less time than one by one
(18 % at the least width). OpenVINO prepares itself anew for every shape of input."""
_MAX_WIDTH = 3200
"""A line of 66 times its height; longer ones are squeezed, or a hostile picture would eat all memory."""


class RapidOcrEngine:
    """PP-OCRv6 small on the CPU.

    Args:
        threads: threads within one model run.
        model_dir: a folder with other files named :data:`DETECTOR_FILE` and :data:`RECOGNISER_FILE` (the
            recogniser with its dictionary in the ONNX metadata ``character``).
        runtime: one of :data:`lanci.ocr.runtime.RUNTIMES`.

    Raises:
        MissingProgramError: rapidocr, the runtime or the weights are not there.
        ModelError: the recogniser has no dictionary or one of the wrong size.
    """

    def __init__(self, threads: int = 1, model_dir: Path | None = None, runtime: str = "onnxruntime") -> None:
        folder = model_dir or shipped_models()
        path = folder / RECOGNISER_FILE
        self.name = "rapidocr" if runtime == "onnxruntime" else runtime
        self._recogniser = load_model(path, threads, runtime)
        self._alphabet = _model_to_alphabet(self._recogniser, path)
        self._folder, self._threads, self._runtime = folder, threads, runtime
        self._batch = _BATCH.get(runtime, 1)
        weights = "PP-OCRv6 small" if model_dir is None else str(model_dir.name)
        self.version = f"{package_version('rapidocr')} ({weights}, {runtime_version(runtime)})"

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        """See :class:`lanci.ocr.engine.OcrEngine`.

        Only narrow pictures that are equally wide anyway are read together: wide ones gain nothing from that, and
        padding to the widest would change the readings.
        """
        readings = [LineReading("", 1.0)] * len(images)
        by_width: dict[int, list[int]] = defaultdict(list)
        for i, image in enumerate(images):
            if has_contrast(image):
                by_width[_find_widths(image)[1]].append(i)
        for width, places in by_width.items():
            size = self._batch if width <= _NARROW else 1
            for start in range(0, len(places), size):
                batch = places[start : start + size]
                for i, reading in zip(batch, self._read_batch([images[i] for i in batch]), strict=True):
                    readings[i] = reading
        return readings

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        if not has_contrast(image):
            return []
        quads = self._finder.find(image, scale)
        readings = self.read_lines([crop_quad(image, quad) for quad in quads])
        boxes = [quad_to_box(quad) for quad in quads]
        lines = [PageLine(boxes[i], readings[i]) for i in reading_order(boxes)]
        return [line for line in lines if line.reading.text.strip()]

    def _read_batch(self, images: Sequence[Image]) -> list[LineReading]:
        """Read pictures that are equally wide for the recogniser."""
        widths = [_find_widths(image) for image in images]
        tensor = np.zeros((len(images), 3, _LINE_HEIGHT, widths[0][1]), dtype=np.float32)
        for row, image, (target, _) in zip(tensor, images, widths, strict=True):
            row[..., :target] = to_tensor(cv2.resize(image, (target, _LINE_HEIGHT)).astype(np.uint8, copy=False))[0]
        output = self._recogniser.run(tensor)
        return [
            self._alphabet.to_reading(frames, target / padded)
            for frames, (target, padded) in zip(output, widths, strict=True)
        ]

    @cached_property
    def _finder(self) -> LineFinder:
        """Loaded on first use: reading the cells of ruled tables needs no detector."""
        return LineFinder(load_model(self._folder / DETECTOR_FILE, self._threads, self._runtime))


def shipped_models() -> Path:
    """The folder of the weights in the installed ``rapidocr`` package.

    Raises:
        MissingProgramError: rapidocr is not installed.
    """
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise MissingProgramError("the package rapidocr is missing; run: pip install 'rapidocr>=3.10,<4'")
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return Path(spec.origin).parent / "models"


def _model_to_alphabet(model: Model, path: Path) -> CtcAlphabet:
    characters = model.metadata.get("character", "").splitlines()
    if len(characters) + 2 != model.width:
        raise ModelError(
            f"{path}: {model.width} output classes need a dictionary of {model.width - 2} characters in the ONNX"
            f" metadata 'character', found {len(characters)}"
        )
    return CtcAlphabet(characters)


def _find_widths(image: Image) -> tuple[int, int]:
    """How wide the picture is made at the recogniser's height, and with its padding."""
    height, width = image.shape[:2]
    squeeze = _SQUEEZE if width < _LONG * height else _SQUEEZE_LONG
    target = min(max(1, math.ceil(squeeze * _LINE_HEIGHT * width / height)), _MAX_WIDTH)
    return target, max(_MIN_WIDTH, target + -target % _WIDTH_STEP)
