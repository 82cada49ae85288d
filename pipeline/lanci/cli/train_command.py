"""``lanci train``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from lanci.errors import ExitCode
from lanci.training.report import TrainingReport
from lanci.training.train import train


def run_train(annotations: Path, output: Path, *, version: str, dry_run: bool) -> ExitCode:
    """Train, tell of every step on stderr, and print the scores on stdout."""
    report = train(annotations, output, version=version, dry_run=dry_run, progress=_tell)
    for line in report_to_lines(report):
        click.echo(line)
    return ExitCode.OK


def report_to_lines(report: TrainingReport) -> Iterator[str]:
    """What was trained from what, the scores with their 95 % intervals, and where the models are."""
    yield (
        f"{report.name} {report.version}: {len(report.documents)} documents, {report.n_tables} tables, "
        f"{report.n_fragments} fragments, {report.n_examples:,} examples"
    )
    width = max((len(f"{score.test}: {score.name}") for score in report.scores), default=0)
    for score in report.scores:
        name = f"{score.test}: {score.name}"
        yield f"  {name:<{width}}  {_share(score.value)} ({_share(score.low)} to {_share(score.high)}), n = {score.n}"
    yield from (f"  wrong on unseen document: {failure}" for failure in report.failures)
    yield from (f"  wrong on training data: {failure}" for failure in report.training_errors)
    yield f"{report.milliseconds:.1f} ms a fragment, {report.artefact_bytes:,} bytes"
    yield f"✓ models → {report.output}" if report.output else "nothing written (dry run)"


def _tell(what: str, done: int, total: int) -> None:
    click.echo(f"[{done}/{total}] {what}", err=True)


def _share(value: float | None) -> str:
    return "  –  " if value is None else f"{value:.3f}"
