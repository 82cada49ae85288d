"""The default engine: the PP-OCRv6 small weights that the ``rapidocr`` wheel ships, run by onnxruntime.

Detection uses rapidocr's own pre- and post-processing. Recognition drives the model directly, for three things
that rapidocr does not give: candidates for every character, padding only to the width that a line needs, and
readings that do not depend on which other lines are in the batch.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version as package_version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Image
from lanci.errors import MissingProgramError, ModelError
from lanci.ocr.ctc import CtcAlphabet
from lanci.ocr.engine import LineReading, PageLine
from lanci.ocr.lines import Quad, crop_quad, has_contrast, quad_to_box, reading_order, to_rgb

DETECTOR_FILE = "PP-OCRv6_det_small.onnx"
RECOGNISER_FILE = "PP-OCRv6_rec_small.onnx"

_LINE_HEIGHT = 48
"""The recogniser's input height in pixels."""
_WIDTH_STEP = 32
"""Widths are padded up to a multiple of this. A picture's padding so depends on nothing but itself."""
_MIN_WIDTH = 64
_MAX_WIDTH = 3200
"""A line of 66 times its height; longer ones are squeezed, or a hostile picture would eat all memory."""
_MAX_BATCH = 6
_MAX_BATCH_WIDTH = 768
"""Pixels of width in one batch: beyond, the 18,710 output classes leave the CPU caches (measured: 11 ms for a
line of 320 pixels alone, 18 ms each in a batch of six)."""

_MAX_PAGE_SIDE = 2000
"""Longest side for detection, as in rapidocr; recognition takes its lines from the full picture."""
_MIN_PAGE_SIDE = 736


class RapidOcrEngine:
    """PP-OCRv6 small through onnxruntime, on the CPU.

    Args:
        threads: threads within one model run.
        model_dir: a folder with other files named :data:`DETECTOR_FILE` and :data:`RECOGNISER_FILE` (the
            recogniser with its dictionary in the ONNX metadata ``character``).

    Raises:
        MissingProgramError: rapidocr or the weights are not there.
        ModelError: the recogniser has no dictionary or one of the wrong size.
    """

    name = "rapidocr"

    def __init__(self, threads: int = 1, model_dir: Path | None = None) -> None:
        folder = model_dir or shipped_models()
        self._recogniser = make_session(folder / RECOGNISER_FILE, threads)
        self._detector_path = folder / DETECTOR_FILE
        self._threads = threads
        self._alphabet = _session_to_alphabet(self._recogniser, folder / RECOGNISER_FILE)
        weights = "PP-OCRv6 small" if model_dir is None else str(model_dir.name)
        self.version = f"{package_version('rapidocr')} ({weights}, onnxruntime {package_version('onnxruntime')})"

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        readings = [LineReading("", 1.0)] * len(images)
        inked = [i for i, image in enumerate(images) if has_contrast(image)]
        tensors = {i: _image_to_tensor(images[i]) for i in inked}
        padded = {i: _padded_width(tensors[i].shape[2]) for i in inked}
        order = sorted(inked, key=lambda i: (padded[i], i))
        name = self._recogniser.get_inputs()[0].name
        for batch in _order_to_batches(order, padded):
            width = padded[batch[0]]
            stacked = np.zeros((len(batch), 3, _LINE_HEIGHT, width), dtype=np.float32)
            for row, i in enumerate(batch):
                stacked[row, :, :, : tensors[i].shape[2]] = tensors[i]
            output = self._recogniser.run(None, {name: stacked})[0]
            for row, i in enumerate(batch):
                readings[i] = self._alphabet.to_reading(output[row], tensors[i].shape[2] / width)
        return readings

    def read_page(self, image: Image) -> list[PageLine]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        if not has_contrast(image):
            return []
        quads = self._find_lines(image)
        readings = self.read_lines([crop_quad(image, quad) for quad in quads])
        boxes = [quad_to_box(quad) for quad in quads]
        lines = [PageLine(boxes[i], readings[i]) for i in reading_order(boxes)]
        return [line for line in lines if line.reading.text.strip()]

    def _find_lines(self, image: Image) -> list[Quad]:
        """Corners of the text lines, in pixels of ``image``."""
        from rapidocr.ch_ppocr_det.utils import DBPostProcess, DetPreProcess

        height, width = image.shape[:2]
        shrink = min(1.0, _MAX_PAGE_SIDE / max(height, width))
        small = to_rgb(image)
        if shrink < 1:
            small = cv2.resize(small, (max(1, round(width * shrink)), max(1, round(height * shrink)))).astype(
                np.uint8, copy=False
            )
        half = [0.5, 0.5, 0.5]
        tensor = DetPreProcess(_MIN_PAGE_SIDE, _limit_type(small), half, half)(small[:, :, ::-1])
        if tensor is None:
            return []
        session = _detector(self._detector_path, self._threads)
        output = session.run(None, {session.get_inputs()[0].name: tensor})[0]
        search = DBPostProcess(thresh=0.3, box_thresh=0.5, unclip_ratio=1.6, use_dilation=True)
        quads, _scores = search(output, (small.shape[0], small.shape[1]))
        return [np.asarray(quad, dtype=np.float32) / shrink for quad in quads]


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


def make_session(model: Path, threads: int) -> Any:
    """An onnxruntime session with fixed thread counts, silent.

    Raises:
        MissingProgramError: there is no such model file.
    """
    if not model.is_file():
        raise MissingProgramError(
            f"the model {model.name} is not in {model.parent}; reinstall rapidocr or give another model folder"
        )
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    # Line pictures come in many sizes: an arena that never shrinks would keep the largest of each.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=2)
def _detector(model: Path, threads: int) -> Any:
    """The detector is loaded on first use: reading cells of ruled tables needs none."""
    return make_session(model, threads)


def _session_to_alphabet(session: Any, model: Path) -> CtcAlphabet:
    characters = session.get_modelmeta().custom_metadata_map.get("character", "").splitlines()
    classes = session.get_outputs()[0].shape[-1]
    if len(characters) + 2 != classes:
        raise ModelError(
            f"{model}: {classes} output classes need a dictionary of {classes - 2} characters in the ONNX metadata"
            f" 'character', found {len(characters)}"
        )
    return CtcAlphabet(characters)


def _image_to_tensor(image: Image) -> NDArray[np.float32]:
    """The picture at the recogniser's height, channels first in BGR order, values from -1 to 1."""
    height, width = image.shape[:2]
    target = min(max(1, math.ceil(_LINE_HEIGHT * width / height)), _MAX_WIDTH)
    resized = cv2.resize(to_rgb(image)[:, :, ::-1], (target, _LINE_HEIGHT))
    return np.asarray(resized.transpose(2, 0, 1), dtype=np.float32) / 127.5 - 1.0


def _padded_width(width: int) -> int:
    return max(_MIN_WIDTH, math.ceil(width / _WIDTH_STEP) * _WIDTH_STEP)


def _order_to_batches(order: Sequence[int], padded: dict[int, int]) -> Iterator[list[int]]:
    """Cut the width-sorted pictures into batches of equal padded width."""
    batch: list[int] = []
    for i in order:
        full = len(batch) == _MAX_BATCH or (len(batch) + 1) * padded[i] > _MAX_BATCH_WIDTH
        if batch and (padded[i] != padded[batch[0]] or full):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _limit_type(image: Image) -> str:
    """Enlarge small pictures to the detector's working size, but no long strips (they would grow huge)."""
    return "min" if max(image.shape[:2]) <= 4 * min(image.shape[:2]) else "max"
