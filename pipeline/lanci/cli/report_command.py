"""``lanci report``."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from pathlib import Path

import click

from lanci.cli.lines import to_count
from lanci.cli.values import STORE
from lanci.errors import ExitCode


@click.command(short_help="Write a page about a store: what is in it, what failed, what is proven.")
@click.argument("store", metavar="STORE", type=STORE)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The HTML file; an older one is replaced.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
def report(store: str, output: Path, quiet: bool) -> ExitCode:
    """Write one HTML page about STORE, a folder that lanci run filled.

    It has counts by place, year and type, the failures with file and page, the shares proven and to review, and how
    long the work took. It needs nothing from the network and holds no scripts.

    \b
    Example:
      lanci report store -o report.html

    Exit codes: 0 written, 1 some results could not be read (the page names them), 2 wrong usage.
    """
    return run_report(store, output, quiet=quiet)


def run_report(name: str, output: Path, *, quiet: bool) -> ExitCode:
    """Go through the store, write the page and say what it is about.

    Raises:
        LanciError: there is no store, its ledger cannot be read, or the page not be written.
    """
    from lanci.bulk import State, open_store
    from lanci.cli.screen import Screen
    from lanci.report import facts_to_html, gather_facts, write_report

    store = open_store(name)
    with Screen(store.totals().count(State.DONE), bar=not quiet, what="counting") as screen:
        facts = gather_facts(store, lambda done: screen.show_progress(done, "counting"))
    write_report(facts_to_html(facts, f"Store {Path(name).absolute().name}"), output)
    counts = f"{to_count(facts.total.documents, 'document')}, {to_count(facts.n_failures, 'failure')}"
    click.echo(f"✓ {counts} → {output}")
    return ExitCode.SOME_FAILED if facts.n_unreadable else ExitCode.OK
