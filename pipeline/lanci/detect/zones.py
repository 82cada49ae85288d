"""Where on a page tables with few or no rules may stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from lanci.detect.columns import is_column_numbers
from lanci.detect.gutters import split_at_gutter
from lanci.detect.heads import head_blocks
from lanci.detect.pieces import Line, Piece, word_em
from lanci.document import Rule

_SAME_SIDE = 4.0  # points; rules of one table begin and end this close to each other
_SAME_EDGE = 3.0  # points
_BELOW = 0.8  # ems between the middles of two lines below each other at least
_LOW = 0.8  # ems that the space above a title is larger than below it, at least
_SOME = 4  # a sign of titles is none where every fourth row shows it
_MIN_RULE = 60.0  # points; shorter rules underline words
_LEVEL_RULES = 1.0  # points by which rules of one height differ at most
_TITLE = 1.25  # times the usual size of type: a title
_NEXT = 3.2  # ems between the middles of a table's lines at most, where no rules hold it together
_NEXT_EMPTY = 10.0  # the same where the rows between were left empty
_LONE_NUMBERS = 0.3  # of the lines
_LEADING = 1.6  # ems between the middles of two lines of one cell at most
_WIDER = 0.15  # of the width of a table's texts by which its captions may be wider
_INK = 0.8  # of the width of a line of a table that its texts take at most, as a rule
_ALIGNED = 1.5  # points between the beginnings of two texts of a column
_EMPTY_ROW = 1.5  # times the lowest row with text
_INDENT = 3.0  # ems
_PROSE = 28  # characters in one piece; cells that long stand in lines of their own only in prose
_PAD = 0.5  # ems beyond the text to the side of a table that no rule bounds
_NEAR_LINES = 5  # lines above among which one shows the beginning of a column
_SHORT = 0.25  # of the table's width that the label of a row without amounts takes at most
_COLONS = (":", "：")


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the page that may be a table.

    ``head_end`` is where its header ends, ``top`` when it shows none. ``rules`` are the horizontal rules inside,
    with those at its top and bottom. ``em`` is the size of its type.
    """

    x0: float
    x1: float
    top: float
    bottom: float
    head_end: float
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    em: float


@dataclass(frozen=True, slots=True)
class _Stripe:
    """What stands between two rules that run over the whole table."""

    upper: Rule
    lower: Rule
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        return self.lower.position - self.upper.position

    @property
    def hangs_low(self) -> bool:
        """Whether its text stands nearer to the lower rule: a title stands near its table, a row in the middle."""
        if not self.lines:
            return False
        above, below = self.lines[0].y0 - self.upper.position, self.lower.position - self.lines[-1].y1
        return above - below > _LOW * self.lines[0].em


def find_zones(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Zone]:
    """The zones that horizontal rules bound, then those of lines that stand in columns."""
    uprights = [r for r in rules if not r.horizontal]
    zones = _ruled_zones(lines, _row_rules([r for r in rules if r.horizontal]))
    free = [line for line in lines if not any(z.top <= line.middle <= z.bottom and _beside(z, line) for z in zones)]
    first = lines[0] if lines else None
    streams = split_at_gutter(free)
    return zones + [z for stream in streams for z in _open_zones(stream, first) if not _is_drawn(z, uprights)]


def _row_rules(rules: Sequence[Rule]) -> list[Rule]:
    """The rules that are long enough to part rows, and shorter ones that run on at the same height."""
    heights = sorted(r.position for r in rules if r.length >= _MIN_RULE)

    def goes_on(rule: Rule) -> bool:
        at = bisect_left(heights, rule.position - _LEVEL_RULES)
        return at < len(heights) and heights[at] <= rule.position + _LEVEL_RULES

    return [rule for rule in rules if rule.length >= _MIN_RULE or goes_on(rule)]


def _is_drawn(zone: Zone, uprights: Sequence[Rule]) -> bool:
    """Whether vertical rules stand among the text: boxes of a flow chart or other drawings, but no table's cells."""
    inside = sum(
        zone.x0 < r.position < zone.x1 and r.start < zone.bottom and zone.top < r.end and r.length > zone.em
        for r in uprights
    )
    return inside > 1


def _beside(zone: Zone, line: Line) -> bool:
    return line.x0 < zone.x1 and line.x1 > zone.x0


def _ruled_zones(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Zone]:
    zones: list[Zone] = []
    for group in _full_rules([r for r in rules if r.length >= _MIN_RULE]):
        x0, x1 = group[0].start, group[0].end
        within = [narrowed for line in lines if (narrowed := _narrow(line, x0, x1)) is not None]
        stripes = _group_to_stripes(group, within)
        run = [group[0]]
        for stripe in stripes:
            if _is_gap(stripe, stripes) if not stripe.lines else _parts_tables(stripe, stripes):
                zones.extend(_rules_to_zone(run, rules, within))
                run = []
            run.append(stripe.lower)
        zones.extend(_rules_to_zone(run, rules, within))
    return zones


def _group_to_stripes(group: Sequence[Rule], lines: Sequence[Line]) -> list[_Stripe]:
    positions = [rule.position for rule in group]
    inside: list[list[Line]] = [[] for _ in group[1:]]
    for line in lines:
        at = bisect_left(positions, line.middle) - 1
        if 0 <= at < len(inside):
            inside[at].append(line)
    return [_Stripe(upper, lower, tuple(some)) for (upper, lower), some in zip(pairwise(group), inside, strict=True)]


def _is_gap(stripe: _Stripe, stripes: Sequence[_Stripe]) -> bool:
    """Whether the empty space between two rules is no row without text: those are as high as the lowest other row."""
    least = min((other.height for other in stripes if other.lines), default=0.0)
    return not 0.9 * least <= stripe.height <= _EMPTY_ROW * least


def _full_rules(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that begin and end at the same places, two or more, from top to bottom; the widest groups first."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.position):
        for group in groups:
            if abs(group[0].start - rule.start) <= _SAME_SIDE and abs(group[0].end - rule.end) <= _SAME_SIDE:
                if rule.position - group[-1].position > _SAME_EDGE:
                    group.append(rule)
                break
        else:
            groups.append([rule])
    full = sorted((g for g in groups if len(g) > 1), key=lambda g: g[0].start - g[0].end)
    kept: list[list[Rule]] = []
    for group in full:
        # Rules of single columns lie between those that run over the whole table.
        inside = any(
            g[0].position <= group[0].position <= g[-1].position
            and g[0].start - _SAME_SIDE <= group[0].start
            and group[0].end <= g[0].end + _SAME_SIDE
            for g in kept
        )
        if not inside:
            kept.append(group)
    return kept


def _narrow(line: Line, x0: float, x1: float) -> Line | None:
    """The pieces of the line between two sides."""
    pieces = tuple(p for p in line.pieces if x0 - _SAME_SIDE <= p.center <= x1 + _SAME_SIDE)
    if len(pieces) == len(line.pieces):
        return line
    return (
        Line(pieces, min(p.y0 for p in pieces), max(p.y1 for p in pieces), line.em, line.has_leaders)
        if pieces
        else None
    )


def _parts_tables(stripe: _Stripe, stripes: Sequence[_Stripe]) -> bool:
    """Whether what stands between two rules is a title, captions or prose, which part two tables."""
    content, around = stripe.lines, [line for other in stripes for line in other.lines]
    usual = median(line.em for line in around)
    if any(_is_title(line, usual) and not _is_beside_numbers(line, content) for line in content):
        return True
    close = sum(b.middle - a.middle < _BELOW * a.em for a, b in pairwise(content))
    if close and 2 * close + 1 >= len(content):
        return False  # cells of several lines side by side
    if not any(piece.numeric for line in content for piece in line.pieces):
        if len(content) > 1 and any(is_caption(line) for line in content):
            return True
        if stripe.hangs_low and _SOME * sum(other.hangs_low for other in stripes) <= len(stripes):
            return True
    left = min(line.x0 for line in around)
    return sum(_is_prose(line, left) for line in content) > 1


def _is_title(line: Line, usual: float) -> bool:
    """Whether most texts of the line are set in larger type than is usual around it.

    Numbers do not count: on scans a speck over a digit makes it look larger.
    """
    sizes = [word_em(word) for piece in line.pieces if not piece.numeric for word in piece.words]
    return bool(sizes) and median(sizes) > _TITLE * usual


def _is_beside_numbers(line: Line, content: Sequence[Line]) -> bool:
    """Whether a line stands at the height of numbers, as a line of a cell does and no title.

    The characters of a seal beside a text, which look like a part of it, make it look larger.
    """
    near = [other for other in content if abs(other.middle - line.middle) < line.em]
    return max(_n_numeric([other]) for other in near) > 1


def is_caption(line: Line) -> bool:
    """Whether the line says something like 单位：万元 and holds no numbers of its own."""
    if any(piece.numeric for piece in line.pieces):
        return False
    named = [_names_value(piece) for piece in line.pieces]
    return named[0] or named[-1] or 2 * sum(named) >= len(named)


def _is_prose(line: Line, left: float) -> bool:
    """Whether one long text fills the line from its left side; further right, it is the text of a column."""
    return len(line.pieces) == 1 and len(line.pieces[0].text) >= _PROSE and line.x0 - left < _INDENT * line.em


def _names_value(piece: Piece) -> bool:
    text = piece.text
    at = max(text.find(colon) for colon in _COLONS)
    return 0 < at < len(text) - 1


def _has_numbers(line: Line) -> bool:
    return len(line.pieces) > 1 and any(piece.numeric for piece in line.pieces)


def _rules_to_zone(run: Sequence[Rule], rules: Sequence[Rule], lines: Sequence[Line]) -> list[Zone]:
    if len(run) < 2:
        return []
    top, bottom = run[0].position, run[-1].position
    x0, x1 = min(r.start for r in run), max(r.end for r in run)
    content = tuple(line for line in lines if top < line.middle < bottom)
    texts = sum(not piece.numeric for line in content for piece in line.pieces)
    if not texts or max(len(line.pieces) for line in content) < 2:
        return []  # the grid lines of a chart, or a frame around prose
    inner = tuple(r for r in rules if top - 1 <= r.position <= bottom + 1 and r.start < x1 and r.end > x0)
    em = median(line.em for line in content)
    first = [line for line in content if line.middle < run[1].position]
    if len(run) == 2:
        head_end = open_head_end(content, top)
    else:
        goes_on = 2 * _n_numeric(first) > sum(len(line.pieces) for line in first)
        head_end = top if goes_on else _ruled_head_end(run, content)
        head_end = _above_column_numbers(content, head_end)
    return [Zone(x0, x1, top, bottom, head_end, content, inner, em)]


def _above_column_numbers(lines: Sequence[Line], head_end: float) -> float:
    """Where a header ends that has a row of column numbers as its last: above that row."""
    for above, line in pairwise(lines):
        if line.middle < head_end and len(line.pieces) > 2 and 2 * _n_numeric([line]) > len(line.pieces):
            return (above.y1 + line.y0) / 2
    return head_end


def _ruled_head_end(run: Sequence[Rule], lines: Sequence[Line]) -> float:
    """The last rule over the first numbers, as far as what stands between the rules looks like header texts."""
    end = run[1].position
    first = next((i for i, line in enumerate(lines) if _has_numbers(line) and line.middle > end), None)
    if first is None:
        return end
    for rule in run[2:-1]:
        between = [line for line in lines if end < line.middle < rule.position]
        if rule.position > lines[first].middle or any(_is_body_like(line, lines[first:]) for line in between):
            break
        end = rule.position
    return end


def _n_numeric(lines: Sequence[Line]) -> int:
    return sum(piece.numeric for line in lines for piece in line.pieces)


def _open_zones(lines: Sequence[Line], first: Line | None) -> list[Zone]:
    """Stretches of lines with three and more pieces; what parts them is prose, titles, captions, or space.

    ``first`` is the first line of the page.
    """
    zones: list[Zone] = []
    run: list[Line] = []
    above: Line | None = None
    justified = _justified(lines)
    for index, line in enumerate(lines):
        ends = index in justified or _ends_table(line, run)
        if run and (ends or line.middle - run[-1].middle > _reach(line, run)):
            zones.extend(_run_to_zone(run, above, first))
            run = []
        if index in justified or _ends_table(line, run):
            above = line
        else:
            run.append(line)
    zones.extend(_run_to_zone(run, above, first))
    return zones


def _justified(lines: Sequence[Line]) -> set[int]:
    """Lines of a paragraph by their index: they fill the measure of a line of prose next to them, with wide gaps."""
    prose = {i for i, line in enumerate(lines) if len(line.pieces) == 1 and len(line.pieces[0].text) >= _PROSE}
    found: set[int] = set()
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        step = -order.step
        for index in order:
            line, other = lines[index], lines[index + step]
            if (index + step in prose or index + step in found) and _same_measure(line, other):
                found.add(index)
    return found - prose


def _same_measure(line: Line, other: Line) -> bool:
    near = abs(line.middle - other.middle) < _LEADING * max(line.em, other.em)
    return near and abs(line.x0 - other.x0) < _ALIGNED and abs(line.x1 - other.x1) < _ALIGNED


def _is_contents(line: Line, run: Sequence[Line]) -> bool:
    """Whether dots lead to the number of a page, not to the amounts of a row."""
    return line.has_leaders and not any(sum(piece.numeric for piece in o.pieces[1:]) > 1 for o in (line, *run))


def _reach(line: Line, run: Sequence[Line]) -> float:
    """How far, in points, a line may be below the last one of its table: further in a form left empty."""
    em = max(line.em, run[-1].em)
    is_empty = len(run) > 1 and len(run[-1].pieces) > 2 and not any(map(_has_amounts, run))
    is_sum = line.x0 < run[-1].x0 and (len(line.pieces) == 1 or _has_numbers(line))
    return (_NEXT_EMPTY if is_empty and is_sum else _NEXT) * em


def _has_amounts(line: Line) -> bool:
    return _has_numbers(line) and not is_column_numbers(line.pieces)


def _ends_table(line: Line, run: Sequence[Line]) -> bool:
    left = min((other.x0 for other in run), default=line.x0)
    if _is_contents(line, run) or _is_prose(line, left):
        return True
    if is_caption(line) and not (line.x0 - left > _INDENT * line.em and _in_column(line, run[-_NEAR_LINES:])):
        return True
    return bool(run) and _is_title(line, median(other.em for other in run))


def _run_to_zone(run: Sequence[Line], above: Line | None, first: Line | None) -> list[Zone]:
    """The zone of a run of lines; a caption line ``above`` it with texts at both ends is as wide as its table."""
    lines = list(run)
    while lines and len(lines[0].pieces) == 1 and not _is_spanner(lines) and not _in_column(lines[0], lines[1:2]):
        lines.pop(0)
    usual = median(line.em for line in lines) if lines else 0.0
    while lines and _is_title(lines[0], usual):
        lines.pop(0)
    while lines and len(lines[-1].pieces) == 1 and not _is_last_row(lines):
        lines.pop()
    if not _looks_tabular(lines) and not (lines and lines[0] is first and _is_rest_of_table(lines)):
        return []
    em = median(line.em for line in lines)
    gaps = sorted(b.y0 - a.y1 for a, b in pairwise(lines)) or [em]
    pad = min(max(gaps[len(gaps) // 2] / 2, 0.1 * em), 0.6 * em)
    top, bottom = lines[0].y0 - pad, lines[-1].y1 + pad
    x0 = min(line.x0 for line in lines) - _PAD * em
    x1 = max(line.x1 for line in lines) + _PAD * em
    if above is not None and is_caption(above) and 0 < top - above.middle < _NEXT * em and above.x1 > x1 - _PAD * em:
        room = _WIDER * (x1 - x0)
        x1 = min(above.x1, x1 + room) if above.x1 > x1 else x1
        x0 = above.x0 if len(above.pieces) > 1 and x0 - room < above.x0 < x0 else x0
    return [Zone(x0, x1, top, bottom, open_head_end(lines, top), tuple(lines), (), em)]


def _looks_tabular(lines: Sequence[Line]) -> bool:
    """Whether the lines have three and more texts often enough.

    Numbers alone in their lines, below one another or scattered, are the scale and the values of a chart.
    """
    if not lines:
        return False
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    if median(sum(p.x1 - p.x0 for p in line.pieces) for line in lines) > _INK * width:
        return False  # lines of prose, spread to fill their measure
    rich = sum(len(line.pieces) >= 3 for line in lines)
    lone_numbers = sum(len(line.pieces) == 1 and line.pieces[0].numeric for line in lines)
    texts = sum(not piece.numeric for line in lines for piece in line.pieces)
    if len(lines) < 2 or not rich or lone_numbers > _LONE_NUMBERS * len(lines) or texts < 3:
        return False
    return rich > 1 or not any(piece.numeric for line in lines for piece in line.pieces)


def _is_spanner(lines: Sequence[Line]) -> bool:
    """Whether the first line stands in the header that the next lines show.

    Header texts stand in the middle of their cells. So the highest of those cells begins as far above its text as
    the header ends below it, and a text that spans others stands inside that height; a title stands above it.
    """
    first = lines[0]
    end = open_head_end(lines[1:], first.y0)
    head = [line for line in lines[1:] if line.middle < end]
    if all(len(line.pieces) < 2 for line in head) or head[0].middle - first.middle > _NEXT * first.em:
        return False
    blocks = head_blocks(head, first.em, ())
    highest = min(2 * block.middle - end for block in blocks)
    return first.middle > highest + 0.2 * first.em


def _in_column(line: Line, next_to: Sequence[Line]) -> bool:
    """Whether a lone text begins where one of the line next to it does, as labels of one column do."""
    piece = line.pieces[0]
    return not piece.numeric and any(abs(p.x0 - piece.x0) <= _ALIGNED for other in next_to for p in other.pieces)


def _is_last_row(lines: Sequence[Line]) -> bool:
    """Whether a lone text at the end is of the table: of the cell above, in line with it, or a sum without amounts."""
    if _closes_cell(lines) or _in_column(lines[-1], lines[-2:-1]):
        return True
    last, others = lines[-1], lines[:-1]
    if not others or any(map(_has_numbers, others)):
        return False
    width = max(line.x1 for line in others) - last.x0
    return last.x0 < min(line.pieces[0].x1 for line in others) and last.x1 - last.x0 < _SHORT * width


def _is_rest_of_table(lines: Sequence[Line]) -> bool:
    """Whether one or two lines are rows of a table that began on the page before: a text and numbers in each."""
    numbers = [sum(piece.numeric for piece in line.pieces) for line in lines]
    texts = [len(line.pieces) - n for line, n in zip(lines, numbers, strict=True)]
    return min(numbers) > 1 and min(texts) > 0 and max(len(line.pieces) for line in lines) > 3


def _closes_cell(lines: Sequence[Line]) -> bool:
    """Whether the last line is the end of a cell that begins in the line above."""
    last, above = lines[-1].pieces[0], lines[-2] if len(lines) > 1 else None
    if above is None or lines[-1].middle - above.middle > 1.6 * lines[-1].em:
        return False
    return any(p.x0 < last.x1 and last.x0 < p.x1 for line in lines[-4:-1] for p in line.pieces)


def _head_end_of_texts(lines: Sequence[Line]) -> float:
    """The same without numbers: the header ends where the lines stand furthest apart, or with its last line."""
    rich = [i for i, line in enumerate(lines) if len(line.pieces) >= 3]
    last = rich[0] if rich else 0
    while last + 1 < len(lines) and lines[last + 1].middle - lines[last].middle < _LEADING * lines[last].em:
        last += 1
    if last + 1 == len(lines):
        return lines[-1].y1 + 0.3 * lines[-1].em
    return (lines[last].y1 + lines[last + 1].y0) / 2


def _is_body_like(line: Line, body: Sequence[Line]) -> bool:
    """Whether all texts of a line without numbers begin where labels of the body do; header texts are centred."""
    starts = [p.x0 for other in body for p in other.pieces if not p.numeric]
    return all(sum(abs(x0 - piece.x0) <= _ALIGNED for x0 in starts) > 1 for piece in line.pieces)


def open_head_end(lines: Sequence[Line], top: float) -> float:
    """Where the header ends when no rule tells: above the first line with numbers."""
    numbered = [i for i, line in enumerate(lines) if _has_numbers(line)]
    if not lines:
        return top
    if not numbered:
        return _head_end_of_texts(lines)
    first = numbered[0]
    pitches = [lines[b].middle - lines[a].middle for a, b in pairwise(numbered)]
    pitch = min((p for p in pitches if p > 1.0), default=0.0)
    anchor = first
    while first and lines[anchor].middle - lines[first - 1].middle < 0.65 * pitch:
        first -= 1  # a label of two lines begins above the numbers of its row
    while first and _is_body_like(lines[first - 1], lines[anchor:]):
        first -= 1
    if not first:
        return top
    return (lines[first - 1].y1 + lines[first].y0) / 2
