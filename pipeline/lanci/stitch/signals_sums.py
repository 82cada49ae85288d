"""What sums say: totals that are reached, still open, or only reached over the break; parents short of children."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from lanci.document import HeaderRole, RowRole
from lanci.numbers import looks_numeric, parse_amount
from lanci.stitch.evidence import Evidence, Pair, Sign
from lanci.stitch.labels import stands_alone
from lanci.stitch.leaves import join_leaves
from lanci.stitch.view import FragmentView

_ROUNDING = Decimal("0.005")
_MIN_ROWS = 2
"""A sum of fewer rows is no sum."""
_HALF = 0.5
_KEYS = (HeaderRole.ROW_NUMBER, HeaderRole.SUBJECT_CODE, HeaderRole.UNIT_CODE, HeaderRole.PROJECT_CODE)
_UNCERTAIN = 0.5
"""A sum of rows that may hold one another proves little where it is not reached."""

Sum = tuple[Decimal, int]
"""A sum and the number of its terms."""


def total_at_the_top(pair: Pair) -> Evidence | None:
    """The lower part begins with a total and goes on with details: how tables begin, not how they go on."""
    rows = pair.new_rows
    if not any(part.body for part in pair.parts) or len(rows) < _MIN_ROWS:
        return None
    roles = [pair.lower.roles[row] for row in rows]
    if roles[0] is not RowRole.TOTAL or RowRole.DETAIL not in roles[1:]:
        return None
    return Evidence(Sign.TOTAL_AT_TOP, -1.0, f"begins with a total: {pair.lower.row_text(rows[0])[:30]}")


def totals(pair: Pair) -> Evidence | None:
    """A total that closes the table, or one at its top that its rows have not reached yet."""
    if not pair.shown:
        return None
    first, last = pair.shown[0], pair.shown[-1]
    top = first.roles[first.body[0]] is RowRole.TOTAL
    if first is last and len(last.body) < _MIN_ROWS:
        return None
    total = last.body[-1]
    is_total = last.roles[total] is RowRole.TOTAL and stands_alone(last, total) and not _is_of_group(pair, total)
    if is_total and not top and not _is_outdone(pair, total):
        return Evidence(Sign.CLOSED_TOTAL, -1.0, f"the table has its total: {last.row_text(total)[:30]}")
    return _open_total(pair) if top else None


def _is_of_group(pair: Pair, total: int) -> bool:
    """Whether the total is that of some rows only: it stands right of names, or amounts above it exceed it."""
    last = pair.shown[-1]
    line, before = last.lines[total], last.lines[total - 1] if total else ()
    own = (text and not looks_numeric(text) and text not in before[col : col + 1] for col, text in enumerate(line))
    named = next((col for col, is_own in enumerate(own) if is_own), 0)
    return any(_holds_names(last, col) for col in range(named)) or _is_exceeded(pair, total)


def _holds_names(view: FragmentView, col: int) -> bool:
    share = view.numeric_shares[col]
    return share is not None and share < _HALF and view.labelled.column_roles[col][0] not in _KEYS


def _is_exceeded(pair: Pair, total: int) -> bool:
    """Whether every amount of the total has a greater one above it, which no total of all rows has."""
    last = pair.shown[-1]
    amounts = [(col, amount) for col in range(last.n_cols) if (amount := parse_amount(last.text(total, col)))]
    parts = [part for part in pair.shown if part.n_cols == last.n_cols]
    above = {
        col: [value for part in parts for row in part.body if (value := parse_amount(part.text(row, col))) is not None]
        for col, _ in amounts
    }
    return bool(amounts) and all(min(above[col]) >= 0 and max(above[col]) > amount for col, amount in amounts)


def _is_outdone(pair: Pair, total: int) -> bool:
    """Whether a part without a header prints a total, as 总计 after 本年合计, that no number above exceeds."""
    upper, lower = pair.shown[-1], pair.lower
    if upper.n_cols != lower.n_cols or lower.header:
        return False
    for row in pair.new_rows:
        if lower.roles[row] is RowRole.TOTAL:
            amounts = [
                (parse_amount(upper.text(total, col)), parse_amount(lower.text(row, col)))
                for col in range(upper.n_cols)
            ]
            return any(below for _, below in amounts) and all(
                above is None or (below is not None and below >= above) for above, below in amounts
            )
    return False


def _open_total(pair: Pair) -> Evidence | None:
    """Compare the total in the first row with the sum of the rows so far: of the code tree's leaves, or of details."""
    first, *others = pair.shown
    amounts = first.columns_of(HeaderRole.AMOUNT)
    total = parse_amount(first.text(first.body[0], amounts[0])) if amounts else None
    if total is None:
        return None
    coded = join_leaves([first.leaves_of(first.body[1:]), *(part.leaves for part in others)])
    if coded is not None:
        reached, count = coded.closed_total, coded.closed_count
        is_whole, sureness = len(coded.last) == coded.deepest, 1.0
    else:
        reached, count = _sum_details(pair.shown, amounts[0])
        is_whole, sureness = count >= _MIN_ROWS, _UNCERTAIN
    missing, slack = total - reached, _ROUNDING * (count + 1)
    if missing > slack:
        return Evidence(Sign.OPEN_TOTAL, sureness, f"{missing} of the total {total} are still to come")
    if abs(missing) <= slack and is_whole:
        return Evidence(Sign.OPEN_TOTAL, -1.0, f"the rows add up to the total {total}")
    return None


def _sum_details(parts: Iterable[FragmentView], col: int) -> Sum:
    sums = [part.detail_sums[col] for part in parts if col < part.n_cols]
    return sum((value for value, _ in sums), Decimal(0)), sum(count for _, count in sums)


def sum_over_break(pair: Pair) -> Evidence | None:
    """The lower part prints a total that its own rows reach, or that they reach only with the rows above the break.

    Where rows hold one another (其中, code trees), their plain sum says nothing, whichever it is.
    """
    lower = pair.lower
    rows = [row for row in pair.new_rows if lower.roles[row] is RowRole.TOTAL]
    if not rows or not pair.shown or any(part.n_cols != lower.n_cols for part in pair.shown):
        return None
    above, below = 0, 0
    for col in range(lower.n_cols):
        total = parse_amount(lower.text(rows[-1], col))
        own, rest = lower.detail_sums[col], _sum_details(pair.shown, col)
        if not total or not rest[0]:
            continue
        if own[1] >= _MIN_ROWS and _equal(total, own):
            below += 1
        elif own[1] + rest[1] >= _MIN_ROWS and _equal(total, (own[0] + rest[0], own[1] + rest[1])):
            above += 1
    if above == below:
        return None
    text = lower.row_text(rows[-1])[:30]
    if above > below:
        return Evidence(Sign.SUM, 1.0, f"the total is reached over the break: {text}")
    return Evidence(Sign.SUM, -1.0, f"its own rows reach the total below: {text}")


def _equal(total: Decimal, found: Sum) -> bool:
    return abs(total - found[0]) <= _ROUNDING * (found[1] + 1)


def code_tree(pair: Pair) -> Evidence | None:
    """The amount of the last code, or of one that holds it, is not yet reached by the codes under it.

    Then the next code is under it too, where the table goes on.
    """
    first = next((code for row in pair.new_rows if (code := pair.lower.codes[row])), "")
    rows = [(code, amount) for part in pair.shown for code, amount in part.coded_amounts]
    if not first or len({len(code) for code, _ in rows}) < _MIN_ROWS:
        return None
    parent = _open_parent(rows)
    if not parent:
        return None
    if first.startswith(parent) and first != parent:
        return Evidence(Sign.CODE_TREE, 1.0, f"codes under {parent} are still to come, and {first} is one")
    return Evidence(Sign.CODE_TREE, -1.0, f"codes under {parent} are still to come, and {first} is none")


def _open_parent(rows: Sequence[tuple[str, Decimal]]) -> str:
    """The longest code at the end of the list that those printed under it fall short of, "" for none.

    The very last one counts only where a code as long as it has others under it.
    """
    last = rows[-1][0]
    for at in range(len(rows) - 1, -1, -1):
        code, amount = rows[at]
        if not last.startswith(code):
            continue
        under = [(c, a) for c, a in rows[at + 1 :] if c.startswith(code)]
        level = min((len(c) for c, _ in under), default=0)
        children = [a for c, a in under if len(c) == level]
        if not children and not _is_ever_parent(rows[:at], len(code)):
            continue
        if amount - sum(children, Decimal(0)) > _ROUNDING * (len(children) + 1):
            return code
    return ""


def _is_ever_parent(rows: Sequence[tuple[str, Decimal]], length: int) -> bool:
    """Whether a code of the length has one of its own right under it."""
    return any(
        len(one) == length and len(two) > length and two.startswith(one) for (one, _), (two, _) in pairwise(rows)
    )
