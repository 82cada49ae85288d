"""The fingerprint of training data: another content, another fingerprint; the same content verified again, the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from lanci.annotation import AnnotatedDocument, AnnotatedPage, AnnotatedTable, How, Verification, load_annotation
from lanci.document import Box
from lanci.training.fingerprint import training_data_to_sha256

DOCUMENT = load_annotation(Path(__file__).parents[2] / "annotations" / "documents" / "linxi-2021.json")


def with_first(table: AnnotatedTable) -> AnnotatedDocument:
    return replace(DOCUMENT, tables=(table, *DOCUMENT.tables[1:]))


def test_what_training_does_not_see_changes_nothing() -> None:
    first = DOCUMENT.tables[0]
    cells = tuple(replace(cell, box=Box(1, 2, 3, 4)) for cell in first.table.cells)
    again = with_first(
        AnnotatedTable(
            replace(first.table, cells=cells),
            tuple(replace(part, box=Box(1, 2, 3, 4)) for part in first.fragments),
            Verification(How.BY_EYE, 0, len(cells), ("looked at again",)),
            ("an error of the source",),
        )
    )
    again = replace(again, pages=(AnnotatedPage(1, 595, 842),), published="elsewhere", narrative=())
    assert training_data_to_sha256([again], None) == training_data_to_sha256([DOCUMENT], None)


@pytest.mark.parametrize("member", ["kind", "notes", "cells", "row_roles"])
def test_what_training_sees_changes_it(member: str) -> None:
    table = DOCUMENT.tables[0].table
    values = {
        "kind": "other",
        "notes": ("注：无",),
        "cells": (replace(table.cells[0], text="序 号"), *table.cells[1:]),
        "row_roles": table.row_roles[::-1],
    }
    changed = with_first(replace(DOCUMENT.tables[0], table=replace(table, **{member: values[member]})))
    assert training_data_to_sha256([changed], None) != training_data_to_sha256([DOCUMENT], None)


def test_titles_and_the_order_of_documents_count(tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("title\n", encoding="utf-8")
    other = replace(DOCUMENT, id="other")
    found = [
        training_data_to_sha256([DOCUMENT], titles),
        training_data_to_sha256([DOCUMENT], None),
        training_data_to_sha256([DOCUMENT, other], None),
        training_data_to_sha256([other, DOCUMENT], None),
    ]
    assert len(set(found)) == 4
