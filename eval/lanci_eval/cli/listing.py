"""What ``lanci eval list`` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import cast

import click

from lanci_eval.datasets import DATASETS
from lanci_eval.metrics import METRICS
from lanci_eval.systems import SYSTEMS, load_class
from lanci_eval.systems.base import System

Row = tuple[str, str]


def to_listing(width: int) -> str:
    """Systems and datasets with their options, metrics with their figures, in lines of that many characters."""
    formatter = click.HelpFormatter(width=width)
    formatter.write("--systems NAME,NAME or --system NAME,OPTION=VALUE; a run tells which of them can run here.\n")
    for title, rows in (
        ("Systems", _system_rows()),
        ("Datasets (--dataset KIND:PATH,OPTION=VALUE)", _dataset_rows()),
        ("Metrics and their figures (↓ lower is better)", _metric_rows()),
    ):
        with formatter.section(title):
            formatter.write_dl(list(rows), col_max=32)
    return formatter.getvalue()


def _system_rows() -> Iterator[Row]:
    for _, names in groupby(SYSTEMS, key=SYSTEMS.__getitem__):
        first, *likewise = names
        system = cast(type[System], load_class(first))
        yield first, system.summary
        yield from ((name, "") for name in likewise)
        yield from _option_rows(system.options)


def _dataset_rows() -> Iterator[Row]:
    for kind, dataset in DATASETS.items():
        yield kind, dataset.summary
        yield from _option_rows(dataset.options)


def _metric_rows() -> Iterator[Row]:
    for metric in METRICS:
        yield metric.name, ""
        for info in metric.infos:
            yield f"  {info.name} {info.arrow}", info.description


def _option_rows(options: Mapping[str, str]) -> Iterator[Row]:
    yield from ((f"  {option}=", text) for option, text in options.items())
