"""A sample of conflicts of real documents, with pictures, for a person to judge: does the page really print that?"""

from lanci_eval.conflicts.collect import Conflict, find_conflicts, sample_conflicts
from lanci_eval.conflicts.write import write_sample

__all__ = ["Conflict", "find_conflicts", "sample_conflicts", "write_sample"]
