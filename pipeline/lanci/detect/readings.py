"""The readings of a stretch of the page that may be a table, of which the one that explains its texts best stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lanci.detect.aligned import Layout, layout_to_region, zone_to_layout
from lanci.detect.continued import continued_layout, edges_here
from lanci.detect.forms import form_to_layout, split_form
from lanci.detect.gutters import split_at_gutter
from lanci.detect.pieces import Line
from lanci.detect.score import score_region
from lanci.detect.zones import Zone, find_zones
from lanci.document import Rule, TableRegion

_KNOWN = 0.05
"""How much better than with the columns of the page before, which are known, a reading must be with others: what is
left of a seal makes columns of its own."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region that may be a table with its score; ``bounded`` ones lie between horizontal rules."""

    region: TableRegion
    score: float
    bounded: bool


def find_aligned(
    page: int, lines: Sequence[Line], rules: Sequence[Rule], before: Sequence[float] = ()
) -> list[Candidate]:
    """Candidate tables from the lines and rules of a page that belong to no other table.

    ``before`` are the column edges of the last table on the page before: one without a header may go on with them.
    """
    if not any(len(line.pieces) > 1 for line in lines):
        return []
    found: list[Candidate] = []
    streams = split_at_gutter(lines)
    for zone in find_zones(lines, rules):
        around = next((stream for stream in streams if zone.lines[0] in stream), lines)
        for part in split_form(zone):
            best = _read_zone(page, part, around, edges_here(part, lines, before))
            if best is not None:
                found.append(best)
    return found


def _read_zone(page: int, zone: Zone, lines: Sequence[Line], before: Sequence[float]) -> Candidate | None:
    """The best reading of a zone among the lines around it; of equal ones the first.

    Going on with the columns ``before`` is the first.
    """
    best: Candidate | None = None
    lead = 0.0
    continued = continued_layout(zone, before) if before else None
    if continued is not None:
        best, lead = _to_candidate(page, zone, lines, continued), _KNOWN
    for layout in _layouts(zone):
        if best is not None and best.score + lead >= 1.0:
            break
        other = _to_candidate(page, zone, lines, layout)
        if best is None or other.score > best.score + lead:
            best, lead = other, 0.0
    return best


def _to_candidate(page: int, zone: Zone, lines: Sequence[Line], layout: Layout) -> Candidate:
    region = layout_to_region(layout, page)
    return Candidate(region, score_region(region, lines).value, bounded=bool(zone.rules))


def _layouts(zone: Zone) -> Iterator[Layout]:
    """The readings of a zone that goes on with no other: as a form, with a header, without one."""
    plain = zone_to_layout(zone)
    form = form_to_layout(zone)
    if form is not None:
        yield form
    if plain is None:
        return
    yield plain
    if zone.head_end > zone.top:
        bare = zone_to_layout(replace(zone, head_end=zone.top))
        if bare is not None:
            yield bare
