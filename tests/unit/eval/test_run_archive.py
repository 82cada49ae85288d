"""The folder of a run: names, keys, whole files, and whose folder it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from lanci.document import Box
from lanci.errors import DamagedError, OutputError
from lanci_eval.datasets.base import DatasetRequest
from lanci_eval.records import EvalCell, EvalFragment, EvalLine, EvalTable, Extraction, Outcome, Status
from lanci_eval.results import Mistake, RunInfo, SystemInfo
from lanci_eval.run import NamedDataset
from lanci_eval.run.archive import Archive, Score, Slot, text_to_folder_name
from lanci_eval.run.keys import outcome_key, score_key, system_key
from lanci_eval.run.privacy import shorten_paths
from lanci_eval.run.settings import RunSettings, SystemSettings, dataset_to_settings
from lanci_eval.systems.base import Limits, SystemRequest

SLOT = Slot("pdfs:公开", "临西县/../2021", "lanci, all")
CELL = EvalCell(0, 0, 1, 2, "1,234.50", 1, Box(0.1, 0.2, 33.3, 44.4), confidence=0.1 + 0.2)
TABLE = EvalTable("t001", 1, 2, (CELL,), (EvalFragment(1, 0, 0, None),), n_header_rows=0, unit="万元")
OUTCOME = Outcome(
    system=SLOT.system,
    status=Status.OK,
    extraction=Extraction((TABLE,), (EvalLine(1, "注：无", None),)),
    remarks=("a table on page 9",),
    seconds=1.25,
    peak_mib=100.0,
)
SCORE = Score(
    (("cells", {"true": 3.0, "bin:07:count": 0.1}),),
    (Mistake("t001", "row 0", "1", None, False, True, 1, (0.1, 0.2, 3.0, 4.0), 2.5),),
)


def pdfs(label: str, path: Path, **values) -> NamedDataset:
    return NamedDataset(label, DatasetRequest("pdfs", path, **values))


def settings_of(folder: Path, *datasets: NamedDataset) -> RunSettings:
    return RunSettings(
        datasets=tuple(dataset_to_settings(dataset, folder) for dataset in datasets),
        systems=(SystemSettings(SystemInfo("a", "a", (("x", "1"),), (("lib", "2"),)), "k"),),
        run=RunInfo((("lanci", "0.1.0"),), (("cores", "2"),), ()),
    )


def test_no_two_texts_share_a_name_and_none_leads_out_of_the_folder():
    texts = [
        "a",
        "A",
        "a ",
        "a/b",
        "a_b",
        "../a",
        "..",
        "",
        ".",
        "con",
        "é",
        "e\u0301",
        "x" * 300,
        "x" * 301,
        "\udc80",
        "临",
    ]
    names = [text_to_folder_name(text) for text in texts]
    assert len({name.casefold() for name in names}) == len(texts)
    for name in names:
        assert Path(name).name == name and not name.startswith(".") and len(name.encode()) < 200
    assert text_to_folder_name("linxi-2021") == "linxi-2021"


def test_stored_outcomes_come_back_under_their_key_only(tmp_path):
    archive = Archive(tmp_path / "run")
    assert archive.read_outcome(SLOT, "k") is None
    archive.write_outcome(SLOT, "k", OUTCOME)
    assert archive.read_outcome(SLOT, "k") == OUTCOME
    assert archive.read_end(SLOT, "k") == replace(OUTCOME, extraction=Extraction())
    assert archive.read_outcome(SLOT, "other") is None
    failed = Outcome(SLOT.system, Status.CRASHED, "signal 11\n")
    archive.write_outcome(SLOT, "k", failed)
    assert archive.read_outcome(SLOT, "k") == failed
    archive.write_score(SLOT, "s", SCORE)
    assert archive.read_score(SLOT, "s") == SCORE
    assert archive.read_score(SLOT, "k") is None
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2 and all(path.is_relative_to(tmp_path / "run") for path in files)


def test_a_file_that_was_cut_off_counts_as_absent(tmp_path):
    archive = Archive(tmp_path)
    archive.write_outcome(SLOT, "k", OUTCOME)
    [file] = (tmp_path / "raw").rglob("*.json")
    whole = file.read_bytes()
    for part in (b"", whole[:100], b"[]", b"{}", b"\xff"):
        file.write_bytes(part)
        assert archive.read_outcome(SLOT, "k") is None
    file.write_bytes(whole.replace(b'"ok"', b'"fine"'))
    with pytest.raises(DamagedError, match="delete it"):
        archive.read_end(SLOT, "k")
    file.write_bytes(whole.replace(b'"cells"', b'"cell"'))
    with pytest.raises(DamagedError, match="delete it"):
        archive.read_outcome(SLOT, "k")


def test_keys_change_with_everything_that_decides_the_result_and_with_nothing_else(tmp_path):
    request = SystemRequest("a", "label", (("x", "1"), ("y", "2")))
    versions = {"lib": "1", "model": "2"}
    key = system_key(request, versions, Limits())
    same = SystemRequest("a", "other", (("y", "2"), ("x", "1")))
    assert system_key(same, dict(reversed(versions.items())), Limits()) == key
    others = [
        system_key(replace(request, name="b"), versions, Limits()),
        system_key(replace(request, options=()), versions, Limits()),
        system_key(request, {"lib": "1"}, Limits()),
        system_key(request, versions, Limits(threads=2)),
        system_key(request, versions, Limits(seconds=2)),
    ]
    assert len({key, *others}) == 6
    assert outcome_key("f00", key) != outcome_key("f01", key)
    evidence = tmp_path / "evidence.pdf"
    evidence.write_bytes(b"1")
    scores = [score_key(key, None, None), score_key(key, OUTCOME.extraction, None), score_key(key, None, evidence)]
    evidence.write_bytes(b"2")
    assert len({*scores, score_key(key, None, evidence)}) == 4
    assert score_key(key, OUTCOME.extraction, None) == scores[1]


def test_settings_come_back_and_name_no_absolute_path(tmp_path):
    archive = Archive(tmp_path / "runs" / "one")
    settings = settings_of(archive.folder, pdfs("公开", tmp_path / "data", options=(("pages", "1"),), limit=3, seed=2))
    archive.write_settings(settings)
    assert archive.read_settings() == settings
    assert str(tmp_path) not in (archive.folder / "run.json").read_text()
    moved = settings.datasets[0].to_named(tmp_path / "elsewhere" / "one")
    assert moved == pdfs("公开", tmp_path / "data", options=(("pages", "1"),), limit=3, seed=2)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("/home/me/bin/tool", "…/tool"),
        ("/usr/bin/python -x='/home/me/a.py' {input}", "…/python -x='…/a.py' {input}"),
        ('File "/home/me/a.py", line 1: C:\\Users\\me\\b.pdf', 'File "…/a.py", line 1: …/b.pdf'),
        ("a/b 1/2 on https://example.org/a/b /x", "a/b 1/2 on https://example.org/a/b /x"),
        ("支出/收入 n/a", "支出/收入 n/a"),
    ],
)
def test_published_texts_name_no_folders(text, short):
    assert shorten_paths(text) == short


def test_a_folder_takes_its_own_run_a_part_of_it_and_an_extension(tmp_path):
    archive = Archive(tmp_path / "run")
    one, two = pdfs("one", tmp_path / "1"), pdfs("two", tmp_path / "2")

    def takes(*datasets: NamedDataset) -> None:
        archive.check_takes(settings_of(archive.folder, *datasets).datasets)

    takes(one)
    archive.write_settings(settings_of(archive.folder, one, two))
    takes(one, two)
    takes(two)
    takes(one, two, pdfs("three", tmp_path / "3"))
    takes(pdfs("one", tmp_path / "1", limit=7))
    for foreign in (
        [pdfs("three", tmp_path / "3")],
        [one, pdfs("three", tmp_path / "3")],
        [pdfs("one", tmp_path / "2")],
        [pdfs("one", tmp_path / "1", seed=1)],
        [pdfs("one", tmp_path / "1", options=(("x", "1"),))],
    ):
        with pytest.raises(OutputError, match="another folder"):
            takes(*foreign)


def test_a_folder_with_other_things_is_refused(tmp_path):
    settings = settings_of(tmp_path)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.docx").write_bytes(b"x")
    with pytest.raises(OutputError, match="not empty"):
        Archive(tmp_path).check_takes(settings.datasets)
    with pytest.raises(OutputError, match="not empty"):
        Archive(tmp_path / "work" / "thesis.docx").check_takes(settings.datasets)
    with pytest.raises(OutputError, match="holds no run"):
        Archive(tmp_path).read_settings()
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(DamagedError):
        Archive(tmp_path).read_settings()
    (tmp_path / "run.json").write_text('{"schema": "lanci-eval/run/99"}')
    with pytest.raises(DamagedError, match="run/99"):
        Archive(tmp_path).read_settings()
