"""Artefacts are written whole or not at all; cards and pictures say what was measured."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lanci.artefact import META_FILE, find_newest
from lanci.cli.train_command import report_to_lines
from lanci.document import Facets
from lanci.errors import OutputError
from lanci.facets import FacetValues
from lanci.training.artefact import content_to_bytes, write_artefact
from lanci.training.calibrate import Bin, Reliability, TypeLimit
from lanci.training.card import report_to_card, report_to_pictures
from lanci.training.figures import compare_verdicts, verdicts_to_scores
from lanci.training.gallery import find_worst, sketch_to_markdown, verdict_to_errors
from lanci.training.report import Comparison, DocumentFacts, TrainingReport
from lanci.training.verdicts import Part, Verdict


def test_equal_contents_give_equal_bytes() -> None:
    assert content_to_bytes({"a": [1, 2]}) == content_to_bytes({"a": [1, 2]})
    assert content_to_bytes({"a": [1, 2]}) != content_to_bytes({"a": [1, 3]})


def test_an_artefact_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "0.1.0"
    write_artefact(folder, b"one", {"version": "0.1.0"}, "card", {"old.svg": "<svg/>"})
    write_artefact(folder, b"two", {"version": "0.1.0"}, "card", {"new.svg": "<svg/>"})
    assert sorted(path.name for path in folder.iterdir()) == ["card.md", "meta.json", "model.skops", "new.svg"]
    assert (folder / "model.skops").read_bytes() == b"two"
    assert json.loads((folder / META_FILE).read_text(encoding="utf-8"))["version"] == "0.1.0"
    assert [path.name for path in folder.parent.iterdir()] == ["0.1.0"]


def test_what_cannot_be_written_leaves_the_artefact_that_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "0.1.0"
    write_artefact(folder, b"one", {}, "card")
    with pytest.raises(OutputError, match=r"0\.1\.0: the models cannot be written"):
        write_artefact(folder, b"two", {}, "card", {"no/such/folder.svg": ""})
    assert (folder / "model.skops").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["0.1.0"]


def test_the_newest_is_found_by_number(tmp_path: Path) -> None:
    assert find_newest(tmp_path / "none") is None
    for version in ("0.9.0", "0.10.0"):
        write_artefact(tmp_path / version, b"", {}, "")
    (tmp_path / "0.11.0").mkdir()
    newest = find_newest(tmp_path)
    assert newest is not None and newest.name == "0.10.0"


def verdict(found: str, probability: float, *, header_rows: tuple[int, int] = (1, 1)) -> Verdict:
    sure = (("all", 1.0),)
    kinds = ((found, probability), ("other", 1 - probability))
    return Verdict(
        test="as printed",
        group="linxi-2021",
        table=f"t{round(probability * 100):03d}",
        page=3,
        title="部门收入总表",
        part=Part.FIRST,
        budget=True,
        facets=Facets(kinds, sure, sure, (("functional", 1.0),)),
        truth=FacetValues("income", "all", "all", "functional"),
        header_rows=header_rows,
        rows=(("header", "header"), ("detail", "total"), ("detail", "total")),
        cells=(("item", "amount"),),
        columns=(("item", "item"),),
        sketch=(("科目", "合|计"),) if found != "income" else (),
    )


def test_errors_are_told_in_words_and_the_surest_come_first() -> None:
    one, two = verdict("summary", 0.6), verdict("summary", 0.9, header_rows=(0, 1))
    assert verdict_to_errors(one) == [
        "kind summary for income",
        "row detail for total (2)",
        "header cell item for amount",
    ]
    assert "0 header rows for 1" in verdict_to_errors(two)
    assert find_worst([one, two, verdict("income", 0.99)], 5) == [two, one]
    assert sketch_to_markdown(two.sketch) == "| 科目 | 合｜计 |\n|---|---|"


def make_report(verdicts: tuple[Verdict, ...]) -> TrainingReport:
    scores = tuple(verdicts_to_scores(verdicts))
    curve = Reliability("rows", 1.5, (Bin(10, 0.9, 0.8),), (Bin(10, 0.8, 0.8),), 0.1, 0.0)
    return TrainingReport(
        name="fragment-labels",
        version="1.2.3",
        documents=(DocumentFacts("linxi-2021", "河北省 邢台市", "临西县", 2021, "hebei-disclosure", 22, "fitted"),),
        made={"three-line": 2},
        made_test={"borderless": 1},
        n_forms=(3, 4),
        n_titles=5,
        n_fragments=len(verdicts),
        n_examples=1000,
        training_data_sha256="0" * 64,
        scores=scores,
        test_scores=scores,
        held_out=verdicts,
        unseen=verdicts,
        fitted=verdicts,
        reliability=(curve,) if verdicts else (),
        temperatures={"rows.role": 1.5},
        type_limit=TypeLimit(0.75, 2, 0.5, 1.0, 0.5),
        comparison=Comparison("fragment-labels 1.0.0", tuple(compare_verdicts(verdicts, verdicts))),
        milliseconds=2.4,
        artefact_bytes=1_500_000,
        output=None,
        remarks=("one thing was left out",),
    )


def test_card_pictures_and_lines_say_what_was_measured() -> None:
    report = make_report((verdict("summary", 0.6), verdict("income", 0.9)))
    card, pictures = report_to_card(report, {"numpy": "2.0"}), report_to_pictures(report)
    for name, picture in pictures.items():
        assert f"({name})" in card
        assert ElementTree.fromstring(picture).tag.endswith("svg")
    assert "summary" in pictures["kinds.svg"] and ">1<" in pictures["kinds.svg"]
    for words in (
        "hebei-disclosure",
        "**0.75**",
        "less than 3 ms",
        "1.50 MB",
        "One thing was left out.",
        "borderless (1)",
    ):
        assert words in card
    lines = "\n".join(report_to_lines(report))
    for words in ("against fragment-labels 1.0.0", "kind summary for income", "2.4 ms a fragment", "+0.000 to +0.000"):
        assert words in lines


def test_a_card_without_held_out_documents_says_so() -> None:
    report = make_report(())
    assert "Not measured" in report_to_card(report, {})
    assert report_to_pictures(report) == {}
