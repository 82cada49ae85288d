"""Planted misreadings: does validation notice what a reader of scans gets wrong, and propose the right thing?

Documents whose every cell is right are taken as if OCR had read them. One thing is then read wrongly, as readers do,
and what ``interpret`` and ``validate`` say of it is compared with what they say of the document as it was.
"""

from lanci_eval.planting.figures import PlantedFigures, trials_to_tally
from lanci_eval.planting.records import Kind, Proposal, Specimen, Trial
from lanci_eval.planting.report import Untouched, write_report
from lanci_eval.planting.sources import SOURCES, load_specimens
from lanci_eval.planting.trials import check_untouched, run_trials

__all__ = [
    "SOURCES",
    "Kind",
    "PlantedFigures",
    "Proposal",
    "Specimen",
    "Trial",
    "Untouched",
    "check_untouched",
    "load_specimens",
    "run_trials",
    "trials_to_tally",
    "write_report",
]
