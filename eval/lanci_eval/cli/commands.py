"""The commands of ``lanci eval`` and their options."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from lanci.errors import ExitCode
from lanci_eval.cli.extras import require_extra

_RUN = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUTPUT = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_READ = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(short_help="Measure lanci and other systems on the same documents.")
def evaluate() -> None:
    """Measure lanci and other systems on the same documents.

    A run goes into a folder of its own: report.html for a person, results.md and results.json, and what every
    system made of every document, so that an interrupted run goes on where it was and a finished one can be
    scored again.

    \b
    Examples:
      lanci eval list
      lanci eval run --systems lanci,pdfplumber --dataset generated:annotations/documents -o runs/first
      lanci eval report runs/first
      lanci eval compare runs/first runs/second

    Exit codes: 0 all good, 1 some system failed on some document or is not available, or some document could
    not be used, 2 wrong usage.
    """


@evaluate.command(short_help="Run systems on documents, score them and write the report.")
@click.option("--systems", "names", metavar="NAME,NAME", help="Systems without options, by name.")
@click.option(
    "--system",
    "systems",
    metavar="NAME[,OPTION=VALUE...]",
    multiple=True,
    help="A system with options; label=TEXT names it in the report. Can be repeated.",
)
@click.option(
    "--dataset",
    "datasets",
    metavar="KIND:PATH[,OPTION=VALUE...]",
    multiple=True,
    required=True,
    help="Documents to read; label=TEXT names them in the report, limit=N is their own limit, systems=A+B runs "
    "only these systems on them. Can be repeated.",
)
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder of the run.")
@click.option("--limit", type=click.IntRange(1), help="Most documents of each dataset, chosen by --seed.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides what --limit takes.")
@click.option("--timeout", type=click.FloatRange(0.1), default=600, show_default=True, help="Seconds for one document.")
@click.option(
    "--memory",
    metavar="MIB",
    type=click.IntRange(64),
    default=6144,
    show_default=True,
    help="Most memory of one system in MiB, with the processes that it starts.",
)
@click.option("--threads", type=click.IntRange(1, 256), default=1, show_default=True, help="Threads of one system.")
@click.option("--again", is_flag=True, help="Run and score even what is stored.")
@click.option("--no-gallery", is_flag=True, help="No pieces of pages in the report.")
@click.option("--keep-work", is_flag=True, help="Keep the files that the datasets made, in DIR/work.")
@click.option("-q", "--quiet", is_flag=True, help="No progress; only what went wrong is shown.")
def run(
    names: str | None, systems: tuple[str, ...], datasets: tuple[str, ...], output: Path, quiet: bool, **flags: Any
) -> ExitCode:
    """Run every system on every document, one document after the other, and write the report into DIR.

    Every system works in a process of its own with a time and a memory limit. What is stored in DIR for the same
    document, system, versions, options and limits is not run again. Names, kinds and options are shown by
    lanci eval list; a comma in a path or value is written \\,.

    \b
    Examples:
      lanci eval run --systems lanci,camelot-lattice,pdfplumber \\
          --dataset generated:annotations/documents -o runs/demo
      lanci eval run --systems lanci --system lanci,label=forced,force_ocr=on \\
          --dataset pdfs:预算公开 --limit 20 --seed 7 -o runs/twenty --timeout 120
      lanci eval run --systems lanci,pdfplumber,rapidocr --dataset pdfs:预算公开,limit=20,systems=lanci+pdfplumber \\
          --dataset twins:预算公开,pages=30 -o runs/both
    """
    require_extra()
    from lanci_eval.cli.requests import parse_datasets, parse_systems
    from lanci_eval.cli.run_command import run_evaluation
    from lanci_eval.run import RunPlan
    from lanci_eval.systems.base import Limits

    limits = Limits(seconds=flags["timeout"], mib=flags["memory"], threads=flags["threads"])
    requests = parse_systems(names, systems, limits)
    labels = [request.label for request in requests]
    plan = RunPlan(
        folder=output,
        systems=requests,
        datasets=parse_datasets(datasets, systems=labels, limit=flags["limit"], seed=flags["seed"]),
        limits=limits,
        again=flags["again"],
        gallery=not flags["no_gallery"],
        keep_work=flags["keep_work"],
    )
    return run_evaluation(plan, quiet=quiet)


@evaluate.command(short_help="Score a stored run again, without running a system.")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--no-gallery", is_flag=True, help="No pieces of pages in the report.")
@click.option("--keep-work", is_flag=True, help="Keep the files that the datasets made, in DIR/work.")
@click.option("-q", "--quiet", is_flag=True, help="No progress; only what went wrong is shown.")
def report(folder: Path, no_gallery: bool, keep_work: bool, quiet: bool) -> ExitCode:
    """Score the run in DIR again and write its report anew; no system is run.

    The documents have to be where they were when it ran, seen from DIR. Documents that not all systems have
    been run on are left out.

    \b
    Examples:
      lanci eval report runs/demo
      lanci eval report runs/twenty --no-gallery
    """
    require_extra()
    from lanci_eval.cli.run_command import report_evaluation

    return report_evaluation(folder, gallery=not no_gallery, keep_work=keep_work, quiet=quiet)


@evaluate.command(short_help="Compare two runs, or two systems, on the documents that both have.")
@click.argument("a", metavar="A", type=_RUN)
@click.argument("b", metavar="B", type=_RUN)
@click.option(
    "--pair",
    "pairs",
    metavar="LABEL_A=LABEL_B",
    multiple=True,
    help="Compare this system of A with that of B.  [default: those of the same label]",
)
@click.option("-o", "--output", metavar="FILE", type=_FILE, help="Write Markdown here instead of to stdout.")
def compare(a: Path, b: Path, pairs: tuple[str, ...], output: Path | None) -> ExitCode:
    """Show how the figures of run B differ from those of run A, with intervals.

    A and B are folders of runs, or their results.json. Only documents that are the same file in both are
    compared. To compare two systems of one run, give it twice and name them with --pair.

    \b
    Examples:
      lanci eval compare runs/before runs/after
      lanci eval compare runs/before runs/after -o difference.md
      lanci eval compare runs/demo runs/demo --pair pdfplumber=lanci
    """
    require_extra()
    from lanci_eval.cli.compare_command import compare_runs_at

    return compare_runs_at(a, b, pairs, output)


@evaluate.command(short_help="Check that lanci reads known hard pages of a corpus rightly.")
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@click.option("--case", "ids", metavar="ID", multiple=True, help="Only this case. Can be repeated.  [default: all]")
@click.option("--checks", metavar="DIR", type=_FOLDER, help="Cases of your own, instead of those that come with lanci.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def cases(folder: Path, ids: tuple[str, ...], checks: Path | None, as_json: bool) -> ExitCode:
    """Parse the files under FOLDER that hard cases are about and say of each case whether it holds.

    A case is a page that is easy to read wrongly and what a right reading of it gives. Files are known by their
    contents, wherever they lie under FOLDER; a case without its file is named and is no failure. The cases are
    TOML files in the package lanci_eval, their kinds of expectations are described in eval/README.md.

    \b
    Examples:
      lanci eval cases 预算公开
      lanci eval cases 预算公开 --case P1 --case G3
      lanci eval cases 预算公开 --json > cases.json

    Exit codes: 0 all cases hold whose files are there, 1 some do not, 2 wrong usage, or no file is there.
    """
    from lanci_eval.cli.cases_command import check_cases_in

    return check_cases_in(folder, ids, checks, as_json=as_json)


@evaluate.command(short_help="Fit the model that says how far the cells of scans can be trusted.")
@click.option(
    "--dataset",
    "datasets",
    metavar="KIND:PATH[,OPTION=VALUE...]",
    multiple=True,
    help="Scans whose truth is known, of training documents only. Can be repeated.",
)
@click.option("--samples", metavar="FILE", type=_READ, help="Samples of an earlier run, in place of --dataset.")
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder of the artefact.")
@click.option("--version", default="0.1.0", show_default=True, help="Version of the artefact.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides pages and degradations.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read pages.")
def calibrate(
    datasets: tuple[str, ...], samples: Path | None, output: Path, version: str, seed: int, jobs: int
) -> ExitCode:
    """Read scans, compare every cell with its truth, and fit the model of cell confidence.

    DIR/samples.jsonl keeps what was seen of every cell; DIR/cell-confidence/VERSION/ is the artefact with its card.
    Equal scans give equal bytes, whatever --jobs is.

    \b
    Examples:
      lanci eval calibrate --dataset factory:made,side=train,profiles=all,pages=3 -o models/lanci_models
      lanci eval calibrate --samples models/lanci_models/samples.jsonl -o models/lanci_models

    Exit codes: 0 all good, 1 some document could not be used, 2 wrong usage.
    """
    require_extra()
    from lanci_eval.cli.calibrate_command import calibrate_confidence

    return calibrate_confidence(datasets, samples, output, version=version, seed=seed, jobs=jobs)


@evaluate.command(short_help="Plant misreadings in right documents and see whether checks notice them.")
@click.argument("datasets", metavar="KIND:FOLDER[,OPTION=VALUE...]...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder of the report.")
@click.option("--per-document", type=click.IntRange(1), default=28, show_default=True, help="Plantings in a document.")
@click.option("--limit", type=click.IntRange(1), help="Most documents of each dataset, chosen by --seed.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides all draws.")
def plant(datasets: tuple[str, ...], output: Path, per_document: int, limit: int | None, seed: int) -> ExitCode:
    """Read right documents as if by OCR with one mistake, check them, and say which mistakes are noticed.

    Digits are confused, dropped or doubled, signs lost, amounts moved, rows lost or merged, one at a time; and
    amounts are printed wrongly, which must bring no proposal. KIND is truths (FOLDER holds annotations, ID.json, or
    truths of the factory; options side=, splits= and families=) or parsed (FOLDER is what lanci parse wrote).

    \b
    Examples:
      lanci eval plant truths:annotations/documents,side=train+dev -o out/planted
      python -m lanci_eval.factory make --truth-only --count 80 -o made
      lanci eval plant truths:made,side=train,splits=annotations/splits.json parsed:out/budgets -o out/planted

    Exit codes: 0 all good, 2 wrong usage.
    """
    require_extra()
    from lanci_eval.cli.plant_command import plant_in

    return plant_in(datasets, output, per_document=per_document, limit=limit, seed=seed)


@evaluate.command(short_help="Draw conflicts of real files, with pictures, for a person to judge.")
@click.argument("inputs", metavar="FILE_OR_FOLDER...", nargs=-1, required=True, type=_RUN)
@click.option("-o", "--output", metavar="DIR", required=True, type=_OUTPUT, help="Folder of the page and the list.")
@click.option("--count", type=click.IntRange(1), default=100, show_default=True, help="Most conflicts to draw.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides which are drawn.")
def conflicts(inputs: tuple[Path, ...], output: Path, count: int, seed: int) -> ExitCode:
    """Parse files and draw some of the warnings and errors about amounts that do not agree.

    DIR/conflicts.html shows each with its message and the piece of the page, its cells framed; DIR/conflicts.csv has
    a line for each with columns for a verdict: does the page print so, was it misread, is the rule wrong?

    \b
    Examples:
      lanci eval conflicts 预算公开 -o out/conflicts
      lanci eval conflicts 预算公开/湖州 --count 20 --seed 3 -o out/conflicts

    Exit codes: 0 all files were parsed, 1 some were not, 2 wrong usage.
    """
    require_extra()
    from lanci_eval.cli.conflicts_command import sample_conflicts_in

    return sample_conflicts_in(inputs, output, count=count, seed=seed)


@evaluate.command("list", short_help="Show systems, datasets with their options, and metrics.")
def list_all() -> None:
    """Show the systems, the datasets with their options, and the metrics.

    Whether a system can run here is found out when it is run.

    \b
    Examples:
      lanci eval list
    """
    require_extra()
    from lanci_eval.cli.listing import to_listing

    click.echo(to_listing(min(shutil.get_terminal_size().columns, 110)), nl=False)
