"""Figures that rank systems, and those that only say what the documents hold."""

from __future__ import annotations

from lanci_eval.metrics import METRICS
from lanci_eval.metrics.base import Case, FigureInfo
from lanci_eval.metrics.ties import Ties
from lanci_eval.records import EvalLine, Extraction


def test_the_arrow_shows_which_way_is_better() -> None:
    arrows = [FigureInfo("a", "", better).arrow for better in (True, False, None)]
    assert arrows == ["↑", "↓", ""]


def test_every_metric_gives_exactly_the_figures_that_it_announces() -> None:
    for kind in METRICS:
        assert set(kind().summary()) == {info.name for info in kind.infos}, kind.name
        assert all(value is None for value in kind().summary().values()), kind.name


def test_metrics_have_names_of_their_own() -> None:
    names = [kind.name for kind in METRICS]
    assert len(set(names)) == len(names)


def test_a_system_that_reads_lines_only_is_not_judged_by_tables() -> None:
    lines = Case(Extraction(lines=(EvalLine(1, "合计 12.50"),)))
    nothing = Case(Extraction())
    assert (lines.claims_tables, nothing.claims_tables) == (False, True)
    assert [kind.name for kind in METRICS if not kind.needs_tables] == ["reading"]
    metric = Ties()
    metric.update(nothing)
    assert metric.summary()["rows_checked"] == 0.0
    metric.reset()
    metric.update(lines)
    assert metric.summary()["rows_checked"] is None
