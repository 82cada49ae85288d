"""``lanci run`` and ``lanci status``: their options. What they do is imported when they run."""

# ruff: noqa: D301 - click wants the backspace character itself before a block that it must not wrap

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lanci.cli.reading_options import reading_options
from lanci.cli.values import NEW_STORE, OVERRIDE_FILE, STORE
from lanci.errors import ExitCode

_MIB = 1024 * 1024


@click.command(short_help="Parse many documents into a store; go on where it stopped.")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "--store",
    metavar="DIR",
    required=True,
    type=NEW_STORE,
    help="Folder of results and ledger, or s3:// address of the results; made when missing.",
)
@click.option("--retry-failed", is_flag=True, help="Try again what failed before.")
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    show_default=True,
    help="Work in processes of this machine, or on a Ray cluster.",
)
@click.option("--address", metavar="HOST:PORT", help="The Ray cluster; without it one is started on this machine.")
@click.option(
    "--jobs", type=click.IntRange(1, 4096), help="Documents at a time.  [default: 1; with Ray one for each processor]"
)
@click.option(
    "--timeout",
    type=click.FloatRange(0),
    default=1800,
    show_default=True,
    help="Seconds one document may take; 0 for no limit.",
)
@click.option(
    "--memory",
    type=click.FloatRange(0),
    default=4096,
    show_default=True,
    help="MiB of memory one document may take (Linux); 0 for no limit.",
)
@click.option(
    "--attempts",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help="Tries of a document that crashes, takes too long or too much memory.",
)
@click.option(
    "--recycle",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    help="Documents after which a process gives way to a new one; 0 for never.",
)
@click.option("--overrides", type=OVERRIDE_FILE, metavar="FILE", help="Joins and splits of documents, in a TOML file.")
@reading_options
@click.option(
    "--log", "log_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Add JSON lines to FILE."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress, only failures and the totals.")
@click.option("-v", "--verbose", count=True, help="Log more; -vv logs everything.")
def run(
    inputs: tuple[str, ...],
    store: str,
    retry_failed: bool,
    timeout: float,
    memory: float,
    recycle: int,
    quiet: bool,
    verbose: int,
    **others: Any,
) -> ExitCode:
    """Parse every INPUT into the store DIR: one result for each content, whatever its files are called.

    An INPUT is a file, a folder, a pattern, or a list of files: a text with a path in each line (.txt), or a table
    (.csv, .tsv) with a column named path. A second run does only what is new or changed, what was asked for with
    other options, or, with --retry-failed, what failed. The run may be ended at any time, by whatever means.

    \b
    Examples:
      lanci run 预算公开/ 决算公开/ --store store --jobs 4
      lanci run '扫描件/**/*.tif' 清单.csv --store store --timeout 600 --log run.jsonl
      lanci run 预算公开/ --store store --retry-failed --memory 8192
      lanci run s3://archive/2023/ --store s3://archive/store --engine ray --address 10.0.0.1:6379
      lanci status store

    Exit codes: 0 all inputs have a result, 1 some have none, 2 wrong usage, 130 and 143 interrupted or terminated.
    """
    from lanci.cli.run_command import RunOrder, run_store
    from lanci.jobs.flags import ParseFlags
    from lanci.jobs.logs import verbosity_to_level
    from lanci.jobs.workers import Limits

    if others["address"] is not None and others["engine"] != "ray":
        raise click.UsageError("--address is for --engine ray")
    own = {name: others.pop(name) for name in ("jobs", "engine", "address", "attempts", "log_file")}
    limits = Limits(seconds=timeout or None, memory_bytes=int(memory * _MIB) or None, tasks=recycle or None)
    order = RunOrder(
        inputs=inputs,
        store=store,
        flags=ParseFlags(**others),
        limits=limits,
        retry_failed=retry_failed,
        quiet=quiet,
        log_level=verbosity_to_level(quiet, verbose),
        **own,
    )
    return run_store(order)


@click.command(short_help="Show what a store holds and what failed.")
@click.argument("store", metavar="STORE", type=STORE)
@click.option("--failed", "all_failed", is_flag=True, help="Name every document and input without a result.")
def status(store: str, all_failed: bool) -> ExitCode:
    """Show how many documents of STORE are done, failed or waiting, and what failed with its reason.

    It may be asked while a run is at work.

    \b
    Examples:
      lanci status store
      lanci status store --failed

    Exit codes: 0 shown, whatever failed, 1 the store cannot be read, 2 wrong usage.
    """
    from lanci.cli.status_command import show_status

    show_status(store, all_failed=all_failed)
    return ExitCode.OK
