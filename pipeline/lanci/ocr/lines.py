"""Pictures of lines: from boxes on a page, and the order in which they are read."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lanci.document import Box, Image

Quad = NDArray[np.float32]
"""Shape (4, 2): the corners of a text line in pixels, clockwise from its top left."""

_TALL = 1.5
"""Height over width from which a found line is taken for vertical text and turned (as PP-OCR does)."""


_BLANK_CONTRAST = 24
"""A picture whose grey levels lie closer together than this holds nothing to read."""


def has_contrast(image: Image) -> bool:
    """Whether there is anything to read at all."""
    return image.size > 0 and int(image.max()) - int(image.min()) >= _BLANK_CONTRAST


def to_rgb(image: Image) -> Image:
    """The picture with three channels."""
    return image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)


def to_tensor(image: Image) -> NDArray[np.float32]:
    """What the networks take: shape (1, 3, height, width), BGR, values from -1 to 1."""
    if image.ndim == 2:
        plane = image * np.float32(1 / 127.5) - np.float32(1)
        return np.ascontiguousarray(np.broadcast_to(plane, (1, 3, *image.shape)))
    planes = np.ascontiguousarray(image[:, :, ::-1].transpose(2, 0, 1))
    return np.asarray(planes[None] * np.float32(1 / 127.5) - np.float32(1), dtype=np.float32)


def quad_to_box(quad: Quad) -> Box:
    """The axis-parallel hull in pixels."""
    return Box(*(float(v) for v in (*quad.min(axis=0), *quad.max(axis=0))))


def crop_quad(image: Image, quad: Quad) -> Image:
    """The line inside ``quad`` as an upright picture."""
    width = max(1, round(max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3]))))
    height = max(1, round(max(np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1]))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(quad, dtype=np.float32), target)
    line = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    if height >= _TALL * width:
        line = np.rot90(line)
    return np.ascontiguousarray(line, dtype=np.uint8)


def reading_order(boxes: list[Box]) -> list[int]:
    """Indices of ``boxes`` from top to bottom, boxes of one text row from left to right.

    Boxes are in one row when their centres differ by less than half of the smaller height.
    """
    order = sorted(range(len(boxes)), key=lambda i: (boxes[i].center[1], boxes[i].x0, i))
    rows: list[list[int]] = []
    for index in order:
        box = boxes[index]
        if rows:
            last = boxes[rows[-1][0]]
            if abs(box.center[1] - last.center[1]) < min(box.height, last.height) / 2:
                rows[-1].append(index)
                continue
        rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: (boxes[i].x0, i))]
