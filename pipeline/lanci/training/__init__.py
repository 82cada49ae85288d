"""Stage ``training``: from annotations to models, with scores and a card."""

from lanci.training.scores import Score
from lanci.training.train import Progress, TrainingReport, train

__all__ = ["Progress", "Score", "TrainingReport", "train"]
