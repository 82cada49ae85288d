"""PaddleOCR 3.7 as an engine, offline: by default its onnxruntime engine on the weights that rapidocr ships.

Install with ``pip install 'lanci[paddle]'``. PaddleX pins ``opencv-contrib-python``, which writes the same
``cv2`` folder as the ``opencv-python-headless`` of lanci's other parts, and the GUI build needs libGL. Where
libGL is missing, or ``import cv2`` fails, put the headless files back after the installation::

    pip install --force-reinstall --no-deps opencv-python-headless

A virtual environment of its own for this engine is safest. With the shipped weights it reads with the same
network as the default engine: their agreement proves nothing. To use PaddleOCR's own weights give a model
folder (see :mod:`lanci.ocr.paddle_models`); those in Paddle's own format also need ``paddlepaddle``.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np

from lanci.document import Image
from lanci.errors import MissingProgramError
from lanci.ocr.engine import LineReading, PageLine
from lanci.ocr.line_finder import to_detection_size
from lanci.ocr.lines import crop_quad, has_contrast, quad_to_box, reading_order, to_rgb
from lanci.ocr.paddle_models import PaddleModel, find_models

_MAX_PAGE_SIDE = 4000
"""PaddleX's own limit, above all that it is given: pictures come to it at the size for detection."""


class PaddleEngine:
    """PaddleOCR's text detection and recognition on the CPU.

    It tells one score a line, the mean over its characters, and no candidates.

    Args:
        threads: threads within one model run (onnxruntime models only).
        model_dir: see :func:`lanci.ocr.paddle_models.find_models`.

    Raises:
        MissingProgramError: PaddleOCR or a model is not installed.
        ModelError: a model folder is not one of PaddleX.
    """

    name = "paddle"

    def __init__(self, threads: int = 1, model_dir: Path | None = None) -> None:
        if importlib.util.find_spec("paddleocr") is None:
            raise MissingProgramError("the OCR engine paddle is not installed; run: pip install 'lanci[paddle]'")
        detector, recogniser = find_models(model_dir)
        # Read when paddlex is imported: without it, importing asks model hosts on the network.
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        import paddleocr

        self._detector = paddleocr.TextDetection(**_to_arguments(detector, threads))
        self._recogniser = paddleocr.TextRecognition(**_to_arguments(recogniser, threads))
        self.version = f"{package_version('paddleocr')} ({recogniser.name}, {recogniser.engine})"

    def read_lines(self, images: Sequence[Image]) -> list[LineReading]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        readings = [LineReading("", 1.0)] * len(images)
        inked = [i for i, image in enumerate(images) if has_contrast(image)]
        pictures = [_to_bgr(images[i]) for i in inked]
        if pictures:
            # One at a time: PaddleX pads a batch to its widest line, and padding changes readings.
            for i, result in zip(inked, self._recogniser.predict(pictures, batch_size=1), strict=True):
                text = str(result["rec_text"])
                readings[i] = LineReading(text, float(result["rec_score"]) if text else 1.0)
        return readings

    def read_page(self, image: Image, scale: float | None = None) -> list[PageLine]:
        """See :class:`lanci.ocr.engine.OcrEngine`."""
        if not has_contrast(image):
            return []
        small, shrink = to_detection_size(image, scale)
        found = self._detector.predict(_to_bgr(small), batch_size=1, limit_type="max", limit_side_len=_MAX_PAGE_SIDE)
        limit = np.array([image.shape[1], image.shape[0]], dtype=np.float32)
        quads = [np.clip(np.asarray(quad, dtype=np.float32) / shrink, 0, limit) for quad in found[0]["dt_polys"]]
        readings = self.read_lines([crop_quad(image, quad) for quad in quads])
        boxes = [quad_to_box(quad) for quad in quads]
        lines = [PageLine(boxes[i], readings[i]) for i in reading_order(boxes)]
        return [line for line in lines if line.reading.text.strip()]


def _to_arguments(model: PaddleModel, threads: int) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model_name": model.name,
        "model_dir": str(model.folder),
        "engine": model.engine,
        "device": "cpu",
    }
    if model.engine == "onnxruntime":
        arguments["engine_config"] = {
            "intra_op_num_threads": threads,
            "inter_op_num_threads": 1,
            "log_severity_level": 4,
        }
    return arguments


def _to_bgr(image: Image) -> Image:
    return np.ascontiguousarray(to_rgb(image)[:, :, ::-1])
