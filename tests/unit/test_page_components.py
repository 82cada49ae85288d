"""Connected pieces of ink come out as OpenCV numbers and measures them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lanci.page.components import find_components


def _print_like() -> NDArray[np.uint8]:
    """Rules, strokes that touch at corners only, specks, and ink along the picture's edges."""
    rng = np.random.default_rng(7)
    mask = np.where(rng.random((90, 131)) < 0.08, 255, 0).astype(np.uint8)
    mask[40:42, 5:120] = 255
    mask[:, 130] = 255
    mask[3, :12] = 255
    mask[60:80, 20:50] = np.eye(20, 30, dtype=np.uint8) * 255
    return mask


def _one_pixel() -> NDArray[np.uint8]:
    mask = np.zeros((5, 4), dtype=np.uint8)
    mask[2, 3] = 1
    return mask


@pytest.mark.parametrize(
    "mask",
    [_print_like(), np.ascontiguousarray(_print_like().T), _one_pixel(), np.zeros((6, 9), dtype=np.uint8)],
    ids=["page", "turned", "one pixel", "blank"],
)
def test_pieces_are_those_of_opencv(mask: NDArray[np.uint8]) -> None:
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = find_components(mask)
    assert len(found.stats) == count
    assert np.array_equal(found.labels, labels)
    assert np.array_equal(found.stats[1:], stats[1:])
    assert found.stats[0, cv2.CC_STAT_AREA] == stats[0, cv2.CC_STAT_AREA]
    assert np.allclose(found.centres, centres)


def test_a_row_that_is_inked_to_its_end_does_not_go_on_in_the_next() -> None:
    mask = np.zeros((3, 4), dtype=np.uint8)
    mask[0, 3] = mask[1, 0] = 255
    assert sorted(find_components(mask).stats[1:].tolist()) == [[0, 1, 1, 1, 1], [3, 0, 1, 1, 1]]


def test_a_sheet_that_is_ink_all_over_is_one_piece() -> None:
    found = find_components(np.full((3, 4), 255, dtype=np.uint8))
    assert found.stats[1:].tolist() == [[0, 0, 4, 3, 12]]
    assert found.centres[1].tolist() == [1.5, 1.0]
    assert np.isfinite(found.centres).all()
