"""Fragments of annotated tables with their true labels, as a perfect classifier would hand them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lanci.annotation import AnnotatedTable, table_to_fragments
from lanci.document import Facets, LabelledFragment


def labelled_fragments(tables: Sequence[AnnotatedTable]) -> list[LabelledFragment]:
    """All fragments of the tables with their true labels, counted anew on each page."""
    made: list[LabelledFragment] = []
    for table in tables:
        facets = Facets(
            ((table.facets.kind, 1.0),),
            ((table.facets.fund, 1.0),),
            ((table.facets.scope, 1.0),),
            ((table.facets.classification, 1.0),),
        )
        for fragment, truth in table_to_fragments(table):
            index = sum(1 for one in made if one.fragment.page == fragment.page)
            made.append(
                LabelledFragment(
                    replace(fragment, index=index),
                    facets,
                    truth.n_header_rows,
                    truth.row_roles,
                    tuple((role, 1.0) for role in truth.header_roles),
                    tuple((role, 1.0) for role in truth.column_roles),
                )
            )
    return made
