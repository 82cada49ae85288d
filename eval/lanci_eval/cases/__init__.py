"""Checks of hard cases: what a right parse of some pages of real files gives, as data, and whether it does.

A case names a file by its SHA-256, pages, and what is to be expected of them; the kinds of expectations are in
:data:`KINDS`. The files themselves do not come with lanci.
"""

from lanci_eval.cases.kinds import KINDS
from lanci_eval.cases.load import own_cases, read_cases
from lanci_eval.cases.records import CaseError, CaseFile, HardCase, Outcome, Problem, State
from lanci_eval.cases.run import check_cases, find_case_files

__all__ = [
    "KINDS",
    "CaseError",
    "CaseFile",
    "HardCase",
    "Outcome",
    "Problem",
    "State",
    "check_cases",
    "find_case_files",
    "own_cases",
    "read_cases",
]
