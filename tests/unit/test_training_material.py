"""Which document is trained on, which is measured on, and what is said when that cannot be told."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lanci.annotation import load_annotation, save_annotation
from lanci.errors import AnnotationError
from lanci.training.compose import material_to_stock, stock_to_examples, without_facets
from lanci.training.material import CORRECTION_WEIGHT, MADE_WEIGHT, load_material

DOCUMENTS = Path(__file__).parents[2] / "annotations" / "documents"


def put(folder: Path, name: str, **changes: str) -> None:
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    document = replace(load_annotation(DOCUMENTS / f"{name}.json"), **changes)
    save_annotation(document, folder / "documents" / f"{document.id}.json")


def split(folder: Path, **sides: str) -> None:
    cities = [{"city": city, "side": side, "sampled": 1, "documents": []} for city, side in sides.items()]
    families = [{"family": "three-line", "side": "train"}, {"family": "borderless", "side": "test"}]
    content = {"schema": "lanci/splits/1", "seed": 1, "cities": cities, "families": families}
    (folder / "splits.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    folder = tmp_path / "annotations"
    put(folder, "gaoyi-2021")
    put(folder, "linxi-2021", id="seen-in-dev", city="甲市")
    put(folder, "linxi-2021", id="never-seen", city="乙市")
    split(folder, 石家庄市="train", 甲市="dev", 乙市="test")
    return folder


def test_sides_corrections_and_families(annotations: Path, tmp_path: Path) -> None:
    corrections, made = tmp_path / "mine", tmp_path / "made"
    put(corrections, "gaoyi-2021", id="mine", city="丙市")
    put(made, "gaoyi-2021", id="made-1", layout="three-line")
    put(made, "gaoyi-2021", id="made-2", layout="borderless")
    material = load_material([annotations, corrections], [made])
    assert [d.id for d in material.annotated] == ["gaoyi-2021", "seen-in-dev"]
    assert [d.id for d in material.corrected] == ["mine"]
    assert [d.id for d in material.test] == ["never-seen"]
    assert ([d.id for d in material.made], [d.id for d in material.made_test]) == (["made-1"], ["made-2"])
    assert material.weights == {"gaoyi-2021": 1, "seen-in-dev": 1, "mine": CORRECTION_WEIGHT, "made-1": MADE_WEIGHT}
    assert material.remarks == ()
    stock = material_to_stock(material)
    assert {e.weight for e in stock.real if e.group == "mine"} == {CORRECTION_WEIGHT}
    assert {e.group for e in stock.real} == {"gaoyi-2021", "seen-in-dev", "mine"}


def test_a_correction_from_a_test_city_takes_that_city_out_of_the_test(annotations: Path, tmp_path: Path) -> None:
    put(tmp_path / "mine", "gaoyi-2021", id="mine", city="乙市")
    material = load_material([annotations, tmp_path / "mine"])
    assert material.test == ()
    assert "乙市" in material.remarks[0]


def test_what_is_not_trained_on_leaves_the_fingerprint(annotations: Path, tmp_path: Path) -> None:
    before = load_material([annotations]).sha256
    (annotations / "documents" / "never-seen.json").unlink()
    assert load_material([annotations]).sha256 == before
    put(tmp_path / "mine", "gaoyi-2021", id="mine")
    assert load_material([annotations, tmp_path / "mine"]).sha256 != before


def test_combinations_of_facets_can_be_left_out(annotations: Path) -> None:
    stock = material_to_stock(load_material([annotations]))
    unwanted = stock.real[0].truth.facets
    examples = stock_to_examples(without_facets(stock, frozenset([unwanted])))
    assert unwanted not in {example.truth.facets for example in examples}
    assert len(examples) > 1000


def test_errors_name_what_is_wrong(annotations: Path, tmp_path: Path) -> None:
    put(tmp_path / "twice", "gaoyi-2021")
    with pytest.raises(AnnotationError, match=r"the id 'gaoyi-2021'; keep the better one"):
        load_material([annotations, tmp_path / "twice"])
    with pytest.raises(AnnotationError, match="no such folder"):
        load_material([tmp_path / "nowhere"])
    put(tmp_path / "made", "gaoyi-2021", id="made", layout="unheard-of")
    with pytest.raises(AnnotationError, match="unheard-of"):
        load_material([annotations], [tmp_path / "made"])
    shutil.rmtree(annotations / "documents")
    put(annotations, "linxi-2021", id="never-seen", city="乙市")
    with pytest.raises(AnnotationError, match="no document with a table is on the training side"):
        load_material([annotations])
