"""What came out of a training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lanci.training.calibrate import Reliability, TypeLimit
from lanci.training.scores import Change, Score
from lanci.training.verdicts import Verdict

TOLERANCE = 0.01
"""How much worse than the models they replace new ones may be, in any compared figure."""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document that models were fitted on or measured on, for the card."""

    id: str
    place: str
    county: str
    year: int
    layout: str
    tables: int
    side: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """New models against those that they would replace, on the same fragments of the test side.

    ``old`` names those; ``remark`` says why there is nothing to compare, else it is empty.
    """

    old: str
    changes: tuple[Change, ...]
    remark: str = ""

    @property
    def worse(self) -> tuple[Change, ...]:
        """The figures that got worse by more than the tolerance."""
        return tuple(change for change in self.changes if change.difference < -TOLERANCE)


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What came out of a training.

    Attributes:
        name: of the models.
        version: of the new models.
        documents: all real documents, those of the test side last.
        made: how many made-up documents were fitted on, by family.
        made_test: how many made-up documents of other families were judged, by family.
        n_forms: made-up forms: of budgets, and others.
        n_titles: titles with facets.
        n_fragments: fragments of the real documents that were fitted on.
        n_examples: all examples that were fitted on, variants included.
        training_data_sha256: names the data.
        scores: of cross-validation.
        test_scores: of the new models on the test side.
        held_out: the verdicts of cross-validation on fragments as printed.
        unseen: the verdicts on fragments of combinations of facets that were held out.
        fitted: the verdicts of the new models on what they were fitted on.
        reliability: of every head, held out.
        temperatures: by ``classifier.head``.
        type_limit: the limit of probability below which no type is given.
        comparison: with the models that would be replaced.
        milliseconds: median time to label one fragment.
        artefact_bytes: size of ``model.skops``.
        output: the artefact's folder, None when nothing was written.
        remarks: sentences on what was left out and why.
    """

    name: str
    version: str
    documents: tuple[DocumentFacts, ...]
    made: Mapping[str, int]
    made_test: Mapping[str, int]
    n_forms: tuple[int, int]
    n_titles: int
    n_fragments: int
    n_examples: int
    training_data_sha256: str
    scores: tuple[Score, ...]
    test_scores: tuple[Score, ...]
    held_out: tuple[Verdict, ...]
    unseen: tuple[Verdict, ...]
    fitted: tuple[Verdict, ...]
    reliability: tuple[Reliability, ...]
    temperatures: Mapping[str, float]
    type_limit: TypeLimit
    comparison: Comparison
    milliseconds: float
    artefact_bytes: int
    output: Path | None
    remarks: tuple[str, ...]
