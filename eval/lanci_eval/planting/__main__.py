"""Count anew how numbers are misread: ``python -m lanci_eval.planting``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lanci_eval.datasets.request import parse_request
from lanci_eval.planting.confusions import confusions_to_json
from lanci_eval.planting.measure import measure_confusions

_EPILOG = """\b
Example:
  python -m lanci_eval.factory make -o made --count 40 --families grey-levels,pale-web,filled-cells,three-line
  python -m lanci_eval.planting factory:made,profiles=coarse+bleed,pages=2 \\
      -o eval/lanci_eval/planting/data/confusions.json
"""


@click.command(epilog=_EPILOG)
@click.argument("datasets", metavar="KIND:PATH[,OPTION=VALUE...]...", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@click.option("--limit", type=click.IntRange(min=1), help="Most pages of each dataset, chosen by --seed.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
def main(datasets: tuple[str, ...], output: Path, limit: int | None, seed: int) -> None:
    """Read scans of documents whose truth is known and count which digits become which."""
    requests = [(text, parse_request(text, limit, seed)) for text in datasets]
    with click.progressbar(length=1, label="pages", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        found = measure_confusions(requests, show)
    output.write_text(confusions_to_json(found), encoding="utf-8")
    told = found.provenance
    click.echo(f"{output}: {told.n_numbers} numbers on {told.n_pages} pages, {told.n_misread} misread")


if __name__ == "__main__":
    main()
