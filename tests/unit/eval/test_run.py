"""Runs with programs written here, each in a real process: stored, resumed, refused, counted."""

import json
import shlex
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from lanci.errors import OutputError
from lanci_eval.datasets.base import DatasetRequest
from lanci_eval.metrics.base import FigureInfo, Metric
from lanci_eval.records import Status
from lanci_eval.results import Results
from lanci_eval.run import NamedDataset, RunPlan, run_plan, runs, score_stored, scoring
from lanci_eval.systems.base import Limits, SystemRequest

PROGRAM = """
import json, os, signal, sys
from pathlib import Path

log, trouble, path = sys.argv[1:]
name = Path(path).stem
with open(log, "a") as file:
    file.write(name + "\\n")
if trouble == name:
    os.kill(os.getpid(), signal.SIGSEGV)
cells = [{"row": 0, "col": 0, "text": "合计"}, {"row": 0, "col": 1, "text": "12.50"}]
print(json.dumps({"schema": "lanci/extraction/1", "tables": [{"page": page, "cells": cells} for page in (1, 9)]}))
"""


class Recorder:
    """A watcher that keeps what it is told, and can break the run off as Ctrl-C does."""

    def __init__(self, *, break_after: int | None = None) -> None:
        self.phases: list[tuple[str, int]] = []
        self.steps: Counter[str] = Counter()
        self.notes: list[str] = []
        self.warnings: list[str] = []
        self._break_after = break_after

    def begin(self, work: str, total: int) -> None:
        self.phases.append((work, total))

    def step(self, name: str) -> None:
        self.steps[self.phases[-1][0]] += 1

    def note(self, line: str) -> None:
        self.notes.append(line)
        if len(self.notes) == self._break_after:
            raise KeyboardInterrupt

    def warn(self, line: str) -> None:
        self.warnings.append(line)

    def end(self) -> None:
        pass


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for number in (1, 2, 3):
        with pymupdf.open() as document:
            document.new_page(width=300, height=200).insert_text((40, 60), f"{number} 12.50")
            document.save(folder / f"doc{number}.pdf")
    return folder


@pytest.fixture
def program(tmp_path):
    """Gives a system that logs every document it gets and crashes on the one of that name."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)

    def program(label: str, trouble: str = "none", version: str = "1") -> SystemRequest:
        command = shlex.join([sys.executable, str(script), str(tmp_path / f"{label}.log"), trouble])
        return SystemRequest("command", label, (("run", f"{command} {{input}}"), ("version", version)))

    return program


@pytest.fixture
def plan(tmp_path, data, program) -> RunPlan:
    return RunPlan(
        folder=tmp_path / "run",
        datasets=(NamedDataset("pdfs:data", DatasetRequest("pdfs", data)),),
        systems=(program("a"), program("b")),
        limits=Limits(seconds=20, prepare_seconds=60),
    )


def log_of(plan: RunPlan, label: str) -> list[str]:
    path = plan.folder.parent / f"{label}.log"
    return path.read_text().split() if path.exists() else []


def without_timings(results: Results) -> Results:
    outcomes = tuple(replace(outcome, seconds=None, peak_mib=None) for outcome in results.outcomes)
    return replace(results, outcomes=outcomes)


def test_a_run_stores_everything_and_a_second_one_runs_nothing(plan):
    first = Recorder()
    finished = run_plan(plan, first)
    assert finished.all_good and first.warnings == []
    assert first.phases == [("loading", 1), ("starting", 2), ("running", 6), ("scoring", 6)]
    assert first.steps == dict(first.phases)
    assert [(o.item, o.system) for o in finished.results.outcomes] == [
        (f"doc{number}", system) for number in (1, 2, 3) for system in "ab"
    ]
    assert all(o.remarks and o.seconds is not None for o in finished.results.outcomes)  # page 9 is not there
    assert {file.name for file in finished.files} >= {"results.json", "results.md", "report.html"}
    assert all(file.parent == plan.folder and file.stat().st_size for file in finished.files)
    assert not (plan.folder / "work").exists()
    assert log_of(plan, "a") == log_of(plan, "b") == ["doc1", "doc2", "doc3"]

    again = Recorder()
    assert run_plan(plan, again).results == finished.results
    assert again.notes == [] and len(log_of(plan, "a")) == 3
    run_plan(replace(plan, again=True), Recorder())
    assert len(log_of(plan, "a")) == 6


def test_systems_take_turns_in_being_first(plan):
    recorder = Recorder()
    run_plan(plan, recorder)
    assert [note.split(":")[1].split(", ")[1] for note in recorder.notes] == ["a", "b", "b", "a", "a", "b"]


def test_two_runs_give_the_same_but_for_timings(plan):
    other = replace(plan, folder=plan.folder.with_name("other"))
    first, second = (run_plan(one, Recorder()).results for one in (plan, other))
    assert without_timings(first) == without_timings(second)
    texts = [(one.folder / "results.json").read_text().partition('"timings"')[0] for one in (plan, other)]
    assert texts[0] == texts[1]


def test_an_interrupted_run_goes_on_where_it_was(plan):
    with pytest.raises(KeyboardInterrupt):
        run_plan(plan, Recorder(break_after=3))
    assert (plan.folder / "run.json").exists() and not (plan.folder / "results.json").exists()
    part = score_stored(plan.folder, Recorder())
    assert not part.all_good
    assert [item.id for item in part.results.datasets[0].items] == ["doc1"]
    assert [name for name, _ in part.results.datasets[0].rejected] == ["doc2", "doc3"]
    finished = run_plan(plan, Recorder())
    assert finished.all_good and len(finished.results.outcomes) == 6
    assert log_of(plan, "a") == log_of(plan, "b") == ["doc1", "doc2", "doc3"]


def test_what_changed_is_run_again_and_only_that(plan, data, program):
    run_plan(plan, Recorder())
    with pymupdf.open(data / "doc2.pdf") as document:
        document.new_page()
        document.saveIncr()
    newer = replace(plan, systems=(program("a"), program("b", version="2"), program("c")))
    run_plan(newer, Recorder())
    assert Counter(log_of(plan, "a")) == {"doc1": 1, "doc2": 2, "doc3": 1}
    assert Counter(log_of(plan, "b")) == {"doc1": 2, "doc2": 2, "doc3": 2}
    assert Counter(log_of(plan, "c")) == {"doc1": 1, "doc2": 1, "doc3": 1}


def test_a_crash_is_counted_and_the_run_goes_on(plan, program):
    recorder = Recorder()
    finished = run_plan(replace(plan, systems=(program("a", trouble="doc2"), program("b"))), recorder)
    assert not finished.all_good
    statuses = {(o.item, o.system): o.status for o in finished.results.outcomes}
    assert statuses.pop(("doc2", "a")) is Status.CRASHED
    assert set(statuses.values()) == {Status.OK} and len(statuses) == 5
    assert len(recorder.warnings) == 1 and "pdfs:data/doc2, a: crashed" in recorder.warnings[0]


def test_a_system_that_cannot_run_is_reported_and_has_no_outcomes(plan, program):
    missing = SystemRequest("command", "missing", (("run", "no-such-program-anywhere"),))
    recorder = Recorder()
    finished = run_plan(replace(plan, systems=(missing, program("a"))), recorder)
    assert not finished.all_good
    first, second = finished.results.systems
    assert "no-such-program-anywhere" in first.unavailable and second.unavailable == ""
    assert {o.system for o in finished.results.outcomes} == {"a"} and len(finished.results.outcomes) == 3
    assert score_stored(plan.folder, Recorder()).results == finished.results


def test_a_document_that_cannot_be_opened_is_left_out_with_its_reason(plan, data):
    (data / "doc2.pdf").write_bytes(b"%PDF-1.7 and no more")
    recorder = Recorder()
    finished = run_plan(plan, recorder)
    assert not finished.all_good and "doc2 is left out" in recorder.warnings[0]
    [dataset] = finished.results.datasets
    assert [item.id for item in dataset.items] == ["doc1", "doc3"]
    assert [name for name, reason in dataset.rejected if reason] == ["doc2"]


def test_a_stored_run_is_scored_again_without_running_a_system(plan):
    finished = run_plan(plan, Recorder())
    (plan.folder / "report.html").unlink()
    recorder = Recorder()
    again = score_stored(plan.folder, recorder, gallery=False)
    assert again.results == finished.results
    assert recorder.notes == [] and len(log_of(plan, "a")) == 3
    assert (plan.folder / "report.html").exists()


def test_the_folder_of_another_run_is_refused_before_anything_runs(plan, data):
    run_plan(plan, Recorder())
    before = (plan.folder / "results.json").read_bytes()
    other = data.with_name("other")
    data.rename(other)
    foreign = replace(plan, datasets=(NamedDataset("pdfs:other", DatasetRequest("pdfs", other)),))
    with pytest.raises(OutputError, match="another folder"):
        run_plan(foreign, Recorder())
    assert (plan.folder / "results.json").read_bytes() == before and len(log_of(plan, "a")) == 3


def test_nothing_in_the_results_tells_whose_machine_it_is(plan, tmp_path):
    run_plan(plan, Recorder())
    for name in ("run.json", "results.json", "results.md", "report.html"):
        assert str(tmp_path) not in (plan.folder / name).read_text(), name
    machine = json.loads((plan.folder / "run.json").read_text())["run"]["machine"]
    assert set(machine) == {"cpu", "cores", "memory", "os"} and all(machine.values())


class CountingMetric(Metric):
    """Counts how often it was asked, and fails where it is told to."""

    name = "counting"
    infos = (FigureInfo("tables", "Tables found.", percent=False),)
    asked = 0
    fails = False

    def tally(self, case):
        type(self).asked += 1
        if self.fails:
            raise ZeroDivisionError
        return {"tables": float(len(case.found.tables))}

    def figures(self, sums):
        return {"tables": sums.get("tables")}


@pytest.fixture
def counting(monkeypatch):
    metric = type("Counting", (CountingMetric,), {})
    monkeypatch.setattr(scoring, "METRICS", (metric,))
    monkeypatch.setattr(runs, "METRICS", (metric,))
    return metric


def test_a_score_is_stored_and_only_made_again_when_asked_for(plan, counting):
    first = run_plan(plan, Recorder()).results
    assert [outcome.tallies for outcome in first.outcomes] == [(("counting", {"tables": 1.0}),)] * 6
    assert run_plan(plan, Recorder()).results == first and counting.asked == 6
    assert score_stored(plan.folder, Recorder()).results == first and counting.asked == 12


def test_a_metric_that_fails_is_named_with_the_document_and_the_system(plan, counting):
    counting.fails = True
    with pytest.raises(ZeroDivisionError) as error:
        run_plan(plan, Recorder())
    [note] = error.value.__notes__
    assert "counting" in note and "pdfs:data/doc1, a" in note
    counting.fails = False
    assert run_plan(plan, Recorder()).all_good and log_of(plan, "a") == ["doc1", "doc2", "doc3"]
