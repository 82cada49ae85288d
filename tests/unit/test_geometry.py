"""Maps between frames: points, boxes, and one map after another."""

from __future__ import annotations

import pytest

from lanci.document import IDENTITY, Box, Transform

TILTED = Transform(1.02, 0.03, -0.01, 0.98, 5.0, -3.0, 1e-4, -2e-4)


def test_perspective_divides_by_the_distance() -> None:
    w = 1e-4 * 100 - 2e-4 * 200 + 1
    assert TILTED.point(100, 200) == pytest.approx(((102 - 2 + 5) / w, (3 + 196 - 3) / w))
    assert Transform(2, 0, 0, 3, 1, 1).point(10, 10) == (21, 31)


def test_a_box_becomes_the_hull_of_its_corners() -> None:
    corners = [TILTED.point(x, y) for x in (10, 50) for y in (20, 80)]
    hull = TILTED.box(Box(10, 20, 50, 80))
    assert (hull.x0, hull.y1) == (min(x for x, _ in corners), max(y for _, y in corners))
    assert IDENTITY.box(Box(1, 2, 3, 4)) == Box(1, 2, 3, 4)


def test_one_map_after_another() -> None:
    turn = Transform(0, 1, -1, 0, 842, 0)
    both = turn.after(TILTED)
    other = TILTED.after(turn)
    for point in ((0.0, 0.0), (100.0, 300.0), (595.0, 842.0)):
        assert both.point(*point) == pytest.approx(turn.point(*TILTED.point(*point)))
        assert other.point(*point) == pytest.approx(TILTED.point(*turn.point(*point)))
    assert TILTED.after(IDENTITY) == IDENTITY.after(TILTED) == TILTED


def test_an_origin_at_infinity_is_refused() -> None:
    with pytest.raises(ValueError, match="infinity"):
        Transform(g=-0.1).after(Transform(e=10))
