"""Runs: systems over documents, scored and reported; all of it stored, so that nothing is done twice."""

from lanci_eval.run.plan import NamedDataset, RunPlan, Watcher
from lanci_eval.run.runs import Finished, run_plan, score_stored

__all__ = ["Finished", "NamedDataset", "RunPlan", "Watcher", "run_plan", "score_stored"]
