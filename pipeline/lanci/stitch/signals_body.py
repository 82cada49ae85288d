"""What the rows of two parts say: numbering, codes, cut labels and rows, labels that start again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from lanci.document import HeaderRole, RowRole
from lanci.numbers import looks_numeric
from lanci.stitch.cuts import find_row_tail, first_rows
from lanci.stitch.evidence import Evidence, Pair, Sign
from lanci.stitch.view import FragmentView
from lanci.text import squash

_SERIAL = re.compile(r"\d{1,4}")
_ORDINAL = re.compile(r"([一二三四五六七八九十]{1,3})、")
_REACH = 3
"""So many parts above a break are looked at for the last number."""
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}


def serials(pair: Pair) -> Evidence | None:
    """The 序号 column counts on, leaves a gap, starts again at 1, or stands at some other number."""
    last, first = _last_serial(pair), _first_serial(pair)
    if last is None or first is None:
        return None
    reason = f"{last} → {first}"
    if first == last + 1:
        return Evidence(Sign.SERIAL, 1.0, f"序号 continues: {reason}")
    if last + 1 < first <= last + 4:
        return Evidence(Sign.SERIAL, 0.3, f"序号 goes on with a gap: {reason}")
    if first == 1:
        return Evidence(Sign.SERIAL, -1.0, f"序号 starts again: {reason}")
    return Evidence(Sign.SERIAL, -0.7, f"序号 does not continue: {reason}")


def _last_serial(pair: Pair) -> int | None:
    return next((s for view, row in _rows_above(pair) if (s := _serial(view, row)) is not None), None)


def _rows_above(pair: Pair) -> Iterator[tuple[FragmentView, int]]:
    """The body rows above the break from the last one up; a whole page may show the rest of one cut label only."""
    for part in pair.parts[: -_REACH - 1 : -1]:
        for row in reversed(part.body):
            yield part, row


def _first_serial(pair: Pair) -> int | None:
    return next((s for row in pair.new_rows if (s := _serial(pair.lower, row)) is not None), None)


def _serial(view: FragmentView, row: int) -> int | None:
    for col in view.columns_of(HeaderRole.ROW_NUMBER)[:1]:
        text = view.text(row, col)
        return int(text) if _SERIAL.fullmatch(text) else None
    return None


def ordinals(pair: Pair) -> Evidence | None:
    """Items count on in one column (十七、 → 十八、); they may start again within a table, so that says nothing."""
    lower = pair.lower
    for col in range(lower.n_cols):
        first = next((n for row in pair.new_rows if (n := _ordinal(lower.lines[row][col]))), 0)
        if first < 2:
            continue
        above = (view.lines[row][col] for view, row in _rows_above(pair) if view.n_cols == lower.n_cols)
        last = next((n for text in above if (n := _ordinal(text))), 0)
        if first == last + 1:
            return Evidence(Sign.ORDINAL, 1.0, f"items count on in column {col}: {last} → {first}")
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
    above = [code for view, row in _rows_above(pair) if (code := view.codes[row])][::-1]
    first = next((code for row in pair.new_rows if (code := pair.lower.codes[row])), "")
    if not above or not first:
        return None
    last = above[-1]
    if first.startswith(last) and first != last:
        return Evidence(Sign.CODES, 1.0, f"child of the last code: {last} → {first}")
    if first > last:
        return Evidence(Sign.CODES, 0.7, f"codes ascend: {last} → {first}")
    if first < last and above == sorted(above):
        return Evidence(Sign.CODES, -1.0, f"codes start again: {last} → {first}")
    return None


def cut_label(pair: Pair) -> Evidence | None:
    """A label goes on below the break: the first row has none of its own, or the last row has its below the break."""
    cut = pair.cut_label
    if cut is None:
        return None
    if cut.upper.text:
        return Evidence(Sign.CUT_LABEL, 1.0, f"the first row has no label; {squash(cut.upper.text)[:20]} goes on")
    return Evidence(
        Sign.CUT_LABEL, 1.0, f"the last row has no label; {squash(cut.lower.text)[:20]} stands below the break"
    )


def cut_row(pair: Pair) -> Evidence | None:
    """The lower part's first row holds only the tails of texts of the upper part's last row."""
    upper, lower = pair.aligned
    rows = first_rows(lower, pair.repeated.leading)
    if not rows or not find_row_tail(upper, lower, rows[0]):
        return None
    return Evidence(Sign.CUT_ROW, 1.0, f"the first row is the rest of the row before: {lower.row_text(rows[0])[:30]}")


def labels_start_again(pair: Pair) -> Evidence | None:
    """The lower part's first rows carry the labels of the table's first rows, as a new form does."""
    first, lower = pair.parts[0], pair.lower
    copied = int(_is_header_copy(pair))
    ours = list(chain.from_iterable(part.body_labels for part in pair.parts))[copied:]
    rows = pair.new_rows[copied:]
    count = _restart(ours, [lower.labels[row] for row in rows])
    if not count:
        # The key/value row of a form may stand above its header or below it.
        skipped = copied and first.roles[0] is not RowRole.SECTION
        ours = list(chain.from_iterable(part.data_labels for part in pair.parts))[skipped:]
        count = _restart(ours, [lower.labels[row] for row in rows if lower.roles[row] is not RowRole.SECTION])
    if not count:
        rows = tuple(row for row in _keys_above_header(lower) if row not in pair.repeated.leading)
        ours = [part.labels[row] for part in pair.parts for row in _keys_above_header(part)]
        count = _restart(ours, [lower.labels[row] for row in rows])
    if not count:
        return None
    again = " / ".join(label for row in rows[:2] if (label := lower.labels[row][0]))[:40]
    if count == 1:
        return Evidence(Sign.ONE_LABEL, -1.0, f"the first label comes again: {again}")
    return Evidence(Sign.LABELS, -1.0, f"the labels start again: {again}")


def _keys_above_header(view: FragmentView) -> tuple[int, ...]:
    """The key/value rows at the top of a form that has a header below them: its project, its money, its aim."""
    return tuple(row for row in range(view.labelled.n_header_rows) if view.roles[row] is RowRole.SECTION)


def _is_header_copy(pair: Pair) -> bool:
    """Whether the lower part begins with a copy of the table's first row of words: a header not known for one."""
    rows = [row for row in pair.new_rows[:1] if None not in pair.lower.owners[row]]
    texts = [text for row in rows for text in pair.lower.lines[row]]
    first = pair.parts[0]
    if not texts or not all(texts) or first.body[:1] != (0,):
        return False
    return first.lines[0] == tuple(texts) and not any(looks_numeric(text) for text in texts)


def _restart(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> int:
    """With how many different labels ``theirs`` begins like ``ours``.

    First labels are compared, and the ones beside them where one first label holds many rows or comes again and
    again. How many rows a label holds does not matter. A block of labels that the table repeats itself proves nothing.
    """
    if not ours or not theirs or not ours[0][0] or _goes_on(ours, theirs):
        return 0
    names = _runs(first for first, _ in ours)
    count = _common(names, _runs(first for first, _ in theirs))
    if count > 1 and not any(_recurs(names[at:], 1) for at in range(count)):
        return count
    pairs = _runs(ours)
    count = _common(pairs, _runs(theirs))
    return 0 if not count or _recurs(pairs, count) else count


def _goes_on(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> bool:
    """Whether the last labels above are the first ones below, and hold more than one row of either part."""
    return ours[-1] == theirs[0] and (len(ours) > 1 or theirs[1:2] == theirs[:1])


def _runs(items: Iterable[object]) -> list[object]:
    """The items with equal neighbours as one."""
    return [item for item, _ in groupby(items)]


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
