"""Which found table, row, column and cell stands for which true one."""

from lanci_eval.matching.match import (
    MIN_SIMILARITY,
    Alignment,
    Comparison,
    GridPair,
    PageGrid,
    TablePair,
    compare,
    to_page_grids,
)

__all__ = [
    "MIN_SIMILARITY",
    "Alignment",
    "Comparison",
    "GridPair",
    "PageGrid",
    "TablePair",
    "compare",
    "to_page_grids",
]
