"""A finished run: its records, its file, and what follows from them (figures, timings, comparisons)."""

from lanci_eval.results.records import (
    DatasetInfo,
    Estimate,
    ItemInfo,
    ItemResult,
    Mistake,
    Results,
    RunInfo,
    SystemInfo,
)

__all__ = [
    "DatasetInfo",
    "Estimate",
    "ItemInfo",
    "ItemResult",
    "Mistake",
    "Results",
    "RunInfo",
    "SystemInfo",
]
