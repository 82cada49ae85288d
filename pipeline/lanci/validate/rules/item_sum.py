"""Rule ``item-sum``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lanci.document import Severity
from lanci.interpret import ItemList, is_ratio
from lanci.validate.certainty import IMPLIED, OPEN, discover, rate
from lanci.validate.constraints import Constraint, Term, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.nesting import find_parents, find_top_lines
from lanci.validate.outline import Block, rank_of, read_blocks, read_loose_runs
from lanci.validate.rules.base import Description

_GROWTH = re.compile(r"同比|环比|增长|%|率$|占比|比重")
"""Labels of shares and rates, which do not add up."""


class ItemSum:
    """A numbered line is the sum of the lines numbered under it; so is a line of which the amounts alone tell it."""

    name = "item-sum"
    severity = Severity.ERROR
    describes = Description(
        "A line equals the sum of the lines numbered under it: 一、 of （一）（二） or 1. 2., and so on. Lines "
        "without numbers are taken for parts only where their amounts add up to it, which proves them.",
        "列表中上级条目等于其下级编号条目之和（一、下的（一）（二）或1.2.等）；无编号的行仅在金额恰好相加时视为分项。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        frame = Frame(self.name, self.severity, Wording("其下各项", "the lines under it"), IMPLIED.certainty)
        for items in context.item_lists:
            cols = [col for col in items.amount_cols if not is_ratio(context.table.columns[col])]
            blocks = list(read_blocks(items.items))
            loose = read_loose_runs(items.items, blocks)
            blocks = [block for block in blocks if not _GROWTH.search(items.items[block.head].label)]
            stated = [
                one
                for block in blocks
                if block.stated
                for col in cols
                if (one := _claim(context, items, (block.head, block.direct), col, frame))
                # A line without number and amount is a headline of what follows.
                and (not one.total.is_blank or rank_of(items.items[block.head]) is not None)
            ]
            yield from rate(stated, IMPLIED)
            yield from _rate_unstated(context, items, [block for block in blocks if not block.stated], frame)
            for run in (*loose, *([block.head, *block.lines] for block in blocks if not block.direct)):
                for col in cols:
                    yield from _discover_nested(context, items, run, col, frame)


def _rate_unstated(
    context: TableContext, items: ItemList, blocks: Sequence[Block], frame: Frame
) -> Iterator[Constraint]:
    """Lines with lines under them of which no number says that they are all of its parts.

    Those that hold and are no chance are proofs; the others are doubtful as long as most of the like hold.
    """
    for col in items.amount_cols:
        found = []
        for block in blocks:
            lines = block.direct or [block.lines[i] for i in find_top_lines(_terms(context, items, block.lines, col))]
            one = _claim(context, items, (block.head, lines), col, frame)
            if one is not None:
                found.append(one)
                yield from discover(one, len(lines))
        yield from (one for one in rate(found, OPEN) if one.is_broken)


def _terms(context: TableContext, items: ItemList, lines: Iterable[int], col: int) -> list[Term | None]:
    return [context.term(items.items[line].row, col) for line in lines]


def _discover_nested(
    context: TableContext, items: ItemList, lines: Sequence[int], col: int, frame: Frame
) -> Iterator[Constraint]:
    """The sums that lines without numbers make of each other."""
    parents = find_parents(_terms(context, items, lines, col))
    parts: dict[int, list[int]] = {}
    for place, parent in enumerate(parents):
        if parent is not None:
            parts.setdefault(parent, []).append(place)
    for head in sorted(parts):
        own = tuple(lines[place] for place in parts[head])
        # The amounts can have agreed at each of the parts.
        yield from discover(_claim(context, items, (lines[head], own), col, frame), len(own))


def _claim(
    context: TableContext, items: ItemList, lines: tuple[int, Sequence[int]], col: int, frame: Frame
) -> Constraint | None:
    head = items.items[lines[0]]
    return context.claim((head.row, col), [(items.items[line].row, col) for line in lines[1]], frame, head.label)
