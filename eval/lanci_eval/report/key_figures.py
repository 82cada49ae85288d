"""Which figures stand in the summary: those that a reader decides by, in the order of the questions they answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """What a figure is judged by; the summary has a table for each."""

    TRUTH = "against the truth"
    JOINS = "stitching: joins over page breaks that are missed or made wrongly, in numbers, by cause"
    TEXT_LAYER = "against what the text layer prints, without a truth"
    CHECKS = "by the system's own checks, errors without and with them against the truth"


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
    KeyFigure("joins", "true", "joins to make", Basis.JOINS),
    KeyFigure("joins", "missed", "missed", Basis.JOINS),
    KeyFigure("joins", "missed_bare", "no header", Basis.JOINS),
    KeyFigure("joins", "missed_header", "header differs", Basis.JOINS),
    KeyFigure("joins", "missed_equal", "header equal", Basis.JOINS),
    KeyFigure("joins", "missed_column", "column lost", Basis.JOINS),
    KeyFigure("joins", "missed_part", "part not found", Basis.JOINS),
    KeyFigure("joins", "alike", "look-alikes to keep apart", Basis.JOINS),
    KeyFigure("joins", "wrong", "joined wrongly", Basis.JOINS),
    KeyFigure("joins", "wrong_alike", "look-alikes", Basis.JOINS),
    KeyFigure("joins", "wrong_other", "other tables", Basis.JOINS),
    KeyFigure("joins", "wrong_nothing", "no table", Basis.JOINS),
    KeyFigure("conservation", "recall_alone", "numbers in cells", Basis.TEXT_LAYER),
    KeyFigure("conservation", "precision", "numbers true", Basis.TEXT_LAYER),
    KeyFigure("conservation", "kept_documents", "documents whole", Basis.TEXT_LAYER),
    KeyFigure("reading", "amounts_read", "amounts read", Basis.TEXT_LAYER),
    KeyFigure("ties", "row_ties", "row ties", Basis.TEXT_LAYER),
    KeyFigure("ties", "code_ties", "code ties", Basis.TEXT_LAYER),
    KeyFigure("ties", "split_ties", "ties over pages", Basis.TEXT_LAYER),
    KeyFigure("narrative", "found_of_printed", "quoted figures", Basis.TEXT_LAYER),
    KeyFigure("checks", "amounts_proven", "proven", Basis.CHECKS),
    KeyFigure("checks", "amounts_unchecked", "unchecked", Basis.CHECKS),
    KeyFigure("checks", "amounts_conflict", "in conflict", Basis.CHECKS),
    KeyFigure("checks", "silent_unchecked", "silent, reading alone", Basis.CHECKS),
    KeyFigure("checks", "silent_checked", "silent, checked", Basis.CHECKS),
    KeyFigure("checks", "amounts_lost", "of these lost", Basis.CHECKS),
    KeyFigure("checks", "amounts_apart", "in parts not joined", Basis.CHECKS),
    KeyFigure("checks", "review_unchecked", "to look at, reading alone", Basis.CHECKS),
    KeyFigure("checks", "review_checked", "to look at, checked", Basis.CHECKS),
    KeyFigure("checks", "proven_wrong", "wrong and proven", Basis.CHECKS),
)
"""Those that a dataset leaves undefined are not shown for it."""
