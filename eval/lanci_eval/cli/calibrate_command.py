"""``lanci eval calibrate``."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from lanci.errors import ExitCode
from lanci.training import ConfidenceReport, write_confidence
from lanci_eval.calibration import collect_samples, load_samples, write_samples
from lanci_eval.cli.requests import parse_datasets
from lanci_eval.datasets.base import DatasetRequest

_SAMPLES_FILE = "samples.jsonl"


def calibrate_confidence(
    datasets: Sequence[str], samples: Path | None, output: Path, *, version: str, seed: int, jobs: int
) -> ExitCode:
    """Read scans (or take samples that were made before), fit the model and write it.

    Args:
        datasets: scans with their truth, as on the command line.
        samples: a file that an earlier run wrote, in place of datasets.
        output: folder of the artefact and of the samples.
        version: of the artefact.
        seed: decides which pages and degradations are taken.
        jobs: how many processes read.

    Raises:
        click.UsageError: neither or both of datasets and samples are given, or a dataset is not there.
        LanciError: a dataset cannot be read, or gives too few samples.
    """
    if bool(datasets) == (samples is not None):
        raise click.UsageError("Name scans with --dataset, or the samples of an earlier run with --samples.")
    requests = [named.request for named in parse_datasets(datasets, systems=(), limit=None, seed=seed)]
    output.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    if samples is None:
        samples = output / _SAMPLES_FILE
        problems = _make_samples(requests, samples, jobs)
    sha256 = hashlib.sha256(samples.read_bytes()).hexdigest()
    report = write_confidence(load_samples(samples), sha256, output, version)
    for problem in problems:
        click.echo(f"left out: {problem}", err=True)
    click.echo("\n".join(_to_lines(report)))
    return ExitCode.SOME_FAILED if problems else ExitCode.OK


def _make_samples(requests: Sequence[DatasetRequest], path: Path, jobs: int) -> list[str]:
    with click.progressbar(length=1, label="pages", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        found, problems = collect_samples(requests, jobs, show)
    write_samples(path, found)
    return problems


def _to_lines(report: ConfidenceReport) -> list[str]:
    lines = [f"{report.folder}: {report.n_samples} cells of {report.n_groups} documents"]
    for one in report.figures:
        lines.append(
            f"{one.worth}: limit {one.limit:.4f}, {one.review:.2%} of {one.cells} cells marked, "
            f"{one.wrong} wrong, {one.silent} wrong amounts unmarked"
        )
    return lines
