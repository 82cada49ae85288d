"""``lanci status``."""

from __future__ import annotations

from itertools import islice

import click

from lanci.bulk.layout import is_locked
from lanci.bulk.reading import open_store
from lanci.bulk.records import LedgerEntry, State
from lanci.cli.lines import to_reason

_SHOWN = 20


def show_status(name: str, *, all_failed: bool) -> None:
    """Print the counts of a store, and its failures: all of them, or the first ones."""
    store = open_store(name)
    totals = store.totals()
    counts = ", ".join(f"{totals.count(state):,} {state.value}" for state in State)
    click.echo(f"{name}: {counts}; {totals.files:,} files, {totals.pages:,} pages")
    if totals.outdated:
        click.echo(f"{totals.outdated:,} results are of other options or software and wait to be made again")
    if is_locked(store.folder):
        click.echo("a run is at work")
    if totals.failures:
        click.echo("failed: " + ", ".join(f"{count:,} {category}" for category, count in totals.failures))
    missing = (entry for entry in store.entries() if entry.state in (State.FAILED, State.VANISHED))
    for entry in islice(missing, None if all_failed else _SHOWN):
        click.echo(_to_line(entry))
    if not all_failed and next(missing, None) is not None:
        click.echo("… more with --failed")


def _to_line(entry: LedgerEntry) -> str:
    name = entry.paths[0] if entry.paths else entry.sha256
    others = f" (and {len(entry.paths) - 1} more)" if len(entry.paths) > 1 else ""
    tries = f" [{entry.attempts} tries]" if entry.attempts > 1 else ""
    return f"✗ {name}{others}: {to_reason(entry.category, entry.message)}{tries}"
