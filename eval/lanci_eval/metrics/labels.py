"""Types of tables, roles of header cells and the number of header rows.

A figure is undefined, not 0, for a system that never gives the label in question. Labels of the truth count
once each as missed where the system gives none or a wrong one, so that a table that was not found counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from lanci_eval.matching import Comparison, TablePair
from lanci_eval.matching.places import found_places, true_places
from lanci_eval.metrics.base import Case, FigureInfo, Figures, Metric, Tally, f1, share
from lanci_eval.records import EvalCell, EvalTable


class Labels(Metric):
    """Macro F1 over the classes that occur in the truth, and shares of right labels."""

    name: ClassVar[str] = "labels"
    infos: ClassVar[tuple[FigureInfo, ...]] = (
        FigureInfo("type_macro_f1", "F1 of table types, the mean over the types that occur."),
        FigureInfo("type_accuracy", "Share of tables that were found and given the right type."),
        FigureInfo("role_macro_f1", "F1 of the roles of header cells, the mean over the roles that occur."),
        FigureInfo("role_accuracy", "Share of header cells that were found in place and given the right role."),
        FigureInfo("header_rows_exact", "Share of tables that were found with the right number of header rows."),
    )

    def tally(self, case: Case) -> Tally:
        if case.comparison is None:
            return {}
        sums: Tally = {}
        _count_types(case.comparison, sums)
        _count_roles(case.comparison, sums)
        _count_header_rows(case.comparison, sums)
        return sums

    def figures(self, sums: Mapping[str, float]) -> Figures:
        known = sums.get("header_rows:true", 0.0) if sums.get("header_rows:given") else 0.0
        return {
            "type_macro_f1": _macro_f1("type", sums),
            "type_accuracy": _accuracy("type", sums),
            "role_macro_f1": _macro_f1("role", sums),
            "role_accuracy": _accuracy("role", sums),
            "header_rows_exact": share(sums.get("header_rows:right", 0.0), known),
        }


def _count_types(comparison: Comparison, sums: Tally) -> None:
    """Count types over all pairs; a true table without a type, and what stands for it, is left out."""
    for pair in comparison.tables:
        if pair.truth is not None and pair.truth.type is None:
            continue
        _count_label("type", pair.truth.type if pair.truth else None, pair.found.type if pair.found else None, sums)


def _count_roles(comparison: Comparison, sums: Tally) -> None:
    """Count roles: every true header cell against the found cell that begins at its place, then what is left.

    Left are the found header cells that stand for no true one. Tables whose truth has no roles are left out.
    """
    for pair in comparison.tables:
        true = _header_cells(pair.truth) if pair.truth else []
        if pair.truth is not None and not true:
            continue
        places = found_places(pair)
        for cell in true:
            other = places.begins(cell)
            _count_label("role", cell.role, other.role if other else None, sums)
        for cell in _unclaimed_header_cells(pair, true):
            _count_label("role", None, cell.role, sums)


def _header_cells(table: EvalTable) -> list[EvalCell]:
    """The cells with a role that begin in the header rows; none where those are not known."""
    return [cell for cell in table.cells if cell.row < (table.n_header_rows or 0) and cell.role is not None]


def _unclaimed_header_cells(pair: TablePair, true: Iterable[EvalCell]) -> list[EvalCell]:
    if pair.found is None:
        return []
    judged = {(cell.row, cell.col) for cell in true}
    places = true_places(pair)
    left = []
    for cell in _header_cells(pair.found):
        other = places.begins(cell)
        if other is None or (other.row, other.col) not in judged:
            left.append(cell)
    return left


def _count_header_rows(comparison: Comparison, sums: Tally) -> None:
    for pair in comparison.tables:
        found = pair.found.n_header_rows if pair.found else None
        true = pair.truth.n_header_rows if pair.truth else None
        _add(sums, "header_rows:given", found is not None)
        _add(sums, "header_rows:true", true is not None)
        _add(sums, "header_rows:right", true is not None and true == found)


def _count_label(kind: str, true: str | None, found: str | None, sums: Tally) -> None:
    """Count one label: ``type:income:true``, ``:found`` and ``:right``; ``type:given`` counts what was found."""
    if true is not None:
        _add(sums, f"{kind}:{true}:true", 1)
    if found is not None:
        _add(sums, f"{kind}:{found}:found", 1)
        _add(sums, f"{kind}:given", 1)
    if true is not None and true == found:
        _add(sums, f"{kind}:{true}:right", 1)


def _add(sums: Tally, name: str, count: float) -> None:
    sums[name] = sums.get(name, 0.0) + count


def _classes(kind: str, sums: Mapping[str, float]) -> list[str]:
    """The classes that occur in the truth, sorted; none when no label was given at all."""
    if not sums.get(f"{kind}:given"):
        return []
    head, tail = f"{kind}:", ":true"
    return sorted(
        name[len(head) : -len(tail)]
        for name, count in sums.items()
        if name.startswith(head) and name.endswith(tail) and count
    )


def _macro_f1(kind: str, sums: Mapping[str, float]) -> float | None:
    scores = [
        f1(*(sums.get(f"{kind}:{label}:{side}", 0.0) for side in ("right", "true", "found"))) or 0.0
        for label in _classes(kind, sums)
    ]
    return share(sum(scores), len(scores))


def _accuracy(kind: str, sums: Mapping[str, float]) -> float | None:
    classes = _classes(kind, sums)
    right = sum(sums.get(f"{kind}:{label}:right", 0.0) for label in classes)
    return share(right, sum(sums[f"{kind}:{label}:true"] for label in classes))
