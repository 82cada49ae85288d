"""``lanci annotate draft``."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lanci.errors import ExitCode, LanciError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(file_okay=False, path_type=Path)


@click.command(short_help="Draft annotations of PDFs from what several extractors agree on.")
@click.argument("pdfs", metavar="PDF...", nargs=-1, required=True, type=_FILE)
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder for the drafts.")
@click.option("--id", "id", metavar="ID", help="Name of the annotation (of a single PDF).  [default: from the file]")
@click.option("--name", help="Name of the document (of a single PDF).  [default: the file's name]")
@click.option("--province", default="", help="Province, e.g. 广东省.")
@click.option("--city", default="", help="City, e.g. 惠州市.")
@click.option("--county", default="", help="County or district.")
@click.option("--year", type=click.IntRange(1990, 2100), help="Fiscal year.  [default: from captions or name]")
@click.option("--publisher", default="", help="Where and by whom it was published.")
@click.option("--layout", default="", help="Family of forms that it follows.")
@click.option("--again", is_flag=True, help="Overwrite drafts that are there already.")
@click.option("--no-pictures", is_flag=True, help="Do not draw the pages.")
def draft(pdfs: tuple[Path, ...], output: Path, again: bool, no_pictures: bool, **about: Any) -> ExitCode:
    """Draft an annotation of each PDF: DIR/ID.json, DIR/ID.doubts.md and pictures in DIR/ID.

    lanci, pdfplumber and camelot read the pages independently. A table is settled when each of its cells is read
    alike by two of them and its sums hold or there are none; everything else is in the list of doubts, with every
    page break. Of scans there is one reading only: all cells are to be looked at.

    \b
    Examples:
      lanci annotate draft 惠州市财政局2026.pdf -o drafts --province 广东省 --city 惠州市
      lanci annotate draft 预算公开/*.pdf -o drafts --no-pictures

    Exit codes: 0 all drafted, 1 some PDF could not be read, 2 wrong usage.
    """
    if len(pdfs) > 1 and (about["id"] or about["name"]):
        raise click.UsageError("--id and --name are for a single PDF")
    from lanci_eval.truth.draft import About
    from lanci_eval.truth.draft_files import write_draft
    from lanci_eval.truth.readings import Readers

    known = About(**{name: value for name, value in about.items() if value is not None})
    failed = 0
    with Readers() as readers:
        for path in pdfs:
            try:
                click.echo(write_draft(readers.read(path), known, output, pictures=not no_pictures, again=again))
            except LanciError as error:
                failed += 1
                click.echo(f"{path}: {error}", err=True)
    return ExitCode.SOME_FAILED if failed else ExitCode.OK
