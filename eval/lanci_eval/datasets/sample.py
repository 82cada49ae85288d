"""Which documents of a dataset are taken when not all are wanted, and loading no more than those."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lanci_eval.datasets.base import Contents, DatasetRequest, Item, Rejected


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that may be taken; ``load`` reads it."""

    id: str
    load: Callable[[], Item | Rejected]


def rank(ids: Iterable[str], seed: int) -> list[str]:
    """The ids in an order that looks random and depends for any two of them on nothing but these and the seed."""
    return sorted(ids, key=lambda name: (hashlib.sha256(f"{seed}:{name}".encode()).digest(), name))


def choose(ids: Iterable[str], limit: int | None, seed: int) -> tuple[str, ...]:
    """A random sample of at most ``limit`` ids, sorted.

    An id that is added later takes the place of at most one of the sample; the others stay.
    """
    return tuple(sorted(rank(ids, seed)[:limit]))


def take(candidates: Sequence[Candidate], request: DatasetRequest, rejected: Sequence[Rejected] = ()) -> Contents:
    """Load candidates in random order until there are as many items as asked for.

    Documents that turn out unusable on the way are reported, once where several items are made of one, and replaced
    by the next; those behind the last one taken are never opened. ``rejected`` are those known to be unusable
    beforehand.
    """
    by_id = {candidate.id: candidate for candidate in candidates}
    items: list[Item] = []
    refused: list[Rejected] = list(rejected)
    for name in rank(by_id, request.seed):
        if request.limit is not None and len(items) >= request.limit:
            break
        found = by_id[name].load()
        if isinstance(found, Item):
            items.append(found)
        else:
            refused.append(found)
    return Contents(
        tuple(sorted(items, key=lambda item: item.id)),
        tuple(sorted(set(refused), key=lambda one: (one.id, one.reason))),
    )
