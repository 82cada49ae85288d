"""The commands and their options. Everything heavy is imported when a command runs, so that help is quick."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from lanci.cli.bulk_commands import run, status
from lanci.cli.export_command import export
from lanci.cli.plugins import PluginGroup
from lanci.cli.reading_options import reading_options
from lanci.cli.report_command import report
from lanci.cli.values import JOIN_PLACE, OVERRIDE_FILE, PAGES, SPLIT_PLACE, VERSION
from lanci.errors import ExitCode, LanciError

_INTERRUPTED = 130
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_EXISTING = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUTPUT = click.Path(file_okay=False, path_type=Path)


@click.group(cls=PluginGroup, context_settings=_CONTEXT)
@click.version_option(package_name="lanci", message="lanci %(version)s")
def commands() -> None:
    """Read the tables of Chinese government budget disclosures: complete, typed, stitched and checked.

    \b
    Examples:
      lanci parse 临西县2021年部门预算.pdf -o out
      lanci parse 预算公开/ 决算公开/ -o out --jobs 2
      lanci run 预算公开/ --store store --jobs 4
      lanci check out/ --dry-run --list
      lanci show out/临西县2021年部门预算 -o overlays --source 临西县2021年部门预算.pdf
      lanci train annotations -o models/lanci_models --version 0.2.0

    Results go to folders and stdout, logs and the progress bar to stderr. Exit codes: 0 all good, 1 some
    documents failed, 2 wrong usage.
    """


@commands.command(short_help="Parse documents into JSON and CSV.")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True, type=_EXISTING)
@click.option("-o", "--output", metavar="OUT", required=True, type=_OUTPUT, help="Folder for the results.")
@click.option("--pages", type=PAGES, metavar="1-3,7", help="Read only these pages.")
@click.option(
    "--join", type=JOIN_PLACE, metavar="PAGE:TABLE", multiple=True, help="Join this table to the one before it."
)
@click.option(
    "--split", type=SPLIT_PLACE, metavar="PAGE:TABLE", multiple=True, help="Split this table from the one before it."
)
@click.option(
    "--overrides", type=OVERRIDE_FILE, metavar="FILE", help="Joins and splits of many documents, in a TOML file."
)
@click.option("--list", "listing", is_flag=True, help="List the tables and findings of every document.")
@reading_options
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Documents at a time.")
@click.option(
    "--timeout",
    type=click.FloatRange(0),
    default=1800,
    show_default=True,
    help="Seconds one document may take; 0 for no limit.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar; only errors are logged.")
@click.option("-v", "--verbose", count=True, help="Log more; -vv logs everything.")
def parse(
    inputs: tuple[Path, ...],
    output: Path,
    listing: bool,
    jobs: int,
    timeout: float,
    quiet: bool,
    verbose: int,
    **flags: Any,
) -> ExitCode:
    """Parse every INPUT (a file, or a folder with all in it) into a folder of OUT.

    Reads PDF, TIFF, PNG and JPEG, and DOCX, DOC, XLSX and XLS where LibreOffice is installed. Each document's
    folder is named after its file and holds document.json, records.csv and tables/*.csv; an older result is replaced.

    Where a table is wrongly joined over a page break, or wrongly not, --join and --split settle it: 12:2 is the
    second table of page 12 from the top, 12 alone the first. --list shows the places of all tables.

    \b
    Examples:
      lanci parse 平乡县2023.pdf -o out
      lanci parse 平乡县2023.pdf -o out --pages 4-12,15 --list
      lanci parse 平乡县2023.pdf -o out --join 12 --split 30:2
      lanci parse 预算公开/ -o out --overrides overrides.toml
      lanci parse 扫描件/*.tif -o out --jobs 2 --dpi 300
      LANCI_PASSWORD=秘密 lanci parse 加密.pdf -o out
    """
    from lanci.cli.parse_command import RunOptions, run_parse
    from lanci.jobs.flags import ParseFlags
    from lanci.jobs.logs import verbosity_to_level

    options = RunOptions(
        jobs=jobs,
        timeout=timeout or None,
        listing=listing,
        quiet=quiet,
        log_level=verbosity_to_level(quiet, verbose),
    )
    return run_parse(inputs, output, ParseFlags(**flags), options)


@commands.command(short_help="Check parsed documents again, without their sources.")
@click.argument("folders", metavar="DOC_DIR...", nargs=-1, required=True, type=_FOLDER)
@click.option("--dry-run", is_flag=True, help="Print what would be found, write nothing.")
@click.option("--list", "listing", is_flag=True, help="List the tables and findings of every document.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
def check(folders: tuple[Path, ...], dry_run: bool, listing: bool, quiet: bool) -> ExitCode:
    """Run all rules anew over documents that lanci parse wrote, and write findings and the status of amounts back.

    DOC_DIR is the folder of a document, or a folder with many of them. A document's folder is replaced in one step;
    what is printed in it (texts, boxes, tables) never changes. The rules are in docs/rules.md.

    \b
    Examples:
      lanci check out/平乡县2023
      lanci check out/ --dry-run --list

    Exit codes: 0 all were checked, whatever was found; 1 some could not be read or written; 2 wrong usage.
    """
    from lanci.cli.check_command import CheckOptions, run_check
    from lanci.jobs.logs import log_to_stderr

    log_to_stderr(logging.ERROR if quiet else logging.WARNING)
    return run_check(folders, CheckOptions(dry_run=dry_run, listing=listing, quiet=quiet))


@commands.command(short_help="Draw a parsed document's cells, roles and findings over its pages.")
@click.argument("document", metavar="DOC_DIR", type=_FOLDER)
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder for the pictures.")
@click.option("--source", type=_EXISTING, help="The parsed file, or a folder that holds it.")
@click.option("--pages", type=PAGES, metavar="1-3,7", help="Draw only these pages.")
@click.option("--dpi", type=click.IntRange(36, 400), default=110, show_default=True, help="Resolution.")
@click.option("--password", envvar="LANCI_PASSWORD", help="Password of an encrypted PDF.")
def show(
    document: Path,
    output: Path,
    source: Path | None,
    pages: tuple[int, ...] | None,
    dpi: int,
    password: str | None,
) -> ExitCode:
    """Draw the document in DOC_DIR (a folder that lanci parse wrote) as one PNG per page.

    Header cells are tinted by role, body cells framed in their column's colour; cells to review are hatched,
    findings are framed and numbered, and listed beside the page. The parsed file is looked for in the
    current folder when --source is not given; it must be the same to the byte.

    \b
    Examples:
      lanci show out/平乡县2023 -o overlays
      lanci show out/平乡县2023 -o overlays --source 预算公开/ --pages 3-5 --dpi 150
    """
    from lanci.jobs.logs import log_to_stderr
    from lanci.show import ShowOptions, find_source, show_document
    from lanci.store import read_document

    log_to_stderr(logging.WARNING)
    parsed = read_document(document)
    file = find_source(parsed.source, [source] if source else [Path(), document, document.parent])
    options = ShowOptions(dpi=dpi, pages=pages, password=password)
    pictures = show_document(document, file, output, options)
    click.echo(f"✓ {parsed.source.name}: {len(pictures)} page{'' if len(pictures) == 1 else 's'} → {output}")
    return ExitCode.OK


@commands.command(short_help="Train the table-type and header-role models.")
@click.argument("annotations", metavar="ANNOTATIONS...", nargs=-1, required=True, type=_FOLDER)
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder for the models.")
@click.option("--version", "model_version", type=VERSION, required=True, help="Version, such as 0.2.0.")
@click.option(
    "--made", metavar="DIR", multiple=True, type=_FOLDER, help="Folder of made-up documents; may be repeated."
)
@click.option("--dry-run", is_flag=True, help="Train and report the scores, write nothing to DIR.")
@click.option("--replace", is_flag=True, help="Write the models even if they are worse than those before.")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes at a time.")
def train(
    annotations: tuple[Path, ...],
    output: Path,
    model_version: str,
    made: tuple[Path, ...],
    dry_run: bool,
    replace: bool,
    jobs: int,
) -> ExitCode:
    """Train the models on the documents in ANNOTATIONS and write them with their model card.

    A folder with splits.json (as annotations/ of lanci) is trained on but for its test side, which the new models are
    compared on with those before: when one figure is worse by more than a point, nothing is written. A folder without
    holds corrections, annotations in the same format; all of it is trained on. The same data give the same models.

    \b
    Examples:
      lanci train annotations -o models/lanci_models --version 0.2.0 --made made
      lanci train annotations my-corrections -o my-models --version 0.2.1 --dry-run
    """
    from lanci.cli.train_command import run_train
    from lanci.jobs.logs import log_to_stderr
    from lanci.training import Order

    log_to_stderr(logging.INFO)
    order = Order(annotations, output, model_version, made, dry_run=dry_run, replace=replace, jobs=jobs)
    return run_train(order)


@commands.command(name="train-links", short_help="Train the model that joins tables over page breaks.")
@click.argument("annotations", metavar="ANNOTATIONS...", nargs=-1, required=True, type=_FOLDER)
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder for the model.")
@click.option("--version", "model_version", type=VERSION, required=True, help="Version, such as 0.1.0.")
@click.option(
    "--made", metavar="DIR", multiple=True, type=_FOLDER, help="Folder of made-up documents; may be repeated."
)
@click.option("--dry-run", is_flag=True, help="Train and report the figures, write nothing to DIR.")
def train_links(
    annotations: tuple[Path, ...], output: Path, model_version: str, made: tuple[Path, ...], dry_run: bool
) -> ExitCode:
    """Train how much each sign of a page break counts, and write the model with its card.

    Folders are those of lanci train. Their documents are learned from as printed and with breaks made anew, labelled by
    models that saw neither them nor their city; the figures are of cities left out. The same data give the same model.

    \b
    Example:
      lanci train-links annotations -o models/lanci_models --version 0.1.0 --made made
    """
    from lanci.cli.train_links_command import run_train_links
    from lanci.jobs.logs import log_to_stderr
    from lanci.training import LinkOrder

    log_to_stderr(logging.INFO)
    return run_train_links(LinkOrder(annotations, output, model_version, made, dry_run=dry_run))


for command in (run, status, export, report):
    commands.add_command(command)


def main(args: Sequence[str] | None = None) -> None:
    """Entry point of the ``lanci`` program: run a command and exit with its code."""
    _never_fail_to_print()
    try:
        code = commands.main(args=args, prog_name="lanci", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = ExitCode.USAGE
    except LanciError as error:
        click.echo(f"✗ {error.category}: {error}", err=True)
        code = ExitCode.SOME_FAILED
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the flush at exit must not fail again
        code = ExitCode.SOME_FAILED
    sys.exit(int(code or ExitCode.OK))


def _never_fail_to_print() -> None:
    """A file name that is no Unicode, or a terminal that knows no Chinese, must not end a run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
