"""rapidocr over whole pages: the least that reading a scan costs, and text without tables.

Pages are drawn by lanci's own source stage, and the weights are those that lanci uses, so that the difference
between the two is not one of models.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lanci.document import Box
from lanci_eval.records import EvalLine, Extraction
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.options import check_names, number
from lanci_eval.systems.versions import require, versions
from lanci_eval.systems.warm_up import warm_up

OPTIONS = {"dpi": "resolution of the pages, 200 by default, as in lanci"}

_POINTS = 72.0


class RapidOcrSystem:
    """Detection and recognition of all lines of every page, whatever its text layer says."""

    name = "rapidocr"
    summary = "rapidocr on whole pages: lines of text, no tables; the time floor for scans"
    options: dict[str, str] = OPTIONS

    def __init__(self, request: SystemRequest, limits: Limits) -> None:
        check_names(request, OPTIONS)
        self._dpi = number(request, "dpi", 200, low=50, high=600)
        self._threads = limits.threads
        self._engine: Any = None

    def prepare(self) -> dict[str, str]:
        require("rapidocr", "pip install 'rapidocr>=3.10,<4'")
        self._engine = make_engine(self._threads)
        warm_up(self.extract)
        return versions("rapidocr", "onnxruntime", "lanci") | {"weights": "PP-OCRv6 small"}

    def extract(self, path: Path) -> Extraction:
        from lanci.source import open_source

        lines: list[EvalLine] = []
        with open_source(path) as source:
            for number_ in range(1, source.n_pages + 1):
                image, dpi = source.page(number_).render(self._dpi)
                # rapidocr expects BGR, as OpenCV reads files
                result = self._engine(image[:, :, ::-1])
                if result.txts is None or result.boxes is None:
                    continue
                for text, corners in zip(result.txts, result.boxes, strict=True):
                    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
                    scaled = (float(value) * _POINTS / dpi for value in (x0, y0, x1, y1))
                    lines.append(EvalLine(number_, text, Box(*scaled)))
        return Extraction(lines=tuple(lines))


def make_engine(threads: int) -> Any:
    """The engine as it comes, with the shipped weights and a fixed number of threads."""
    from rapidocr import RapidOCR

    return RapidOCR(params=engine_params(threads))


def engine_params(threads: int) -> dict[str, Any]:
    """Parameters of rapidocr: quiet, and not more threads than allowed."""
    return {
        "Global.log_level": "error",
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
