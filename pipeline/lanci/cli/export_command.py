"""``lanci export``."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lanci.cli.lines import to_count, to_reason
from lanci.cli.values import STORE
from lanci.errors import ExitCode

if TYPE_CHECKING:
    from lanci.export import Step

_FORMATS = ("parquet", "duckdb", "csv", "datapackage", "xlsx", "docling")


@click.command(short_help="Write a store as a dataset or in other programs' formats.")
@click.argument("store", metavar="STORE", type=STORE)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the export; an older export in it is replaced.",
)
@click.option("--format", "form", type=click.Choice(_FORMATS), required=True, help="What to write.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
def export(store: str, output: Path, form: str, quiet: bool) -> ExitCode:
    """Write all results of STORE (a folder that lanci run filled) into the folder OUT.

    parquet, duckdb, csv and datapackage are one dataset of all documents; xlsx and docling a file for each document.
    Every export holds codebook.md, which explains all columns, and names the files that failed. See docs/export.md.

    \b
    Examples:
      lanci export store -o dataset --format parquet
      lanci export store -o database --format duckdb
      lanci export store -o workbooks --format xlsx

    Exit codes: 0 all results are in it; 1 some are not, or it could not be written; 2 wrong usage.
    """
    return run_export(store, output, form, quiet=quiet)


def run_export(name: str, output: Path, form: str, *, quiet: bool) -> ExitCode:
    """Export a store and say what came of it.

    Raises:
        LanciError: the store cannot be read, or the export not be written.
    """
    from lanci.bulk import State, open_store
    from lanci.cli.screen import Screen
    from lanci.export import Format, export_store

    store = open_store(name)
    done = 0
    with Screen(store.totals().count(State.DONE), bar=not quiet, what="exporting") as screen:

        def tell(step: Step) -> None:
            nonlocal done
            done += 1
            screen.show_progress(done, step.name)
            if step.error is not None:
                screen.print_result(f"✗ {step.name}: {to_reason(step.error.category, str(step.error))}")

        report = export_store(store, output, Format(form), tell)
    missing = f", {report.n_failed:,} could not be read or do not fit" if report.n_failed else ""
    click.echo(f"{to_count(report.n_documents, 'document')} exported{missing} → {output}")
    if report.n_unfit:
        click.echo(
            f"{report.n_unfit:,} numbers have more digits than {form} can hold and are missing there; "
            "their texts are not (see codebook.md)",
            err=True,
        )
    return ExitCode.SOME_FAILED if report.n_failed else ExitCode.OK
