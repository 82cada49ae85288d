"""Write the confidence model as an artefact folder with its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path

from lanci.artefact import lanci_version
from lanci.ocr.confidence import FEATURE_SET, KIND, MODEL_NAME, model_to_content
from lanci.training.artefact import content_to_bytes, write_artefact
from lanci.training.confidence_card import LimitFigures, confidence_to_card, measure_limits
from lanci.training.confidence_fit import FittedConfidence, Sample, fit_confidence


@dataclass(frozen=True, slots=True)
class ConfidenceReport:
    """What was written where, and what its limits do on documents that the models never saw."""

    folder: Path
    n_samples: int
    n_groups: int
    figures: tuple[LimitFigures, ...]


def write_confidence(samples: Sequence[Sample], samples_sha256: str, output: Path, version: str) -> ConfidenceReport:
    """Fit the models and write ``OUTPUT/cell-confidence/VERSION/``; equal samples give equal bytes.

    Args:
        samples: see :func:`lanci.training.fit_confidence`.
        samples_sha256: names them in the description.
        output: folder of the artefacts.
        version: of the artefact.

    Raises:
        AnnotationError: too few samples.
    """
    fitted = fit_confidence(samples, version)
    versions = {name: package_version(name) for name in ("numpy", "scikit-learn", "skops", "onnxruntime", "rapidocr")}
    figures = measure_limits(samples, fitted)
    folder = output / MODEL_NAME / version
    model = content_to_bytes(model_to_content(fitted.model))
    write_artefact(
        folder,
        model,
        _to_meta(samples, samples_sha256, fitted, figures, versions),
        confidence_to_card(samples, fitted, versions),
    )
    return ConfidenceReport(folder, len(samples), len({sample.group for sample in samples}), tuple(figures))


def _to_meta(
    samples: Sequence[Sample],
    samples_sha256: str,
    fitted: FittedConfidence,
    figures: Sequence[LimitFigures],
    versions: dict[str, str],
) -> dict[str, object]:
    return {
        "name": MODEL_NAME,
        "version": fitted.model.version,
        "minimum_lanci": lanci_version(),
        "feature_set": FEATURE_SET,
        "samples_sha256": samples_sha256,
        "documents": sorted({sample.group for sample in samples}),
        "n_samples": len(samples),
        "versions": versions,
        "trusted_types": list(KIND.trusted_types),
        "limits": {str(worth): limit for worth, limit in fitted.model.limits.items()},
        "scores": [
            {
                "cells": str(one.worth),
                "count": one.cells,
                "wrong": one.wrong,
                "marked": round(one.review, 5),
                "silent_wrong_amounts": one.silent,
            }
            for one in figures
        ],
    }
