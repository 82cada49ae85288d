"""Make documents by hand: ``python -m lanci_eval.factory``."""

from __future__ import annotations

from pathlib import Path

import click

from lanci.errors import LanciError
from lanci_eval.factory.families import DESIGNS
from lanci_eval.factory.overview import draw_overview
from lanci_eval.factory.produce import Order, plan, produce

_EPILOG = """\b
Examples:
  python -m lanci_eval.factory make -o made --count 200 --seed 1
  python -m lanci_eval.factory make -o made --count 10 --families borderless,three-line --scans
  python -m lanci_eval.factory make -o truths --count 78 --truth-only
  python -m lanci_eval.factory traps -o traps --count 40
  python -m lanci_eval.factory sheet -o docs/images/factory.jpg
"""
_Seed = click.IntRange(min=0)


def _parse_families(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in DESIGNS:
            raise click.BadParameter(f"there is no {name}; there are: {', '.join(DESIGNS)}")
    return names


@click.group(epilog=_EPILOG)
def main() -> None:
    """Make budget disclosures that never were, with all that is true of them."""


_output = click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder."
)
_count = click.option("--count", type=click.IntRange(min=1), default=13, show_default=True, help="How many documents.")
_seed = click.option("--seed", type=_Seed, default=1, show_default=True)
_families = click.option("--families", callback=_parse_families, help="Names joined by commas. Default: all.")
_scans = click.option("--scans", is_flag=True, help="Write a scan of every document too.")
_vary = click.option("--vary", is_flag=True, help="Draw typeface, rules, watermark and seal anew for every document.")
_truth_only = click.option(
    "--truth-only", is_flag=True, help="Write truths without printing: no engine, no places of cells."
)


@main.command()
@_output
@_count
@_seed
@_families
@_scans
@_vary
@_truth_only
@click.option("--keep", is_flag=True, help="Do not make again what is there.")
def make(
    output: Path,
    count: int,
    seed: int,
    families: tuple[str, ...] | None,
    scans: bool,
    vary: bool,
    truth_only: bool,
    keep: bool,
) -> None:
    """Write documents (ID.pdf) and their truth (ID.json)."""
    if truth_only and keep:
        raise click.UsageError("--truth-only prints nothing: leave --keep out")
    _write(Order(count, seed, scans, vary), output, families, truth_only=truth_only, keep=keep)


@main.command()
@_output
@_count
@_seed
@_families
@_scans
@_vary
@_truth_only
def traps(
    output: Path,
    count: int,
    seed: int,
    families: tuple[str, ...] | None,
    scans: bool,
    vary: bool,
    truth_only: bool,
) -> None:
    """Write documents full of tables that look like their neighbours, cut over pages in any way."""
    _write(Order(count, seed, scans, vary, traps=True), output, families, truth_only=truth_only)


def _write(
    order: Order, output: Path, families: tuple[str, ...] | None, *, truth_only: bool, keep: bool = False
) -> None:
    if truth_only and order.scans:
        raise click.UsageError("--truth-only prints nothing: leave --scans out")
    total = order.count * 2 if order.scans else order.count
    made = plan(order, output, families) if truth_only else produce(order, output, families, keep=keep)
    try:
        for number, truth in enumerate(made, start=1):
            click.echo(
                f"{number}/{total} {truth.id}: {truth.layout}, {truth.n_pages} pages, {len(truth.tables)} tables"
            )
    except LanciError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JPEG to write.")
@click.option("--seed", type=_Seed, default=1, show_default=True)
def sheet(output: Path, seed: int) -> None:
    """Draw one page of every family."""
    try:
        picture = draw_overview(tuple(DESIGNS.values()), seed)
    except LanciError as error:
        raise click.ClickException(str(error)) from error
    output.write_bytes(picture)
    click.echo(f"{output}: {len(picture) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
