"""What the user sees while documents are worked on: a bar on a terminal, lines everywhere."""

from __future__ import annotations

import sys
from types import TracebackType

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Screen:
    """A progress bar on stderr where that is a terminal; result lines on stdout, log lines on stderr.

    The bar counts documents; the pages of the one in hand count as parts of it. Without a total it only moves.
    Use as a context manager.
    """

    def __init__(self, total: int | None, *, bar: bool, what: str = "parsing") -> None:
        self._console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
            disable=not (bar and self._console.is_terminal),
            redirect_stdout=False,
            redirect_stderr=False,
            transient=True,
        )
        self._task: TaskID = self._progress.add_task(what, total=total, note="")

    def __enter__(self) -> Screen:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    @property
    def is_live(self) -> bool:
        """Whether there is a bar."""
        return not self._progress.disable

    def begin(self, total: int) -> None:
        """Start bar and clock anew with a number of documents that was not known before."""
        self._progress.reset(self._task, total=total)

    def show_progress(self, documents: float, description: str, note: str = "") -> None:
        """Move the bar to a number of documents, with parts of one, and name the document in hand."""
        short = description if len(description) <= 24 else description[:23] + "…"
        self._progress.update(self._task, completed=documents, description=short, note=note)

    def print_result(self, line: str) -> None:
        """One line on stdout, above the bar where both are on the same terminal."""
        if self._progress.disable or not sys.stdout.isatty():
            click.echo(line)
        else:
            self._console.print(line)

    def print_log(self, line: str) -> None:
        """One line on stderr."""
        if self._progress.disable:
            click.echo(line, err=True)
        else:
            self._console.print(line)
