"""Page grids as arrays and text, the form in which the structure metrics read them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lanci.document import Box
from lanci.text import join_lines
from lanci_eval.matching import PageGrid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def printed(text: str) -> str:
    """A cell's text on one line, as the text-comparing structure metrics read it.

    Lines of a cell are joined without a space between Chinese characters and with one where words meet, and
    runs of white space are one space: a system must not lose points for keeping the line breaks of a narrow
    cell. All else, width and case of characters too, counts as it is.
    """
    return join_lines(text.splitlines())


def owners(grid: PageGrid) -> IntArray:
    """Which cell covers each position: indices into ``grid.cells``, -1 for none; shape (rows, columns)."""
    owner = np.full((grid.n_rows, grid.n_cols), -1, dtype=np.int64)
    for index, cell in enumerate(grid.cells):
        owner[cell.row : cell.row + cell.row_span, cell.col : cell.col + cell.col_span] = index
    return owner


def distinct(texts: Sequence[str]) -> tuple[list[str], IntArray]:
    """The different texts, sorted, and for each of ``texts`` its place among them: tables repeat their texts."""
    names = sorted(set(texts))
    place = {name: index for index, name in enumerate(names)}
    return names, np.array([place[text] for text in texts], dtype=np.int64)


def box_array(boxes: Sequence[Box | None]) -> FloatArray:
    """Boxes as rows ``x0, y0, x1, y1``, shape (n, 4); NaN where there is none."""
    rows = [(np.nan,) * 4 if box is None else (box.x0, box.y0, box.x1, box.y1) for box in boxes]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def box_ious(first: FloatArray, second: FloatArray) -> FloatArray:
    """Intersection over union of each box of ``first`` (n, 4) and of ``second`` (m, 4); shape (n, m).

    A box that is missing (NaN) has nothing in common with any other. Two boxes without an area are the same
    (1) or different (0).
    """
    a, b = first[:, None, :], second[None, :, :]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    common = np.maximum(sides, 0.0).prod(axis=-1)
    union = _areas(a) + _areas(b) - common
    same = (a == b).all(axis=-1).astype(np.float64)
    ious: FloatArray = np.divide(common, union, out=same, where=union > 0)
    return np.nan_to_num(ious, nan=0.0)


def _areas(boxes: FloatArray) -> FloatArray:
    areas: FloatArray = np.maximum(boxes[..., 2:] - boxes[..., :2], 0.0).prod(axis=-1)
    return areas
