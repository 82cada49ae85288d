"""Where on a page tables with few or no rules may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from lanci.detect.heads import head_blocks
from lanci.detect.pieces import Line, Piece
from lanci.document import Rule

_SAME_SIDE = 4.0  # points; rules of one table begin and end this close to each other
_SAME_EDGE = 3.0  # points
_MIN_RULE = 60.0  # points; shorter rules underline words
_TITLE = 1.25  # times the usual size of type: a title
_NEXT = 3.2  # ems between the middles of a table's lines at most, where no rules hold it together
_LONE_NUMBERS = 0.3  # of the lines
_LEADING = 1.6  # ems between the middles of two lines of one cell at most
_WIDER = 0.15  # of the width of a table's texts by which its captions may be wider
_INK = 0.8  # of the width of a line of a table that its texts take at most, as a rule
_ALIGNED = 1.5  # points between the beginnings of two texts of a column
_EMPTY_ROW = 1.5  # times the lowest row with text
_INDENT = 3.0  # ems
_PROSE = 28  # characters in one piece; cells that long stand in lines of their own only in prose
_PAD = 0.5  # ems beyond the text to the side of a table that no rule bounds
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


def find_zones(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Zone]:
    """The zones that horizontal rules bound, then those of lines that stand in columns."""
    uprights = [r for r in rules if not r.horizontal]
    zones = _ruled_zones(lines, [r for r in rules if r.horizontal and r.length >= _MIN_RULE])
    free = [line for line in lines if not any(z.top <= line.middle <= z.bottom and _beside(z, line) for z in zones)]
    return zones + [zone for zone in _open_zones(free) if not _is_drawn(zone, uprights)]


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
    for group in _full_rules(rules):
        x0, x1 = group[0].start, group[0].end
        within = [narrowed for line in lines if (narrowed := _narrow(line, x0, x1)) is not None]
        run = [group[0]]
        for upper, lower in pairwise(group):
            content = [line for line in within if upper.position < line.middle < lower.position]
            if _is_gap(group, upper, lower, within) if not content else _parts_tables(content, within):
                zones.extend(_rules_to_zone(run, rules, within))
                run = []
            run.append(lower)
        zones.extend(_rules_to_zone(run, rules, within))
    return zones


def _is_gap(group: Sequence[Rule], upper: Rule, lower: Rule, lines: Sequence[Line]) -> bool:
    """Whether the empty space between two rules is no row without text: those are as high as the lowest other row."""
    rows = [
        b.position - a.position for a, b in pairwise(group) if any(a.position < t.middle < b.position for t in lines)
    ]
    least = min(rows, default=0.0)
    return not 0.9 * least <= lower.position - upper.position <= _EMPTY_ROW * least


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
    return Line(pieces, min(p.y0 for p in pieces), max(p.y1 for p in pieces), line.em) if pieces else None


def _parts_tables(content: Sequence[Line], around: Sequence[Line]) -> bool:
    """Whether what stands between two rules is a title, captions or prose, which part two tables."""
    usual = median(line.em for line in around)
    if any(line.em > _TITLE * usual for line in content):
        return True
    if len(content) > 1 and any(is_caption(line) for line in content) and not any(map(_has_numbers, content)):
        return True
    left = min(line.x0 for line in around)
    return sum(_is_prose(line, left) for line in content) > 1


def is_caption(line: Line) -> bool:
    """Whether the line says something like 单位：万元 and holds no numbers of its own."""
    if any(piece.numeric for piece in line.pieces):
        return False
    return any(_names_value(piece) for piece in line.pieces)


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
        head_end = _open_head_end(content, top)
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


def _open_zones(lines: Sequence[Line]) -> list[Zone]:
    """Stretches of lines with three and more pieces; what parts them is prose, titles, captions, or space."""
    zones: list[Zone] = []
    run: list[Line] = []
    above: Line | None = None
    for line in lines:
        if run and (line.middle - run[-1].middle > _NEXT * max(line.em, run[-1].em) or _ends_table(line, run)):
            zones.extend(_run_to_zone(run, above))
            run = []
        if _ends_table(line, run):
            above = line
        else:
            run.append(line)
    zones.extend(_run_to_zone(run, above))
    return zones


def _ends_table(line: Line, run: Sequence[Line]) -> bool:
    left = min((other.x0 for other in run), default=line.x0)
    if line.has_leaders or _is_prose(line, left):
        return True
    if is_caption(line) and not (line.x0 - left > _INDENT * line.em and _in_column(line, run[-3:])):
        return True
    return bool(run) and line.em > _TITLE * median(other.em for other in run)


def _run_to_zone(run: Sequence[Line], above: Line | None) -> list[Zone]:
    """The zone of a run of lines; a caption line ``above`` it with texts at both ends is as wide as its table."""
    lines = list(run)
    while lines and len(lines[0].pieces) == 1 and not _is_spanner(lines) and not _in_column(lines[0], lines[1:2]):
        lines.pop(0)
    usual = median(line.em for line in lines) if lines else 0.0
    while lines and lines[0].em > _TITLE * usual:
        lines.pop(0)
    while lines and len(lines[-1].pieces) == 1 and not _closes_cell(lines) and not _in_column(lines[-1], lines[-2:-1]):
        lines.pop()
    if not _looks_tabular(lines):
        return []
    em = median(line.em for line in lines)
    gaps = sorted(b.y0 - a.y1 for a, b in pairwise(lines))
    pad = min(max(gaps[len(gaps) // 2] / 2, 0.1 * em), 0.6 * em)
    top, bottom = lines[0].y0 - pad, lines[-1].y1 + pad
    x0 = min(line.x0 for line in lines) - _PAD * em
    x1 = max(line.x1 for line in lines) + _PAD * em
    if above is not None and is_caption(above) and 0 < top - above.middle < _NEXT * em and above.x1 > x1 - _PAD * em:
        room = _WIDER * (x1 - x0)
        x1 = min(above.x1, x1 + room) if above.x1 > x1 else x1
        x0 = above.x0 if len(above.pieces) > 1 and x0 - room < above.x0 < x0 else x0
    return [Zone(x0, x1, top, bottom, _open_head_end(lines, top), tuple(lines), (), em)]


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
    end = _open_head_end(lines[1:], first.y0)
    head = [line for line in lines[1:] if line.middle < end]
    if all(len(line.pieces) < 2 for line in head) or head[0].middle - first.middle > _NEXT * first.em:
        return False
    blocks = head_blocks(head, first.em, ())
    highest = min(2 * block.middle - end for block in blocks)
    return first.middle > highest + 0.2 * first.em


def _in_column(line: Line, next_to: Sequence[Line]) -> bool:
    """Whether a lone text begins where one of the line next to it does, as labels of one column do."""
    piece = line.pieces[0]
    return not piece.numeric and any(
        abs(p.x0 - piece.x0) <= _ALIGNED and not p.numeric for other in next_to for p in other.pieces
    )


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


def _open_head_end(lines: Sequence[Line], top: float) -> float:
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
