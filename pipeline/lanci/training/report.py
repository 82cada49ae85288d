"""What came out of a training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lanci.training.scores import Score


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What came out of a training.

    ``scores`` are of cross-validation by document, ``failures`` sentences on what went wrong there, ``output``
    the artefact's folder or None for a dry run, ``milliseconds`` the median time to label one fragment.
    """

    name: str
    version: str
    documents: tuple[str, ...]
    n_tables: int
    n_fragments: int
    n_examples: int
    training_data_sha256: str
    scores: tuple[Score, ...]
    failures: tuple[str, ...]
    training_errors: tuple[str, ...]
    milliseconds: float
    artefact_bytes: int
    output: Path | None
