"""A table that goes on from the page before without its header: its columns are those it has there.

The rows of one page may leave columns empty, or all of a column's texts be short; only the header showed where the
columns are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lanci.detect.aligned import Layout, place
from lanci.detect.body import body_rows
from lanci.detect.columns import Column
from lanci.detect.pieces import Line, Piece
from lanci.detect.zones import Zone, is_caption
from lanci.document import TableRegion

_SAME_WIDTH = 3.0  # points by which a table may be wider on one page than on another
_SHIFT = 15.0  # points by which a sheet may lie elsewhere on the scanner's glass
_OUT = 1.0  # points that a text may reach out of its column
_CROSSING = 0.05  # of the texts that may stand in several columns
_MOST_ABOVE = 1  # lines above a table that goes on: a running head


def region_columns(region: TableRegion) -> tuple[float, ...]:
    """The ascending sides of a region's columns."""
    return tuple(sorted({rule.position for rule in region.rules if not rule.horizontal}))


def edges_here(zone: Zone, lines: Sequence[Line], edges: Sequence[float]) -> tuple[float, ...]:
    """The column ``edges`` of the table before, moved to a zone that may go on with it; none where it may not.

    It may if it is as wide, on top of its page and without a header. What looks like a header of one row may be the
    first row; it makes no difference to the grid.
    """
    if len(edges) < 3 or not zone.rules or any(zone.top + 2 < r.position < zone.head_end - 2 for r in zone.rules):
        return ()
    left, right = zone.x0 - edges[0], zone.x1 - edges[-1]
    if abs(right - left) > _SAME_WIDTH or abs(left + right) > 2 * _SHIFT:
        return ()
    above = [line for line in lines if line.middle < zone.top]
    if len(above) > _MOST_ABOVE or any(is_caption(line) for line in above):
        return ()
    shift = (left + right) / 2
    return tuple(edge + shift for edge in edges)


def continued_layout(zone: Zone, edges: Sequence[float]) -> Layout | None:
    """The grid of a zone with the columns of the page before, None when its texts do not stand in them."""
    columns = [Column((x0 + x1) / 2, (x0 + x1) / 2) for x0, x1 in pairwise(edges)]
    pieces = [(index, piece) for index, line in enumerate(zone.lines) for piece in line.pieces]
    crossing = 0
    for index, piece in pieces:
        at = bisect_right(edges, piece.center) - 1
        if not 0 <= at < len(columns):
            return None
        if not _lies_in(piece, edges[at], edges[at + 1]):
            crossing += 1
            continue  # it would make all texts of its neighbours seem to stand in two columns
        own = Column(piece.x0, piece.x1, {index}, 1, int(piece.numeric))
        if columns[at].n:
            columns[at].absorb(own)
        else:
            columns[at] = own
    if crossing > _CROSSING * len(pieces):
        return None
    placed = place(zone.lines, edges, columns)
    rows, spans = body_rows(replace(zone, head_end=zone.top), placed, columns, edges, zone.em)
    return Layout((zone.top, *rows), tuple(edges), tuple(spans)) if rows else None


def _lies_in(piece: Piece, left: float, right: float) -> bool:
    return left - _OUT <= piece.x0 and piece.x1 <= right + _OUT
