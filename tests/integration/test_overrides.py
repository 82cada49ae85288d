"""Joins and splits by the user on a demo document: lines, results, exit codes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lanci.document import Document
from lanci.store import read_document

LANCI = [sys.executable, "-c", "from lanci.cli import main; main()"]
DEMO = Path(__file__).parents[1] / "resources" / "demo" / "linxi-2021.pdf"
FORMS = ["15-16", "16:2-18", "18:2-19"]
"""Three forms, each after the other, over pages 15 to 19: what --list says of them."""


def run(*args: object) -> subprocess.CompletedProcess[str]:
    command = [*LANCI, "parse", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def places(stdout: str) -> list[str]:
    return [line.split()[2] for line in stdout.splitlines() if line.startswith("  t0")]


def texts(document: Document) -> set[str]:
    return {cell.text for table in document.tables for cell in table.cells if cell.text}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Document:
    out = tmp_path_factory.mktemp("plain")
    done = run(DEMO, "-o", out, "--pages", "15-19", "--list")
    assert done.returncode == 0 and "override" not in done.stdout
    assert places(done.stdout)[:3] == FORMS
    return read_document(out / DEMO.stem)


def test_split_and_join(tmp_path: Path, plain: Document) -> None:
    done = run(DEMO, "-o", tmp_path, "--pages", "15-19", "--list", "--split", "16", "--join", "18:2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 cells to review, 2 overrides → " in done.stdout
    assert places(done.stdout)[:3] == ["15", "16", "16:2-19"]
    document = read_document(tmp_path / DEMO.stem)
    applied = [(one.action, one.page, one.table, one.model_probability > 0.5) for one in document.overrides]
    assert applied == [("split", 16, 1, True), ("join", 18, 2, False)]
    parts = {(part.page, part.number): part for table in document.tables for part in table.fragments}
    assert parts[16, 1].evidence == ("split by the user",)
    assert (parts[18, 2].evidence, parts[18, 2].probability) == (("joined by the user",), 1.0)
    assert texts(document) == texts(plain)
    again = tmp_path / "again"
    assert run(DEMO, "-o", again, "--pages", "15-19", "--join", "18:2", "--split", "16").returncode == 0
    written = [folder / DEMO.stem / "document.json" for folder in (tmp_path, again)]
    assert written[0].read_bytes() == written[1].read_bytes()


def test_a_file_for_a_folder_and_a_wrong_place(tmp_path: Path, plain: Document) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    for name in ("甲.pdf", "乙.pdf", "丙.pdf"):
        shutil.copy(DEMO, inputs / name)
    entries = (("甲.pdf", "split", "16"), ("乙.pdf", "split", "17:2"), ("丁.pdf", "join", "3"))
    lines = [f'[[documents]]\nname = "{name}"\n{action} = ["{place}"]\n' for name, action, place in entries]
    file = tmp_path / "overrides.toml"
    file.write_text('schema = "lanci/overrides/1"\n' + "".join(lines), encoding="utf-8")
    done = run(inputs, "-o", tmp_path / "out", "--pages", "15-19", "--overrides", file)
    assert done.returncode == 1
    assert done.stderr.strip() == f"{file}: for documents that are not among the inputs: 丁.pdf"
    results = {line.split(":")[0]: line for line in done.stdout.splitlines()}
    wrong = results["✗ 乙.pdf"]
    assert wrong.startswith(f"✗ 乙.pdf: override: {file}, document 2 (乙.pdf), split '17:2': page 17 has 1 table;")
    assert "1 override →" in results["✓ 甲.pdf"] and "override" not in results["✓ 丙.pdf"]
    tables = {name: read_document(tmp_path / "out" / name).tables for name in ("甲", "丙")}
    assert tables["丙"] == plain.tables
    assert len(tables["甲"]) == len(plain.tables) + 1


def test_places_are_checked_before_a_page_is_read(tmp_path: Path) -> None:
    for option, message in (
        (("--join", "34"), "--join 34: there is no page 34, the document has 33"),
        (("--join", "2", "--pages", "1"), "--join 2: page 2 is not among the pages to read; add it to --pages"),
        (("--join", "2", "--split", "2:1"), "--join 2 and --split 2:1: a table cannot be joined and split"),
    ):
        done = run(DEMO, "-o", tmp_path / "out", *option)
        assert (done.returncode, done.stdout.startswith(f"✗ {DEMO.name}: override: {message}")) == (1, True)
    both = run(DEMO, DEMO.with_name("julu-2022.pdf"), "-o", tmp_path / "out", "--join", "2")
    assert both.returncode == 2 and "for several use --overrides FILE" in both.stderr
    assert list(tmp_path.iterdir()) == []
