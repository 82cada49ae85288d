"""Artefacts that must not be loaded, and how the facets of fragments are joined."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import OrderedDict
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
import skops.io

from lanci.artefact import META_FILE, MODEL_FILE, version_to_key
from lanci.classify import combine_facets, load_models, models_version
from lanci.document import Box, Caption, Facets, Fragment, LabelledFragment
from lanci.errors import ModelError


@pytest.fixture
def artefact(tmp_path: Path) -> Path:
    """A copy of the newest shipped artefact."""
    shipped = files("lanci_models").joinpath("fragment-labels")
    newest = max((v for v in shipped.iterdir() if v.is_dir()), key=lambda v: version_to_key(v.name))
    with as_file(newest) as source:
        shutil.copytree(source, tmp_path / "copy")
    return tmp_path / "copy"


def change_meta(folder: Path, **changes: Any) -> None:
    meta = json.loads((folder / META_FILE).read_text(encoding="utf-8"))
    (folder / META_FILE).write_text(json.dumps({**meta, **changes}), encoding="utf-8")


def test_a_copy_loads_and_is_named(artefact: Path) -> None:
    models = load_models(artefact)
    assert models_version(models) == f"fragment-labels {models.version}"
    assert "summary" in models.facets.classes("kind")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minimum_lanci": "99.0"}, "needs lanci 99.0 or newer"),
        ({"feature_set": 999}, "feature set 999"),
        ({"schema": "something/else"}, "not a model of lanci"),
        ({"name": "other"}, "not a model of lanci"),
        ({"artefact_sha256": "0" * 64}, "is not the file that"),
    ],
)
def test_refuses_what_the_description_rules_out(artefact: Path, changes: dict[str, Any], words: str) -> None:
    change_meta(artefact, **changes)
    with pytest.raises(ModelError, match=words):
        load_models(artefact)


def test_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is no model folder"):
        load_models(tmp_path)


def test_refuses_a_folder_without_the_model(artefact: Path) -> None:
    (artefact / MODEL_FILE).unlink()
    with pytest.raises(ModelError, match="is missing"):
        load_models(artefact)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a zip", "damaged"),
        (skops.io.dumps({"a": OrderedDict()}), "types that lanci does not load|not a model of lanci"),
        (skops.io.dumps(Path("x")), "types that lanci does not load"),
        (skops.io.dumps({"rows": {}}), "not a model of lanci"),
    ],
)
def test_refuses_foreign_contents(artefact: Path, content: bytes, words: str) -> None:
    (artefact / MODEL_FILE).write_bytes(content)
    change_meta(artefact, artefact_sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(ModelError, match=words):
        load_models(artefact)


def test_versions_compare_as_numbers() -> None:
    assert version_to_key("0.10.0") > version_to_key("0.9.3")
    assert version_to_key("1.0.0rc1") == (1, 0, 0)


def labelled(title: str, **kind: float) -> LabelledFragment:
    box = Box(0, 0, 1, 1)
    fragment = Fragment(1, 0, box, 0, 0, (), (), Caption(title=title))
    facet = tuple(sorted(kind.items(), key=lambda item: -item[1]))
    return LabelledFragment(fragment, Facets(facet, facet, facet, facet), 0, (), (), ())


def test_the_titled_fragment_outweighs_doubtful_continuations() -> None:
    parts = [labelled("收入总表", income=0.95, expenditure=0.05)]
    parts += [labelled("", expenditure=0.6, income=0.4) for _ in range(4)]
    joined = combine_facets(parts)
    assert joined.kind[0][0] == "income"
    assert sum(p for _, p in joined.kind) == pytest.approx(1.0)


def test_continuations_settle_what_the_title_leaves_open() -> None:
    parts = [labelled("公开表", income=0.5, expenditure=0.5), labelled("", expenditure=0.9, income=0.1)]
    assert combine_facets(parts).kind[0][0] == "expenditure"


def test_one_fragment_keeps_its_probabilities() -> None:
    joined = combine_facets([labelled("", income=0.7, expenditure=0.3)])
    assert dict(joined.kind) == pytest.approx({"income": 0.7, "expenditure": 0.3})
    assert combine_facets([]) == Facets()
