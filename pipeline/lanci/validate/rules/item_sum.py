"""Rule ``item-sum``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lanci.document import Severity
from lanci.interpret import ItemList
from lanci.validate.certainty import IMPLIED, OPEN, discover, rate
from lanci.validate.constraints import Constraint, Term, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description
from lanci.validate.structure.headed_rows import find_headed_sums
from lanci.validate.structure.nested_sums import NestedSums
from lanci.validate.structure.nesting import find_top_lines
from lanci.validate.structure.outline import Block, rank_of, read_blocks, read_loose_runs

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
            cols = context.additive(items.amount_cols)
            blocks = _blocks_read(context, items)
            loose = read_loose_runs(items.items, blocks)
            blocks = [block for block in blocks if not _GROWTH.search(items.items[block.head].label)]
            sums = NestedSums(context, items, cols, frame)
            stated = [
                replace(one, may_miss_parts=_is_cut(context, items, block))
                for block in blocks
                if block.stated
                for col in cols
                if (one := sums.claim(block.head, block.direct, col))
                # A line without number and amount is a headline of what follows.
                and (not one.total.is_blank or rank_of(items.items[block.head]) is not None)
            ]
            yield from rate(stated, IMPLIED)
            yield from _rate_unstated(sums, [block for block in blocks if not block.stated])
            for run in (*loose, *([block.head, *block.lines] for block in blocks if not block.direct)):
                yield from sums.find(run)
        yield from find_headed_sums(context, frame)


def _rate_unstated(sums: NestedSums, blocks: Sequence[Block]) -> Iterator[Constraint]:
    """Lines with lines under them of which no number says that they are all of its parts.

    Those that hold and are no chance are proofs; the others are doubtful as long as most of the like hold.
    """
    context, items = sums.context, sums.items
    for col in items.amount_cols:
        found = []
        for block in blocks:
            lines = block.direct or [block.lines[i] for i in find_top_lines(_terms(context, items, block.lines, col))]
            one = sums.claim(block.head, lines, col)
            if one is not None:
                yield from discover(one, len(lines))
                # Of lines that go on where nothing was read it is not known which stand under which.
                if not _is_cut(context, items, block):
                    found.append(one)
        yield from (one for one in rate(found, OPEN) if one.is_broken)


def _blocks_read(context: TableContext, items: ItemList) -> list[Block]:
    """The lines with lines under them, but those that may themselves stand under a line that was not read."""
    blocks = list(read_blocks(items.items))
    if not context.reach.above:
        return blocks
    first = next((index for index, item in enumerate(items.items) if rank_of(item) is not None), len(items.items))
    return [block for block in blocks if block.head >= first]


def _is_cut(context: TableContext, items: ItemList, block: Block) -> bool:
    """Whether more lines of a block may stand on a page that was not read."""
    return context.reach.below and block.lines.stop == len(items.items)


def _terms(context: TableContext, items: ItemList, lines: Iterable[int], col: int) -> list[Term | None]:
    return [context.term(items.items[line].row, col) for line in lines]
