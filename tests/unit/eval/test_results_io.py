"""results.json: there and back, the same bytes for the same run, and hostile files."""

import json
import os
from dataclasses import replace

import pytest
from jsonschema_rs import meta

from lanci.errors import DamagedError, OutputError, UnsupportedInputError
from lanci_eval.metrics.base import FigureInfo, Metric, share
from lanci_eval.records import Status
from lanci_eval.results import DatasetInfo, ItemInfo, ItemResult, Mistake, Results, RunInfo, SystemInfo
from lanci_eval.results.files import RESULTS_SCHEMA, read_results, results_to_json, write_results
from lanci_eval.results.summarize import summarize


class Right(Metric):
    """One share."""

    name = "right"
    infos = (FigureInfo("share", "Share that is right."),)

    def tally(self, case):
        raise NotImplementedError

    def figures(self, sums):
        return {"share": share(sums.get("right", 0.0), sums.get("n", 0.0))}


MISTAKES = (
    Mistake("t003", "t003 row 4, column 2", "1,231.60", "1,251.60", False, True, 2, (70.5, 100.25, 120.0, 112.0), 12.5),
    Mistake("t003", "t003 row 5, column 2", "一般公共\u2028服务", None, True, False, 3, None, 1.0),
)


@pytest.fixture
def results():
    items = (
        ItemInfo("临西县-2021", "a", "ab" * 32, 3, (("dpi", "150"),), ("a remark",)),
        ItemInfo("b.pdf", "b", "", 0, (("dpi", "300"),)),
    )
    datasets = (
        DatasetInfo("demo", "demo", (("seed", "1"),), items, (("c", "contradicts itself"),)),
        DatasetInfo("empty", "pdfs", (), ()),
    )
    systems = (
        SystemInfo("lanci", "lanci", (), (("lanci", "0.1.0"),)),
        SystemInfo("docling", "docling", (("x", "y"),), (), "not installed"),
    )
    counts = {"right": 3.0, "n": 4.0, "bin:07:sum": 0.1 + 0.2}
    outcomes = (
        ItemResult(
            "demo", items[0].id, "lanci", Status.OK, "", (), (("right", counts), ("b", {})), MISTAKES, 1.25, 90.5
        ),
        ItemResult("demo", "b.pdf", "lanci", Status.TIMED_OUT, "killed after 600 s", ("no page 9",), (("right", {}),)),
        ItemResult("demo", items[0].id, "docling", Status.UNAVAILABLE, "", (), ()),
    )
    run = RunInfo((("python", "3.11.7"),), (("cores", "2"),), (("limit", "600"),))
    return Results(run, datasets, systems, outcomes)


@pytest.fixture
def path(tmp_path, results):
    path = tmp_path / "results.json"
    write_results(results, summarize(results, [Right]), path)
    return path


def change(path, text, other):
    """Replace a text in the file; it must be there."""
    content = path.read_text(encoding="utf-8")
    assert text in content
    path.write_text(content.replace(text, other), encoding="utf-8")


def test_there_and_back(results, path):
    assert read_results(path) == results


def test_it_keeps_the_published_schema(results):
    meta.validate(RESULTS_SCHEMA.load())
    data = results_to_json(results, summarize(results, [Right]))
    assert list(RESULTS_SCHEMA.find_violations(data)) == []
    assert list(data) == ["schema", "run", "figures", "outcomes", "timings"]


def test_figures_stand_beside_the_sums(path):
    whole, *by_dpi, empty = json.loads(path.read_text(encoding="utf-8"))["figures"]
    assert whole["systems"] == {
        "lanci": {"right": {"share": {"value": 0.75, "low": None, "high": None, "n_groups": 1, "undefined_draws": 0}}}
    }
    assert [part["tag"] for part in by_dpi] == [["dpi", "150"], ["dpi", "300"]]
    assert (empty["dataset"], empty["n_items"]) == ("empty", 0)


def test_only_timings_differ_between_two_runs(results, path, tmp_path):
    slower = replace(
        results,
        outcomes=tuple(replace(o, seconds=9.0, peak_mib=1.0) for o in results.outcomes),
    )
    other = tmp_path / "other.json"
    write_results(slower, summarize(slower, [Right]), other)
    one, two = (p.read_bytes().split(b'\n "timings": [') for p in (path, other))
    assert len(one) == 2
    assert one[0] == two[0]
    assert one[1] != two[1]


def test_order_of_the_sums_does_not_show(results, path, tmp_path):
    first = results.outcomes[0]
    turned = tuple((name, dict(reversed(sums.items()))) for name, sums in first.tallies)
    results = replace(results, outcomes=(replace(first, tallies=turned), *results.outcomes[1:]))
    write_results(results, summarize(results, [Right]), tmp_path / "other.json")
    assert (tmp_path / "other.json").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 400, '"3"', "null", "true"])
def test_hostile_numbers_are_refused(path, number):
    change(path, '"right": 3\n', f'"right": {number}\n')
    with pytest.raises(DamagedError, match=r"results\.json"):
        read_results(path)


@pytest.mark.parametrize(
    ("text", "other", "message"),
    [
        ('"status": "ok"', '"status": "fine"', "outcomes/0/status"),
        ('"n_pages": 3', '"n_pages": -3', "run/datasets/0/items/0/n_pages"),
        ('"n_pages": 3,', "", "items/0: .n_pages. is a required property"),
        ('"marked": false', '"marked": false, "more": 1', "outcomes/0/mistakes/0"),
        ('"id": "b.pdf"', '"id": "临西县-2021"', "twice"),
        ('"label": "empty"', '"label": "demo"', "name dataset 'demo' twice"),
        ('"item": "b.pdf"', '"item": "unknown"', "'unknown' of 'demo', which the run does not list"),
        ('"seconds": 1.25,', '"seconds": 1.25, "seconds": 2,', "a name stands twice"),
        ('"run": {', '"run": {]', "not the JSON of a finished run"),
    ],
)
def test_a_damaged_file_is_refused_with_the_place(path, text, other, message):
    change(path, text, other)
    with pytest.raises(DamagedError, match=message):
        read_results(path)


def test_something_else_is_refused(path, tmp_path):
    with pytest.raises(UnsupportedInputError, match="cannot read"):
        read_results(tmp_path / "missing.json")
    change(path, '"lanci/eval/1"', '"lanci/eval/2"')
    with pytest.raises(UnsupportedInputError, match="lanci/eval/2"):
        read_results(path)
    for content in (b"[]", b'{"schema": 1}', b"\xff\xfe"):
        path.write_bytes(content)
        with pytest.raises(UnsupportedInputError, match=r"no .*results of lanci eval"):
            read_results(path)
    path.write_bytes(b"[" * 100_000)
    with pytest.raises(DamagedError, match="not the JSON"):
        read_results(path)


def test_what_is_not_finite_is_not_written(results, path):
    before = path.read_bytes()
    bad = replace(results.outcomes[0], tallies=(("right", {"right": float("nan"), "n": 1.0}),))
    results = replace(results, outcomes=(bad,))
    with pytest.raises(OutputError, match="not a finite number"):
        write_results(results, summarize(results, [Right]), path)
    assert path.read_bytes() == before


def test_a_name_of_another_encoding_can_be_written(results, tmp_path):
    name = os.fsdecode(b"\xd4\xff.pdf")
    item = replace(results.datasets[0].items[1], id=name)
    results = replace(results, datasets=(replace(results.datasets[0], items=(item,)),), outcomes=())
    write_results(results, summarize(results, [Right]), tmp_path / "results.json")
    assert read_results(tmp_path / "results.json").datasets[0].items[0].id == "??.pdf"
