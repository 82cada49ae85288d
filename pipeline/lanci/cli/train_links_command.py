"""``lanci train-links``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from lanci.errors import ExitCode
from lanci.training import LinkOrder, LinkReport, train_links


def run_train_links(order: LinkOrder) -> ExitCode:
    """Train, tell of every step on stderr, and print the figures on stdout."""
    report = train_links(order, lambda step: click.echo(step, err=True))
    for line in report_to_lines(report):
        click.echo(line)
    click.echo(f"✓ model → {report.folder}" if report.folder is not None else "nothing written (dry run)")
    return ExitCode.OK


def report_to_lines(report: LinkReport) -> Iterator[str]:
    """How many breaks were learned from, and the figures of every origin on places that were left out."""
    yield f"{report.n_samples:,} page breaks"
    for one in report.figures:
        yield (
            f"{one.origin}: {one.wrong} of {one.breaks} breaks wrong, {one.silent} of them unmarked, {one.doubtful} "
            f"marked; F1 of pairs {one.f1:.4f}, {one.whole} of {one.tables} tables whole, Brier {one.brier:.5f}"
        )
