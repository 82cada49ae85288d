"""How often amounts of scans are wrong that no reading doubts: what ``lanci.validate.doubt`` rests on, counted anew.

    python eval/benchmarks/doubt.py factory:FOLDER,profiles=office+coarse+bleed,pages=all,families=kai-ruled+...

reads whole documents as scans and compares the amounts with those that the truth has in their places. The tables tell
how many are wrong, proven and not, by how many amounts around them do not keep to columns, and which spread of this
doubt is the likeliest, of all families and of all but one. Never count on documents that are held out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from common import to_table, use_one_thread

from lanci.document import AmountStatus, CellRef, Document, Finding, Table, TextSource
from lanci.errors import LanciError
from lanci.ocr import OcrOptions
from lanci.parsing import ParseOptions, check_tables, join_fragments, read_fragments
from lanci.validate.context import TableContext
from lanci.validate.doubt import find_damage
from lanci.validate.registry import DOUBTING_RULES, MISPLACING_RULES
from lanci_eval.datasets import load_dataset, parse_dataset
from lanci_eval.datasets.base import Item
from lanci_eval.matching import compare
from lanci_eval.matching.places import PagePlaces
from lanci_eval.metrics.amounts import gold_amounts
from lanci_eval.records import Extraction
from lanci_eval.systems.lanci_system import document_to_extraction

_SHARES = (0.0, 1e-9, 0.1, 0.4, 1.01)
_SPREADS = tuple(step / 100 for step in range(1, 51))
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount read by OCR in a place where the truth has one, by no sum disputed and by no rule.

    ``misread`` is the probability that it was misread by its reading alone; ``is_displaced`` tells that it does not
    keep to the columns of the others around it, and ``share`` how many of these do not or have no column of their own.
    """

    family: str
    misread: float
    is_displaced: bool
    share: float
    is_doubted: bool
    is_proven: bool
    is_wrong: bool


@click.command()
@click.argument("dataset")
@click.option("--limit", type=int, help="At most so many documents and profiles.")
@click.option("--seed", default=0, show_default=True)
def main(dataset: str, limit: int | None, seed: int) -> None:
    """Count on the scans of a DATASET, given as for `lanci eval run`."""
    use_one_thread()
    options = ParseOptions(ocr=OcrOptions(threads=1))
    amounts: list[Amount] = []
    for item in load_dataset(parse_dataset(dataset, limit, seed)).items:
        try:
            amounts.extend(_read(item, options))
        except LanciError as error:
            click.echo(f"{item.id}: {error}", err=True)
    click.echo(f"{_count(amounts)}\n")
    click.echo(_fit(amounts))


def _read(item: Item, options: ParseOptions) -> list[Amount]:
    with TemporaryDirectory() as folder:
        reading = read_fragments(item.materialize(Path(folder)), options)
    tables = join_fragments(reading, options)
    family = dict(item.tags).get("layout", "none")
    truth = item.truth or Extraction()
    return list(judge(family, truth, tables, check_tables(reading, tables, options)))


def judge(family: str, truth: Extraction, tables: Sequence[Table], document: Document) -> Iterator[Amount]:
    """The amounts of a document that was read.

    Args:
        family: its layout.
        truth: of the document.
        tables: as they were read, not checked.
        document: with its tables checked.
    """
    found = {
        ref: pair
        for before, after in zip(tables, document.tables, strict=True)
        for ref, pair in _find_amounts(before, after).items()
    }
    comparison = compare(truth, document_to_extraction(document, tables))
    pages = PagePlaces(comparison)
    for pair in comparison.tables:
        for amount in gold_amounts(pair, pages):
            if pair.found is None or amount.reading is None:
                continue
            ref = CellRef(pair.found.id, amount.reading.row, amount.reading.col)
            if ref in found:
                yield replace(found[ref], family=family, is_wrong=not amount.exact)


def _find_amounts(before: Table, after: Table) -> dict[CellRef, Amount]:
    """The undisputed amounts of a table, as if they were right."""
    damage = find_damage(TableContext(before), _named(after.findings, MISPLACING_RULES))
    told = _named(after.findings, DOUBTING_RULES)
    found = {}
    for cell, checked in zip(before.cells, after.cells, strict=True):
        ref = CellRef(before.id, cell.row, cell.col)
        is_judged = checked.status not in (None, AmountStatus.CONFLICT) and cell.source is TextSource.OCR
        if is_judged and ref not in told:
            found[ref] = Amount(
                family="",
                misread=max(1 - cell.confidence, _LEAST),
                is_displaced=ref in damage.displaced,
                share=damage.shares.get(cell.row, 0.0),
                is_doubted=cell.needs_review,
                is_proven=checked.status is AmountStatus.PROVEN,
                is_wrong=False,
            )
    return found


def _named(findings: Sequence[Finding], rules: frozenset[str]) -> set[CellRef]:
    return {ref for finding in findings if finding.rule in rules for ref in finding.cells}


def _count(amounts: Sequence[Amount]) -> str:
    """A table of what is wrong, and what the readings alone let expect, by what is seen of the columns."""
    kinds = {"displaced themselves": [one for one in amounts if one.is_displaced]}
    others = [one for one in amounts if not one.is_displaced]
    for low, high in pairwise(_SHARES):
        name = f"{low:.0%} to {high:.0%} displaced" if low else "none displaced"
        kinds[name] = [one for one in others if low <= one.share < high]
    rows = [["around them", "reading", "unproven: wrong", "expected", "proven: wrong", "expected"]]
    for name, members in kinds.items():
        for is_doubted in (False, True):
            row = [name, "doubted" if is_doubted else "sure"]
            for is_proven in (False, True):
                some = [one for one in members if (one.is_doubted, one.is_proven) == (is_doubted, is_proven)]
                row += [f"{sum(one.is_wrong for one in some)} of {len(some)}", f"{sum(o.misread for o in some):.1f}"]
            rows.append(row)
    return to_table(rows)


def _fit(amounts: Sequence[Amount]) -> str:
    """A table of the likeliest spread, of all families and without each."""
    plain = [one for one in amounts if not (one.is_doubted or one.is_proven or one.is_displaced)]
    n_wrong = Counter(one.family for one in plain if one.is_wrong)
    rows = [["families", "wrong", "spread"], ["all", str(n_wrong.total()), f"{_likeliest(plain):.2f}"]]
    for family in sorted({one.family for one in plain}):
        rest = [one for one in plain if one.family != family]
        rows.append([f"without {family}", str(n_wrong.total() - n_wrong[family]), f"{_likeliest(rest):.2f}"])
    return to_table(rows)


def _likeliest(amounts: Sequence[Amount]) -> float:
    return min(_SPREADS, key=lambda spread: sum(_surprise(one, spread) for one in amounts))


def _surprise(one: Amount, spread: float) -> float:
    right = (1 - one.misread) * (1 - spread * one.share)
    return -math.log(max(1 - right if one.is_wrong else right, _LEAST))


if __name__ == "__main__":
    main()
