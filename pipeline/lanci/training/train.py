"""Train models, measure them, compare them with those they would replace, and write the artefact with its card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as package_version
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from lanci.annotation import AnnotatedDocument
from lanci.artefact import find_newest, lanci_version
from lanci.classify import label_fragments, load_models, models_version
from lanci.classify.models import FEATURE_SET, HEADS, MODEL_NAME, TRUSTED_TYPES, Models
from lanci.errors import ModelError
from lanci.training.artefact import models_to_bytes, write_artefact
from lanci.training.calibrate import (
    Terms,
    add_terms,
    apply_temperatures,
    find_type_limit,
    measure_reliability,
    soften,
    terms_to_temperatures,
)
from lanci.training.card import report_to_card, report_to_pictures
from lanci.training.compose import Stock, find_contents, material_to_stock, stock_to_examples
from lanci.training.examples import Example, documents_to_examples
from lanci.training.figures import compare_verdicts, rename_test, verdicts_to_scores
from lanci.training.fit import fit_models
from lanci.training.folds import NEW_COMBINATIONS, make_folds, run_folds
from lanci.training.material import Material, find_place, load_material
from lanci.training.report import Comparison, DocumentFacts, TrainingReport
from lanci.training.scores import Score
from lanci.training.verdicts import AS_PRINTED, OTHER_KIND, TESTS, Bench, Verdict, judge

Progress = Callable[[str, int, int], None]
"""Called with what was done, how many steps are done, and how many there are."""

MADE_TEST = "made-up families of the test side"
_FIXED_STEPS = 5
_PACKAGES = ("numpy", "scikit-learn", "scipy", "skops")


@dataclass(frozen=True, slots=True)
class Order:
    """What to train from, and what to do with the models.

    Attributes:
        annotations: folders of annotations or corrections (see :func:`lanci.training.material.load_material`).
        output: where ``fragment-labels/VERSION/`` is written.
        version: semantic version of the new models.
        made: folders of made-up documents.
        dry_run: measure only, write nothing.
        replace: write also models that are worse than those they would replace.
        jobs: how many processes train at a time; the result does not depend on it.
    """

    annotations: tuple[Path, ...]
    output: Path
    version: str
    made: tuple[Path, ...] = ()
    dry_run: bool = False
    replace: bool = False
    jobs: int = 1


class _Steps:
    """Counts steps and tells of them."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0
        self.total = _FIXED_STEPS

    def __call__(self, what: str) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(what, self._done, self.total)


def train(order: Order, progress: Progress | None = None) -> TrainingReport:
    """Train the models that label fragments; the same data give the same figures and the same bytes.

    Nothing is written when the order says so, or when the new models are worse than those they would replace by
    more than :data:`lanci.training.report.TOLERANCE` in any compared figure of the test side.

    Args:
        order: what to train from.
        progress: is told of every step that is done.

    Raises:
        AnnotationError: annotations are missing, break the schema, or contradict themselves.
        OutputError: the models cannot be written.
    """
    tell = _Steps(progress)
    material = load_material(order.annotations, order.made)
    stock = material_to_stock(material)
    folds = make_folds(stock, {document.id: find_place(document) for document in material.real})
    tell.total += len(folds)
    tell(f"read {len(material.real)} documents, {len(material.made)} made-up ones")
    held_out, terms = _cross_validate(stock, folds, order.jobs, tell)
    examples = stock_to_examples(stock)
    temperatures = terms_to_temperatures(terms)
    softened = soften([verdict for verdict in held_out if verdict.test == AS_PRINTED.name], temperatures)
    limit = find_type_limit(softened)
    models = replace(fit_models(examples, order.version), type_limit=limit.limit)
    apply_temperatures(models, temperatures)
    tell(f"fitted on {len(examples):,} examples")
    comparison, tested = _compare(_find_old(order.output), models, material, stock)
    tell("judged the test side")
    report = TrainingReport(
        name=MODEL_NAME,
        version=order.version,
        documents=tuple(_list_documents(material)),
        made=_count_families(material.made),
        made_test=_count_families(material.made_test),
        n_forms=_count_forms(stock),
        n_titles=len(stock.titles),
        n_fragments=len(stock.real),
        n_examples=len(examples),
        training_data_sha256=material.sha256,
        scores=tuple(verdicts_to_scores(held_out)),
        test_scores=tuple(verdicts_to_scores(tested)),
        held_out=tuple(softened),
        unseen=tuple(verdict for verdict in held_out if verdict.test == NEW_COMBINATIONS),
        fitted=tuple(judge(stock.real, Bench(models, stock.alphabet, stock.contents))),
        reliability=tuple(measure_reliability(terms, temperatures)),
        temperatures={f"{name}.{head}": value for (name, head), value in temperatures.items()},
        type_limit=limit,
        comparison=comparison,
        milliseconds=median_milliseconds(stock.real, models),
        artefact_bytes=len(models_to_bytes(models)),
        output=None if order.dry_run else order.output / MODEL_NAME / order.version,
        remarks=material.remarks,
    )
    tell("measured")
    if comparison.worse and not order.replace:
        report = replace(report, output=None)
    if report.output is not None:
        _write(report.output, report, models)
    tell("done")
    return report


def _cross_validate(
    stock: Stock, folds: Sequence[Any], jobs: int, tell: Callable[[str], None]
) -> tuple[list[Verdict], Terms]:
    verdicts: list[Verdict] = []
    terms: Terms = {}
    for result in run_folds(stock, folds, jobs, tell):
        verdicts += result.verdicts
        add_terms(terms, result.terms)
    order = {test: i for i, test in enumerate(dict.fromkeys(verdict.test for verdict in verdicts))}
    return sorted(verdicts, key=lambda verdict: order[verdict.test]), terms


def _find_old(output: Path) -> tuple[Models | None, str]:
    """The newest models in the folder, else the shipped ones, which new ones would replace; or why there are none."""
    newest = find_newest(output / MODEL_NAME)
    try:
        return load_models(Path(str(newest)) if newest is not None else None), ""
    except ModelError as error:
        # Where files lie is of no interest to a card, and would make it differ from machine to machine.
        return None, f"those to replace cannot be asked: {str(error).partition(': ')[2]}"


def _compare(
    old: tuple[Models | None, str], models: Models, material: Material, stock: Stock
) -> tuple[Comparison, list[Verdict]]:
    """New models against old ones on the test side, and everything that is measured of the new ones there."""
    documents, made = documents_to_examples(material.test), documents_to_examples(material.made_test)
    contents = find_contents((*material.test, *material.made_test))
    bench = Bench(models, stock.alphabet, contents)
    tested = judge(documents, bench, TESTS)
    tested_made = rename_test(judge(made, bench), MADE_TEST)
    if not documents and not made:
        return Comparison("", (), "there is no test side: give a folder of annotations with splits as well"), []
    before, reason = old
    if before is None:
        return Comparison("", (), reason), tested + tested_made
    if models_to_bytes(before) == models_to_bytes(models):
        return Comparison("", (), "there are no others"), tested + tested_made
    bench = replace(bench, models=before)
    printed = [verdict for verdict in tested if verdict.test == AS_PRINTED.name]
    changes = compare_verdicts(
        judge(documents, bench) + rename_test(judge(made, bench), MADE_TEST), printed + tested_made
    )
    return Comparison(models_version(before), tuple(changes)), tested + tested_made


def _list_documents(material: Material) -> list[DocumentFacts]:
    sides = (("fitted", material.annotated), ("corrections", material.corrected), ("test", material.test))
    return [
        DocumentFacts(d.id, f"{d.province} {d.city}".strip(), d.county, d.fiscal_year, d.layout, len(d.tables), side)
        for side, documents in sides
        for d in documents
    ]


def _count_families(documents: Sequence[AnnotatedDocument]) -> dict[str, int]:
    return dict(sorted(Counter(document.layout for document in documents).items()))


def _count_forms(stock: Stock) -> tuple[int, int]:
    others = sum(form[0].truth.facets.kind == OTHER_KIND for form in stock.forms)
    return len(stock.forms) - others, others


def median_milliseconds(examples: Sequence[Example], models: Models) -> float:
    """Median time to label one fragment, each document's fragments in one call."""
    times: list[float] = []
    for _, document in groupby(examples, key=lambda example: example.group):
        fragments = [example.fragment for example in document]
        start = perf_counter()
        label_fragments(fragments, models)
        times += [(perf_counter() - start) * 1000 / len(fragments)] * len(fragments)
    return float(np.median(times)) if times else 0.0


def _write(folder: Path, report: TrainingReport, models: Models) -> None:
    versions = {name: package_version(name) for name in _PACKAGES}
    fitted = [document for document in report.documents if document.side != "test"]
    meta = {
        "name": report.name,
        "version": report.version,
        "minimum_lanci": lanci_version(),
        "feature_set": FEATURE_SET,
        "training_data_sha256": report.training_data_sha256,
        "documents": [document.id for document in fitted],
        "corrections": [document.id for document in fitted if document.side == "corrections"],
        "made": dict(report.made),
        "versions": versions,
        "classes": {
            f"{name}.{head}": list(getattr(models, name).classes(head))
            for name in HEADS
            for head, _ in getattr(models, name).heads
        },
        "temperatures": dict(report.temperatures),
        "limits": {"type": models.type_limit},
        "trusted_types": list(TRUSTED_TYPES),
        "scores": [_to_plain(score) for score in report.scores],
        "test_scores": [_to_plain(score) for score in report.test_scores],
    }
    write_artefact(folder, models_to_bytes(models), meta, report_to_card(report, versions), report_to_pictures(report))


def _to_plain(score: Score) -> dict[str, object]:
    return {
        "test": score.test,
        "name": score.name,
        "value": _short(score.value),
        "low": _short(score.low),
        "high": _short(score.high),
        "n": score.n,
    }


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
