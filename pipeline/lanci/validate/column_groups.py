"""Groups of columns that repeat the same columns: a total group and the groups that it adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lanci.document import Column, HeaderRole
from lanci.interpret.columns import is_total_name
from lanci.text import squash

_Path = tuple[str, ...]


def read_group_sums(columns: Sequence[Column]) -> Iterator[tuple[int, tuple[int, ...]]]:
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
