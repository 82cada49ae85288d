"""``lanci parse``."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from lanci.cli.inputs import Inputs, expand_inputs
from lanci.cli.interrupts import terminable
from lanci.cli.outcome import Counts, Outcome
from lanci.cli.screen import Screen
from lanci.cli.work import ParseTask, do_task
from lanci.errors import ExitCode
from lanci.jobs.boundary import lost_to_failed
from lanci.jobs.flags import ParseFlags
from lanci.jobs.logs import LogLine
from lanci.jobs.telling import PageProgress, Setup
from lanci.jobs.workers import Ended, Limits, run_tasks
from lanci.store import assign_names, remove_leftovers

_MAX_NAMES = 5
"""So many names a message lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run goes about its documents: ``jobs`` processes, at most ``timeout`` seconds each (None: any)."""

    jobs: int = 1
    timeout: float | None = None
    listing: bool = False
    quiet: bool = False
    log_level: int = 0

    @property
    def limits(self) -> Limits:
        return Limits(seconds=self.timeout)


def run_parse(paths: Sequence[Path], output: Path, flags: ParseFlags, options: RunOptions) -> ExitCode:
    """Parse all documents behind ``paths`` into ``output`` and say what came of each, in their order."""
    inputs = expand_inputs(paths, output=output)
    _check_overrides(inputs, flags)
    tasks = [
        ParseTask(path=path, name=name, output=output, flags=flags, listing=options.listing)
        for path, name in zip(inputs.files, assign_names(inputs.files), strict=True)
    ]
    outcomes = [Outcome(name=str(path), category=error.category, message=str(error)) for path, error in inputs.failures]
    with Screen(len(tasks), bar=not options.quiet) as screen, terminable():
        for outcome in outcomes:
            screen.print_result(next(outcome.to_lines()))
        try:
            with closing(_outcomes_in_order(tasks, options, screen)) as ends:
                for outcome in ends:
                    outcomes.append(outcome)
                    for line in outcome.to_lines():
                        screen.print_result(line)
        except BaseException:
            remove_leftovers(output)
            raise
    return _finish(outcomes)


def _check_overrides(inputs: Inputs, flags: ParseFlags) -> None:
    """Refuse places that could be of any of several documents; tell of entries for documents that are not there."""
    if (flags.join or flags.split) and len(inputs.files) + len(inputs.failures) != 1:
        raise click.UsageError(
            f"--join and --split are for one document, here are {len(inputs.files)}; for several use --overrides FILE"
        )
    if flags.overrides is not None:
        present = {path.name for path in inputs.files}
        absent = sorted({entry.name for entry in flags.overrides.documents} - present - {""})
        if absent:
            more = f" and {len(absent) - _MAX_NAMES} more" if len(absent) > _MAX_NAMES else ""
            names = ", ".join(absent[:_MAX_NAMES]) + more
            click.echo(f"{flags.overrides.path}: for documents that are not among the inputs: {names}", err=True)


def _outcomes_in_order(
    tasks: Sequence[ParseTask], options: RunOptions, screen: Screen
) -> Generator[Outcome, None, None]:
    """The outcomes in the order of the tasks, each as soon as all before it are there."""
    ended: dict[int, Outcome] = {}
    parts: dict[int, float] = {}
    following = 0
    events = run_tasks(do_task, tasks, jobs=options.jobs, limits=options.limits, setup=Setup(options.log_level))
    with closing(events):
        for event in events:
            name = tasks[event.index].path.name
            if isinstance(event, Ended):
                parts.pop(event.index, None)
                ended[event.index] = _end_to_outcome(event, name, options)
            elif isinstance(event.content, PageProgress):
                parts[event.index] = event.content.done / max(event.content.total, 1)
            elif isinstance(event.content, LogLine):
                screen.print_log(event.content.text)
            screen.show_progress(following + len(ended) + sum(parts.values()), name)
            while following in ended:
                yield ended.pop(following)
                following += 1


def _end_to_outcome(end: Ended[Outcome], name: str, options: RunOptions) -> Outcome:
    if end.result is not None:
        return end.result
    failed = lost_to_failed(end, options.limits)
    return Outcome(name=name, category=failed.category, message=failed.message)


def _finish(outcomes: Sequence[Outcome]) -> ExitCode:
    """Print the totals of a run of several documents."""
    good = [outcome for outcome in outcomes if outcome.ok]
    failed = len(outcomes) - len(good)
    if len(outcomes) > 1:
        total = sum((outcome.counts for outcome in good), Counts())
        click.echo(f"{len(good)} of {len(outcomes)} documents parsed, {failed} failed: {total}")
    return ExitCode.SOME_FAILED if failed else ExitCode.OK
