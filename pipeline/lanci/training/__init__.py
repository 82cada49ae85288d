"""Stage ``training``: from annotations to models, with scores and a card."""

from lanci.training.confidence_artefact import ConfidenceReport, write_confidence
from lanci.training.confidence_fit import FittedConfidence, Sample, fit_confidence
from lanci.training.report import TrainingReport
from lanci.training.scores import Score
from lanci.training.stitch_artefact import LinkOrder, LinkReport, train_links
from lanci.training.train import Order, Progress, train

__all__ = [
    "ConfidenceReport",
    "FittedConfidence",
    "LinkOrder",
    "LinkReport",
    "Order",
    "Progress",
    "Sample",
    "Score",
    "TrainingReport",
    "fit_confidence",
    "train",
    "train_links",
    "write_confidence",
]
