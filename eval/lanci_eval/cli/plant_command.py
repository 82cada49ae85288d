"""``lanci eval plant``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from lanci.errors import ExitCode
from lanci_eval.datasets import DatasetError
from lanci_eval.metrics.base import FigureInfo
from lanci_eval.planting import (
    PlantedFigures,
    Specimen,
    Trial,
    Untouched,
    check_untouched,
    load_specimens,
    run_trials,
    trials_to_tally,
    write_report,
)
from lanci_eval.report.numbers import figure_to_text


def plant_in(datasets: Sequence[str], folder: Path, *, per_document: int, limit: int | None, seed: int) -> ExitCode:
    """Plant misreadings in documents, print the figures and write the report.

    Args:
        datasets: as on the command line, see :data:`lanci_eval.planting.SOURCES`.
        folder: of the report.
        per_document: plantings in each document.
        limit: most documents of each dataset.
        seed: decides all draws.

    Raises:
        click.UsageError: a dataset is not there, or two hold a document of one name.
        LanciError: a document cannot be read, or the report not be written.
    """
    try:
        specimens = [specimen for text in datasets for specimen in load_specimens(text, limit, seed)]
    except DatasetError as error:
        raise click.UsageError(str(error)) from error
    names = [specimen.id for specimen in specimens]
    if len(set(names)) < len(names):
        raise click.UsageError(f"{max(names, key=names.count)} is in two of the datasets; name each document once.")
    trials: list[Trial] = []
    untouched: list[Untouched] = []
    with click.progressbar(specimens, label="planting", file=sys.stderr, item_show_func=_show) as bar:
        for specimen in bar:
            found = check_untouched(specimen)
            untouched.append(
                Untouched(specimen.id, specimen.source_errors, len(found.told), found.proposals, found.seconds)
            )
            trials += run_trials(specimen, found, per_document, seed)
    folder.mkdir(parents=True, exist_ok=True)
    paths = write_report(trials, untouched, folder, seed)
    values = PlantedFigures().figures(trials_to_tally(trials))
    for info in PlantedFigures.infos:
        click.echo(f"{info.name.replace('_', ' '):18} {_to_text(values[info.name], info)}")
    click.echo("Report: " + ", ".join(str(path) for path in paths))
    return ExitCode.OK


def _show(specimen: Specimen | None) -> str:
    return "" if specimen is None else specimen.id


def _to_text(value: float | None, info: FigureInfo) -> str:
    return figure_to_text(value, info) + (" %" if info.percent and value is not None else "")
