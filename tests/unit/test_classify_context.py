"""What stands around a fragment: parts before it, titles near it, the contents page, signs of a page break."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from tests.made_fragments import AMOUNT, CODE, NAME, D, H, T, fragment

from lanci.annotation import load_annotations
from lanci.classify import combine_facets, label_fragments, name_facets
from lanci.classify.context import ALONE, outlines_to_surroundings
from lanci.classify.facet_features import own_fields_to_sample
from lanci.classify.links import outline_to_link_sample
from lanci.classify.models import Models
from lanci.classify.outline import Outline, find_codes, view_to_outline
from lanci.classify.view import fragment_to_view
from lanci.document import Facets, HeaderRole, RowRole
from lanci.training.augment import drop_caption
from lanci.training.augment_context import vary_company
from lanci.training.composed_titles import compose_titles, put_over_grids
from lanci.training.examples import Example, documents_to_examples
from lanci.training.fit import fit_models

DOCUMENTS = Path(__file__).parents[2] / "annotations" / "documents"


def outline(page: int, title: str = "", header: str = "", *, index: int = 0, n_cols: int = 3) -> Outline:
    return Outline(page, index, title, header, 5, n_cols)


def test_surroundings_follow_pages_not_the_order_given() -> None:
    first, rest, last = outline(1, "收入总表", "|项目|"), outline(2), outline(3, "支出总表")
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        given = [(first, rest, last)[i] for i in order]
        found = dict(zip(order, outlines_to_surroundings(given), strict=True))
        assert found[0].previous is None
        assert (found[0].title_before, found[0].title_after) == ("", "支出总表")
        assert found[1].previous == first
        assert (found[1].title_before, found[1].header_before, found[1].title_after) == (
            "收入总表",
            "|项目|",
            "支出总表",
        )
        assert (found[2].previous, found[2].header_before, found[2].title_after) == (rest, "|项目|", "")


def test_fragments_of_one_place_are_no_neighbours() -> None:
    found = outlines_to_surroundings([outline(1, "收入总表"), outline(1, "支出总表")])
    assert found == [ALONE, ALONE]


def test_the_contents_name_what_has_no_title() -> None:
    contents = ["第一部分 概况....1", "一、收支总表……………2", "二、收入总表 ……… 3", "三、一般公共预算支出表·····4"]
    outlines = [outline(2, "收支总表"), outline(3), outline(4, "一般公共预算支山表")]
    entries = [around.entry for around in outlines_to_surroundings(outlines, contents)]
    assert entries == ["一、收支总表", "二、收入总表", "三、一般公共预算支出表"]
    assert [around.entry for around in outlines_to_surroundings(outlines)] == ["", "", ""]


def test_signs_of_a_page_break() -> None:
    upper = outline(1, "支出总表", "|科目编码|科目名称|金额|")
    upper = replace(upper, edges=(0.0, 0.3, 0.6, 1.0), serials=(1, 20), codes=("201", "2050201"))
    goes_on = replace(outline(2), edges=(0.0, 0.302, 0.6, 1.0), serials=(21, 30), codes=("2050202", "221"))
    other = replace(outline(2, "收入总表", "|来源|数额|"), n_cols=2, serials=(1, 3))
    _, after, _ = outlines_to_surroundings([upper, goes_on, outline(3)])
    words_and_signs = outline_to_link_sample(goes_on, after)
    assert words_and_signs is not None
    expected = {"next-page-top", "title-none", "header-none", "columns-exact", "serials-go-on", "codes-go-on"}
    assert expected <= set(words_and_signs[1].split())
    _, after = outlines_to_surroundings([upper, other])
    words_and_signs = outline_to_link_sample(other, after)
    assert words_and_signs is not None
    assert {"title-new", "header-new", "columns-fewer", "serials-begin"} <= set(words_and_signs[1].split())
    assert outline_to_link_sample(upper, ALONE) is None


def test_numbers_among_amounts_are_no_codes() -> None:
    rows = [
        ["编码", "名称", "金额"],
        ["201", "一般公共服务", "305.10"],
        ["20103", "事务", "306"],
        ["合计", "", "611.1"],
    ]
    made = fragment(1, rows, [H, D, D, T], [CODE, NAME, AMOUNT], title="支出总表").fragment
    view = fragment_to_view(made)
    body = [i for i, cell in enumerate(made.cells) if cell.row]
    assert find_codes(view, body) == ["201", "20103"]
    joined = fragment(1, [["201-行政", "30101-工资", "9.5"]], [D], [CODE, CODE, AMOUNT]).fragment
    assert find_codes(fragment_to_view(joined), range(3)) == ["201", "30101"]
    found = view_to_outline(view, range(1), 1)
    assert (found.title, found.header, found.codes) == ("支出总表", "|编码|名称|金额|", ("201", "20103"))
    assert found.edges == pytest.approx((0.0, 1 / 3, 2 / 3, 1.0))


def test_a_sample_without_surroundings_says_nothing_of_them() -> None:
    assert own_fields_to_sample(("a", "b", "c", "d", "e"), ALONE) == ("a", "b", "c", "d", "e", "", "")
    around = replace(ALONE, title_before="收入总表", entry="支出总表")
    assert own_fields_to_sample(("a", "b", "c", "d", "e"), around)[5:] == ("<收入总表|>", "^支出总表$")


def test_a_doubtful_type_is_not_named() -> None:
    doubtful = Facets((("income", 0.8), ("other", 0.2)), (("all", 0.9),), (("all", 1.0),), (("none", 1.0),), 0.85)
    named, probability = name_facets(doubtful)
    assert (named.type, probability) == ("other", 0.8)
    named, probability = name_facets(replace(doubtful, type_limit=0.75))
    assert (named.type, probability) == ("income_summary", 0.8)
    assert name_facets(combine_facets([])) == (named.__class__("other"), 0.0)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    names = ("linxi-2021", "julu-2022", "suzhou-shujuju-2026")
    return documents_to_examples([d for d in load_annotations(DOCUMENTS) if d.id in names])


@pytest.fixture(scope="module")
def models(examples: list[Example]) -> Models:
    """Trained on two documents, to be tried on the third."""
    seen = [e for e in examples if not e.group.startswith("suzhou")]
    bare = [replace(drop_caption(e), weight=0.4) for e in seen]
    return fit_models([*seen, *bare, *vary_company(seen, 1)], "0.0.1")


def test_examples_know_what_stands_around_them(examples: list[Example]) -> None:
    assert any(e.continues for e in examples)
    assert all(e.around.previous is not None for e in examples if e.continues)
    inside = [e.fragment for e in examples if e.group == "suzhou-shujuju-2026"]
    assert {f.detector for f in inside} == {"annotation"}
    assert len({(f.page, f.index) for f in inside}) == len(inside)


def test_variants_of_company_are_reproducible_and_true(examples: list[Example]) -> None:
    made = vary_company(examples, 5)
    assert made == vary_company(examples, 5)
    breaks = [e for e in made if e.variant == "page break"]
    assert breaks
    for example in breaks:
        assert example.continues
        assert not example.fragment.caption.title
        assert example.fragment.n_rows == len(example.truth.row_roles)
    strange = [e for e in made if e.variant == "among strangers"]
    assert strange
    assert not any(e.continues for e in strange)
    assert len(vary_company(examples, 5, most=1)) < len(made)


def test_composed_titles_stand_over_grids_of_other_funds(examples: list[Example]) -> None:
    titles = compose_titles(3)
    assert titles == compose_titles(3)
    assert len({t.facets for t in titles if t.facets.kind == "expenditure"}) == 54
    made = put_over_grids(titles, examples, 3)
    rows = {e.fragment.cells: e.truth.facets for e in examples}
    assert {e.truth.facets.kind for e in made} == {"expenditure", "income", "summary"}
    assert any(rows[e.fragment.cells].fund != e.truth.facets.fund for e in made)
    assert all(rows[e.fragment.cells].classification == e.truth.facets.classification for e in made)


def test_a_page_without_title_or_header_is_what_the_page_before_was(models: Models, examples: list[Example]) -> None:
    unseen = [e for e in examples if e.group == "suzhou-shujuju-2026"]
    headless = [i for i, e in enumerate(unseen) if e.continues and not e.truth.n_header_rows]
    assert len(headless) >= 5
    found = label_fragments([e.fragment for e in unseen], models)
    alone = [label_fragments([e.fragment], models)[0] for e in unseen]

    def right(facets: Facets, example: Example) -> bool:
        names = (facets.kind, facets.fund, facets.scope, facets.classification)
        truth = example.truth.facets
        return tuple(n[0][0] for n in names) == (truth.kind, truth.fund, truth.scope, truth.classification)

    together = sum(right(found[i].facets, unseen[i]) for i in headless)
    assert together > sum(right(alone[i].facets, unseen[i]) for i in headless)
    assert 2 * together >= len(headless)


def test_order_of_the_call_does_not_matter(models: Models, examples: list[Example]) -> None:
    fragments = [e.fragment for e in examples if e.group == "suzhou-shujuju-2026"]
    order = list(range(len(fragments)))
    random.Random(2).shuffle(order)
    found = label_fragments(fragments, models)
    shuffled = label_fragments([fragments[i] for i in order], models)
    assert [one.facets for one in shuffled] == [found[i].facets for i in order]
    assert {role for one in found for role in one.row_roles} <= set(RowRole)
    assert {role for one in found for role, _ in one.column_roles} <= set(HeaderRole)
