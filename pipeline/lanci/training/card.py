"""The model card: what the models were trained on, how well they do, where they fail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from lanci.training.calibrate import TYPE_PRECISION
from lanci.training.compose import MADE_VARIANTS
from lanci.training.gallery import find_worst, place_of, sketch_to_markdown, verdict_to_errors, verdicts_to_failures
from lanci.training.material import CORRECTION_WEIGHT, MADE_WEIGHT
from lanci.training.pictures import draw_confusion, draw_reliability
from lanci.training.report import TOLERANCE, DocumentFacts, TrainingReport
from lanci.training.scores import Score
from lanci.training.verdicts import FACETS, Verdict

_N_GALLERY, _N_LISTED = 12, 30
_PICTURES = ("kinds.svg", "rows.svg", "cells.svg", "reliability.svg")
_MILLISECONDS = (1, 2, 3, 5, 10, 20, 50, 100, 1000)


def report_to_card(report: TrainingReport, versions: Mapping[str, str]) -> str:
    """The card in Markdown.

    Nothing in it depends on the machine but the time a fragment takes, which is given roughly.

    Args:
        report: what came out of the training.
        versions: of the packages that were trained with.
    """
    parts = [
        _introduction(report),
        _data(report),
        _method(report),
        _held_out(report),
        _test_side(report),
        _comparison(report),
        _calibration(report),
        _gallery(report),
        _limits(report),
        _versions(report, versions),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def report_to_pictures(report: TrainingReport) -> dict[str, str]:
    """The pictures that the card shows, by file name; none when nothing was held out."""
    verdicts = report.held_out
    if not verdicts:
        return {}
    rows = (pair for verdict in verdicts for pair in verdict.rows)
    cells = (pair for verdict in verdicts for pair in verdict.cells)
    kinds = ((verdict.found.kind, verdict.truth.kind) for verdict in verdicts)
    return dict(
        zip(
            _PICTURES,
            (
                draw_confusion("Kinds of fragments", kinds),
                draw_confusion("Roles of rows", rows),
                draw_confusion("Roles of header cells", cells),
                draw_reliability(report.reliability),
            ),
            strict=True,
        )
    )


def _introduction(report: TrainingReport) -> str:
    return f"""# {report.name} {report.version}

Linear classifiers that read the fragments of a document (a fragment is what one page shows of a table), each with what
stands around it:

| model | says |
|---|---|
| rows | the role of every row, decoded jointly over the fragment, which gives the number of header rows |
| cells | the role of every header cell |
| columns | the role of a column that has no header on this page, from its contents |
| facets | kind, fund, scope and classification of the table |
| links | whether a fragment goes on where the one before it ends |

**Use**: labelling fragments in `lanci parse`. **Not for**: deciding amounts, or judging a table whose
probabilities are low without a person looking at it."""


def _data(report: TrainingReport) -> str:
    by_place: dict[tuple[str, str], list[DocumentFacts]] = defaultdict(list)
    for document in report.documents:
        by_place[document.side, document.place].append(document)
    rows = "\n".join(
        f"| {place} | {side} | {len(own)} | {', '.join(sorted({d.layout for d in own}))} | "
        f"{_span([d.year for d in own])} | {sum(d.tables for d in own)} |"
        for (side, place), own in by_place.items()
    )
    n_budget, n_other = report.n_forms
    remarks = "".join(f"\n\n{remark[0].upper()}{remark[1:]}." for remark in report.remarks)
    return f"""## Data

Annotated documents with tables; "fitted" and "corrections" are trained on ({report.n_fragments} fragments, one of a
correction weighs {CORRECTION_WEIGHT:g}), "test" is only measured on:

| place | side | documents | layouts | years | tables |
|---|---|---|---|---|---|
{rows}

Besides: {report.n_titles} titles as printed by other cities with facets labelled by hand; {n_budget} made-up budget
forms and {n_other} made-up grids that are no budget (registers, timetables, contact lists, statistics); made-up
documents (weight {MADE_WEIGHT:g}) of the layout families {_families(report.made)}.

Fragments are also used, with lower weight, as page breaks, other cities' forms and OCR would change them: without
caption or header, with the header only, as a short tail, garbled, without or with bare column numbers (`1 2 3`,
`** ** 1`), with the code in three columns, as a bare title, and so on (`lanci.training.augment`); of a made-up
document's fragment {MADE_VARIANTS} such variants are drawn. {report.n_examples:,} examples in all.{remarks}

SHA-256 of the training data: `{report.training_data_sha256}`"""


def _span(years: Sequence[int]) -> str:
    return f"{min(years)}" if min(years) == max(years) else f"{min(years)}–{max(years)}"


def _families(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in counts.items()) or "none"


def _method(report: TrainingReport) -> str:
    temperatures = ", ".join(f"{name} {value:g}" for name, value in report.temperatures.items())
    return f"""## Method

Character n-grams of titles, header cells and labels (TF-IDF), and tokens for position, spans, shapes of contents
and neighbours; multinomial logistic regression. Probabilities are calibrated with one temperature a head, found on
held-out documents and never below 1: {temperatures}."""


def _held_out(report: TrainingReport) -> str:
    if not report.scores:
        return "## Held-out scores\n\nNot measured: cross-validation needs documents of at least two places."
    return f"""## Held-out scores

Cross-validation, leaving out one place (city) at a time: a document is judged, whole, by models that saw no document
of its place, nor a variant of one. With it every fold holds out a part of the made-up forms and titles ("never seen");
other folds hold out combinations of facets wherever they stand, each value of which is seen in others. F1 is the mean
over the classes that are true in the test. Intervals (95 %): documents drawn with replacement. The features and the
made-up forms were chosen with such folds in view, so that the scores are somewhat favourable; the test side was not
looked at.

{_summary(report.scores)}

{_details(report.scores)}

{_by_place(report)}

{_by_combination(report)}

Ablations change what the models see and leave the truth: "no title" takes all captions of a document away, "no header"
all header rows, "no surroundings" shows each fragment by itself, "no words at all" makes every letter the same.

![confusion of kinds](kinds.svg) ![confusion of row roles](rows.svg) ![confusion of header-cell roles](cells.svg)"""


def _by_place(report: TrainingReport) -> str:
    """What is right, fragments as printed, by place and layout."""
    facts = {document.id: document for document in report.documents}
    groups: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in report.held_out:
        groups[facts[verdict.group].place, facts[verdict.group].layout].append(verdict)
    lines = [
        "| place | layout | fragments | all four facets | header rows | header cells | rows | columns |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (place, layout), own in sorted(groups.items()):
        facets = [verdict.found == verdict.truth for verdict in own]
        ends = [verdict.header_rows[0] == verdict.header_rows[1] for verdict in own]
        roles = [[a == b for v in own for a, b in getattr(v, what)] for what in ("cells", "rows", "columns")]
        shares = " | ".join(_share(right) for right in (facets, ends, *roles))
        lines.append(f"| {place} | {layout} | {len(own)} | {shares} |")
    return "\n".join(lines)


def _by_combination(report: TrainingReport) -> str:
    """What is right of each combination of facets that was held out, and what is found instead."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in report.unseen:
        groups[" ".join(getattr(verdict.truth, name) for name in FACETS)].append(verdict)
    lines = ["| combination never seen | fragments | all four facets | most often found instead |", "|---|---|---|---|"]
    for combination, own in sorted(groups.items()):
        wrong = Counter(
            " ".join(getattr(v.found, name) for name in FACETS) for v in own if v.found != v.truth
        ).most_common()
        instead = min((name for name, count in wrong if count == wrong[0][1]), default="")
        lines.append(f"| {combination} | {len(own)} | {_share([v.found == v.truth for v in own])} | {instead} |")
    return "\n".join(lines) if groups else ""


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right) / len(right):.3f}" if right else "–"


def _test_side(report: TrainingReport) -> str:
    if not report.test_scores:
        return ""
    return f"""## Test side

The shipped models on documents of cities, and on made-up documents of layout families ({_families(report.made_test)}),
that no part of the work on them saw.

{_summary(report.test_scores)}

{_details(report.test_scores)}"""


_KEY = {
    "kind F1": "kind",
    "fund F1": "fund",
    "scope F1": "scope",
    "classification F1": "classification",
    "all facets right": "all four",
    "all facets right, first": "first",
    "all facets right, continuation without header": "headerless",
    "header rows exact": "header rows",
    "header role F1": "header cells",
    "row role F1": "rows",
    "column role right": "columns",
}


def scores_to_rows(scores: Sequence[Score]) -> list[tuple[str, ...]]:
    """The key figures: a line of names, then a line a test."""
    rows = [("test", *_KEY.values())]
    for test in dict.fromkeys(score.test for score in scores):
        values = {score.name: score.value for score in scores if score.test == test}
        rows.append((test, *(_figure(values.get(name)) for name in _KEY)))
    return rows


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _summary(scores: Sequence[Score]) -> str:
    head, *rows = ("| " + " | ".join(row) + " |" for row in scores_to_rows(scores))
    return "\n".join([head, "|---" * (len(_KEY) + 1) + "|", *rows])


def _details(scores: Sequence[Score]) -> str:
    """Every figure with its interval."""
    lines = ["<details><summary>All figures with intervals</summary>", "", "| test | measure | value | 95 % | n |"]
    lines.append("|---|---|---|---|---|")
    lines += [
        f"| {s.test} | {s.name} | {s.value:.3f} | {s.low:.3f} to {s.high:.3f} | {s.n} |"
        for s in scores
        if s.value is not None
    ]
    return "\n".join([*lines, "", "</details>"])


def _comparison(report: TrainingReport) -> str:
    found = report.comparison
    if found.remark:
        return f"## Against the models before\n\nNot compared: {found.remark}."
    rows = "\n".join(
        f"| {c.test} | {c.name} | {c.old:.3f} | {c.new:.3f} | {c.difference:+.3f} | {c.low:+.3f} to {c.high:+.3f} |"
        for c in found.changes
    )
    return f"""## Against the models before

{found.old} on the same fragments of the test side; documents drawn for both at once. Models that are worse by more than
{TOLERANCE:g} in one of these are not written unless that is asked for.

| test | measure | before | now | difference | 95 % |
|---|---|---|---|---|---|
{rows}"""


def _calibration(report: TrainingReport) -> str:
    if not report.reliability:
        return ""
    rows = "\n".join(
        f"| {r.name} | {sum(b.count for b in r.after)} | {r.temperature:g} "
        f"| {r.error_before:.3f} | {r.error_after:.3f} |"
        for r in report.reliability
    )
    limit = report.type_limit
    return f"""## Calibration and abstention

Expected calibration error of held-out decisions, variants included:

| head | decisions | temperature | error before | after |
|---|---|---|---|---|
{rows}

![reliability](reliability.svg)

A table whose type is less probable than **{limit.limit:g}** (the least sure of its four facets) is called `other`,
its probabilities are kept. Of {limit.tables} held-out tables {limit.plain:.1%} have the right type,
{limit.given:.1%} are at or over the limit, and of these {limit.precision:.1%} are right
(wanted: {TYPE_PRECISION:.0%})."""


def _gallery(report: TrainingReport) -> str:
    worst = find_worst(report.held_out, _N_GALLERY)
    shown = "\n\n".join(
        f"**{place_of(v)}** ({v.part}): {', '.join(verdict_to_errors(v))}; probability {v.probability:.2f}\n\n"
        f"{sketch_to_markdown(v.sketch)}"
        for v in worst
    )
    held_out, fitted = verdicts_to_failures(report.held_out), verdicts_to_failures(report.fitted)
    return f"""## Failures

Held-out fragments whose facets or header rows are wrong, the surest first, one a table, with their first cells:

{shown or "None."}

All held-out fragments with an error: {len(held_out)} of {len(report.held_out)}. The first of them:

{_list(held_out)}

Training fragments that the models label otherwise: {len(fitted)} of {len(report.fitted)}.

{_list(fitted)}"""


def _list(failures: Sequence[str]) -> str:
    return "\n".join(f"- {failure}" for failure in failures[:_N_LISTED]) or "- none"


def _limits(report: TrainingReport) -> str:
    places = {document.place for document in report.documents if document.side != "test"}
    return f"""## Limits

- {len(places)} places: the scores say little of places whose forms are unlike theirs.
- Forms that only made-up fragments show are learnt from their words and arrangement, not from real pages.
- Kinds that the documents of one place alone show have no held-out measure on real pages.
- Intervals are over documents, of which there are few; tables of one document err together."""


def _versions(report: TrainingReport, versions: Mapping[str, str]) -> str:
    told = ", ".join(f"{name} {value}" for name, value in versions.items())
    bound = next((ms for ms in _MILLISECONDS if report.milliseconds < ms), _MILLISECONDS[-1])
    return f"""## Size, time and versions

Artefact {report.artefact_bytes / 1e6:.2f} MB; less than {bound} ms a fragment (median, one core); trained with {told}.
The types it may hold are listed in `meta.json`; nothing else is loaded. Train again with `lanci train`
(docs/training.md)."""
