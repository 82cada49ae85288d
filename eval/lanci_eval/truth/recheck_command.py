"""``lanci annotate recheck``."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from pathlib import Path

import click

from lanci.errors import AnnotationError, ExitCode, OutputError

_PATH = click.Path(exists=True, path_type=Path)

FORM = "cells.csv"
"""The file to fill in."""


@click.command("recheck", short_help="Draw a random sample of cells to judge by eye, and score it.")
@click.argument("places", metavar="[FOLDER...]", nargs=-1, type=_PATH)
@click.option("--files", metavar="PATH", multiple=True, type=_PATH, help="The published files: a folder or a file.")
@click.option("-n", "count", type=click.IntRange(1), default=300, show_default=True, help="How many cells.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides which cells.")
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Folder to write."
)
@click.option("--score", "form", metavar="CSV", type=_PATH, help="Score this filled-in file instead.")
def recheck(
    places: tuple[Path, ...],
    files: tuple[Path, ...],
    count: int,
    seed: int,
    output: Path | None,
    form: Path | None,
) -> ExitCode:
    """Measure the error rate of the annotations in each FOLDER, or in its folder "documents".

    First draw: cells are taken at random from all that have a place on a page, each as likely as any other.
    DIR gets pictures, sheet-01.png and so on, that show each cell (framed red) in its row below the header of its
    columns (framed blue), and cells.csv with what the annotation says of it. Judge each cell against the picture:
    its text is the expected one to the character (spaces aside), the frame is around the whole printed cell, it
    stands in the row of row_label and under column_label. Write right, wrong or unclear into the column verdict.

    Then score: the error rate of all cells and of each kind, with exact 95 % intervals (Clopper-Pearson). What is
    unclear counts as wrong.

    \b
    Examples:
      lanci annotate recheck annotations/ --files 预算公开/ -n 300 --seed 7 -o recheck/
      lanci annotate recheck --score recheck/cells.csv

    Exit codes: 0 all good, 1 a file is missing or not filled in, 2 wrong usage.
    """
    from lanci_eval.truth.recheck import rates_to_markdown, score_form

    if form is not None:
        if places or files or output:
            raise click.UsageError("--score CSV goes without FOLDER, --files and -o")
        click.echo(rates_to_markdown(score_form(form)), nl=False)
        return ExitCode.OK
    if not (places and files and output):
        raise click.UsageError("name FOLDER, --files PATH and -o DIR, or score a filled-in file with --score CSV")
    _draw(places, files, count, seed, output)
    return ExitCode.OK


def _draw(places: tuple[Path, ...], files: tuple[Path, ...], count: int, seed: int, output: Path) -> None:
    from lanci.annotation import load_annotation
    from lanci_eval.truth.folders import find_annotation_files
    from lanci_eval.truth.originals import find_originals
    from lanci_eval.truth.recheck import draw_sample, write_form
    from lanci_eval.truth.recheck_sheets import draw_sheets

    if (output / FORM).exists():
        raise OutputError(f"{output / FORM} exists, and may be filled in; choose another folder, or move it away")
    paths = dict.fromkeys(path for found in find_annotation_files(places).values() for path in found)
    documents = [load_annotation(path) for path in paths]
    sample = draw_sample(documents, count, seed)
    if not sample:
        raise AnnotationError("no cell has a place on a page: nothing to draw; name annotations of PDFs")
    originals = find_originals({drawn.document.id: drawn.document for drawn in sample}.values(), files)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{output} cannot be made ({error.strerror}); choose another folder") from error
    sheets = draw_sheets(sample, originals, output, lambda name: click.echo(f"{output / name}", err=True))
    write_form(sample, sheets, output / FORM)
    click.echo(f"{len(sample)} cells of {len(originals)} documents → {output / FORM}", err=True)
