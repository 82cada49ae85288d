"""Cross-validation by document: every document is judged by models that never saw it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from lanci.classify import label_fragments
from lanci.classify.models import HEADS, Models
from lanci.document import LabelledFragment
from lanci.training.augment import drop_caption, drop_header, garble, hide_words
from lanci.training.examples import Example
from lanci.training.fit import examples_to_sets
from lanci.training.scores import Judged, Score, judged_to_accuracy, judged_to_f1

FACETS = ("kind", "fund", "scope", "classification")
_SEED = 20
_MAX_FAILURES = 12


@dataclass(frozen=True, slots=True)
class Test:
    """A way to look at the held-out fragments; ``change`` may return its argument (then it is left out)."""

    name: str
    change: Callable[[Example, str, random.Random], Example]
    keep_unchanged: bool = False


def _same(example: Example, _: str, __: random.Random) -> Example:
    return example


TESTS = (
    Test("as printed", _same, keep_unchanged=True),
    Test("no caption", lambda e, _, __: drop_caption(e)),
    Test("no header", lambda e, _, __: drop_header(e)),
    Test("no caption, no header", lambda e, _, __: drop_header(drop_caption(e))),
    Test("no words at all", lambda e, _, __: hide_words(e)),
    Test("5 % garbled", lambda e, alphabet, rng: garble(e, 0.05, alphabet, rng)),
    Test("10 % garbled", lambda e, alphabet, rng: garble(e, 0.10, alphabet, rng)),
    Test("20 % garbled", lambda e, alphabet, rng: garble(e, 0.20, alphabet, rng)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A held-out fragment under one test: the example and what the models said of it."""

    test: str
    example: Example
    labelled: LabelledFragment


def judge(held_out: Sequence[Example], models: Models, alphabet: str, tests: Sequence[Test] = TESTS) -> list[Outcome]:
    """Label the held-out examples in every way of ``tests``."""
    outcomes = []
    for test in tests:
        rng = random.Random(_SEED)  # noqa: S311 - reproducible variety, not secrecy
        changed = [test.change(example, alphabet, rng) for example in held_out]
        kept = [
            new
            for new, old in zip(changed, held_out, strict=True)
            if test.keep_unchanged or new.fragment is not old.fragment
        ]
        labelled = label_fragments([example.fragment for example in kept], models)
        outcomes += [Outcome(test.name, e, found) for e, found in zip(kept, labelled, strict=True)]
    return outcomes


def outcomes_to_scores(outcomes: Sequence[Outcome]) -> list[Score]:
    """All scores, in the order of the tests."""
    scores: list[Score] = []
    for test in dict.fromkeys(outcome.test for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.test == test]
        for facet in FACETS:
            scores.append(judged_to_f1([_judge_facet(o, facet) for o in own], test, f"{facet} F1", _SEED))
        scores.append(judged_to_accuracy([_judge_all(o) for o in own], test, "all facets right", _SEED))
        own = [outcome for outcome in own if outcome.example.fragment.n_rows]
        headers = [_judge_header_end(o) for o in own]
        scores.append(judged_to_accuracy(headers, test, "header rows exact", _SEED))
        rows = [j for o in own for j in _judge_rows(o)]
        scores.append(judged_to_f1(rows, test, "row role F1", _SEED))
        cells = [j for o in own for j in _judge_cells(o)]
        scores.append(judged_to_f1(cells, test, "header role F1", _SEED))
        columns = [j for o in own for j in _judge_columns(o)]
        scores.append(judged_to_accuracy(columns, test, "column role right", _SEED))
    return [score for score in scores if score.n]


def _cluster(outcome: Outcome) -> str:
    return f"{outcome.example.group}/{outcome.example.table}"


def _judge_facet(outcome: Outcome, facet: str) -> Judged:
    found = getattr(outcome.labelled.facets, facet)[0][0]
    return Judged(_cluster(outcome), found, getattr(outcome.example.truth.facets, facet))


def _judge_all(outcome: Outcome) -> Judged:
    judged = [_judge_facet(outcome, facet) for facet in FACETS]
    return Judged(_cluster(outcome), " ".join(j.found for j in judged), " ".join(j.true for j in judged))


def _judge_header_end(outcome: Outcome) -> Judged:
    return Judged(_cluster(outcome), str(outcome.labelled.n_header_rows), str(outcome.example.truth.n_header_rows))


def _judge_rows(outcome: Outcome) -> list[Judged]:
    pairs = zip(outcome.labelled.row_roles, outcome.example.truth.row_roles, strict=True)
    return [Judged(_cluster(outcome), found, true) for found, true in pairs]


def _judge_cells(outcome: Outcome) -> list[Judged]:
    """Roles of true header cells; a cell that was taken for the body counts as ``none``."""
    n_true = outcome.example.truth.n_header_rows
    n_found = outcome.labelled.n_header_rows
    found = iter(outcome.labelled.header_roles)
    true = iter(outcome.example.truth.header_roles)
    judged = []
    for cell in outcome.example.fragment.cells:
        role = str(next(found)[0]) if cell.row < n_found else "none"
        if cell.row < n_true:
            judged.append(Judged(_cluster(outcome), role, str(next(true))))
    return judged


def _judge_columns(outcome: Outcome) -> list[Judged]:
    pairs = zip(outcome.labelled.column_roles, outcome.example.truth.column_roles, strict=True)
    return [Judged(_cluster(outcome), role, true) for (role, _), true in pairs]


def outcomes_to_failures(outcomes: Sequence[Outcome]) -> list[str]:
    """Sentences on what went wrong with fragments as they are printed, for the card."""
    failures = []
    for outcome in outcomes:
        example = outcome.example
        wrong = [
            f"{facet} {j.found} for {j.true}" for facet in FACETS if (j := _judge_facet(outcome, facet)).found != j.true
        ]
        header = _judge_header_end(outcome)
        if header.found != header.true:
            wrong.append(f"{header.found} header rows for {header.true}")
        cells = [j for j in _judge_cells(outcome) if j.found != j.true]
        if cells and header.found == header.true:
            wrong.append(f"header cell {cells[0].found} for {cells[0].true} ({len(cells)} cells)")
        if wrong and outcome.test == "as printed":
            title = example.fragment.caption.title or "(no title)"
            failures.append(f"{example.group} {example.table} page {example.fragment.page} {title}: {', '.join(wrong)}")
    return failures[:_MAX_FAILURES]


def log_loss_terms(held_out: Sequence[Example], models: Models) -> dict[tuple[str, str], list[np.ndarray]]:
    """Log probabilities of held-out samples by classifier and head, the true class first in every row.

    Samples whose true class the models never saw are left out: no temperature can help them.
    """
    terms: dict[tuple[str, str], list[np.ndarray]] = {}
    for name, data in examples_to_sets(held_out).items():
        classifier = getattr(models, name)
        found = classifier.predict(data.samples)
        for head in HEADS[name]:
            index = {label: i for i, label in enumerate(classifier.classes(head))}
            for row, label in zip(found[head], data.labels[head], strict=True):
                if str(label) in index:
                    order = np.argsort(np.arange(len(row)) != index[str(label)], kind="stable")
                    terms.setdefault((name, head), []).append(np.log(np.maximum(row[order], 1e-12)))
    return terms


def terms_to_temperature(terms: Sequence[np.ndarray]) -> float:
    """The temperature from 1 to 4 under which the held-out truth is likeliest.

    Never below 1: documents of one family of forms would teach the models more certainty than other forms bear.
    """
    width = max(len(row) for row in terms)
    logits = np.full((len(terms), width), -np.inf)
    for i, row in enumerate(terms):
        logits[i, : len(row)] = row
    best, best_loss = 1.0, np.inf
    for temperature in np.round(np.arange(1.0, 4.01, 0.1), 1):
        scaled = logits / temperature
        loss = float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[:, 0]))
        if loss < best_loss - 1e-9:
            best, best_loss = float(temperature), loss
    return best


def median_milliseconds(examples: Sequence[Example], models: Models) -> float:
    """Median time to label one fragment, each document's fragments in one call."""
    times = []
    for group in sorted({example.group for example in examples}):
        fragments = [example.fragment for example in examples if example.group == group]
        start = perf_counter()
        label_fragments(fragments, models)
        times += [(perf_counter() - start) * 1000 / len(fragments)] * len(fragments)
    return float(np.median(times)) if times else 0.0


def regroup(examples: Sequence[Example], group: str) -> list[Example]:
    """The examples as tables of a group of their own, so that each is drawn by itself."""
    return [replace(example, group=group, table=f"{i:03d}") for i, example in enumerate(examples)]
