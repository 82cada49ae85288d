"""What planting found, for people (``planting.md``) and for looking into (``trials.csv``)."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from lanci.document import ConflictVerdict
from lanci_eval.metrics.base import Tally
from lanci_eval.planting.figures import INFOS, PlantedFigures, trials_to_tally
from lanci_eval.planting.records import Kind, Proposal, Trial
from lanci_eval.report.markdown import to_inline, to_table
from lanci_eval.report.numbers import figure_to_text, interval_to_text, shorten
from lanci_eval.results.estimate import estimate
from lanci_eval.results.files import write_file

REPORT_FILE, TRIALS_FILE = "planting.md", "trials.csv"
_SHOWN = 25
_LONGEST = 60
_BY_KIND = (
    "planted",
    "covered",
    "flagged",
    "constrained",
    "flagged_constrained",
    "flagged_all",
    "named_first",
    "wrongly_proven",
    "proposals_right",
)


@dataclass(frozen=True, slots=True)
class Untouched:
    """A document in which nothing was planted.

    Attributes:
        document: its id.
        source_errors: how many errors of the source are known in it; None where nobody looked.
        findings: warnings and errors that it has.
        proposals: readings that they propose, all of them wrong.
        seconds: what its validation took.
    """

    document: str
    source_errors: int | None
    findings: int
    proposals: int
    seconds: float


def write_report(trials: Sequence[Trial], untouched: Sequence[Untouched], folder: Path, seed: int) -> tuple[Path, ...]:
    """Write both files, replacing older ones, and return their paths.

    Raises:
        OutputError: a file cannot be written.
    """
    paths = (folder / REPORT_FILE, folder / TRIALS_FILE)
    write_file(paths[0], trials_to_markdown(trials, untouched, seed))
    write_file(paths[1], trials_to_csv(trials))
    return paths


def trials_to_csv(trials: Sequence[Trial]) -> str:
    """One line for each trial, with the names of its fields as header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Trial)], lineterminator="\n")
    writer.writeheader()
    for trial in trials:
        writer.writerow({**asdict(trial), "seconds": f"{trial.seconds:.4f}"})
    return text.getvalue()


def trials_to_markdown(trials: Sequence[Trial], untouched: Sequence[Untouched], seed: int) -> str:
    """Figures with their intervals, the same by kind, time, and what went wrong."""
    documents = len({trial.document for trial in trials})
    parts = [
        "# Planted misreadings",
        f"{len(trials)} plantings in {documents} of {len(untouched)} documents, one at a time, seed {seed}. Shares are "
        "percentages, with the 95 % interval of a bootstrap over documents.",
        _figures(trials, seed),
        "## By kind",
        _by_kind(trials),
        "## Verdicts on what is flagged under a constraint",
        _verdicts(trials),
        "## Untouched documents and time",
        _untouched(trials, untouched),
        *_list("Under a constraint and not flagged", [t for t in trials if t.covered and not t.flagged]),
        *_list("Hidden by sums and not flagged", [t for t in trials if t.constrained and not (t.covered or t.flagged)]),
        *_list("Misread and counted as proven", [t for t in trials if t.proven and t.kind is not Kind.SOURCE_ERROR]),
        *_list("Wrong proposals", [t for t in trials if _is_wrong(t)]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _figures(trials: Sequence[Trial], seed: int) -> str:
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.group, []).append(trial)
    tallies: dict[str, Tally] = {name: trials_to_tally(own) for name, own in groups.items()}
    estimates = estimate(PlantedFigures(), tallies, seed)
    rows = []
    for info in INFOS:
        one = estimates[info.name]
        value = figure_to_text(one.value, info)
        between = "" if not info.percent else interval_to_text(one, info)
        rows.append([f"{info.name.replace('_', ' ')} {info.arrow}".rstrip(), value, between, info.description])
    return to_table(["figure", "value", "interval", "what"], rows)


def _by_kind(trials: Sequence[Trial]) -> str:
    by_name = {info.name: info for info in INFOS}
    rows = []
    for kind in Kind:
        own = [trial for trial in trials if trial.kind is kind]
        if not own or kind is Kind.SOURCE_ERROR:
            continue
        values = PlantedFigures().figures(trials_to_tally(own))
        rows.append([kind.value, *(figure_to_text(values[name], by_name[name]) for name in _BY_KIND)])
    return to_table(["kind", *(name.replace("_", " ") for name in _BY_KIND)], rows)


def _verdicts(trials: Sequence[Trial]) -> str:
    flagged = [trial for trial in trials if trial.covered and trial.flagged]
    columns = (*ConflictVerdict, None)
    rows = []
    for kind in Kind:
        own = [trial.verdict for trial in flagged if trial.kind is kind]
        if own:
            shares = [f"{100 * own.count(verdict) / len(own):.1f}" for verdict in columns]
            rows.append([kind.value, str(len(own)), *shares])
    return to_table(["kind", "flagged", *(verdict.value if verdict else "no verdict" for verdict in columns)], rows)


def _untouched(trials: Sequence[Trial], untouched: Sequence[Untouched]) -> str:
    known = [one for one in untouched if one.source_errors is not None]
    planted = sorted(1000 * trial.seconds for trial in trials) or [0.0]
    alone = [1000 * one.seconds for one in untouched] or [0.0]
    facts = [
        ("documents", f"{len(untouched)}"),
        ("findings in them (warnings and errors)", f"{sum(one.findings for one in untouched)}"),
        ("readings proposed for them, all wrong", f"{sum(one.proposals for one in untouched)}"),
        ("errors of the source that their truth lists", f"{sum(one.source_errors or 0 for one in known)}"),
        ("validation of one, median ms", f"{statistics.median(alone):.1f}"),
        ("the same with a planting, median ms", f"{statistics.median(planted):.1f}"),
        ("the same, 95 of 100 below, ms", f"{planted[min(int(0.95 * len(planted)), len(planted) - 1)]:.1f}"),
        ("the same, longest, ms", f"{planted[-1]:.1f}"),
    ]
    return to_table(["what", "value"], facts)


def _is_wrong(trial: Trial) -> bool:
    # Nobody could tell what the author meant: every proposal is one too many.
    source = trial.kind is Kind.SOURCE_ERROR and trial.proposal is not Proposal.NONE
    return source or trial.proposal is Proposal.WRONG


def _list(title: str, trials: Sequence[Trial]) -> tuple[str, ...]:
    if not trials:
        return (f"## {title}: none",)
    rows = [
        [
            to_inline(f"{trial.document} {trial.table} row {trial.row}, column {trial.col}"),
            trial.kind.value,
            to_inline(shorten(trial.printed, _LONGEST)),
            to_inline(shorten(trial.read, _LONGEST)) or "(nothing)",
        ]
        for trial in trials[:_SHOWN]
    ]
    more = f"And {len(trials) - _SHOWN} more: see {TRIALS_FILE}." if len(trials) > _SHOWN else ""
    return f"## {title}: {len(trials)}", to_table(["where", "kind", "printed", "read"], rows), more
