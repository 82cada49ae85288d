"""Calibration: how far the confidence of cells can be trusted, found on scans of documents whose truth is known.

``collect_samples`` reads scans and says of every cell what speaks for its reading and whether it is right;
:mod:`lanci.training` fits the model on that.
"""

from lanci_eval.calibration.collect import Progress, collect_samples
from lanci_eval.calibration.samples import load_samples, write_samples

__all__ = ["Progress", "collect_samples", "load_samples", "write_samples"]
