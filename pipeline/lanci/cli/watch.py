"""What a user sees of a run of many documents: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections import Counter

import click

from lanci.bulk.records import State
from lanci.bulk.run import Recorded
from lanci.bulk.tasks import EngineNote
from lanci.cli.lines import to_count, to_reason
from lanci.cli.run_log import RunLog
from lanci.cli.screen import Screen
from lanci.jobs.logs import LogLine
from lanci.jobs.telling import PageProgress

_LINE_SECONDS = 30.0
"""So often a line tells how far a run is that has no bar."""


class Watch:
    """Counts what a run does and shows it. ``total`` is known once the run is planned."""

    def __init__(self, screen: Screen, log: RunLog, *, quiet: bool) -> None:
        self.failures: Counter[str] = Counter()
        self.done = 0
        self._screen = screen
        self._log = log
        self._quiet = quiet
        self._total = 0
        self._pages = 0
        self._ended = 0
        self._parts: dict[str, tuple[int, int]] = {}
        self._started = self._told = time.monotonic()

    def show_intake(self, files: int) -> None:
        self._screen.show_progress(files, "looking at the inputs")

    def begin(self, total: int) -> None:
        """The work begins: so many contents have to be done."""
        self._total = total
        self._started = self._told = time.monotonic()
        self._screen.begin(total)
        self._screen.show_progress(0, "parsing")

    def tell_failure(self, name: str, category: str, message: str) -> None:
        """An input without a result."""
        self.failures[category] += 1
        self._screen.print_result(f"✗ {name}: {to_reason(category, message)}")
        self._log.write("failed", path=name, category=category, message=message)

    def tell_note(self, note: EngineNote) -> None:
        if isinstance(note.content, LogLine):
            self._screen.print_log(note.content.text)
            self._log.write("log", sha256=note.sha256, level=note.content.level, message=note.content.text)
        elif isinstance(note.content, PageProgress):
            self._parts[note.sha256] = (note.content.done, note.content.total)
            self._show("")

    def tell_end(self, recorded: Recorded) -> None:
        end = recorded.end
        self._parts.pop(end.sha256, None)
        reason = to_reason(end.category, end.message)
        if recorded.state is State.DONE:
            self.done += 1
            self._pages += end.pages or 0
            line = f"✓ {recorded.name}: {to_count(end.pages or 0, 'page')}, {to_count(end.tables, 'table')}, "
            line += to_count(end.findings, "finding")
        elif recorded.state is State.PENDING:
            line = f"… {recorded.name}: {reason} (it is tried again)"
        else:
            self.failures[end.category] += 1
            line = f"✗ {recorded.name}: {reason}"
        if recorded.state is not State.PENDING:
            self._ended += 1
        if not (self._quiet and recorded.state is State.DONE):
            self._screen.print_result(line)
        self._log.write(
            "retry" if recorded.state is State.PENDING else recorded.state.value,
            sha256=end.sha256,
            path=recorded.name,
            pages=end.pages,
            seconds=round(end.seconds, 3),
            category=end.category,
            message=end.message,
            page=end.page,
        )
        self._show(recorded.name)

    def failures_text(self) -> str:
        """``12 failed (8 damaged, 4 crash)``."""
        kinds = ", ".join(f"{n:,} {category}" for category, n in self.failures.most_common())
        return f"{self.failures.total():,} failed" + (f" ({kinds})" if kinds else "")

    def _show(self, name: str) -> None:
        pages = self._pages + sum(done for done, _ in self._parts.values())
        now = time.monotonic()
        rate = pages / max(now - self._started, 1e-3)
        note = f"{to_count(pages, 'page')}, {rate:.1f}/s, {self.failures_text()}"
        if self._screen.is_live:
            parts = sum(done / max(total, 1) for done, total in self._parts.values())
            self._screen.show_progress(self._ended + parts, name or "parsing", note)
        elif not self._quiet and now - self._told >= _LINE_SECONDS:
            self._told = now
            left = (now - self._started) * (self._total - self._ended) / max(self._ended, 1)
            time_left = f", about {_duration(left)} left" if self._ended else ""
            click.echo(f"{self._ended:,} of {self._total:,} documents, {note}{time_left}", err=True)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{max(minutes, 1)} min"
