"""Variants of examples: what page breaks, other cities' forms and OCR do to the same table.

All variants of one example keep its document, so that a split by document never leaks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lanci.annotation import FragmentTruth
from lanci.document import Caption, Cell, HeaderRole, RowRole
from lanci.training.examples import Example, cell_roles, select

VARIANT_WEIGHT = 0.4

_NUMBER_CHARS = "0123456789.,-"


def vary(example: Example, alphabet: str, seed: int) -> list[Example]:
    """The variants of one example that training uses, each with a lower weight.

    Args:
        example: as annotated.
        alphabet: characters that garbling puts in.
        seed: for the random choices; the same seed gives the same variants.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible variety, not secrecy
    made = [
        drop_caption(example),
        drop_header(example),
        drop_caption(drop_header(example)),
        garble(example, 0.05, alphabet, rng),
        garble(drop_caption(example), 0.1, alphabet, rng),
        drop_row_numbers(example),
        drop_column_numbers(example),
        bare_column_numbers(example, stars=False),
        bare_column_numbers(example, stars=True),
        split_codes(drop_row_numbers(example)),
        header_only(example),
        tail(example, rng),
        part(example, rng),
        part(example, rng),
        title_only(example),
        blank_left(drop_header(drop_caption(example))),
    ]
    seen = {_key(example)}
    kept = []
    for variant in made:
        if (variant.fragment.n_rows or variant.fragment.caption.title) and _key(variant) not in seen:
            seen.add(_key(variant))
            kept.append(replace(variant, weight=example.weight * VARIANT_WEIGHT))
    return kept


def _key(example: Example) -> tuple[object, ...]:
    return (example.fragment.caption, example.fragment.cells)


def drop_caption(example: Example) -> Example:
    """Without title, caption lines and notes, as on a continuation page."""
    fragment = replace(example.fragment, caption=Caption(), notes=())
    return replace(example, fragment=fragment, variant="no caption")


def drop_header(example: Example) -> Example:
    """The body alone; the example itself when it has no header or no body."""
    n_header, n_rows = example.truth.n_header_rows, example.fragment.n_rows
    if n_header in (0, n_rows):
        return example
    cut = select(example, range(n_header, n_rows), range(example.fragment.n_cols))
    return replace(cut, variant="no header")


def header_only(example: Example) -> Example:
    """The header alone, as when a page ends under it."""
    if example.truth.n_header_rows == 0:
        return example
    cut = select(example, range(example.truth.n_header_rows), range(example.fragment.n_cols))
    return replace(cut, variant="header only")


def blank_left(example: Example) -> Example:
    """A two-sided summary whose left side has ended: its cells are there but empty."""
    items = [col for col, role in enumerate(example.truth.column_roles) if role is HeaderRole.ITEM]
    if len(items) != 2 or example.truth.n_header_rows:
        return example
    cells = tuple(
        replace(cell, text="") if items[0] <= cell.col < items[1] else cell for cell in example.fragment.cells
    )
    return replace(example, fragment=replace(example.fragment, cells=cells), variant="left side ended")


def title_only(example: Example) -> Example:
    """The caption over nothing: teaches the words of titles by themselves.

    A project's profile stands under the title of the targets that follow it, which would teach the wrong thing.
    """
    if example.truth.facets.kind == "project_profile":
        return example
    fragment = replace(example.fragment, n_rows=0, n_cols=0, cells=(), col_edges=(), notes=())
    truth = FragmentTruth(0, (), (), (), example.truth.facets)
    return replace(example, fragment=fragment, truth=truth, variant="title only")


def tail(example: Example, rng: random.Random) -> Example:
    """One to three rows from the end of the body, as left over on the next page, without caption."""
    n_body = example.fragment.n_rows - example.truth.n_header_rows
    if n_body == 0:
        return example
    first = example.fragment.n_rows - rng.randint(1, min(3, n_body))
    cut = select(example, range(first, example.fragment.n_rows), range(example.fragment.n_cols))
    return replace(drop_caption(cut), variant="tail")


def part(example: Example, rng: random.Random) -> Example:
    """What one page shows of a longer table: its beginning without the end, its middle or its end.

    Only the beginning keeps caption and header. Of a merged cell that the cut goes through the text is left behind.
    """
    n_rows, first_body = example.fragment.n_rows, example.truth.n_header_rows
    if n_rows - first_body < 3:
        return example
    begins, ends = rng.choice(((True, False), (False, False), (False, True)))
    first = 0 if begins else rng.randint(first_body + 1, n_rows - 2)
    last = n_rows - 1 if ends else rng.randint(max(first, first_body), n_rows - 2)
    begun = [replace(cell, text="") if cell.row < first else cell for cell in example.fragment.cells]
    whole = replace(example, fragment=replace(example.fragment, cells=tuple(begun)))
    cut = select(whole, range(first, last + 1), range(example.fragment.n_cols))
    return replace(cut if begins else drop_caption(cut), variant="part")


def drop_row_numbers(example: Example) -> Example:
    """Without the serial-number column; a 栏次 label that stood in it goes too."""
    roles = example.truth.column_roles
    cols = [col for col, role in enumerate(roles) if role is not HeaderRole.ROW_NUMBER]
    if len(cols) in (0, len(roles)):
        return example
    return replace(select(example, range(example.fragment.n_rows), cols), variant="no serial")


def drop_column_numbers(example: Example) -> Example:
    """Without the column-number row."""
    rows = [i for i, role in enumerate(example.truth.row_roles) if role is not RowRole.COLUMN_NUMBER]
    if len(rows) in (0, example.fragment.n_rows):
        return example
    return replace(select(example, rows, range(example.fragment.n_cols)), variant="no numbers")


def bare_column_numbers(example: Example, *, stars: bool) -> Example:
    """The column-number row without its label: ``1 2 3 …``, or ``** ** 1 2 …`` over code and name."""
    if RowRole.COLUMN_NUMBER not in example.truth.row_roles:
        return example
    row = example.truth.row_roles.index(RowRole.COLUMN_NUMBER)
    cells: list[Cell] = []
    number = 0
    for cell in example.fragment.cells:
        if cell.row != row:
            cells.append(cell)
            continue
        amount = example.truth.column_roles[cell.col] is HeaderRole.AMOUNT
        number += 1 if amount or not stars else 0
        cells.append(replace(cell, text=str(number) if amount or not stars else "**"))
    variant = "stars" if stars else "bare numbers"
    return replace(example, fragment=replace(example.fragment, cells=tuple(cells)), variant=variant)


def garble(example: Example, rate: float, alphabet: str, rng: random.Random) -> Example:
    """Replace, drop or double characters of texts at this rate, as bad OCR does; numbers are left alone."""

    def spoil(text: str) -> str:
        return "".join(_spoil_char(char, rate, alphabet, rng) for char in text)

    caption = example.fragment.caption
    lines = tuple(spoil(line) for line in caption.lines)
    title = spoil(caption.title) if caption.title else ""
    fragment = replace(
        example.fragment,
        cells=tuple(replace(cell, text=spoil(cell.text)) for cell in example.fragment.cells),
        caption=replace(caption, lines=lines, title=title),
    )
    return replace(example, fragment=fragment, variant="garbled")


def hide_words(example: Example) -> Example:
    """Every letter and ideograph replaced by one and the same: what is left is arrangement, lengths and numbers."""

    def hide(text: str) -> str:
        return "".join("□" if char.isalpha() else char for char in text)

    caption = example.fragment.caption
    fragment = replace(
        example.fragment,
        cells=tuple(replace(cell, text=hide(cell.text)) for cell in example.fragment.cells),
        caption=replace(caption, lines=tuple(map(hide, caption.lines)), title=hide(caption.title)),
        notes=tuple(map(hide, example.fragment.notes)),
    )
    return replace(example, fragment=fragment, variant="no words")


def _spoil_char(char: str, rate: float, alphabet: str, rng: random.Random) -> str:
    if char in _NUMBER_CHARS or rng.random() >= rate:
        return char
    choice = rng.random()
    if choice < 0.25:
        return ""
    if choice < 0.35:
        return char + char
    return rng.choice(alphabet)


def split_codes(example: Example) -> Example:
    """The subject-code column as three columns 类, 款, 项 with the digits of each level in its own."""
    roles = example.truth.column_roles
    if roles.count(HeaderRole.SUBJECT_CODE) != 1 or example.truth.n_header_rows < 2:
        return example
    col = roles.index(HeaderRole.SUBJECT_CODE)
    pairs = list(_split_cells(example, col))
    pairs.sort(key=lambda item: (item[0].row, item[0].col))
    n_header = example.truth.n_header_rows
    n_cols = example.fragment.n_cols + 2
    fragment = replace(
        example.fragment,
        n_cols=n_cols,
        cells=tuple(cell for cell, _ in pairs),
        col_edges=tuple(float(i) for i in range(n_cols + 1)),
    )
    truth = replace(
        example.truth,
        header_roles=tuple(role or HeaderRole.TEXT for cell, role in pairs if cell.row < n_header),
        column_roles=(*roles[:col], *[HeaderRole.SUBJECT_CODE] * 3, *roles[col + 1 :]),
    )
    return replace(example, fragment=fragment, truth=truth, variant="three code columns")


def _split_cells(example: Example, col: int) -> Iterator[tuple[Cell, HeaderRole | None]]:
    is_header = [role is RowRole.HEADER for role in example.truth.row_roles]
    for cell, role in zip(example.fragment.cells, cell_roles(example), strict=True):
        if cell.col > col:
            yield replace(cell, col=cell.col + 2), role
        elif cell.col != col or cell.col_span > 1:
            yield (replace(cell, col_span=cell.col_span + 2) if col in cell.cols else cell), role
        else:
            texts = _code_to_levels(cell.text)
            if role is not None:
                texts = ("类", "款", "项") if is_header[cell.row] else (cell.text, "", "")
            for level, text in enumerate(texts):
                yield replace(cell, col=col + level, text=text), role


def _code_to_levels(code: str) -> tuple[str, str, str]:
    return code[:3], code[3:5], code[5:7]


def examples_to_alphabet(examples: Sequence[Example]) -> str:
    """All characters of the examples' cells, sorted, for garbling."""
    return "".join(sorted({char for e in examples for cell in e.fragment.cells for char in cell.text if char.strip()}))
