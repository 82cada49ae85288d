"""Training from folders to an artefact, what stops it, and what corrections do."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from lanci.annotation import AnnotatedDocument, annotation_to_text, load_annotation, save_annotation
from lanci.artefact import META_FILE, MODEL_FILE
from lanci.classify import label_fragments, load_models
from lanci.cli import main
from lanci.training.compose import Stock, find_contents, material_to_stock, select_stock, stock_to_examples
from lanci.training.examples import documents_to_examples
from lanci.training.fit import fit_models
from lanci.training.folds import make_folds, run_fold, run_folds
from lanci.training.material import load_material
from lanci.training.verdicts import Bench, judge
from lanci_eval.factory.produce import Order, plan

DOCUMENTS = Path(__file__).parents[2] / "annotations" / "documents"
FAMILIES = ("grey-levels", "pale-web", "three-line", "turned-annex")


def put(folder: Path, documents: Sequence[AnnotatedDocument]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        save_annotation(document, folder / f"{document.id}.json")
    return folder


def read(name: str, **changes: str) -> AnnotatedDocument:
    return replace(load_annotation(DOCUMENTS / f"{name}.json"), **changes)


def mislabel(document: AnnotatedDocument) -> AnnotatedDocument:
    """The document with every table of a kind that it is not."""
    tables = [
        replace(t, table=replace(t.table, kind="organization", type="organization", fund="all", scope="all"))
        for t in document.tables
    ]
    return replace(document, tables=tuple(tables))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., int]:
    """Runs ``lanci train`` on a small folder of annotations: linxi is trained on, pingxiang is the test side."""
    folder = tmp_path_factory.mktemp("training")
    cities = [
        {"city": "甲市", "side": "train", "sampled": 1, "documents": ["linxi-2021"]},
        {"city": "乙市", "side": "test", "sampled": 1, "documents": ["pingxiang-2023"]},
    ]
    splits = {"schema": "lanci/splits/1", "seed": 1, "cities": cities, "families": []}
    for name, change in (("good", lambda d: d), ("bad", mislabel)):
        put(folder / name / "documents", [change(read("linxi-2021", city="甲市")), read("pingxiang-2023", city="乙市")])
        (folder / name / "splits.json").write_text(json.dumps(splits, ensure_ascii=False), encoding="utf-8")

    def train(name: str, output: Path, *more: str) -> int:
        with pytest.raises(SystemExit) as exit_:
            main(["train", str(folder / name), "-o", str(output), "--jobs", "1", *more])
        return int(exit_.value.code or 0)

    return train


@pytest.fixture(scope="module")
def good(run: Callable[..., int], tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("models")
    assert run("good", output, "--version", "9.0.0", "--replace") == 0
    return output


def test_the_same_data_give_the_same_bytes(run: Callable[..., int], good: Path, tmp_path: Path) -> None:
    assert run("good", tmp_path, "--version", "9.0.0", "--replace") == 0
    one, other = (folder / "fragment-labels" / "9.0.0" for folder in (good, tmp_path))
    for name in (MODEL_FILE, META_FILE):
        assert (one / name).read_bytes() == (other / name).read_bytes()
    meta = json.loads((one / META_FILE).read_text(encoding="utf-8"))
    assert meta["documents"] == ["linxi-2021"]
    assert {score["test"] for score in meta["test_scores"]} >= {"as printed", "no surroundings", "header 10 % garbled"}
    models = load_models(one)
    assert (models.version, models.type_limit) == ("9.0.0", meta["limits"]["type"])
    (example,) = [e for e in documents_to_examples([read("linxi-2021")]) if e.table == "t002"][:1]
    assert label_fragments([example.fragment], models)[0].facets.kind[0][0] == "income"
    card = (one / "card.md").read_text(encoding="utf-8")
    assert "pingxiang-2023" not in card.split("## Data")[0] and "| 河北省 乙市 | test |" in card
    assert "Not measured" in card


def test_worse_models_are_written_only_on_demand(
    run: Callable[..., int], good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("bad", good, "--version", "9.0.1") == 1
    out, err = capsys.readouterr()
    assert "against fragment-labels 9.0.0" in out and " worse" in out
    assert "nothing written" in err and "--replace" in err
    assert run("bad", good, "--version", "9.0.1", "--dry-run") == 0
    assert [path.name for path in (good / "fragment-labels").iterdir()] == ["9.0.0"]
    assert "dry run" in capsys.readouterr().out


def test_folds_give_the_same_in_one_process_and_in_two(tmp_path: Path) -> None:
    stock = small_stock([put(tmp_path, [read("linxi-2021"), read("wuxi-tongjiju-2026")])])
    folds = make_folds(stock, {"linxi-2021": "邢台市", "wuxi-tongjiju-2026": "无锡市"})[:2]
    told: list[str] = []
    together = list(run_folds(stock, folds, 2, told.append))
    assert sorted(told) == ["without 无锡市", "without 邢台市"]
    assert {verdict.group for verdict in together[0].verdicts if verdict.test == "as printed"} == {"wuxi-tongjiju-2026"}
    assert run_fold(stock, folds[1]).verdicts == together[1].verdicts


# What a city would print that calls everything otherwise than all others.
WORDS = {
    "一般公共": "普通", "政府性基金": "专门资金", "国有资本经营": "国企上缴", "财政拨款": "国库资金", "三公": "三类",
    "收支": "进出", "收入": "来源", "支出": "运用", "预算": "计划", "总表": "一览", "科目": "款别", "编码": "号",
    "名称": "叫法", "合计": "共", "基本": "常规", "项目": "事由", "经费": "开销", "绩效": "成效", "目标": "指望",
    "指标": "尺度", "采购": "添置",
}  # fmt: skip


def reword(document: AnnotatedDocument, folder: Path) -> AnnotatedDocument:
    """The document in the words of that city."""
    text = annotation_to_text(document)
    for old, new in WORDS.items():
        text = text.replace(old, new)
    path = folder / f"{document.id}.json"
    path.write_text(text, encoding="utf-8")
    return load_annotation(path)


def small_stock(folders: Sequence[Path]) -> Stock:
    """The stock of these folders with a part of the made-up forms."""
    return select_stock(material_to_stock(load_material(folders)), lambda _: True, lambda i: i % 5 == 0)


def test_twenty_corrected_tables_of_a_new_form_are_learnt_and_cost_no_other(tmp_path: Path) -> None:
    made = list(plan(Order(8, 41), tmp_path / "made", FAMILIES))
    (tmp_path / "new").mkdir()
    new = [reword(document, tmp_path / "new") for document in made]
    corrected, twenty = [], 20
    for document in new[:4]:
        tables = document.tables[:twenty]
        twenty -= len(tables)
        corrected.append(replace(document, tables=tables))
    corrected = [document for document in corrected if document.tables]
    assert sum(len(document.tables) for document in corrected) == 20
    annotations = put(tmp_path / "annotations", [read("linxi-2021"), read("wuxi-tongjiju-2026"), *made[:4]])
    put(tmp_path / "corrections", [replace(d, id=f"corrected-{d.id}") for d in corrected])
    others = [read("pingxiang-2023"), read("suzhou-shujuju-2026"), *made[4:]]
    before, after = (right_facets([annotations, *more], new[4:], others) for more in ([], [tmp_path / "corrections"]))
    assert after[0] >= before[0] + 0.1
    assert after[1] >= before[1] - 0.01


def right_facets(
    folders: Sequence[Path], new: Sequence[AnnotatedDocument], others: Sequence[AnnotatedDocument]
) -> tuple[float, float]:
    """Models of these folders: the share of fragments with all facets right, of new forms and of others."""
    stock = small_stock(folders)
    models = fit_models(stock_to_examples(stock), "1.0.0")
    shares = []
    for documents in (new, others):
        bench = Bench(models, stock.alphabet, find_contents(documents))
        verdicts = judge(documents_to_examples(documents), bench)
        shares.append(sum(verdict.found == verdict.truth for verdict in verdicts) / len(verdicts))
    return shares[0], shares[1]
