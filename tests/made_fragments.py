"""Labelled fragments made by hand, for the tests of stitching."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import Box, Caption, Cell, Facets, Fragment, HeaderRole, LabelledFragment, RowRole

H, N, D, T, S = RowRole.HEADER, RowRole.COLUMN_NUMBER, RowRole.DETAIL, RowRole.TOTAL, RowRole.SECTION
SERIAL, CODE, NAME, AMOUNT, TEXT, ITEM = (
    HeaderRole.ROW_NUMBER,
    HeaderRole.SUBJECT_CODE,
    HeaderRole.SUBJECT_NAME,
    HeaderRole.AMOUNT,
    HeaderRole.TEXT,
    HeaderRole.ITEM,
)
UP = "^"
"""A position that the cell above covers too."""


def fragment(
    page: int,
    rows: Sequence[Sequence[str]],
    row_roles: Sequence[RowRole],
    column_roles: Sequence[HeaderRole],
    *,
    title: str = "",
    lines: tuple[str, ...] = (),
    edges: Sequence[float] | None = None,
    **more: object,
) -> LabelledFragment:
    """A labelled fragment of a grid without side spans; rows are 20 points high."""
    edges = edges or [50.0 + 60.0 * i for i in range(len(column_roles) + 1)]
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text == UP:
                continue
            span = 1
            while r + span < len(rows) and rows[r + span][c] == UP:
                span += 1
            box = Box(edges[c], 100 + 20.0 * r, edges[c + 1], 100 + 20.0 * (r + span))
            cells.append(Cell(r, c, span, 1, text, page, box))
    n_header = sum(1 for role in row_roles if role in (H, N))
    return LabelledFragment(
        Fragment(
            page,
            int(str(more.pop("index", 0))),
            Box(edges[0], 100, edges[-1], 100 + 20.0 * len(rows)),
            len(rows),
            len(column_roles),
            tuple(cells),
            tuple(edges),
            Caption(lines=lines or ((title,) if title else ()), title=title),
            page_width=595.0,
            **more,  # type: ignore[arg-type]
        ),
        Facets(),
        n_header,
        tuple(row_roles),
        tuple((column_roles[c.col], 1.0) for c in cells if c.row < n_header),
        tuple((role, 1.0) for role in column_roles),
    )
