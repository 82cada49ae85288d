"""Stage ``ocr``: text recognisers behind one small interface, and the reading of cells with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lanci.errors import LanciError
from lanci.ocr.cells import read_cells
from lanci.ocr.confidence import confidence_version
from lanci.ocr.engine import OcrEngine
from lanci.ocr.line_words import split_lines
from lanci.ocr.outside import read_outside
from lanci.ocr.score import score_lines

__all__ = [
    "ENGINES",
    "OcrEngine",
    "OcrOptions",
    "UnknownEngineError",
    "confidence_version",
    "make_engine",
    "read_cells",
    "read_outside",
    "score_lines",
    "split_lines",
]

ENGINES = ("rapidocr", "openvino", "paddle", "tesseract", "null")
"""Names for :attr:`OcrOptions.engine`, the default first; ``openvino`` runs the default's models with OpenVINO."""


class UnknownEngineError(LanciError):
    """The engine asked for does not exist; the message lists those that do."""

    category = "usage"


@dataclass(frozen=True, slots=True)
class OcrOptions:
    """How to read pictures of text.

    Attributes:
        engine: one of :data:`ENGINES`.
        threads: threads within one recognition; 1 is best when several documents run side by side.
        model_dir: a folder with other weights than the shipped ones, laid out as the engine describes.
    """

    engine: str = ENGINES[0]
    threads: int = 1
    model_dir: Path | None = None


def make_engine(options: OcrOptions | None = None) -> OcrEngine:
    """Make a recogniser; its libraries and weights are loaded here, not on import.

    Raises:
        UnknownEngineError: no engine has this name.
        MissingProgramError: the engine's package or weights are not installed.
    """
    options = options or OcrOptions()
    if options.engine in ("rapidocr", "openvino"):
        from lanci.ocr.rapidocr_engine import RapidOcrEngine

        runtime = "onnxruntime" if options.engine == "rapidocr" else options.engine
        return RapidOcrEngine(threads=options.threads, model_dir=options.model_dir, runtime=runtime)
    if options.engine == "paddle":
        from lanci.ocr.paddle_engine import PaddleEngine

        return PaddleEngine(threads=options.threads, model_dir=options.model_dir)
    if options.engine == "tesseract":
        from lanci.ocr.tesseract_engine import TesseractEngine

        return TesseractEngine(model_dir=options.model_dir)
    if options.engine == "null":
        from lanci.ocr.null_engine import NullEngine

        return NullEngine()
    raise UnknownEngineError(f"there is no OCR engine {options.engine!r}; choose one of {', '.join(ENGINES)}")
