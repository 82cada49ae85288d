"""The amounts of subject codes in tables that print a code in several rows: by project, by unit, by another code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lanci.document import HeaderRole, SubjectCode
from lanci.interpret import MEASURE_OF_SCOPE, Measure, column_measures
from lanci.validate.constraints import Constraint, Part, Term
from lanci.validate.context import DocumentContext, Frame, TableContext
from lanci.validate.quantities.series import COMPARED_KINDS, measure_in_scope

_KINDS = COMPARED_KINDS | {"project_list"}
_FUNDS = frozenset({"general_public", "government_fund", "state_capital", "special_account"})
"""Of which the budget of all funds consists."""
_UNTOLD = frozenset({Measure.OTHER, Measure.CURRENT})
_CODES = frozenset({HeaderRole.SUBJECT_CODE, HeaderRole.SUBJECT_NAME})


@dataclass(frozen=True)
class Ledger:
    """One amount column of one table by the codes of one classification.

    Attributes:
        context: the table.
        classification: of the codes.
        measure: of the column, the table's scope taken into account.
        total: the printed total of the column.
        rows: of each printed code its amounts, from top to bottom.
        names: of the codes as printed.
    """

    context: TableContext
    classification: str
    measure: Measure
    total: Term
    rows: Mapping[str, tuple[Term, ...]]
    names: Mapping[str, str]

    @cached_property
    def _leaves(self) -> tuple[str, ...]:
        """The codes under which the table prints no others."""
        codes = sorted(self.rows)
        return tuple(one for one, after in zip(codes, [*codes[1:], ""], strict=True) if not after.startswith(one))

    def terms(self, code: str) -> tuple[Term, ...]:
        """The amounts that add up to a code's: its own rows, or those of the innermost codes under it."""
        own = self.rows.get(code)
        if own is not None:
            return own
        return tuple(term for leaf in self._leaves if leaf.startswith(code) for term in self.rows[leaf])


@dataclass(frozen=True)
class Quantity:
    """What a document prints by codes in one table, or in several that add up: ``ledgers``, in the order of tables."""

    measure: Measure
    ledgers: tuple[Ledger, ...]

    @property
    def classification(self) -> str:
        return self.ledgers[0].classification

    @property
    def tables(self) -> frozenset[str]:
        """The ids of its tables."""
        return frozenset(ledger.context.table.id for ledger in self.ledgers)

    @property
    def fund(self) -> str:
        """Whose money it is, as far as one table tells that."""
        funds = {ledger.context.table.fund for ledger in self.ledgers}
        return funds.pop() if len(funds) == 1 else "all"

    @property
    def totals(self) -> tuple[Term, ...]:
        return tuple(ledger.total for ledger in self.ledgers)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for ledger in self.ledgers for code in ledger.rows)

    def terms(self, code: str) -> tuple[Term, ...]:
        """The amounts that add up to a code's."""
        return tuple(term for ledger in self.ledgers for term in ledger.terms(code))

    def name(self, code: str) -> str:
        """The name that is printed with a code, "" for none."""
        return next((name for ledger in self.ledgers if (name := ledger.names.get(code))), "")


def read_ledgers(document: DocumentContext) -> tuple[Ledger, ...]:
    """All ledgers of a document, in the order of its tables."""
    return tuple(
        ledger for context in document.tables if context.table.kind in _KINDS for ledger in _read_table(context)
    )


def _read_table(context: TableContext) -> Iterator[Ledger]:
    row = context.total_row
    if row is None:
        return
    groups: dict[tuple[str, tuple[int, ...]], list[tuple[int, SubjectCode]]] = {}
    for meaning in context.table.meanings:
        for code in meaning.codes:
            groups.setdefault((code.classification, code.cols), []).append((meaning.row, code))
    measures = [(col, measure_in_scope(context, measure)) for col, measure in column_measures(context.table)]
    for (classification, cols), coded in sorted(groups.items(), key=lambda group: group[0]):
        own = _amount_cols(context, cols[-1])
        for col, measure in measures:
            total = context.term(row, col)
            if col in own and measure not in _UNTOLD and total is not None and not total.is_blank:
                yield _make(context, classification, measure, (total, col), coded)


def _amount_cols(context: TableContext, code_col: int) -> frozenset[int]:
    """The amount columns of the list that a column of codes belongs to: up to the codes of another list."""
    found: list[int] = []
    for column in context.table.columns[code_col + 1 :]:
        if column.role is HeaderRole.AMOUNT:
            found.append(column.index)
        elif found and column.role in _CODES:
            break
    return frozenset(found)


def _make(
    context: TableContext,
    classification: str,
    measure: Measure,
    column: tuple[Term, int],
    coded: Sequence[tuple[int, SubjectCode]],
) -> Ledger:
    total, col = column
    rows: dict[str, list[Term]] = {}
    for row, code in coded:
        term = context.term(row, col)
        if term is not None and term.ref != total.ref:
            rows.setdefault(code.code, []).append(term)
    names = {code.code: code.name for _, code in coded}
    return Ledger(context, classification, measure, total, {code: tuple(some) for code, some in rows.items()}, names)


def read_quantities(ledgers: Sequence[Ledger]) -> tuple[Quantity, ...]:
    """What a document prints by codes: each ledger, and those that other tables print as one.

    Such are the budgets of several funds, and basic and project expenditure.
    """
    funds: dict[tuple[str, Measure], dict[str, Ledger]] = {}
    scopes: dict[tuple[str, str], dict[str, Ledger]] = {}
    for ledger in ledgers:
        table = ledger.context.table
        if table.kind != "expenditure":
            continue
        if table.fund in _FUNDS and table.scope == "all":
            funds.setdefault((ledger.classification, ledger.measure), {}).setdefault(table.fund, ledger)
        if MEASURE_OF_SCOPE.get(table.scope) is ledger.measure:
            scopes.setdefault((ledger.classification, table.fund), {}).setdefault(table.scope, ledger)
    joint = [(measure, tuple(some.values())) for (_, measure), some in funds.items()]
    joint += [(Measure.TOTAL, tuple(some.values())) for some in scopes.values()]
    found = [Quantity(ledger.measure, (ledger,)) for ledger in ledgers]
    return (*found, *(Quantity(measure, some) for measure, some in joint if len(some) > 1))


def compare(one: Quantity, other: Quantity, frame: Frame) -> list[Constraint]:
    """That tables print the same amount for each code, where that takes more than to compare two cells.

    Nothing where they are not of one quantity: equal totals, and for most codes equal amounts.
    """
    if (one.classification, one.measure) != (other.classification, other.measure) or one.tables & other.tables:
        return []
    totals = _claim(one.totals, other.totals, frame, "")
    if totals is None or not totals.holds:
        return []
    claims = []
    for code in sorted(one.codes | other.codes):
        label = f"{code} {one.name(code) or other.name(code)}".strip()
        claim = _claim(one.terms(code), other.terms(code), frame, label)
        if claim is not None:
            claims.append(claim)
    agree = sum(claim.holds for claim in claims)
    if agree < max(len(claims) - agree, 2):
        return []
    is_joint = len(one.tables) + len(other.tables) > 2
    return [claim for claim in claims if is_joint or len(claim.terms) > 2]


def _claim(one: Sequence[Term], other: Sequence[Term], frame: Frame, label: str) -> Constraint | None:
    """That two groups of amounts have one sum; None where one is empty or all is blank or zero."""
    few, many = sorted((one, other), key=len)
    if not few or not any(term.value or term.is_unreadable for term in (*few, *many)):
        return None
    total, *rest = few
    parts = [*(Part(term) for term in many), *(Part(term, -1) for term in rest)]
    wording = replace(frame.wording, label=label)
    return Constraint(frame.rule, total, tuple(parts), frame.certainty, frame.severity, wording)
