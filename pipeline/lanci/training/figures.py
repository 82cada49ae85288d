"""The figures of models: from verdicts on fragments to scores, and old models against new ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lanci.training.scores import (
    Change,
    Judged,
    Measure,
    Score,
    accuracy,
    compare_judged,
    judged_to_score,
    macro_f1,
)
from lanci.training.verdicts import FACETS, OTHER_KIND, Part, Verdict

_SEED = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its name, what it makes of one verdict, and how the decisions are summed up."""

    name: str
    judge: Callable[[Verdict], list[Judged]]
    measure: Measure = accuracy


def _facet(name: str) -> Figure:
    def judge_facet(verdict: Verdict) -> list[Judged]:
        return [Judged(verdict.group, getattr(verdict.found, name), getattr(verdict.truth, name))]

    return Figure(f"{name} F1", judge_facet, macro_f1)


def _all_facets(part: Part | None) -> Figure:
    def judge_all(verdict: Verdict) -> list[Judged]:
        if part is not None and verdict.part is not part:
            return []
        return [Judged(verdict.group, str(verdict.found == verdict.truth), str(True))]

    return Figure("all facets right" + (f", {part}" if part else ""), judge_all)


def _judge_header_end(verdict: Verdict) -> list[Judged]:
    found, true = verdict.header_rows
    return [Judged(verdict.group, str(found), str(true))] if verdict.rows else []


def _judge_negatives(verdict: Verdict) -> list[Judged]:
    """Fragments of documents that are no budget: right when no kind of a budget table is found."""
    if verdict.budget:
        return []
    return [Judged(verdict.group, str(verdict.found.kind == OTHER_KIND), str(True))]


def _judge_budget_kinds(verdict: Verdict) -> list[Judged]:
    """Fragments that were given a kind of budget tables: right when they are of a budget table at all."""
    if verdict.found.kind == OTHER_KIND:
        return []
    return [Judged(verdict.group, str(True), str(verdict.truth.kind != OTHER_KIND))]


def _roles(what: str) -> Callable[[Verdict], list[Judged]]:
    return lambda verdict: [Judged(verdict.group, found, true) for found, true in getattr(verdict, what)]


FIGURES = (
    *map(_facet, FACETS),
    _all_facets(None),
    *map(_all_facets, Part),
    Figure("no budget kind in documents without budget", _judge_negatives),
    Figure("precision of budget kinds against other", _judge_budget_kinds),
    Figure("header rows exact", _judge_header_end),
    Figure("header role F1", _roles("cells"), macro_f1),
    Figure("row role F1", _roles("rows"), macro_f1),
    Figure("column role right", _roles("columns")),
)

COMPARED = ("kind F1", "all facets right", "header rows exact", "header role F1", "row role F1", "column role right")
"""The figures in which new models must not be worse than those that they replace."""


def verdicts_to_scores(verdicts: Sequence[Verdict]) -> list[Score]:
    """All figures of all tests, in the order of the tests; those without a decision are left out."""
    scores = []
    for test in dict.fromkeys(verdict.test for verdict in verdicts):
        own = [verdict for verdict in verdicts if verdict.test == test]
        for figure in FIGURES:
            judged = [j for verdict in own for j in figure.judge(verdict)]
            scores.append(judged_to_score(judged, (test, figure.name), figure.measure, _SEED))
    return [score for score in scores if score.n]


def compare_verdicts(old: Sequence[Verdict], new: Sequence[Verdict]) -> list[Change]:
    """The compared figures of old and new models on the same fragments."""
    changes = []
    for test in dict.fromkeys(verdict.test for verdict in new):
        for figure in FIGURES:
            if figure.name not in COMPARED:
                continue
            before = [j for verdict in old if verdict.test == test for j in figure.judge(verdict)]
            after = [j for verdict in new if verdict.test == test for j in figure.judge(verdict)]
            if before and after:
                changes.append(compare_judged(before, after, (test, figure.name), figure.measure, _SEED))
    return changes


def rename_test(verdicts: Sequence[Verdict], test: str) -> list[Verdict]:
    """The verdicts under another test's name."""
    return [replace(verdict, test=test) for verdict in verdicts]
