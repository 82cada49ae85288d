"""Make the table of the parts that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.classify import combine_facets, name_facets
from lanci.document import Cell, Column, Fragment, HeaderRole, LabelledFragment, RowRole, Table, TableFragment
from lanci.numbers import parse_amount
from lanci.stitch.beside import Spread
from lanci.stitch.common import to_common_columns
from lanci.stitch.decide import Link
from lanci.stitch.rows import Assembly, fill_gaps, lay_out
from lanci.stitch.view import FragmentView


def assemble(spread: Spread, table_id: str, companion: str | None) -> Table:
    """The table of its parts; every printed cell keeps its page and box."""
    chain = spread.chain
    parts = _on_common_columns(chain.parts)
    made = lay_out(chain, parts, parts[0].n_cols)
    fill_gaps(made, [_column_role(parts, col) for col in range(made.n_cols)])
    labelled = [part.labelled for part in chain.parts]
    likely = combine_facets(labelled)
    facets, probability = name_facets(likely)
    columns = _columns(made, parts)
    return Table(
        id=table_id,
        type=facets.type,
        kind=facets.kind,
        fund=facets.fund,
        scope=facets.scope,
        classification=facets.classification,
        type_probability=probability,
        guesses=likely if probability < likely.type_limit else None,
        caption=chain.caption,
        notes=_notes(labelled),
        n_rows=len(made.roles),
        n_cols=made.n_cols,
        n_header_rows=made.n_header_rows,
        row_roles=tuple(made.roles),
        columns=columns,
        fragments=_fragments(spread, made),
        cells=tuple(made.cells),
        companion=companion,
    )


def _on_common_columns(parts: Sequence[FragmentView]) -> Sequence[FragmentView]:
    same = len({part.n_cols for part in parts}) == 1
    return to_common_columns(parts if same else [_with_roles(part) for part in parts])


def _with_roles(part: FragmentView) -> FragmentView:
    """The part with the role of every cell written to the cell, for a cell that moves to another column."""
    fragment = part.labelled.fragment
    cells = tuple(replace(cell, role=role) for cell, role in zip(fragment.cells, part.cell_roles, strict=True))
    return FragmentView(replace(part.labelled, fragment=replace(fragment, cells=cells)))


def _notes(labelled: Sequence[LabelledFragment]) -> tuple[str, ...]:
    """The notes under all parts, each once, in order."""
    return tuple(dict.fromkeys(note for part in labelled for note in part.fragment.notes))


def _fragments(spread: Spread, made: Assembly) -> tuple[TableFragment, ...]:
    """What each page shows, in page order; of a wide table some pages show the left columns, some the right ones."""
    chain, rights = spread.chain, spread.rights
    shown = [
        _fragment(part.labelled.fragment, link, rows)
        for part, link, rows in zip(chain.parts, chain.links, made.spans, strict=True)
    ]
    if rights:
        shown = [replace(one, last_col=half.first_col - 1) for one, half in zip(shown, rights, strict=True)]
        shown += [
            replace(_fragment(half.fragment, half.link, rows), first_col=half.first_col, last_col=made.n_cols - 1)
            for half, rows in zip(rights, made.spans, strict=True)
        ]
    return tuple(sorted(shown, key=lambda one: one.page))


def _fragment(fragment: Fragment, link: Link, rows: tuple[int, int]) -> TableFragment:
    return TableFragment(
        page=fragment.page,
        box=fragment.box,
        first_row=rows[0],
        last_row=rows[1],
        probability=link.probability,
        evidence=link.reasons,
        number=fragment.index + 1,
    )


def _columns(made: Assembly, parts: Sequence[FragmentView]) -> tuple[Column, ...]:
    header = [cell for cell in made.cells if cell.row < made.n_header_rows]
    return tuple(_column(made, header, parts, col) for col in range(made.n_cols))


def _column(made: Assembly, header: Sequence[Cell], parts: Sequence[FragmentView], col: int) -> Column:
    above = [cell for cell in header if col in cell.cols]
    path = tuple(cell.text for cell in above if cell.text and made.roles[cell.row] is RowRole.HEADER)
    number = None
    for cell in above:
        if made.roles[cell.row] is RowRole.COLUMN_NUMBER:
            value = parse_amount(cell.text)
            number = int(value) if value is not None and value == int(value) else number
    return Column(col, _column_role(parts, col), path, number)


def _column_role(parts: Sequence[FragmentView], col: int) -> HeaderRole:
    """The role from the part that shows the header; from the surest part when none does."""
    with_header = [part for part in parts if part.header]
    if with_header:
        return with_header[0].labelled.column_roles[col][0]
    return max((part.labelled.column_roles[col] for part in parts), key=lambda pair: pair[1])[0]
