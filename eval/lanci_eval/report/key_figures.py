"""Which figures stand in the summary: those that a reader decides by, in the order of the questions they answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """What a figure is judged by; the summary has a table for each."""

    TRUTH = "against the truth"
    TEXT_LAYER = "against what the text layer prints, without a truth"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure of a metric, its short heading, and what it is judged by."""

    metric: str
    figure: str
    heading: str
    basis: Basis = Basis.TRUTH


KEY_FIGURES: tuple[KeyFigure, ...] = (
    KeyFigure("amounts", "amount_exact", "amounts exact"),
    KeyFigure("amounts", "silent_error_rate", "silent errors"),
    KeyFigure("cells", "cell_f1", "cell F1"),
    KeyFigure("cells", "chinese_exact", "Chinese cells"),
    KeyFigure("confidence", "cells_marked", "cells marked"),
    KeyFigure("teds", "teds", "TEDS"),
    KeyFigure("grits", "con", "GriTS-Con"),
    KeyFigure("adjacency", "f1", "adjacency F1"),
    KeyFigure("stitching", "stitch_f1", "stitch F1"),
    KeyFigure("stitching", "tables_exact", "tables exact"),
    KeyFigure("labels", "type_macro_f1", "type F1"),
    KeyFigure("conservation", "recall_alone", "numbers in cells", Basis.TEXT_LAYER),
    KeyFigure("conservation", "precision", "numbers true", Basis.TEXT_LAYER),
    KeyFigure("conservation", "kept_documents", "documents whole", Basis.TEXT_LAYER),
    KeyFigure("reading", "amounts_read", "amounts read", Basis.TEXT_LAYER),
    KeyFigure("ties", "row_ties", "row ties", Basis.TEXT_LAYER),
    KeyFigure("ties", "code_ties", "code ties", Basis.TEXT_LAYER),
    KeyFigure("ties", "split_ties", "ties over pages", Basis.TEXT_LAYER),
    KeyFigure("narrative", "found_of_printed", "quoted figures", Basis.TEXT_LAYER),
)
"""Those that a dataset leaves undefined are not shown for it."""
