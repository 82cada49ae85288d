"""Training examples: fragments with their truth, and cutting them to other shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lanci.annotation import AnnotatedDocument, FragmentTruth, table_to_fragments
from lanci.classify.context import ALONE, Surroundings, outlines_to_surroundings
from lanci.classify.outline import Outline, view_to_outline
from lanci.classify.view import fragment_to_view
from lanci.document import Cell, Fragment, HeaderRole, RowRole


@dataclass(frozen=True, slots=True)
class Example:
    """A fragment with its truth.

    ``group`` is the document it comes from (``""`` when it was made up), ``table`` the id of its table,
    ``weight`` what it counts in training, ``variant`` how it was derived (``""`` as annotated). ``around`` is what
    stands around it, ``continues`` whether it is more of the table that the fragment before it shows.
    """

    fragment: Fragment
    truth: FragmentTruth
    group: str = ""
    table: str = ""
    weight: float = 1.0
    variant: str = ""
    around: Surroundings = ALONE
    continues: bool = False


def documents_to_examples(documents: Sequence[AnnotatedDocument]) -> list[Example]:
    """Every fragment of every annotated table, as its page shows it and with what stands around it."""
    return [example for document in documents for example in _document_to_examples(document)]


def _document_to_examples(document: AnnotatedDocument) -> list[Example]:
    examples: list[Example] = []
    on_page: Counter[int] = Counter()
    for table in document.tables:
        for number, (fragment, truth) in enumerate(table_to_fragments(table)):
            placed = replace(fragment, index=on_page[fragment.page])
            on_page[fragment.page] += 1
            examples.append(Example(placed, truth, document.id, table.table.id, continues=number > 0))
    contents = [line.text for line in document.narrative if line.kind == "contents"]
    surroundings = outlines_to_surroundings([example_to_outline(example) for example in examples], contents)
    return [replace(example, around=around) for example, around in zip(examples, surroundings, strict=True)]


def example_to_outline(example: Example) -> Outline:
    """The outline of the fragment, its header known."""
    return view_to_outline(fragment_to_view(example.fragment), header_rows(example), example.truth.n_header_rows)


def select(example: Example, rows: Iterable[int], cols: Iterable[int]) -> Example:
    """The example with only these rows and columns, in their order; spans shrink with what is left of them.

    Header rows that go are no longer counted. A cell whose first row or column goes keeps its text.
    """
    row_at = {row: i for i, row in enumerate(rows)}
    col_at = {col: i for i, col in enumerate(cols)}
    roles = cell_roles(example)
    kept: list[tuple[Cell, HeaderRole | None]] = []
    for cell, role in zip(example.fragment.cells, roles, strict=True):
        own_rows = [row_at[row] for row in cell.rows if row in row_at]
        own_cols = [col_at[col] for col in cell.cols if col in col_at]
        if own_rows and own_cols:
            kept.append(
                (
                    replace(
                        cell,
                        row=own_rows[0],
                        col=own_cols[0],
                        row_span=len(own_rows),
                        col_span=len(own_cols),
                    ),
                    role,
                )
            )
    kept.sort(key=lambda item: (item[0].row, item[0].col))
    n_header = sum(row in row_at for row in range(example.truth.n_header_rows))
    truth = replace(
        example.truth,
        n_header_rows=n_header,
        row_roles=tuple(example.truth.row_roles[row] for row in row_at),
        header_roles=tuple(role or HeaderRole.TEXT for cell, role in kept if cell.row < n_header),
        column_roles=tuple(example.truth.column_roles[col] for col in col_at),
    )
    fragment = replace(
        example.fragment,
        n_rows=len(row_at),
        n_cols=len(col_at),
        cells=tuple(cell for cell, _ in kept),
        col_edges=_keep_edges(example.fragment, list(col_at)),
    )
    return replace(example, fragment=fragment, truth=truth)


def _keep_edges(fragment: Fragment, cols: Sequence[int]) -> tuple[float, ...]:
    """Edges of the columns that are kept, moved together over those that are not."""
    edges = [fragment.col_edges[cols[0]]] if cols else []
    for col in cols:
        edges.append(edges[-1] + fragment.col_edges[col + 1] - fragment.col_edges[col])
    return tuple(edges)


def cell_roles(example: Example) -> list[HeaderRole | None]:
    """The role of each cell that begins above the body, None for all others; in the order of the cells."""
    header = iter(example.truth.header_roles)
    n_header = example.truth.n_header_rows
    return [next(header) if cell.row < n_header else None for cell in example.fragment.cells]


def header_rows(example: Example) -> range:
    """The rows of header cells, without sections above and the column-number row."""
    rows = [i for i in range(example.truth.n_header_rows) if example.truth.row_roles[i] is RowRole.HEADER]
    return range(rows[0], rows[-1] + 1) if rows else range(0)
