"""From the command line's texts to requests for systems and datasets."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from lanci.errors import LanciError
from lanci_eval.datasets import parse_dataset
from lanci_eval.run import NamedDataset
from lanci_eval.systems import create_system
from lanci_eval.systems.base import Limits, SystemRequest
from lanci_eval.systems.options import SystemOptionError

_COMMA = re.compile(r"(?<!\\),")
_OWN_OPTION = r"(?<!\\),\s*{name}=((?:[^,\\]|\\.)*)"
_USABLE_LABEL = re.compile(r"[^\s/=,|][^/=,|\n]{0,79}")
_NOT_IN_LABELS = re.compile(r"[/=,|\s]+")


def parse_systems(names: str | None, texts: Sequence[str], limits: Limits) -> tuple[SystemRequest, ...]:
    """The systems named plainly (``a,b,c``), then those with options (``NAME,option=value,label=text``).

    Raises:
        click.UsageError: there is no such system or option, no system at all, or two under one label.
    """
    plain = [name.strip() for name in (names or "").split(",") if name.strip()]
    requests = [_parse_system(text, limits) for text in (*plain, *texts)]
    if not requests:
        raise click.UsageError("Name systems with --systems or --system; lanci eval list shows them.")
    _check_labels("system", [request.label for request in requests])
    return tuple(requests)


def _parse_system(text: str, limits: Limits) -> SystemRequest:
    rest, label = _take_label(text)
    name, *pieces = (piece.replace("\\,", ",").strip() for piece in _COMMA.split(rest))
    options: dict[str, str] = {}
    for piece in pieces:
        option, equals, value = (part.strip() for part in piece.partition("="))
        if not option or not equals or option in options:
            raise click.UsageError(
                f"System {text!r}: write every option once, as OPTION=VALUE, and a comma in a value as \\,."
            )
        options[option] = value
    request = SystemRequest(name, label or name, tuple(options.items()))
    try:
        create_system(request, limits)
    except SystemOptionError as error:
        raise click.UsageError(str(error)) from error
    return request


def parse_datasets(
    texts: Sequence[str], *, systems: Sequence[str], limit: int | None, seed: int
) -> tuple[NamedDataset, ...]:
    """The datasets, labelled ``KIND:NAME-OF-FILE`` where no label is given.

    Every dataset takes ``label=``, ``limit=`` (for this one alone) and ``systems=a+b`` (only these run on it).

    Args:
        texts: as on the command line.
        systems: the labels of the run's systems.
        limit: for datasets that have none of their own.
        seed: decides what a limit takes.

    Raises:
        click.UsageError: there is no such kind, path, option or system, or two are under one label.
    """
    named = []
    for text in texts:
        rest, label = _take_label(text)
        rest, own_limit = _take_limit(rest)
        rest, only = _take_systems(rest, systems)
        try:
            request = parse_dataset(rest, own_limit or limit, seed)
        except LanciError as error:
            raise click.UsageError(str(error)) from error
        own = _NOT_IN_LABELS.sub("_", f"{request.kind}:{Path(os.path.normpath(request.path.absolute())).name}")[:80]
        named.append(NamedDataset(label or own, request, only))
    _check_labels("dataset", [dataset.label for dataset in named])
    return tuple(named)


def _take_limit(text: str) -> tuple[str, int | None]:
    """The text without its ``limit=``, and that limit."""
    rest, limit = _take(text, "limit")
    if limit is None:
        return text, None
    if not limit.isascii() or not limit.isdigit() or int(limit) < 1:
        raise click.UsageError(f"limit={limit} in {text!r}: write a whole number of at least 1.")
    return rest, int(limit)


def _take_systems(text: str, systems: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The text without its ``systems=``, and those systems in the order of the run; none for all."""
    rest, names = _take(text, "systems")
    if names is None:
        return text, ()
    wanted = {name.strip() for name in names.split("+")}
    unknown = sorted(wanted.difference(systems))
    if unknown:
        raise click.UsageError(f"{unknown[0]!r} in {text!r} is no system of this run: name it with --systems, too.")
    return rest, tuple(name for name in systems if name in wanted)


def _take_label(text: str) -> tuple[str, str | None]:
    """The text without its ``label=``, and that label."""
    rest, label = _take(text, "label")
    if label is not None and not _USABLE_LABEL.fullmatch(label):
        raise click.UsageError(f"{label!r} is no label: write up to 80 characters without / = , | and line breaks.")
    return rest, label


def _take(text: str, name: str) -> tuple[str, str | None]:
    """The text without its first ``name=value``, and that value."""
    found = re.search(_OWN_OPTION.format(name=name), text)
    if found is None:
        return text, None
    return text[: found.start()] + text[found.end() :], found[1].strip()


def _check_labels(what: str, labels: Sequence[str]) -> None:
    for label, count in Counter(labels).items():
        if count > 1:
            raise click.UsageError(f"Two {what}s are called {label}; give one of them a name with label=TEXT.")
