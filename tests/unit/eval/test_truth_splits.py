"""The fixed split: no city on two sides, drawn by a rule that knows sizes only, and contradictions are named."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.seeds import SEEDS

from lanci.annotation import AnnotatedDocument, Side, check_splits, load_annotations, load_splits
from lanci.annotation.splits import list_documents, save_splits
from lanci.errors import AnnotationError
from lanci_eval.factory.families import DESIGNS
from lanci_eval.truth.splits import SHARES, draw_sides

SHIPPED = Path(__file__).parents[3] / "annotations"
NOT_DRAWN = {"邢台市", "石家庄市", "保定市", "山东省", "浙江省"}
"""The seeds, and papers of provinces that were filed under 潍坊 (train) and 嘉兴 (test)."""


@pytest.fixture(scope="module")
def documents() -> tuple[AnnotatedDocument, ...]:
    return load_annotations(SHIPPED / "documents")


def test_the_shipped_splits_fit_the_shipped_documents(documents: tuple[AnnotatedDocument, ...]) -> None:
    splits = load_splits(SHIPPED / "splits.json")
    assert check_splits(splits, documents) == ()
    assert {splits.side(d) for d in documents if d.id in SEEDS} == {Side.TRAIN}
    train = {d.city or d.province for d in documents if splits.side(d) is Side.TRAIN}
    assert train.isdisjoint(d.city or d.province for d in documents if splits.side(d) is not Side.TRAIN)


def test_the_shipped_sides_are_those_that_the_rule_draws() -> None:
    splits = load_splits(SHIPPED / "splits.json")
    drawn = {entry.city: entry for entry in splits.cities if entry.city not in NOT_DRAWN}
    # All scans but one are of 长沙: they can be on one side only, and are needed to measure.
    sides = draw_sides({city: entry.sampled for city, entry in drawn.items()}, {"长沙市": Side.TEST}, splits.seed)
    assert {city: entry.side for city, entry in drawn.items()} == sides
    total = sum(entry.sampled for entry in drawn.values())
    for side, share in SHARES.items():
        assert sum(entry.sampled for entry in drawn.values() if entry.side is side) / total == pytest.approx(
            share, abs=0.06
        )


def test_every_layout_family_of_the_factory_has_a_side() -> None:
    splits = load_splits(SHIPPED / "splits.json")
    assert {name for name, _ in splits.families} == set(DESIGNS)
    assert {splits.side_of_family(name) for name in DESIGNS} == set(Side)
    with pytest.raises(AnnotationError, match="layout family 'unheard-of'"):
        splits.side_of_family("unheard-of")


def test_a_generated_document_goes_by_its_family_and_not_by_its_city(documents: tuple[AnnotatedDocument, ...]) -> None:
    splits = load_splits(SHIPPED / "splits.json")
    tested = next(name for name, side in splits.families if side is Side.TEST)
    generated = replace(documents[0], city="无何有市", layout=tested)
    assert splits.side(generated) is Side.TEST
    with pytest.raises(AnnotationError, match="no side for 无何有市"):
        splits.side(replace(generated, layout="some-form"))


def test_a_city_is_known_with_and_without_its_suffix(documents: tuple[AnnotatedDocument, ...]) -> None:
    splits = load_splits(SHIPPED / "splits.json")
    assert splits.side_of_city("长沙") is splits.side_of_city("长沙市") is Side.TEST
    province = replace(documents[0], city="", province="长沙市")
    assert splits.side(province) is Side.TEST


def test_drawing_depends_on_seed_and_sizes_only() -> None:
    sizes = {f"c{number}": number % 5 + 1 for number in range(40)}
    one = draw_sides(sizes, {"c3": Side.TEST}, 1)
    assert one == draw_sides(dict(reversed(sizes.items())), {"c3": Side.TEST}, 1)
    assert one != draw_sides(sizes, {"c3": Side.TEST}, 2)
    assert one["c3"] is Side.TEST
    total = sum(sizes.values())
    for side, share in SHARES.items():
        assert sum(sizes[name] for name in one if one[name] is side) / total == pytest.approx(share, abs=0.05)


def test_each_contradiction_with_the_documents_is_named(documents: tuple[AnnotatedDocument, ...]) -> None:
    splits = load_splits(SHIPPED / "splits.json")
    linxi = next(d for d in documents if d.id == "linxi-2021")
    family = splits.families[0][0]

    def problems(*changed: AnnotatedDocument) -> str:
        rest = [d for d in documents if d.id not in {c.id for c in changed}]
        return " ".join(check_splits(splits, [*rest, *changed]))

    assert "linxi-2021: no side for its city 大理市" in problems(replace(linxi, city="大理市"))
    assert "linxi-2021: listed under 邢台市, but it is of 长沙市" in problems(replace(linxi, city="长沙市"))
    assert "newcomer-2026: not listed; add it to the documents of 长沙市 (test)" in problems(
        linxi, replace(linxi, id="newcomer-2026", city="长沙")
    )
    assert f"its layout {family!r} is the name of a family" in problems(replace(linxi, layout=family))
    without = [d for d in documents if d.id != "linxi-2021"]
    assert check_splits(splits, without) == ("linxi-2021: listed, but there is no such document; take it out",)


def test_documents_are_listed_with_their_cities(documents: tuple[AnnotatedDocument, ...], tmp_path: Path) -> None:
    splits = load_splits(SHIPPED / "splits.json")
    added = [*documents, replace(documents[0], id="newcomer-2026", city="长沙市")]
    listed = list_documents(splits, added)
    assert check_splits(listed, added) == ()
    save_splits(listed, tmp_path / "splits.json")
    assert load_splits(tmp_path / "splits.json") == listed
    save_splits(list_documents(listed, documents), tmp_path / "splits.json")
    assert (tmp_path / "splits.json").read_bytes() == (SHIPPED / "splits.json").read_bytes()
    with pytest.raises(AnnotationError, match="no side for 大理市"):
        list_documents(splits, [replace(documents[0], city="大理市")])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda c: c["cities"].append(dict(c["cities"][0], side="test", documents=[])),
            "the city 邢台 is named 2 times",
        ),
        (lambda c: c["cities"][5]["documents"].append("linxi-2021"), "the document linxi-2021 is named 2 times"),
        (lambda c: c["families"].append(dict(c["families"][0], side="dev")), "is named 2 times"),
        (lambda c: c["cities"][0].update(side="valid"), 'cities/0/side: "valid" is not one of'),
        (lambda c: c.pop("seed"), '"seed" is a required property'),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    spoil: Callable[[dict[str, Any]], object], message: str, tmp_path: Path
) -> None:
    content = json.loads((SHIPPED / "splits.json").read_text(encoding="utf-8"))
    spoil(content)
    path = tmp_path / "splits.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(AnnotationError, match=message):
        load_splits(path)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="cannot be read"):
        load_splits(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(AnnotationError, match="not a JSON file"):
        load_splits(tmp_path / "bad.json")
