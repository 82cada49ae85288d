"""``lanci eval run`` and ``lanci eval report``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from lanci.errors import ExitCode
from lanci_eval.cli.watching import ScreenWatcher
from lanci_eval.datasets import DatasetError
from lanci_eval.records import Status
from lanci_eval.results import Results, SystemInfo
from lanci_eval.run import Finished, RunPlan, run_plan, score_stored


def run_evaluation(plan: RunPlan, *, quiet: bool) -> ExitCode:
    """Run the plan and say what came of it.

    Raises:
        click.UsageError: a dataset was asked for in a way that makes no sense, or there is none.
    """
    try:
        with ScreenWatcher(quiet=quiet) as watcher:
            finished = run_plan(plan, watcher)
    except DatasetError as error:
        raise click.UsageError(str(error)) from error
    except KeyboardInterrupt:
        click.echo(f"what is done is stored in {plan.folder}: repeat the command to go on from there", err=True)
        raise
    return _conclude(finished)


def report_evaluation(folder: Path, *, gallery: bool, keep_work: bool, quiet: bool) -> ExitCode:
    """Score a stored run again and say what came of it."""
    with ScreenWatcher(quiet=quiet) as watcher:
        finished = score_stored(folder, watcher, gallery=gallery, keep_work=keep_work)
    return _conclude(finished)


def _conclude(finished: Finished) -> ExitCode:
    for line in _to_lines(finished.results):
        click.echo(line)
    click.echo("Report: " + ", ".join(str(file) for file in finished.files))
    return ExitCode.OK if finished.all_good else ExitCode.SOME_FAILED


def _to_lines(results: Results) -> Iterator[str]:
    for dataset in results.datasets:
        n_rejected = len(dataset.rejected)
        left_out = f", {n_rejected} left out" if n_rejected else ""
        yield f"{'✗' if n_rejected else '✓'} dataset {dataset.label}: {_count(len(dataset.items))}{left_out}"
    for system in results.systems:
        yield _system_line(results, system)


def _system_line(results: Results, system: SystemInfo) -> str:
    if system.unavailable:
        return f"✗ system {system.label}: not available: {system.unavailable}"
    ends = Counter(outcome.status for outcome in results.outcomes if outcome.system == system.label)
    failures = ", ".join(f"{count} {status.value}" for status, count in ends.items() if status is not Status.OK)
    mark = "✗" if failures else "✓"
    return f"{mark} system {system.label}: {ends[Status.OK]} of {_count(ends.total())}" + (
        f" ({failures})" if failures else ""
    )


def _count(number: int) -> str:
    return f"{number:,} document{'' if number == 1 else 's'}"
