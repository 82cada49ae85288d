"""Model folders in PaddleX's layout: the user's own, or made from the weights that rapidocr ships.

PaddleX wants one folder a model with ``inference.yml`` (name, pre- and post-processing, dictionary) beside
``inference.onnx`` or Paddle's own files. The PP-OCRv6 small weights in the rapidocr wheel are the same network,
so the folders can be written without any download.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from lanci.errors import MissingProgramError, ModelError
from lanci.ocr.rapidocr_engine import DETECTOR_FILE, RECOGNISER_FILE, shipped_models
from lanci.ocr.runtime import read_metadata

_LAYOUT = 1
"""Raised when the folders written here change, so that old caches are not used."""


@dataclass(frozen=True, slots=True)
class PaddleModel:
    """A model folder, the name that PaddleX knows it by, and the PaddleX engine that can run it."""

    folder: Path
    name: str
    engine: str


def find_models(model_dir: Path | None) -> tuple[PaddleModel, PaddleModel]:
    """The detector and the recogniser.

    Args:
        model_dir: a folder with the subfolders ``det`` and ``rec`` in PaddleX's layout; None for the weights
            that rapidocr ships.

    Raises:
        MissingProgramError: a folder or file is not there.
        ModelError: an ``inference.yml`` names no model.
    """
    root = model_dir or _shipped_folders()
    return _folder_to_model(root / "det"), _folder_to_model(root / "rec")


def _folder_to_model(folder: Path) -> PaddleModel:
    yaml = importlib.import_module("yaml")
    config = folder / "inference.yml"
    if not config.is_file():
        raise MissingProgramError(
            f"{config} is missing; the model folder needs subfolders det and rec, each with inference.yml and"
            " inference.onnx (or Paddle's inference.json and inference.pdiparams)"
        )
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    name = content.get("Global", {}).get("model_name") if isinstance(content, dict) else None
    if not isinstance(name, str):
        raise ModelError(f"{config} has no Global.model_name; it is not an exported PaddleX model")
    engine = "onnxruntime" if (folder / "inference.onnx").is_file() else "paddle"
    return PaddleModel(folder, name, engine)


def _shipped_folders() -> Path:
    """Folders made of rapidocr's weights, in the user's cache; written once, atomically."""
    base = os.environ.get("XDG_CACHE_HOME")
    cache = (Path(base) if base else Path.home() / ".cache") / "lanci"
    target = cache / f"paddle-{package_version('rapidocr')}-{_LAYOUT}"
    if target.is_dir():
        return target
    models = shipped_models()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        fresh = Path(temporary) / "models"
        _write_folder(fresh / "det", models / DETECTOR_FILE, _detector_config())
        _write_folder(fresh / "rec", models / RECOGNISER_FILE, _recogniser_config(models / RECOGNISER_FILE))
        try:
            fresh.rename(target)
        except OSError:
            # Another process was faster; its folder holds the same files.
            if not target.is_dir():
                raise
    return target


def _write_folder(folder: Path, weights: Path, config: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    shutil.copyfile(weights, folder / "inference.onnx")
    # JSON is YAML, and its quoting of the 18,708 characters leaves nothing to a YAML writer's taste.
    (folder / "inference.yml").write_text(json.dumps(config, ensure_ascii=True), encoding="utf-8")


def _detector_config() -> dict[str, Any]:
    half = [0.5, 0.5, 0.5]
    return {
        "Global": {"model_name": "PP-OCRv6_small_det"},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": {}},
                {"NormalizeImage": {"mean": half, "std": half, "scale": 1 / 255, "order": "hwc"}},
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {
            "name": "DBPostProcess",
            "thresh": 0.3,
            "box_thresh": 0.5,
            "max_candidates": 1000,
            "unclip_ratio": 1.6,
            "use_dilation": True,
        },
    }


def _recogniser_config(weights: Path) -> dict[str, Any]:
    characters = read_metadata(weights)["character"].splitlines()
    return {
        "Global": {"model_name": "PP-OCRv6_small_rec"},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": characters},
    }
