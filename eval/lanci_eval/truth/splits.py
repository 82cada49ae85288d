"""How the sides of the splits were drawn: by a seeded rule that knows sizes, not results."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lanci.annotation.splits import Side

SHARES: Mapping[Side, float] = {Side.TRAIN: 0.50, Side.DEV: 0.15, Side.TEST: 0.35}
"""What share of the documents each side should have."""


def draw_sides(sizes: Mapping[str, int], fixed: Mapping[str, Side], seed: int) -> dict[str, Side]:
    """A side for every name (a city, or a layout family), so that the sides come near to :data:`SHARES`.

    The names that are not fixed are taken in an order drawn with the seed; each goes to the side that lacks most
    of its share of the documents. The order is one of hashes: it depends on nothing but seed and name.

    Args:
        sizes: documents of each name; a name of size 0 counts nothing but gets a side.
        fixed: sides that are decided; they count towards the shares.
        seed: draws the order.

    Returns:
        Names in the order of ``sizes``.
    """
    total = sum(sizes.values())
    lacking = {side: share * total for side, share in SHARES.items()}
    for name, side in fixed.items():
        lacking[side] -= sizes[name]
    sides = dict(fixed)
    for name in sorted((name for name in sizes if name not in fixed), key=lambda name: _rank(seed, name)):
        sides[name] = max(SHARES, key=lambda side: lacking[side])
        lacking[sides[name]] -= sizes[name]
    return {name: sides[name] for name in sizes}


def _rank(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed}/{name}".encode()).hexdigest()
