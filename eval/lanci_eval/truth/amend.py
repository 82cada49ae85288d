"""Changing annotations from short scripts: pure functions that give a new table or a new document.

    from lanci_eval.truth import amend

    table = amend.get_table(document, "t003")
    table = amend.set_text(table, 7, 2, "1,204.50")
    document = amend.put_table(document, table)

Every result keeps what the checks of the format ask for: cells cover the rectangle, column paths follow from
the header cells, body cells have their columns' roles, fragments follow each other.
"""

from lanci_eval.truth.amend_cells import (
    delete_column,
    delete_row,
    insert_column,
    insert_row,
    merge_cells,
    set_box,
    set_text,
    split_cell,
)
from lanci_eval.truth.amend_labels import (
    add_doubt,
    fragment_on,
    move_break,
    set_caption,
    set_column_role,
    set_facets,
    set_fragment_caption,
    set_header_rows,
    set_inconsistencies,
    set_notes,
    set_row_role,
    set_verification,
)
from lanci_eval.truth.amend_rebuild import AmendError, recompute_paths
from lanci_eval.truth.amend_tables import (
    LEFT,
    UP,
    add_table_from_rows,
    delete_table,
    get_table,
    join_tables,
    put_table,
    renumber_tables,
    split_table,
)

__all__ = [
    "LEFT",
    "UP",
    "AmendError",
    "add_doubt",
    "add_table_from_rows",
    "delete_column",
    "delete_row",
    "delete_table",
    "fragment_on",
    "get_table",
    "insert_column",
    "insert_row",
    "join_tables",
    "merge_cells",
    "move_break",
    "put_table",
    "recompute_paths",
    "renumber_tables",
    "set_box",
    "set_caption",
    "set_column_role",
    "set_facets",
    "set_fragment_caption",
    "set_header_rows",
    "set_inconsistencies",
    "set_notes",
    "set_row_role",
    "set_text",
    "set_verification",
    "split_cell",
    "split_table",
]
