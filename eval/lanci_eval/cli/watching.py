"""Shows how a run goes: a bar for each phase on a terminal, numbered lines elsewhere; all of it on stderr."""

from __future__ import annotations

from types import TracebackType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_NAME_WIDTH = 32
_SPEED_SECONDS = 4 * 3600.0
"""The time left is estimated from this much of the past: a single step can take minutes."""


class ScreenWatcher:
    """A :class:`lanci_eval.run.Watcher`; use as a context manager, so that no bar is left on the screen.

    A bar has the total and the time that is left. Without a terminal every step that took place gets a line.

    Args:
        quiet: show warnings only.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
            redirect_stdout=False,
            redirect_stderr=False,
            transient=True,
            speed_estimate_period=_SPEED_SECONDS,
        )
        self._lines = not quiet and not self._console.is_terminal
        self._work = ""
        self._begun = 0
        self._total = 0

    def __enter__(self) -> ScreenWatcher:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, work: str, total: int) -> None:
        """See :class:`lanci_eval.run.Watcher`, also for the others."""
        self._work, self._begun, self._total = work, 0, total
        self._bar.add_task(work, total=total)
        if self._lines:
            click.echo(f"{work}: {total}", err=True)

    def step(self, name: str) -> None:
        text = f"{self._work} {name}"
        short = text if len(text) <= _NAME_WIDTH else text[: _NAME_WIDTH - 1] + "…"
        self._bar.update(self._bar.task_ids[-1], completed=self._begun, description=short)
        self._begun += 1

    def note(self, line: str) -> None:
        if self._lines:
            self._print(line)

    def warn(self, line: str) -> None:
        self._print(f"✗ {line}")

    def end(self) -> None:
        self._bar.remove_task(self._bar.task_ids[-1])

    def _print(self, line: str) -> None:
        if self._bar.disable:
            click.echo(f"[{self._begun}/{self._total}] {line}" if self._lines else line, err=True)
        else:
            self._console.print(line)
