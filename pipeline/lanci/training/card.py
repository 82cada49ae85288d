"""The model card: what the models were trained on, how well they do, where they fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lanci.annotation import AnnotatedDocument
from lanci.training.report import TrainingReport
from lanci.training.scores import Score


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card says besides the report's scores."""

    documents: tuple[AnnotatedDocument, ...]
    n_forms: int
    n_other_forms: int
    n_titles: int
    temperatures: dict[str, float]
    versions: dict[str, str]


def facts_to_card(report: TrainingReport, facts: CardFacts) -> str:
    """The card in Markdown; nothing in it depends on the time or the machine."""
    parts = [
        _introduction(report),
        _data(report, facts),
        _method(facts),
        _scores(report.scores),
        _failures(report),
        _limits(report, facts),
        _versions(report, facts),
    ]
    return "\n\n".join(parts) + "\n"


def _introduction(report: TrainingReport) -> str:
    return f"""# {report.name} {report.version}

Four linear classifiers that read one fragment of a table (what one page shows of it):

| model | says |
|---|---|
| rows | the role of every row, decoded jointly over the fragment, which gives the number of header rows |
| cells | the role of every header cell |
| columns | the role of a column that has no header on this page, from its contents |
| facets | kind, fund, scope and classification of the table |

**Use**: labelling fragments in `lanci parse`. **Not for**: deciding amounts, or judging a table whose
probabilities are low without a person looking at it."""


def _data(report: TrainingReport, facts: CardFacts) -> str:
    rows = "\n".join(
        f"| {d.id} | {d.province} {d.city} {d.county} | {d.fiscal_year} | {d.layout} | {len(d.tables)} |"
        for d in facts.documents
    )
    return f"""## Data

{len(facts.documents)} annotated documents, {report.n_tables} tables, {report.n_fragments} fragments:

| document | place | year | layout | tables |
|---|---|---|---|---|
{rows}

Besides: {facts.n_titles} titles as printed by other cities with facets labelled by hand; {facts.n_forms} made-up budget
forms and {facts.n_other_forms} made-up grids that are no budget (registers, timetables, contact lists, statistics), one
or two fragments each. Every fragment is also used, with lower weight, without caption, without header, with its header
only, as a short tail, with 5 % and 10 % of its characters garbled, without serial numbers, without or with bare
column numbers (`1 2 3`, `** ** 1`), with the code in three columns, and as a bare title: {report.n_examples}
examples in all.

SHA-256 of the annotations and titles: `{report.training_data_sha256}`"""


def _method(facts: CardFacts) -> str:
    temperatures = ", ".join(f"{name} {value:g}" for name, value in facts.temperatures.items())
    return f"""## Method

Character n-grams of titles, header cells and labels (TF-IDF), and tokens for position, spans, shapes of contents
and neighbours; multinomial logistic regression. Rows are decoded under the order sections, header, column
numbers, body. Probabilities are calibrated with one temperature a classifier, found on held-out documents and never
below 1: {temperatures}."""


def _scores(scores: Sequence[Score]) -> str:
    lines = []
    for test in dict.fromkeys(score.test for score in scores):
        lines.append(f"### {test}\n\n| measure | value | 95 % interval | decisions |\n|---|---|---|---|")
        lines += [
            f"| {s.name} | {s.value:.3f} | {s.low:.3f} to {s.high:.3f} | {s.n} |"
            for s in scores
            if s.test == test and s.value is not None
        ]
        lines.append("")
    body = "\n".join(lines).rstrip() or "Not measured: cross-validation needs at least two documents."
    return f"""## Scores

Cross-validation by document: each document is judged by models that saw neither it nor any variant of it. With it
every fold holds out a part of the made-up forms and titles ("never seen"). F1 is the mean over the classes that are
true in the test; a class that only the held-out document has cannot be found and counts as wrong. Intervals: tables
drawn with replacement. "No words at all" is the ablation without any vocabulary: every letter reads the same. The
features and the made-up forms were chosen with such folds in view, so that the scores are somewhat favourable.

{body}"""


def _failures(report: TrainingReport) -> str:
    held_out = "\n".join(f"- {failure}" for failure in report.failures) or "- none"
    fitted = "\n".join(f"- {failure}" for failure in report.training_errors) or "- none"
    return f"""## Failures

Fragments as printed, judged by models that never saw their document (the first dozen):

{held_out}

Annotated fragments that the shipped models, trained on all documents, label otherwise:

{fitted}"""


def _limits(report: TrainingReport, facts: CardFacts) -> str:
    provinces = sorted({document.province for document in facts.documents})
    return f"""## Limits

- {len(facts.documents)} documents from {", ".join(provinces)}: the scores say little of other provinces.
- Forms that only the made-up fragments show are learnt from their words and arrangement, not from real pages.
- A continuation without title and header often cannot tell its fund: the stitched table takes it from its first
  part.
- Kinds that one document alone shows have no held-out measure.
- Each fragment is judged by itself; the order of the tables in the document is not used."""


def _versions(report: TrainingReport, facts: CardFacts) -> str:
    versions = ", ".join(f"{name} {value}" for name, value in facts.versions.items())
    return f"""## Size and versions

Artefact {report.artefact_bytes / 1e6:.2f} MB; trained with {versions}.
The types it may hold are listed in `meta.json`; nothing else is loaded. Train again with `lanci train`."""
