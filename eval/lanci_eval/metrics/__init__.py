"""The metrics: each is one module; the report shows them in the order of ``METRICS``."""

from __future__ import annotations

from lanci_eval.metrics.adjacency import Adjacency
from lanci_eval.metrics.amounts import Amounts
from lanci_eval.metrics.base import Metric
from lanci_eval.metrics.cells import Cells, Characters
from lanci_eval.metrics.checks import Checks
from lanci_eval.metrics.confidence import Confidence
from lanci_eval.metrics.conservation import Conservation
from lanci_eval.metrics.detection import Detection
from lanci_eval.metrics.grits import Grits
from lanci_eval.metrics.joins import Joins
from lanci_eval.metrics.labels import Labels
from lanci_eval.metrics.narrative import Narrative
from lanci_eval.metrics.reading import Reading
from lanci_eval.metrics.shapes import Shapes
from lanci_eval.metrics.stitching import Stitching
from lanci_eval.metrics.teds import Teds
from lanci_eval.metrics.ties import Ties

METRICS: tuple[type[Metric], ...] = (
    Amounts,
    Cells,
    Characters,
    Stitching,
    Joins,
    Labels,
    Detection,
    Shapes,
    Teds,
    Grits,
    Adjacency,
    Confidence,
    Checks,
    Conservation,
    Reading,
    Ties,
    Narrative,
)
"""Every metric; figures are named within their metric."""

__all__ = ["METRICS", "Metric"]
