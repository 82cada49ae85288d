"""Forms with merged labels, how tables end, and the parts of tables that pages show."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from lanci.classify.decode import rows_to_cuts
from lanci.classify.view import fragment_to_view
from lanci.document import Cell, RowRole
from lanci.facets import FacetValues
from lanci.training.augment import part
from lanci.training.examples import Example
from lanci.training.layouts import Layout
from lanci.training.merged_forms import MERGED_FORMS, MergedForm
from lanci.training.synthesis import form_to_example, layout_to_example

FORM = MergedForm(
    ("项目绩效目标表",),
    FacetValues("performance_targets"),
    "t t t",
    ("s 项目名称|=p|>", "s 绩效指标|指标|指标值", "d+ ^|数量指标|=v", "s 备注|=n|>"),
)


def label_of(example: Example) -> Cell:
    return next(cell for cell in example.fragment.cells if cell.text == "绩效指标")


@pytest.mark.parametrize("seed", range(8))
def test_a_label_runs_beside_its_repeated_rows(seed: int) -> None:
    made = form_to_example(FORM, random.Random(seed))
    roles = made.truth.row_roles
    n_details = roles.count(RowRole.DETAIL)
    assert roles == (RowRole.SECTION,) * 2 + (RowRole.DETAIL,) * n_details + (RowRole.SECTION,)
    assert label_of(made).row_span == 1 + n_details
    assert made.truth.n_header_rows == 0
    named = [cell for cell in made.fragment.cells if cell.text == "数量指标"]
    assert sum(cell.row_span for cell in named) == n_details


@pytest.mark.parametrize("form", MERGED_FORMS, ids=lambda form: form.titles[0])
def test_forms_follow_the_guideline(form: MergedForm) -> None:
    """A header ends where no merged label goes on, and never begins within one that begins among sections."""
    assert len({len(line.split(" ", 1)[1].split("|")) for line in form.rows} | {len(form.columns.split())}) == 1
    made = form_to_example(form, random.Random(1))
    assert made.truth.n_header_rows not in rows_to_cuts(fragment_to_view(made.fragment))
    above = made.truth.row_roles[: made.truth.n_header_rows]
    assert not above or above[-1] is RowRole.HEADER


@pytest.mark.parametrize("seed", range(12))
def test_a_part_is_what_a_page_shows(seed: int) -> None:
    rng = random.Random(seed)
    whole = form_to_example(FORM, rng)
    while whole.fragment.n_rows < 5:
        whole = form_to_example(FORM, rng)
    cut = part(whole, rng)
    assert 0 < cut.fragment.n_rows < whole.fragment.n_rows
    shown = {cell.text for cell in cut.fragment.cells}
    if cut.fragment.caption.title:
        assert "项目名称" in shown and "备注" not in shown
    elif cut.truth.row_roles[0] is RowRole.DETAIL:
        assert "绩效指标" not in shown
        assert (cut.fragment.cells[0].text, cut.fragment.cells[0].row) == ("", 0)


def test_what_is_too_short_is_not_cut() -> None:
    made = form_to_example(replace(FORM, rows=FORM.rows[:2]), random.Random(1))
    assert part(made, random.Random(1)) is made


def test_two_sided_tables_end_in_their_total() -> None:
    layout = Layout(("收支总表",), FacetValues("summary"), ("收入|>|支出|>", "项目|金额|项目|金额"), "s a s a")
    seen = set()
    for seed in range(30):
        made = layout_to_example(layout, random.Random(seed))
        roles = made.truth.row_roles
        assert roles[-1] is RowRole.TOTAL
        last = [cell.text for cell in made.fragment.cells if cell.row == len(roles) - 1]
        assert last[2] == last[0].replace("收入", "支出")
        for row, role in enumerate(roles):
            texts = {cell.text[:4] for cell in made.fragment.cells if cell.row == row}
            assert (role is RowRole.SUBTOTAL) == bool(texts & {"本年收入"})
        seen.add((last[0], RowRole.SUBTOTAL in roles))
    assert len(seen) == 4


def test_a_line_that_names_a_group_is_no_subtotal() -> None:
    layout = Layout(("采购表",), FacetValues("government_procurement"), ("类别|品目|金额",), "t i a")
    made = [layout_to_example(layout, random.Random(seed)) for seed in range(20)]
    grouped = [e for e in made if any(c.text == "" and c.col == 0 for c in e.fragment.cells)]
    assert 0 < len(grouped) < len(made)
    for example in grouped:
        assert set(example.truth.row_roles) == {RowRole.HEADER, RowRole.TOTAL, RowRole.DETAIL}
        blank = {(c.row, c.col) for c in example.fragment.cells if not c.text}
        assert any((row, 0) in blank and (row, 1) not in blank for row, _ in blank)
