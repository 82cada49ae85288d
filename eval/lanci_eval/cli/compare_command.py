"""``lanci eval compare``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lanci.errors import ExitCode
from lanci_eval.metrics import METRICS
from lanci_eval.report import comparison_to_markdown
from lanci_eval.results.compare import Pairing, compare_runs
from lanci_eval.results.files import read_results, write_file

_RESULTS = "results.json"


def compare_runs_at(a: Path, b: Path, pairs: Sequence[str], output: Path | None) -> ExitCode:
    """Compare two stored runs and print, or write, the differences in Markdown."""
    pairings = [_parse_pair(text) for text in pairs]
    first, second = (read_results(path / _RESULTS if path.is_dir() else path) for path in (a, b))
    text = comparison_to_markdown(compare_runs(first, second, METRICS, pairings=pairings))
    if output is None:
        click.echo(text.rstrip("\n"))
    else:
        write_file(output, text)
        click.echo(f"Comparison: {output}")
    return ExitCode.OK


def _parse_pair(text: str) -> Pairing:
    left, equals, right = (part.strip() for part in text.partition("="))
    if not left or not equals or not right:
        raise click.UsageError(f"--pair {text!r}: write LABEL_A=LABEL_B.")
    return Pairing(left, right)
