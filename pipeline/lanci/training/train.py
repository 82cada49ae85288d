"""Train models from annotations, measure them, and write the artefact with its card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path

import numpy as np

from lanci.annotation import AnnotatedDocument, Side, load_annotations, load_splits
from lanci.artefact import lanci_version
from lanci.classify.models import FEATURE_SET, HEADS, MODEL_NAME, TRUSTED_TYPES, Models
from lanci.errors import AnnotationError
from lanci.training.artefact import models_to_bytes, write_artefact
from lanci.training.augment import examples_to_alphabet, vary
from lanci.training.card import CardFacts, facts_to_card
from lanci.training.evaluate import (
    TESTS,
    Outcome,
    Test,
    judge,
    log_loss_terms,
    median_milliseconds,
    outcomes_to_failures,
    outcomes_to_scores,
    regroup,
    terms_to_temperature,
)
from lanci.training.examples import Example, documents_to_examples
from lanci.training.fingerprint import training_data_to_sha256
from lanci.training.fit import fit_models, scale_head
from lanci.training.report import TrainingReport
from lanci.training.synthesis import TitledFacets, forms_to_examples, read_titles, titles_to_examples

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and how many there are."""

_LAYOUT_SEED, _TITLE_SEED, _VARIANT_SEED = 1, 3, 1000
BUDGET_FORMS, OTHER_FORMS, NEW_TITLES = "budget forms never seen", "other forms never seen", "titles never seen"


@dataclass(frozen=True, slots=True)
class _Material:
    """Everything that models are trained from."""

    documents: tuple[AnnotatedDocument, ...]
    titles: tuple[TitledFacets, ...]
    real: tuple[Example, ...]
    forms: tuple[tuple[Example, ...], ...]
    alphabet: str
    sha256: str


def train(
    annotations: Path,
    output: Path,
    *,
    version: str,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> TrainingReport:
    """Train the models that label fragments; the same data give the same scores and the same bytes.

    Args:
        annotations: a folder with ``documents/*.json`` (or the JSON files themselves) and, if there, ``titles.csv``
            and ``splits.json``, of which only the training side is used.
        output: where ``fragment-labels/<version>/`` is written.
        version: semantic version of the new models.
        dry_run: measure only, write nothing.
        progress: is told of every step.

    Raises:
        AnnotationError: annotations are missing, break the schema, or contradict themselves.
    """
    material = _load_material(annotations)
    groups = [document.id for document in material.documents]
    n_steps = len(groups) + 2
    tell = progress or (lambda _what, _done, _all: None)
    outcomes: list[Outcome] = []
    terms: dict[tuple[str, str], list[np.ndarray]] = {}
    for step, group in enumerate(groups if len(groups) > 1 else ()):
        tell(f"cross-validation without {group}", step, n_steps)
        outcomes += _validate_without(material, step, terms)
    tell("training on all documents", n_steps - 2, n_steps)
    forms = [example for form in material.forms for example in form]
    examples = _training_examples(material, material.real, forms, material.titles)
    models = fit_models(examples, version)
    temperatures = _apply_temperatures(models, terms)
    tell("writing", n_steps - 1, n_steps)
    fitted = judge(material.real, models, material.alphabet)
    report = TrainingReport(
        name=MODEL_NAME,
        version=version,
        documents=tuple(groups),
        n_tables=sum(len(document.tables) for document in material.documents),
        n_fragments=len(material.real),
        n_examples=len(examples),
        training_data_sha256=material.sha256,
        scores=tuple(outcomes_to_scores(outcomes)),
        failures=tuple(outcomes_to_failures(outcomes)),
        training_errors=tuple(outcomes_to_failures(fitted)),
        milliseconds=median_milliseconds(material.real, models),
        artefact_bytes=len(models_to_bytes(models)),
        output=None if dry_run else output / MODEL_NAME / version,
    )
    if report.output is not None:
        _write(report, models, material, temperatures)
    tell("done", n_steps, n_steps)
    return report


def _load_material(annotations: Path) -> _Material:
    folder = annotations / "documents" if (annotations / "documents").is_dir() else annotations
    if not folder.is_dir():
        raise AnnotationError(f"{annotations}: no such folder; name the folder that holds the annotations")
    documents = _take_training_side(load_annotations(folder), annotations / "splits.json")
    titles_file = annotations / "titles.csv"
    titles = tuple(read_titles(titles_file)) if titles_file.is_file() else ()
    real = tuple(documents_to_examples(documents))
    forms = tuple(tuple(group) for group in forms_to_examples(_LAYOUT_SEED))
    sha256 = training_data_to_sha256(documents, titles_file if titles else None)
    return _Material(documents, titles, real, forms, examples_to_alphabet(real), sha256)


def _take_training_side(documents: tuple[AnnotatedDocument, ...], splits: Path) -> tuple[AnnotatedDocument, ...]:
    """The documents that models may see: those on the training side where there are splits, and with a table."""
    sides = load_splits(splits) if splits.is_file() else None
    seen = tuple(d for d in documents if d.tables and (sides is None or sides.side(d) is Side.TRAIN))
    if not seen:
        raise AnnotationError(f"{splits.parent}: no document with a table is on the training side of the splits")
    return seen


def _training_examples(
    material: _Material,
    real: Sequence[Example],
    forms: Sequence[Example],
    titles: Sequence[TitledFacets],
) -> list[Example]:
    """Real fragments, made-up ones and titles, with the variants of the first two."""
    base = [*real, *forms]
    variants = [v for i, e in enumerate(base) for v in vary(e, material.alphabet, _VARIANT_SEED + i)]
    return [*base, *variants, *titles_to_examples(titles, real, _TITLE_SEED)]


def _validate_without(material: _Material, fold: int, terms: dict[tuple[str, str], list[np.ndarray]]) -> list[Outcome]:
    """Hold out one document, and with it every n-th made-up form and title, and judge them all."""
    group, n_folds = material.documents[fold].id, len(material.documents)
    held_out = [example for example in material.real if example.group == group]
    real = [example for example in material.real if example.group != group]
    forms = [e for i, form in enumerate(material.forms) if i % n_folds != fold for e in form]
    new_forms = [e for i, form in enumerate(material.forms) if i % n_folds == fold for e in form]
    titles = [t for i, t in enumerate(material.titles) if i % n_folds != fold]
    new_titles = titles_to_examples(
        [t for i, t in enumerate(material.titles) if i % n_folds == fold], real, _TITLE_SEED
    )
    models = fit_models(_training_examples(material, real, forms, titles), f"fold-{fold}")
    new_forms = regroup(new_forms, f"forms-{fold}")
    budget = [e for e in new_forms if e.truth.facets.kind != "other"]
    others = [e for e in new_forms if e.truth.facets.kind == "other"]
    alone = regroup([e for e in new_titles if e.fragment.n_rows == 0], f"titles-{fold}")
    outcomes = judge(held_out, models, material.alphabet)
    for name, group_of in ((BUDGET_FORMS, budget), (OTHER_FORMS, others), (NEW_TITLES, alone)):
        outcomes += judge(group_of, models, material.alphabet, (Test(name, TESTS[0].change, True),))
    varied = [v for i, e in enumerate(held_out) for v in vary(e, material.alphabet, i)]
    for key, rows in log_loss_terms([*held_out, *varied, *new_forms], models).items():
        terms.setdefault(key, []).extend(rows)
    return outcomes


def _apply_temperatures(models: Models, terms: dict[tuple[str, str], list[np.ndarray]]) -> dict[str, float]:
    """Calibrate every head with the temperature that its held-out probabilities ask for."""
    temperatures = {}
    for name in HEADS:
        for head, estimator in getattr(models, name).heads:
            found = terms.get((name, head))
            temperature = terms_to_temperature(found) if found else 1.0
            scale_head(estimator, temperature)
            temperatures[f"{name}.{head}"] = temperature
    return temperatures


def _write(report: TrainingReport, models: Models, material: _Material, temperatures: dict[str, float]) -> None:
    versions = {name: package_version(name) for name in ("numpy", "scikit-learn", "scipy", "skops")}
    meta = {
        "name": report.name,
        "version": report.version,
        "minimum_lanci": lanci_version(),
        "feature_set": FEATURE_SET,
        "training_data_sha256": report.training_data_sha256,
        "documents": list(report.documents),
        "versions": versions,
        "classes": {
            f"{name}.{head}": list(getattr(models, name).classes(head)) for name in HEADS for head in HEADS[name]
        },
        "temperatures": temperatures,
        "trusted_types": list(TRUSTED_TYPES),
        "scores": [
            {
                "test": s.test,
                "name": s.name,
                "value": _short(s.value),
                "low": _short(s.low),
                "high": _short(s.high),
                "n": s.n,
            }
            for s in report.scores
        ],
    }
    facts = CardFacts(
        documents=material.documents,
        n_forms=sum(form[0].truth.facets.kind != "other" for form in material.forms),
        n_other_forms=sum(form[0].truth.facets.kind == "other" for form in material.forms),
        n_titles=len(material.titles),
        temperatures=temperatures,
        versions=versions,
    )
    model = models_to_bytes(models)
    assert report.output is not None
    write_artefact(report.output, model, meta, facts_to_card(report, facts))


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
