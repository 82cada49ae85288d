"""True errors as real disclosures have them, planted in finished forms and listed with them.

The cells print the error; nothing else of the document changes. Words of the list, by kind:
``transposed digits`` (a detail does not add up), ``wrong total``, ``missing row``, ``blank part`` (a total is printed,
its only part is not), ``differs`` (the table adds up, but another table prints other amounts) and ``rounding`` (the
last digit of a total is off by one, as amounts that were rounded one by one are).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

import numpy as np

from lanci.document import Cell, HeaderRole, RowRole, Table
from lanci.interpret import CodeTree, RowCode, TableView, interpret, is_ratio, read_code_trees
from lanci_eval.factory.content_manner import Manner
from lanci_eval.factory.names import pick
from lanci_eval.factory.records import Form

_CODED = ("income", "expenditure", "operating_expenses")
_WITH_TOTALS = (*_CODED, "summary", "project_list", "government_procurement", "service_purchase", "fixed_assets")
_SHORTEST = 3
"""Fewer digits than this are not worth transposing."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """A form with what the planting looks at."""

    form: Form
    others: tuple[Form, ...]
    manner: Manner
    rng: np.random.Generator

    @property
    def table(self) -> Table:
        return self.form.table

    def amounts(self, role: RowRole) -> list[Cell]:
        """Printed amounts of at least three digits in rows of a role, alone in their positions; no unit prices."""
        return [
            cell
            for cell in interpret(self.table).cells
            if self.table.row_roles[cell.row] is role
            and cell.role is HeaderRole.AMOUNT
            and cell.row_span == cell.col_span == 1
            and cell.value is not None
            and not is_ratio(self.table.columns[cell.col])
            and sum(char.isdigit() for char in cell.text) >= _SHORTEST
        ]

    def trees(self) -> tuple[CodeTree, ...]:
        return read_code_trees(TableView(self.table)) if self.table.kind in _CODED else ()

    def column(self, col: int) -> str:
        return "/".join(self.table.columns[col].path)

    def label(self, cell: Cell) -> str:
        """The words before an amount in its row: in a table of two halves those of its own half."""
        before = [c for c in self.table.cells if cell.row in c.rows and c.col < cell.col and c.text]
        words = [c for c in before if c.role not in (HeaderRole.AMOUNT, HeaderRole.QUANTITY)]
        return max(words, key=lambda c: c.col).text if words else f"row {cell.row}"


_Error = Callable[[_Ground], "Form | None"]
"""Plants one error in a form, or finds no place for it."""


def plant(rng: np.random.Generator, forms: Sequence[Form], count: int, manner: Manner) -> tuple[Form, ...]:
    """The forms with ``count`` errors (fewer where there is no place for more), in different forms while they last."""
    planted = list(forms)
    fertile = [index for index, form in enumerate(forms) if form.table.kind in _WITH_TOTALS]
    left = count
    for _ in range(2):
        for turn in rng.permutation(len(fertile)):
            if left == 0:
                return tuple(planted)
            index = fertile[int(turn)]
            others = tuple(form for place, form in enumerate(planted) if place != index)
            found = _plant_one(_Ground(planted[index], others, manner, rng))
            if found is not None:
                planted[index] = found
                left -= 1
    return tuple(planted)


def _plant_one(ground: _Ground) -> Form | None:
    for turn in ground.rng.permutation(len(_ERRORS)):
        found = _ERRORS[int(turn)](ground)
        if found is not None:
            return found
    return None


def transpose_digits(text: str, rng: np.random.Generator) -> str | None:
    """The text with two neighbouring, different digits exchanged, never a zero to the front; None if there are none."""
    places = [index for index, char in enumerate(text) if char.isdigit()]
    pairs = [
        (left, right)
        for left, right in pairwise(places)
        if text[left] != text[right] and not (left == places[0] and text[right] == "0")
    ]
    if not pairs:
        return None
    left, right = pick(rng, pairs)
    chars = list(text)
    chars[left], chars[right] = chars[right], chars[left]
    return "".join(chars)


def _with_texts(form: Form, texts: dict[tuple[int, int], str], words: str) -> Form:
    cells = tuple(replace(c, text=texts.get((c.row, c.col), c.text)) for c in form.table.cells)
    return Form(replace(form.table, cells=cells), (*form.inconsistencies, words))


def _wrong_digits(ground: _Ground, role: RowRole, words: str) -> Form | None:
    cells = ground.amounts(role)
    has_total = RowRole.TOTAL in ground.table.row_roles
    # Without a second amount in its column nothing says that a number is wrong.
    if len(cells) < 2 or not has_total:
        return None
    cell = pick(ground.rng, cells)
    text = transpose_digits(cell.text, ground.rng)
    if text is None:
        return None
    words = f"{words}: {ground.label(cell)} ({ground.column(cell.col)}): printed {text}, adds up as {cell.text}"
    return _with_texts(ground.form, {(cell.row, cell.col): text}, words)


def _transposed(ground: _Ground) -> Form | None:
    return _wrong_digits(ground, RowRole.DETAIL, "transposed digits")


def _wrong_total(ground: _Ground) -> Form | None:
    return _wrong_digits(ground, RowRole.TOTAL, "wrong total")


def _families(ground: _Ground) -> Iterator[tuple[RowCode, list[RowCode]]]:
    """Subjects with at least two children that have no children themselves, in a table with one list."""
    trees = ground.trees()
    if len(trees) != 1:
        return
    parents = {parent.row for parent, _ in trees[0].families()}
    for parent, children in trees[0].families():
        leaves = [child for child in children if child.row not in parents]
        if len(leaves) > 1:
            yield parent, leaves


def _missing_row(ground: _Ground) -> Form | None:
    table = ground.table
    tall = {row for cell in table.cells if cell.row_span > 1 for row in cell.rows}
    places = [(parent, leaf) for parent, leaves in _families(ground) for leaf in leaves if leaf.row not in tall]
    # A child that is printed with nothing would not be missed, nor one whose code the next row needs.
    places = [place for place in places if _amounts_of(ground, place[1].row) and ground.manner.whole_codes]
    if not places:
        return None
    parent, leaf = pick(ground.rng, places)
    words = f"missing row: {leaf.code} {leaf.name} is not printed, {parent.code} {parent.name} counts it"
    return Form(_without_row(table, leaf.row), (*ground.form.inconsistencies, words))


def _without_row(table: Table, row: int) -> Table:
    """The table without a row in which no merged cell stands; serial numbers go on without a gap."""
    serial = next((c.index for c in table.columns if c.role is HeaderRole.ROW_NUMBER), None)
    cells = []
    for cell in table.cells:
        if cell.row == row:
            continue
        moved = cell
        if cell.row > row:
            text = str(int(cell.text) - 1) if cell.col == serial and cell.text.isdecimal() else cell.text
            moved = replace(cell, row=cell.row - 1, text=text)
        cells.append(moved)
    roles = table.row_roles[:row] + table.row_roles[row + 1 :]
    return replace(table, cells=tuple(cells), row_roles=roles, n_rows=table.n_rows - 1)


def _amounts_of(ground: _Ground, row: int) -> dict[int, Decimal]:
    """The amounts of a row that are not nothing, by column."""
    cells = interpret(ground.table).cells
    return {c.col: c.value for c in cells if c.row == row and c.value and c.role is HeaderRole.AMOUNT}


def _differs(ground: _Ground) -> Form | None:
    """Money moves between two siblings: the table still adds up, but others print other amounts."""
    known = {
        code.code
        for form in ground.others
        if form.table.kind in ("income", "expenditure")
        for tree in read_code_trees(TableView(form.table))
        for code in tree.codes
    }
    places = []
    for _, leaves in _families(ground):
        alike = [(leaf, _amounts_of(ground, leaf.row)) for leaf in leaves if leaf.code in known]
        alike = [(leaf, found) for leaf, found in alike if found and len(set(found.values())) == 1]
        places += [
            (one, other)
            for one, other in pairwise(alike)
            if one[1].keys() == other[1].keys() and min(one[1].values()) > 1
        ]
    if not places:
        return None
    (one, ours), (other, theirs) = pick(ground.rng, places)
    scale = 10**ground.manner.places
    old = [int(next(iter(found.values())) * scale) for found in (ours, theirs)]
    moved = int(ground.rng.integers(1, min(old)))
    new = [ground.manner.money(old[0] + moved), ground.manner.money(old[1] - moved)]
    texts = {(leaf.row, col): text for leaf, text in ((one, new[0]), (other, new[1])) for col in ours}
    words = "; ".join(
        f"{leaf.code} {leaf.name} {text} here, {ground.manner.money(amount)} in the other tables"
        for leaf, text, amount in zip((one, other), new, old, strict=True)
    )
    return _with_texts(ground.form, texts, f"differs: {words}")


def _blank_part(ground: _Ground) -> Form | None:
    places = []
    for _, leaves in _families(ground):
        for leaf in leaves:
            found = _amounts_of(ground, leaf.row)
            if len(found) == 2 and len(set(found.values())) == 1:
                places.append((leaf, sorted(found)))
    if not places:
        return None
    leaf, (total, part) = pick(ground.rng, places)
    shown = TableView(ground.table).text(leaf.row, total)
    words = f"blank part: {leaf.code} {leaf.name}: {ground.column(total)} {shown}, {ground.column(part)} is blank"
    return _with_texts(ground.form, {(leaf.row, part): ""}, words)


def _rounding(ground: _Ground) -> Form | None:
    manner = ground.manner
    cells = ground.amounts(RowRole.TOTAL)
    if (manner.unit, manner.places, manner.trimmed) != ("万元", 2, False) or not cells:
        return None
    cell = pick(ground.rng, cells)
    assert cell.value is not None
    amount = int(cell.value * 100)
    text = manner.money(amount + pick(ground.rng, (-1, 1)))
    words = f"rounding: {ground.label(cell)} ({ground.column(cell.col)}): printed {text}, adds up as {cell.text}"
    return _with_texts(ground.form, {(cell.row, cell.col): text}, words)


_ERRORS: tuple[_Error, ...] = (_transposed, _wrong_total, _missing_row, _differs, _blank_part, _rounding)
