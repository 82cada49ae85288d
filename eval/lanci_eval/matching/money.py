"""Which cells carry an amount, and how much it is."""

from __future__ import annotations

import re
from decimal import Decimal

from lanci.document import HeaderRole
from lanci.numbers import parse_amount
from lanci.text import squash
from lanci_eval.records import EvalCell, EvalTable

VALUE_ROLES = frozenset({str(HeaderRole.AMOUNT), str(HeaderRole.QUANTITY)})
_MONEY_MARK = re.compile(r"[.,]")


def printed_amount(text: str) -> Decimal | None:
    """The value of a text that is an amount by its looks: a number with a decimal point or thousands separators.

    Bare integers are as often codes, years or serial numbers, so that they give None.
    """
    return parse_amount(text) if _MONEY_MARK.search(squash(text)) else None


def amount_of(cell: EvalCell) -> Decimal | None:
    """The value of a body cell: by its role (that of its column) where known, else by the looks of its text."""
    if cell.role is None:
        return printed_amount(cell.text)
    return parse_amount(cell.text) if cell.role in VALUE_ROLES else None


def is_money(cell: EvalCell) -> bool:
    """Whether an amount is one of money, as far as is known; quantities are not."""
    return cell.role != HeaderRole.QUANTITY


def body_amounts(table: EvalTable) -> list[tuple[EvalCell, Decimal]]:
    """The cells below the header rows (all cells where those are not known) that carry an amount."""
    first = table.n_header_rows or 0
    amounts = ((cell, amount_of(cell)) for cell in table.cells if cell.row >= first)
    return [(cell, value) for cell, value in amounts if value is not None]
