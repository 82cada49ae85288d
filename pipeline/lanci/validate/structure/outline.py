"""The outline of a list of items: which lines are numbered under which line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lanci.interpret import Item
from lanci.validate.numbering import number_of

_CHOICE = re.compile(r"其中")


@dataclass(frozen=True, slots=True)
class Block:
    """A line with the lines under it, by their indices in the list.

    Attributes:
        head: the line.
        lines: all lines under it.
        direct: those of them that are numbered in the widest style that is used there; empty where none is numbered.
        stated: the numbering says that they are parts of the line, and all of them: no 其中.
    """

    head: int
    lines: range
    direct: tuple[int, ...]
    stated: bool


def rank_of(item: Item) -> int | None:
    """The style of an item's number, 0 for the widest; None where it has none."""
    number = number_of(item.label)
    return None if number is None else number[0]


def top_items(items: Sequence[Item]) -> list[Item]:
    """The items that are numbered in the widest style of the list."""
    ranked = [(rank, item) for item in items if (rank := rank_of(item)) is not None and not item.is_total]
    widest = min((rank for rank, _ in ranked), default=None)
    return [item for rank, item in ranked if rank == widest]


def read_blocks(items: Sequence[Item]) -> Iterator[Block]:
    """Every line with lines under it: those of narrower numbers, or of none, up to the next of its own style.

    A line without a number that stands under none itself has the numbered lines under it that directly follow
    (上年结转 above 一、二、三).
    """
    ranks = [rank_of(item) for item in items]
    taken = 0
    for head, item in enumerate(items):
        if item.is_total or (ranks[head] is None and head < taken):
            continue
        end = _find_end(items, ranks, head)
        if end > head + 1:
            taken = max(taken, end)
            lines = range(head + 1, end)
            numbered = [rank for rank in ranks[lines.start : end] if rank is not None]
            direct = tuple(line for line in lines if numbered and ranks[line] == min(numbered))
            whole = not any(_CHOICE.search(items[line].label) for line in lines)
            yield Block(head, lines, direct, stated=bool(direct) and whole)


def _find_end(items: Sequence[Item], ranks: Sequence[int | None], head: int) -> int:
    own = ranks[head]
    end = head + 1
    while end < len(items) and not items[end].is_total:
        rank = ranks[end]
        if own is None and rank is None:
            break
        if own is not None and rank is not None and rank <= own:
            break
        end += 1
    return end


def read_loose_runs(items: Sequence[Item], blocks: Sequence[Block]) -> list[list[int]]:
    """The lines without numbers that stand under no numbered line, in runs that no total and no number cuts."""
    taken = {line for block in blocks for line in (block.head, *block.lines)}
    runs: list[list[int]] = []
    for index, item in enumerate(items):
        if index in taken or item.is_total or rank_of(item) is not None:
            continue
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return [run for run in runs if len(run) > 1]
