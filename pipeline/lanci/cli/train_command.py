"""``lanci train``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import monotonic
from unicodedata import east_asian_width

import click

from lanci.errors import ExitCode
from lanci.training import Order, TrainingReport, train
from lanci.training.card import scores_to_rows
from lanci.training.gallery import verdicts_to_failures
from lanci.training.report import TOLERANCE, Comparison
from lanci.training.scores import Score

_SHOWN_FAILURES = 12


def run_train(order: Order) -> ExitCode:
    """Train, tell of every step on stderr, and print the figures on stdout."""
    report = train(order, _Teller())
    for line in report_to_lines(report):
        click.echo(line)
    if report.output is not None:
        click.echo(f"✓ models → {report.output}")
        return ExitCode.OK
    worse = report.comparison.worse
    if not worse:
        click.echo("nothing written (dry run)")
        return ExitCode.OK
    if order.dry_run:
        click.echo(f"nothing written (dry run); {_too_bad(worse)}")
        return ExitCode.OK
    click.echo(
        f"✗ nothing written: {_too_bad(worse)}; look at the card of a --dry-run, or write with --replace", err=True
    )
    return ExitCode.SOME_FAILED


def _too_bad(worse: Sequence[object]) -> str:
    figures = "figure is" if len(worse) == 1 else "figures are"
    return f"{len(worse)} {figures} worse than before by more than {TOLERANCE:g}"


class _Teller:
    """Tells of steps with how long the rest may take, judged by the steps so far."""

    def __init__(self) -> None:
        self._start = monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        left = (monotonic() - self._start) / done * (total - done)
        rest = f", about {_to_words(left)} left" if done < total else f" after {_to_words(monotonic() - self._start)}"
        click.echo(f"[{done}/{total}{rest}] {what}", err=True)


def _to_words(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def report_to_lines(report: TrainingReport) -> Iterator[str]:
    """What was trained from what, the key figures, where the models fail, and how they compare with those before."""
    fitted = sum(document.side != "test" for document in report.documents)
    yield (
        f"{report.name} {report.version}: {fitted} documents and {sum(report.made.values())} made-up ones, "
        f"{report.n_fragments} fragments, {report.n_examples:,} examples"
    )
    yield from (f"  {remark}" for remark in report.remarks)
    yield from _table("held out (a place at a time)", report.scores)
    yield from _table("test side", report.test_scores)
    yield from _comparison(report.comparison)
    limit = report.type_limit
    if limit.tables:
        yield (
            f"types below probability {limit.limit:g} are other: {limit.given:.1%} of {limit.tables} held-out tables "
            f"are given a type, {limit.precision:.1%} of these the right one"
        )
    for name, verdicts in (("unseen documents", report.held_out), ("training data", report.fitted)):
        failures = verdicts_to_failures(verdicts)
        if failures:
            yield f"wrong on {name}: {len(failures)} of {len(verdicts)} fragments"
        yield from (f"  {failure}" for failure in failures[:_SHOWN_FAILURES])
    yield f"{report.milliseconds:.1f} ms a fragment, {report.artefact_bytes:,} bytes"


def _table(title: str, scores: Sequence[Score]) -> Iterator[str]:
    if scores:
        head, *rows = scores_to_rows(scores)
        yield from _align([(title, *head[1:]), *rows])


def _comparison(found: Comparison) -> Iterator[str]:
    if found.remark:
        yield f"not compared with models before: {found.remark}"
        return
    rows = [(f"against {found.old}", "before", "now", "difference", "95 %")]
    rows += [
        (
            f"{c.test}: {c.name}",
            f"{c.old:.3f}",
            f"{c.new:.3f}",
            f"{c.difference:+.3f}" + (" worse" if c in found.worse else ""),
            f"{c.low:+.3f} to {c.high:+.3f}",
        )
        for c in found.changes
    ]
    yield from _align(rows)


def _align(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns below each other, the first to the left, all others to the right."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for first, *rest in rows:
        cells = [" " * (width - _width(cell)) + cell for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join([first + " " * (widths[0] - _width(first)), *cells])


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
