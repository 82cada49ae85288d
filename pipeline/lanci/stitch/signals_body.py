"""What the rows of two parts say: numbering, codes, totals, cut labels, a form that starts again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from lanci.document import HeaderRole, RowRole
from lanci.numbers import parse_amount
from lanci.stitch.cuts import first_rows, is_cut_label, is_row_tail
from lanci.stitch.evidence import Evidence, Pair
from lanci.stitch.view import FragmentView

_SERIAL = re.compile(r"\d{1,4}")
_CODE = re.compile(r"\d{1,12}")
_ORDINAL = re.compile(r"([一二三四五六七八九十]{1,3})、")
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
_ROUNDING = Decimal("0.005")


def serials(pair: Pair) -> Evidence | None:
    """The 序号 column counts on, leaves a gap, or starts again at 1."""
    last, first = _last_serial(pair.upper), _first_serial(pair)
    if last is None or first is None:
        return None
    reason = f"{last} → {first}"
    if first == last + 1:
        return Evidence("serial", 1.0, f"序号 continues: {reason}")
    if last + 1 < first <= last + 4:
        return Evidence("serial", 0.3, f"序号 goes on with a gap: {reason}")
    return Evidence("serial", -1.0, f"序号 does not continue: {reason}")


def _last_serial(view: FragmentView) -> int | None:
    found = [s for row in view.body if (s := _serial(view, row)) is not None]
    return found[-1] if found else None


def _first_serial(pair: Pair) -> int | None:
    return next((s for row in pair.new_rows if (s := _serial(pair.lower, row)) is not None), None)


def _serial(view: FragmentView, row: int) -> int | None:
    for col in view.columns_of(HeaderRole.ROW_NUMBER)[:1]:
        text = view.text(row, col)
        return int(text) if _SERIAL.fullmatch(text) else None
    return None


def ordinals(pair: Pair) -> Evidence | None:
    """Items count on in one column (十七、 → 十八、); they may start again within a table, so that says nothing."""
    if pair.upper.n_cols != pair.lower.n_cols:
        return None
    for col in range(pair.upper.n_cols):
        above = [n for row in pair.upper.body if (n := _ordinal(pair.upper.text(row, col)))]
        below = [n for row in pair.new_rows if (n := _ordinal(pair.lower.text(row, col)))]
        if above and below and below[0] == above[-1] + 1:
            return Evidence("ordinal", 1.0, f"items count on in column {col}: {above[-1]} → {below[0]}")
    return None


def _ordinal(text: str) -> int:
    """The number of a text like 二十三、…; 0 for any other."""
    match = _ORDINAL.match(text)
    if not match:
        return 0
    tens, ten, ones = match[1].rpartition("十")
    value = _DIGITS.get(ones, 0) if ones else 0
    return value + (10 * _DIGITS.get(tens, 1) if ten else 0)


def codes(pair: Pair) -> Evidence | None:
    """Subject codes ascend over the break or go down to a child; falling back means a new list."""
    above = [code for row in pair.upper.body if (code := row_code(pair.upper, row))]
    below = [code for row in pair.new_rows if (code := row_code(pair.lower, row))]
    if not above or not below:
        return None
    last, first = above[-1], below[0]
    if first.startswith(last) and first != last:
        return Evidence("codes", 1.0, f"child of the last code: {last} → {first}")
    if first > last:
        return Evidence("codes", 0.7, f"codes ascend: {last} → {first}")
    if first < last and above == sorted(above):
        return Evidence("codes", -1.0, f"codes start again: {last} → {first}")
    return None


def row_code(view: FragmentView, row: int) -> str:
    """The row's subject code; 类, 款 and 项 in columns of their own are put together."""
    parts = [
        match[0] for col in view.columns_of(HeaderRole.SUBJECT_CODE) if (match := _CODE.match(view.text(row, col)))
    ]
    if len(parts) > 1 and max(map(len, parts)) > 3:
        return parts[0]
    return "".join(parts)


def total_at_the_top(pair: Pair) -> Evidence | None:
    """The lower part begins with a total and goes on with details: how tables begin, not how they go on."""
    rows = pair.new_rows
    if not any(part.body for part in pair.parts) or len(rows) < 2:
        return None
    roles = [pair.lower.roles[row] for row in rows]
    if roles[0] is not RowRole.TOTAL or RowRole.DETAIL not in roles[1:]:
        return None
    return Evidence("total at the top", 1.0, f"begins with a total: {pair.lower.row_text(rows[0])[:30]}")


def totals(pair: Pair) -> Evidence | None:
    """A total that closes the table, or one at its top that its rows have not reached yet."""
    shown = pair.shown_rows
    if len(shown) < 2:
        return None
    (first_part, first_row), (last_part, last_row) = shown[0], shown[-1]
    top = first_part.roles[first_row] is RowRole.TOTAL
    if last_part.roles[last_row] is RowRole.TOTAL and not top:
        return Evidence("closed total", 1.0, f"the table has its total: {last_part.row_text(last_row)[:30]}")
    return _open_total(pair) if top else None


def _open_total(pair: Pair) -> Evidence | None:
    """Compare the total in the first row with the sum of the leaves of the code tree so far."""
    (part, row), *rest = pair.shown_rows
    amounts = part.columns_of(HeaderRole.AMOUNT)
    total = parse_amount(part.text(row, amounts[0])) if amounts else None
    coded = [
        (code, parse_amount(view.text(r, view.columns_of(HeaderRole.AMOUNT)[0])) or Decimal(0))
        for view, r in rest
        if (code := row_code(view, r)) and view.columns_of(HeaderRole.AMOUNT)
    ]
    if total is None or not coded:
        return None
    leaves = [
        value
        for index, (code, value) in enumerate(coded)
        if index + 1 == len(coded) or not coded[index + 1][0].startswith(code)
    ]
    missing = total - sum(leaves, Decimal(0))
    if missing > _ROUNDING * (len(leaves) + 1):
        return Evidence("open total", 1.0, f"{missing} of the total {total} are still to come")
    deepest = max(len(code) for code, _ in coded)
    if abs(missing) <= _ROUNDING * (len(leaves) + 1) and len(coded[-1][0]) == deepest:
        return Evidence("open total", -1.0, f"the rows add up to the total {total}")
    return None


def cut_label(pair: Pair) -> Evidence | None:
    """The lower part's first row has no label of its own: the one above goes on."""
    upper, lower = pair.aligned
    rows = pair.new_rows
    if not rows or not is_cut_label(upper, lower, rows[0], 0):
        return None
    label = upper.text(upper.n_rows - 1, 0)
    return Evidence("cut label", 1.0, f"the first row has no label; {label[:20]} goes on")


def cut_row(pair: Pair) -> Evidence | None:
    """The lower part's first row holds only the tails of texts of the upper part's last row."""
    upper, lower = pair.aligned
    rows = first_rows(lower, pair.repeated.leading)
    if not rows or not is_row_tail(upper, lower, rows[0]):
        return None
    return Evidence("cut row", 1.0, f"the first row is the rest of the row before: {lower.row_text(rows[0])[:30]}")


def labels_start_again(pair: Pair) -> Evidence | None:
    """The lower part's first rows carry the labels of the table's first rows, as a new form does."""
    ours = [(view.roles[row], _labels(view, row)) for view, row in pair.shown_rows]
    theirs = [(pair.lower.roles[row], _labels(pair.lower, row)) for row in pair.new_rows]
    strength = _restart([labels for _, labels in ours], [labels for _, labels in theirs])
    if not strength:
        # The key/value row of a form may stand above its header or below it.
        strength = _restart(
            [labels for role, labels in ours if role is not RowRole.SECTION],
            [labels for role, labels in theirs if role is not RowRole.SECTION],
        )
    if not strength:
        return None
    again = " / ".join(labels[0] for _, labels in theirs[:2] if labels[0])
    return Evidence("labels start again", strength, f"the labels start again: {again[:40]}")


def _restart(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> float:
    """How clearly ``theirs`` begins like ``ours``: 1 from two different labels on, 0.5 for one, else 0.

    First labels are compared, and the ones beside them where one first label holds many rows. A block of labels
    that the table repeats itself proves nothing.
    """
    if not ours or not theirs or not ours[0][0] or (len(ours) > 1 and ours[-1] == theirs[0]):
        return 0.0
    names, new_names = [first for first, _ in ours], [first for first, _ in theirs]
    count = _common(names, new_names)
    if len(set(names[:count])) > 1:
        return 0.0 if _recurs(names, count) else 1.0
    count = _common(ours, theirs)
    if not count or _recurs(ours, count):
        return 0.0
    return 1.0 if len(set(ours[:count])) > 1 else 0.5


def _common(one: Sequence[object], two: Sequence[object]) -> int:
    """How many leading items are equal."""
    count = 0
    while count < min(len(one), len(two)) and one[count] == two[count]:
        count += 1
    return count


def _recurs(items: Sequence[object], count: int) -> bool:
    """Whether the first ``count`` items come again later, in this order."""
    return any(items[i : i + count] == items[:count] for i in range(1, len(items)))


def _labels(view: FragmentView, row: int) -> tuple[str, str]:
    """The first two texts of the row that are no numbers, without 序号; of a key/value row its key only."""
    serial = view.columns_of(HeaderRole.ROW_NUMBER)
    texts = [
        text
        for col in range(view.n_cols)
        if col not in serial and (text := view.text(row, col)) and parse_amount(text) is None
    ]
    first, second, *_ = [*dict.fromkeys(texts), "", ""]
    return first, "" if view.roles[row] is RowRole.SECTION else second
