"""Stage ``training``: from annotations to models, with scores and a card."""

from lanci.training.report import TrainingReport
from lanci.training.scores import Score
from lanci.training.train import Progress, train

__all__ = ["Progress", "Score", "TrainingReport", "train"]
