"""Ruled table areas: connected networks of drawn rules that close cells, straight from a page's vector graphics.

Rules are strokes, thin filled rectangles, dots in a row and the edges of stroked rectangles. Rules of the paper's
colour and the edges of unstroked fills (shading) are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from lanci.document import Box, Transform, boxes_to_hull
from lanci_eval.evidence.visible import is_white

_THIN = 2.5  # points; a filled rectangle up to this wide is a rule
_SNAP = 2.0  # rules of one direction closer than this are one
_GAP = 3.0  # gap bridged along a rule, and reach of a rule towards the ones it meets
_SHORTEST = 8.0
_SMALLEST_CELL = 4.0
_SIDE = 0.05  # of a network's height; a rule beside it that ends so close to its ends belongs to it
_TOO_MANY = 2_000  # rules of one direction; beyond this a page is a drawing, no table


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule: at ``at`` across its direction, from ``start`` to ``end`` along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Network:
    """Rules that meet each other, and the cells that they close, in reading order."""

    box: Box
    cells: tuple[Box, ...]

    @property
    def n_rows(self) -> int:
        return len({round(cell.y0) for cell in self.cells})

    @property
    def n_cols(self) -> int:
        return len({round(cell.x0) for cell in self.cells})


def find_networks(page: pymupdf.Page, drawings: Iterable[dict[str, Any]]) -> tuple[Network, ...]:
    """The networks with at least one closed cell, from top to bottom, in the frame of the page as displayed."""
    pieces = list(_pieces(drawings, Transform(*page.rotation_matrix), Box(*page.rect)))
    level = _merge([Rule((b.y0 + b.y1) / 2, b.x0, b.x1) for b in pieces if b.height <= _THIN])
    upright = _merge([Rule((b.x0 + b.x1) / 2, b.y0, b.y1) for b in pieces if b.width <= _THIN])
    if not level or not upright or max(len(level), len(upright)) > _TOO_MANY:
        return ()
    meets = _meeting(level, upright)
    lone = [upright[j] for j in np.flatnonzero(~meets.any(axis=0)).tolist()]
    networks = [_widen(_network(level, upright, meets, members), lone) for members in _components(meets)]
    return tuple(sorted((n for n in networks if n.cells), key=lambda n: (n.box.y0, n.box.x0)))


def _pieces(drawings: Iterable[dict[str, Any]], to_page: Transform, bounds: Box) -> Iterator[Box]:
    """The drawn rules as boxes that are thin in at least one direction, cut to the page."""
    for path in drawings:
        kind = path.get("type", "")
        stroked = "s" in kind and not is_white(path.get("color")) and path.get("stroke_opacity", 1) != 0
        filled = "f" in kind and not is_white(path.get("fill")) and path.get("fill_opacity", 1) != 0
        if not stroked and not filled:
            continue
        for item in path["items"]:
            for raw in _item_to_boxes(item, stroked):
                box = to_page.box(raw)
                if box.x0 <= bounds.x1 and box.x1 >= bounds.x0 and box.y0 <= bounds.y1 and box.y1 >= bounds.y0:
                    yield _cut(box, bounds)


def _item_to_boxes(item: Sequence[Any], stroked: bool) -> list[Box]:
    """The thin boxes that one drawing command leaves: a line, a thin rectangle, the edges of a stroked one."""
    if item[0] == "l":
        return [_hull(item[1:3])]
    if item[0] == "re":
        box = Box(*item[1][:4])
    elif item[0] == "qu":
        box = _hull(item[1])
    else:
        return []
    if min(box.width, box.height) <= _THIN:
        return [box]
    if not stroked:
        return []
    (x0, y0), (x1, y1) = (box.x0, box.y0), (box.x1, box.y1)
    return [Box(x0, y0, x1, y0), Box(x0, y1, x1, y1), Box(x0, y0, x0, y1), Box(x1, y0, x1, y1)]


def _hull(points: Iterable[Sequence[float]]) -> Box:
    xs, ys = zip(*((p[0], p[1]) for p in points), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _cut(box: Box, bounds: Box) -> Box:
    return Box(max(box.x0, bounds.x0), max(box.y0, bounds.y0), min(box.x1, bounds.x1), min(box.y1, bounds.y1))


def _merge(rules: Iterable[Rule]) -> list[Rule]:
    """Rules at one place become one, pieces in a row become one; what stays short is dropped."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: (r.at, r.start, r.end)):
        if groups and rule.at - groups[-1][0].at <= _SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [merged for group in groups for merged in _join(group) if merged.end - merged.start >= _SHORTEST]


def _join(group: Sequence[Rule]) -> list[Rule]:
    length = sum(r.end - r.start for r in group)
    at = sum(r.at * (r.end - r.start) for r in group) / length if length else group[0].at
    joined: list[Rule] = []
    for rule in sorted(group, key=lambda r: (r.start, r.end)):
        if joined and rule.start <= joined[-1].end + _GAP:
            joined[-1] = Rule(at, joined[-1].start, max(joined[-1].end, rule.end))
        else:
            joined.append(Rule(at, rule.start, rule.end))
    return joined


def _meeting(level: Sequence[Rule], upright: Sequence[Rule]) -> NDArray[np.bool_]:
    """Whether level rule i and upright rule j touch or cross; shape (level, upright)."""
    h = np.array([(r.at, r.start, r.end) for r in level])[:, None, :]
    v = np.array([(r.at, r.start, r.end) for r in upright])[None, :, :]
    along = (v[..., 0] >= h[..., 1] - _GAP) & (v[..., 0] <= h[..., 2] + _GAP)
    across = (h[..., 0] >= v[..., 1] - _GAP) & (h[..., 0] <= v[..., 2] + _GAP)
    return np.asarray(along & across, dtype=np.bool_)


def _components(meets: NDArray[np.bool_]) -> list[tuple[list[int], list[int]]]:
    """The connected sets of rules, as (level, upright) indices."""
    todo = set(range(meets.shape[0]))
    found: list[tuple[list[int], list[int]]] = []
    for first in range(meets.shape[0]):
        if first not in todo:
            continue
        level, upright, front = {first}, set[int](), {first}
        while front:
            new = set(np.flatnonzero(meets[sorted(front)].any(axis=0)).tolist()) - upright
            upright |= new
            front = set(np.flatnonzero(meets[:, sorted(new)].any(axis=1)).tolist()) - level if new else set()
            level |= front
        todo -= level
        found.append((sorted(level), sorted(upright)))
    return found


def _network(
    level: Sequence[Rule], upright: Sequence[Rule], meets: NDArray[np.bool_], members: tuple[list[int], list[int]]
) -> Network:
    rows = sorted(members[0], key=lambda i: (level[i].at, level[i].start))
    cols = sorted(members[1], key=lambda j: (upright[j].at, upright[j].start))
    cells = [cell for i in rows for j in cols if meets[i, j] and (cell := _cell(level, upright, meets, (i, j)))]
    cells.sort(key=lambda c: (round(c.y0), c.x0))
    boxes = [Box(level[i].start, level[i].at, level[i].end, level[i].at) for i in rows]
    boxes += [Box(upright[j].at, upright[j].start, upright[j].at, upright[j].end) for j in cols]
    return Network(boxes_to_hull(boxes), tuple(cells))


def _widen(network: Network, lone: Sequence[Rule]) -> Network:
    """Take in the upright rules beside a network that begin and end with it: columns of one cell without level rules.

    So print programs leave merged cells that a page break cuts above and below.
    """
    box = network.box
    margin = _SIDE * box.height
    beside = [r for r in lone if abs(r.start - box.y0) <= margin and abs(r.end - box.y1) <= margin]
    if not network.cells or not beside:
        return network
    x0, x1 = min(box.x0, *(r.at for r in beside)), max(box.x1, *(r.at for r in beside))
    return Network(Box(x0, box.y0, x1, box.y1), network.cells)


def _cell(
    level: Sequence[Rule], upright: Sequence[Rule], meets: NDArray[np.bool_], corner: tuple[int, int]
) -> Box | None:
    """The smallest closed cell whose top left corner is where the two rules meet."""
    top, left = corner
    x0, y0 = upright[left].at, level[top].at
    rights = [j for j in np.flatnonzero(meets[top]).tolist() if upright[j].at >= x0 + _SMALLEST_CELL]
    bottoms = [i for i in np.flatnonzero(meets[:, left]).tolist() if level[i].at >= y0 + _SMALLEST_CELL]
    rights = [j for j in rights if upright[j].start <= y0 + _GAP and upright[j].end > y0 + _GAP]
    bottoms = [i for i in bottoms if level[i].start <= x0 + _GAP and level[i].end > x0 + _GAP]
    if upright[left].end <= y0 + _GAP or level[top].end <= x0 + _GAP:
        return None
    for bottom in sorted(bottoms, key=lambda i: level[i].at):
        for right in sorted(rights, key=lambda j: upright[j].at):
            if meets[bottom, right]:
                return Box(x0, y0, upright[right].at, level[bottom].at)
    return None
