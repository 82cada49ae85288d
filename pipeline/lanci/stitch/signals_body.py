"""What the rows of two parts say: numbering, codes, totals, cut labels, a form that starts again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain

from lanci.document import HeaderRole, RowRole
from lanci.numbers import parse_amount
from lanci.stitch.cuts import first_rows, is_row_tail
from lanci.stitch.evidence import Evidence, Pair
from lanci.stitch.labels import stands_alone
from lanci.stitch.leaves import join_leaves
from lanci.stitch.view import FragmentView
from lanci.text import squash

_SERIAL = re.compile(r"\d{1,4}")
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
    return next((s for row in reversed(view.body) if (s := _serial(view, row)) is not None), None)


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
    upper, lower = pair.upper, pair.lower
    for col in range(upper.n_cols):
        last = next((n for row in reversed(upper.body) if (n := _ordinal(upper.lines[row][col]))), 0)
        first = next((n for row in pair.new_rows if (n := _ordinal(lower.lines[row][col]))), 0) if last else 0
        if first and first == last + 1:
            return Evidence("ordinal", 1.0, f"items count on in column {col}: {last} → {first}")
    return None


def _ordinal(text: str) -> int:
    """The number of a text like 二十三、…; 0 for any other."""
    match = _ORDINAL.match(text) if "、" in text else None
    if not match:
        return 0
    tens, ten, ones = match[1].rpartition("十")
    value = _DIGITS.get(ones, 0) if ones else 0
    return value + (10 * _DIGITS.get(tens, 1) if ten else 0)


def codes(pair: Pair) -> Evidence | None:
    """Subject codes ascend over the break or go down to a child; falling back means a new list."""
    above = [code for row in pair.upper.body if (code := pair.upper.codes[row])]
    first = next((code for row in pair.new_rows if (code := pair.lower.codes[row])), "")
    if not above or not first:
        return None
    last = above[-1]
    if first.startswith(last) and first != last:
        return Evidence("codes", 1.0, f"child of the last code: {last} → {first}")
    if first > last:
        return Evidence("codes", 0.7, f"codes ascend: {last} → {first}")
    if first < last and above == sorted(above):
        return Evidence("codes", -1.0, f"codes start again: {last} → {first}")
    return None


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
    if not pair.shown:
        return None
    first, last = pair.shown[0], pair.shown[-1]
    top = first.roles[first.body[0]] is RowRole.TOTAL
    if first is last and len(last.body) < 2:
        return None
    total = last.body[-1]
    if last.roles[total] is RowRole.TOTAL and not top and stands_alone(last, total) and not _is_outdone(pair, total):
        return Evidence("closed total", 1.0, f"the table has its total: {last.row_text(total)[:30]}")
    return _open_total(pair) if top else None


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
    """Compare the total in the first row with the sum of the leaves of the code tree so far."""
    first, *others = pair.shown
    amounts = first.columns_of(HeaderRole.AMOUNT)
    total = parse_amount(first.text(first.body[0], amounts[0])) if amounts else None
    coded = join_leaves([first.leaves_of(first.body[1:]), *(part.leaves for part in others)])
    if total is None or coded is None:
        return None
    missing, slack = total - coded.closed_total, _ROUNDING * (coded.closed_count + 1)
    if missing > slack:
        return Evidence("open total", 1.0, f"{missing} of the total {total} are still to come")
    if abs(missing) <= slack and len(coded.last) == coded.deepest:
        return Evidence("open total", -1.0, f"the rows add up to the total {total}")
    return None


def cut_label(pair: Pair) -> Evidence | None:
    """A label goes on below the break: the first row has none of its own, or the last row has its below the break."""
    cut = pair.cut_label
    if cut is None:
        return None
    if cut.upper.text:
        return Evidence("cut label", 1.0, f"the first row has no label; {squash(cut.upper.text)[:20]} goes on")
    return Evidence(
        "cut label", 1.0, f"the last row has no label; {squash(cut.lower.text)[:20]} stands below the break"
    )


def cut_row(pair: Pair) -> Evidence | None:
    """The lower part's first row holds only the tails of texts of the upper part's last row."""
    upper, lower = pair.aligned
    rows = first_rows(lower, pair.repeated.leading)
    if not rows or not is_row_tail(upper, lower, rows[0]):
        return None
    return Evidence("cut row", 1.0, f"the first row is the rest of the row before: {lower.row_text(rows[0])[:30]}")


def labels_start_again(pair: Pair) -> Evidence | None:
    """The lower part's first rows carry the labels of the table's first rows, as a new form does."""
    lower = pair.lower
    theirs = [lower.labels[row] for row in pair.new_rows]
    strength = _restart(list(chain.from_iterable(part.body_labels for part in pair.parts)), theirs)
    if not strength:
        # The key/value row of a form may stand above its header or below it.
        strength = _restart(
            list(chain.from_iterable(part.data_labels for part in pair.parts)),
            [lower.labels[row] for row in pair.new_rows if lower.roles[row] is not RowRole.SECTION],
        )
    if not strength:
        return None
    again = " / ".join(first for first, _ in theirs[:2] if first)
    return Evidence("labels start again", strength, f"the labels start again: {again[:40]}")


def _restart(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> float:
    """How clearly ``theirs`` begins like ``ours``: 1 from two different labels on, 0.5 for one, else 0.

    First labels are compared, and the ones beside them where one first label holds many rows. A block of labels
    that the table repeats itself proves nothing.
    """
    if not ours or not theirs or not ours[0][0] or (len(ours) > 1 and ours[-1] == theirs[0]):
        return 0.0
    names = [first for first, _ in ours[: len(theirs)]]
    count = _common(names, [first for first, _ in theirs])
    if len(set(names[:count])) > 1:
        return 0.0 if _recurs([first for first, _ in ours], count) else 1.0
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
    head = items[:count]
    return any(items[i] == head[0] and items[i : i + count] == head for i in range(1, len(items)))
