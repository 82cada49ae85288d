"""A picture of one page of every family, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pymupdf

from lanci.document import Image
from lanci_eval.factory.content import make_content
from lanci_eval.factory.families import Design
from lanci_eval.factory.produce import Made, print_content
from lanci_eval.scanning.scanner import encode_jpeg

_COLUMNS = 5
_TILE = (500, 500)  # width, height, pixels
_LABEL_HEIGHT = 26
_GAP = 8
_BACKGROUND = 120
_DPI = 110
_QUALITY = 60


def draw_overview(designs: Sequence[Design], seed: int) -> bytes:
    """A JPEG with a tile for each family: its name and engine, and the page that tells most of it."""
    tiles = [_draw_tile(design, seed, number) for number, design in enumerate(designs)]
    tiles += [np.full_like(tiles[0], _BACKGROUND)] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[start : start + _COLUMNS]) for start in range(0, len(tiles), _COLUMNS)]
    return encode_jpeg(np.vstack(rows), _QUALITY)


def _draw_tile(design: Design, seed: int, number: int) -> Image:
    made = print_content(make_content(seed, number, design.features), design.family, seed)
    with pymupdf.open(stream=made.pdf, filetype="pdf") as document:
        pixmap = document[_telling_page(made, document) - 1].get_pixmap(dpi=_DPI, alpha=False)
    page = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)
    image = page[:, : pixmap.width * 3].reshape(pixmap.height, pixmap.width, 3)
    tile = np.full((_LABEL_HEIGHT + _TILE[1] + _GAP, _TILE[0] + 2 * _GAP, 3), _BACKGROUND, dtype=np.uint8)
    scale = min(_TILE[0] / image.shape[1], _TILE[1] / image.shape[0])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    tile[_LABEL_HEIGHT : _LABEL_HEIGHT + small.shape[0], _GAP : _GAP + small.shape[1]] = small
    label = f"{design.family.name} ({design.family.engine})"
    cv2.putText(tile, label, (_GAP, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    return tile


def _telling_page(made: Made, document: pymupdf.Document) -> int:
    """The page with most cells of one part of a table; with a seal before others, then with a title."""
    sizes = [
        (
            bool(document[fragment.page - 1].get_image_info()),
            bool(fragment.caption_lines),
            (fragment.last_row - fragment.first_row + 1) * table.table.n_cols,
            -fragment.page,
        )
        for table in made.truth.tables
        for fragment in table.fragments
    ]
    return -max(sizes)[-1]
