"""Rule ``group-sum``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lanci.document import Column, HeaderRole, Severity
from lanci.interpret.columns import is_total_name
from lanci.text import squash
from lanci.validate.certainty import STATED, most_hold, rate
from lanci.validate.constraints import Constraint, Wording
from lanci.validate.context import Frame, TableContext
from lanci.validate.rules.base import Description

_Path = tuple[str, ...]


class GroupSum:
    """A group of columns under a total is the sum of the groups beside it, column by column."""

    name = "group-sum"
    severity = Severity.ERROR
    describes = Description(
        "Where 总计 or 小计 spans columns (funds, years), each of them equals the sum of the like columns under the "
        "headers beside it.",
        "总计、小计下再分若干列（资金、年度）时，各列等于同级其他栏目下对应列之和。",
    )

    def find(self, context: TableContext) -> Iterable[Constraint]:
        frame = Frame(self.name, self.severity, Wording("各组对应列", "the like columns of the other groups"), 0.0)
        for total, parts in _read_group_sums(context.table.columns):
            claims = (
                context.claim((row, total), [(row, col) for col in parts], frame) for row in context.view.data_rows
            )
            found = [one for one in claims if one is not None]
            if most_hold(found):
                yield from rate(found, STATED)


def _read_group_sums(columns: Sequence[Column]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each column under a spanning total with the like columns of the groups beside it, left to right.

    A group that has a total of its own beside its parts counts by that.
    """
    by_path = {
        tuple(squash(text) for text in column.path): column.index
        for column in columns
        if column.role is HeaderRole.AMOUNT
    }
    for path, index in by_path.items():
        for depth in range(len(path) - 1):
            if is_total_name(path[depth]):
                parts = _like_columns(by_path, path, depth)
                if len(parts) > 1:
                    yield index, parts


def _like_columns(by_path: dict[_Path, int], path: _Path, depth: int) -> tuple[int, ...]:
    """The columns under the sibling groups of ``path[:depth + 1]`` that end like the path."""
    rest = path[depth + 1 :]
    siblings = dict.fromkeys(other[depth] for other in by_path if len(other) > depth and other[:depth] == path[:depth])
    found = []
    for name in siblings:
        if name == path[depth]:
            continue
        head = (*path[:depth], name)
        inner = [(*head, *rest), *((*other[: depth + 2], *rest) for other in by_path if _is_total_in(other, head))]
        found.append(next((by_path[candidate] for candidate in inner if candidate in by_path), None))
    return () if None in found else tuple(col for col in found if col is not None)


def _is_total_in(path: _Path, head: _Path) -> bool:
    return len(path) > len(head) and path[: len(head)] == head and is_total_name(path[len(head)])
