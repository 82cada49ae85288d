"""Made-up and changed examples keep their truth in step with their cells."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lanci.classify.view import fragment_to_view
from lanci.document import HeaderRole, RowRole
from lanci.errors import AnnotationError
from lanci.facets import FacetValues
from lanci.training.augment import (
    bare_column_numbers,
    drop_header,
    drop_row_numbers,
    garble,
    header_only,
    split_codes,
    vary,
)
from lanci.training.examples import Example, cell_roles, header_rows, select
from lanci.training.layouts import Layout
from lanci.training.synthesis import forms_to_examples, layout_to_example, read_titles, titles_to_examples

LAYOUT = Layout(
    ("一般公共预算支出表",),
    FacetValues("expenditure", "general_public", "all", "functional"),
    ("序号|功能分类科目|>|合计|基本支出", "^|科目编码|科目名称|^|^"),
    "no c n a a",
    "栏次 1 2 3 4",
)


@pytest.fixture
def example() -> Example:
    return layout_to_example(LAYOUT, random.Random(5))


def assert_whole(example: Example) -> None:
    """Every position has a cell, and every truth has the length of what it tells of."""
    fragment, truth = example.fragment, example.truth
    view = fragment_to_view(fragment)
    assert all(index >= 0 for row in view.owner for index in row)
    assert len(truth.row_roles) == fragment.n_rows
    assert len(truth.column_roles) == fragment.n_cols
    assert len(truth.header_roles) == sum(cell.row < truth.n_header_rows for cell in fragment.cells)
    assert [(c.row, c.col) for c in fragment.cells] == sorted((c.row, c.col) for c in fragment.cells)


def test_the_notation_makes_spans_and_roles(example: Example) -> None:
    assert_whole(example)
    group = example.fragment.cells[1]
    assert (group.text, group.col_span, group.row_span) == ("功能分类科目", 2, 1)
    assert cell_roles(example)[1] is HeaderRole.GROUP
    assert example.truth.row_roles[:3] == (RowRole.HEADER, RowRole.HEADER, RowRole.COLUMN_NUMBER)
    assert header_rows(example) == range(2)


def test_all_forms_and_their_variants_are_whole() -> None:
    for number, form in enumerate(forms_to_examples(seed=1, copies=1, n_lists=10)):
        for made in form:
            assert_whole(made)
            for variant in vary(made, "甲乙丙", number):
                assert_whole(variant)
                assert variant.weight < made.weight


def test_forms_are_the_same_for_the_same_seed() -> None:
    assert forms_to_examples(seed=4, copies=1, n_lists=3) == forms_to_examples(seed=4, copies=1, n_lists=3)
    assert forms_to_examples(seed=4, copies=1, n_lists=3) != forms_to_examples(seed=5, copies=1, n_lists=3)


def test_a_cut_shrinks_spans(example: Example) -> None:
    cut = select(example, range(example.fragment.n_rows), (0, 2, 3))
    assert_whole(cut)
    assert cut.fragment.cells[1].col_span == 1
    assert cut.truth.column_roles == (HeaderRole.ROW_NUMBER, HeaderRole.SUBJECT_NAME, HeaderRole.AMOUNT)


def test_header_and_body_apart(example: Example) -> None:
    body, header = drop_header(example), header_only(example)
    assert (body.truth.n_header_rows, header.truth.n_header_rows) == (0, 3)
    assert body.fragment.n_rows + header.fragment.n_rows == example.fragment.n_rows
    assert_whole(body)
    assert_whole(header)


def test_codes_in_three_columns_lose_no_digit(example: Example) -> None:
    split = split_codes(drop_row_numbers(example))
    assert_whole(split)
    assert split.truth.column_roles[:3] == (HeaderRole.SUBJECT_CODE,) * 3
    view = fragment_to_view(split.fragment)
    for row in range(split.truth.n_header_rows, split.fragment.n_rows):
        joined = "".join(view.texts[i] for i in view.row_cells(row)[:3])
        assert joined in {cell.text for cell in example.fragment.cells if cell.col == 1}


def test_bare_numbers_have_no_label(example: Example) -> None:
    stars = bare_column_numbers(example, stars=True)
    assert [cell.text for cell in stars.fragment.cells if cell.row == 2] == ["**", "**", "**", "1", "2"]


def test_garbling_spares_numbers(example: Example) -> None:
    spoilt = garble(example, 1.0, "甲", random.Random(0))
    for old, new in zip(example.fragment.cells, spoilt.fragment.cells, strict=True):
        if old.text.replace(".", "").replace(",", "").isdigit():
            assert new.text == old.text
    assert spoilt.fragment.caption.title != example.fragment.caption.title


def test_titles_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("# remark\ntitle,kind,fund,scope,classification\n收支总表,summary,all,all,none\n", encoding="utf-8")
    titles = read_titles(path)
    assert [(t.title, t.facets.kind) for t in titles] == [("收支总表", "summary")]
    examples = titles_to_examples(titles, [], seed=1)
    assert all(example.fragment.caption.title.endswith("收支总表") for example in examples)
    path.write_text("title,kind,fund,scope,classification\n收支总表,sumary,all,all,none\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"收支总表.*sumary"):
        read_titles(path)
