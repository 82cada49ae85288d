"""The fingerprint of training data: another content, another fingerprint; the same content verified again, the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from lanci.annotation import (
    AnnotatedDocument,
    AnnotatedPage,
    AnnotatedTable,
    How,
    Narrative,
    Verification,
    load_annotation,
)
from lanci.document import Box
from lanci.training.fingerprint import training_data_to_sha256

DOCUMENT = load_annotation(Path(__file__).parents[2] / "annotations" / "documents" / "linxi-2021.json")


def with_first(table: AnnotatedTable) -> AnnotatedDocument:
    return replace(DOCUMENT, tables=(table, *DOCUMENT.tables[1:]))


def test_what_training_does_not_see_changes_nothing() -> None:
    first = DOCUMENT.tables[0]
    verified = Verification(How.BY_EYE, 0, len(first.table.cells), ("looked at again",))
    again = with_first(replace(first, verification=verified, inconsistencies=("an error of the source",)))
    again = replace(again, published="elsewhere", name="known by another name")
    assert training_data_to_sha256([again]) == training_data_to_sha256([DOCUMENT])


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
    assert training_data_to_sha256([changed]) != training_data_to_sha256([DOCUMENT])


def test_places_and_the_contents_page_change_it() -> None:
    first = DOCUMENT.tables[0]
    placed = with_first(replace(first, fragments=tuple(replace(f, box=Box(1, 2, 3, 4)) for f in first.fragments)))
    sized = replace(DOCUMENT, pages=(AnnotatedPage(1, 595, 842),))
    listed = replace(DOCUMENT, narrative=(Narrative(1, "contents", "一、收支总表"), *DOCUMENT.narrative))
    found = {training_data_to_sha256([one]) for one in (DOCUMENT, placed, sized, listed)}
    assert len(found) == 4


def test_titles_and_the_order_of_documents_count(tmp_path: Path) -> None:
    titles = tmp_path / "titles.csv"
    titles.write_text("title\n", encoding="utf-8")
    other = replace(DOCUMENT, id="other")
    found = [
        training_data_to_sha256([DOCUMENT], [titles]),
        training_data_to_sha256([DOCUMENT]),
        training_data_to_sha256([DOCUMENT, other]),
        training_data_to_sha256([other, DOCUMENT]),
    ]
    assert len(set(found)) == 4
