"""``lanci parse`` and ``lanci show`` as programs: results, lines, exit codes, interruption."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pymupdf
import pytest

from lanci.store import read_document

LANCI = [sys.executable, "-c", "from lanci.cli import main; main()"]
ROWS = (("科目编码", "科目名称", "合计"), ("", "合计", "12.50"), ("201", "一般公共服务支出", "12.50"))


def run(*args: object, **options) -> subprocess.CompletedProcess[str]:
    command = [*LANCI, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, **options)


def make_budget(path: Path, *, pages: int = 1, password: str = "") -> Path:
    """A document with the same small ruled table on every page."""
    with pymupdf.open() as pdf:
        for _ in range(pages):
            page = pdf.new_page(width=400, height=300)
            page.insert_text((150, 40), "部门预算收入总表", fontname="china-s", fontsize=14)
            page.insert_text((320, 60), "单位：万元", fontname="china-s", fontsize=9)
            for row, texts in enumerate(ROWS):
                for col, text in enumerate(texts):
                    box = pymupdf.Rect(40 + 110 * col, 70 + 25 * row, 150 + 110 * col, 95 + 25 * row)
                    page.draw_rect(box, width=0.7)
                    page.insert_text((box.x0 + 5, box.y1 - 8), text, fontname="china-s", fontsize=9)
        path.parent.mkdir(parents=True, exist_ok=True)
        if password:
            pdf.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=password, owner_pw=password)
        else:
            pdf.save(path)
    return path


def make_blank(path: Path) -> Path:
    with pymupdf.open() as pdf:
        pdf.new_page()
        pdf.save(path)
    return path


def file_bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_good_and_bad_documents_in_one_run(tmp_path):
    inputs = tmp_path / "in"
    make_budget(inputs / "1 预算.pdf")
    make_blank(inputs / "2 空白.pdf")
    (inputs / "3 网页.pdf").write_text("<!DOCTYPE html><html><title>公告</title></html>")
    (inputs / "4 空.pdf").write_bytes(b"")
    make_budget(inputs / "5 加密.pdf", password="secret")
    (inputs / "readme.md").write_text("no document")
    done = run("parse", inputs, "-o", tmp_path / "out", "--list")
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert lines[0].startswith("✓ 1 预算.pdf: 1 page, 1 table, 2 amounts (2 proven), 0 findings, 0 cells to review → ")
    assert lines[1].split()[:3] == ["t001", "p.", "1"] and lines[1].endswith("部门预算收入总表")
    assert lines[2].startswith("✓ 2 空白.pdf: 1 page, 0 tables, 0 amounts")
    assert [line.split(":")[:2] for line in lines[3:6]] == [
        ["✗ 3 网页.pdf", " unsupported"],
        ["✗ 4 空.pdf", " unsupported"],
        ["✗ 5 加密.pdf", " encrypted"],
    ]
    assert "--password" in lines[5]
    assert lines[6].startswith("2 of 5 documents parsed, 3 failed: 2 pages, 1 table")
    assert len(lines) == 7
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["1 预算", "2 空白"]
    table = read_document(tmp_path / "out" / "1 预算").tables[0]
    assert table.to_rows() == [list(row) for row in ROWS]


def test_bytes_and_lines_do_not_depend_on_the_number_of_jobs(tmp_path):
    inputs = [make_budget(tmp_path / name / "预算.pdf", pages=n) for n, name in enumerate("abc", start=1)]
    runs = [run("parse", *inputs, "-o", "out", "--jobs", n, cwd=make_folder(tmp_path / n)) for n in "12"]
    assert [done.returncode for done in runs] == [0, 0]
    assert runs[0].stdout == runs[1].stdout
    written = file_bytes(tmp_path / "1")
    assert len([name for name in written if name.endswith("document.json")]) == 3
    assert written == file_bytes(tmp_path / "2")


def make_folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_password_and_pages(tmp_path):
    locked = make_budget(tmp_path / "加密.pdf", pages=3, password="秘密")
    environment = {**os.environ, "LANCI_PASSWORD": "秘密"}
    done = run("parse", locked, "-o", tmp_path / "out", "--pages", "2-3", env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [page.number for page in read_document(tmp_path / "out" / "加密").pages] == [2, 3]
    beyond = run("parse", locked, "-o", tmp_path / "out", "--pages", "9", "--password", "秘密")
    assert beyond.returncode == 1 and "3 pages" in beyond.stdout


def test_folder_without_documents_fails_but_the_others_go_on(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.md").write_text("x")
    good = make_blank(tmp_path / "空白.pdf")
    done = run("parse", tmp_path / "in", good, "-o", tmp_path / "out")
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert ": unsupported: there is no document in the folder" in lines[0] and "1 of .md" in lines[0]
    assert lines[1].startswith("✓ 空白.pdf")


def test_timeout_is_an_error_of_its_document(tmp_path):
    done = run("parse", make_budget(tmp_path / "预算.pdf"), "-o", tmp_path / "out", "--timeout", "0.01")
    assert done.returncode == 1
    assert done.stdout.startswith("✗ 预算.pdf: timeout: not done after 0.01 seconds")
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interruption_leaves_nothing_half_written(tmp_path, number, code):
    inputs = [make_budget(tmp_path / f"{n:02d}.pdf", pages=10) for n in range(12)]
    out = tmp_path / "out"
    with subprocess.Popen([*LANCI, "parse", *inputs, "-o", out], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline().startswith("✓ 00.pdf")
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == code
    time.sleep(0.5)
    names = sorted(path.name for path in out.iterdir())
    assert 1 <= len(names) < 12 and not any(name.startswith(".") for name in names)
    for name in names:
        assert len(read_document(out / name).pages) == 10


def test_show_after_parse(tmp_path):
    source = make_budget(tmp_path / "预算.pdf", pages=2)
    assert run("parse", source, "-o", tmp_path / "out").returncode == 0
    done = run("show", tmp_path / "out" / "预算", "-o", tmp_path / "show", "--source", tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("✓ 预算.pdf: 2 pages → ")
    assert sorted(path.name for path in (tmp_path / "show").iterdir()) == ["page-001.png", "page-002.png"]
    source.write_bytes(source.read_bytes() + b"\n")
    changed = run("show", tmp_path / "out" / "预算", "-o", tmp_path / "show", "--source", source)
    assert changed.returncode == 1
    assert changed.stderr.startswith("✗ unsupported:") and "SHA-256" in changed.stderr


def test_output_is_refused_where_it_would_destroy_something(tmp_path):
    source = make_blank(tmp_path / "空白.pdf")
    mine = make_folder(tmp_path / "out") / "空白"
    make_folder(mine)
    (mine / "mine.txt").write_text("mine")
    done = run("parse", source, "-o", tmp_path / "out")
    assert done.returncode == 1 and "✗ 空白.pdf: output:" in done.stdout
    assert (mine / "mine.txt").read_text() == "mine"
    assert json.dumps(done.stderr) == '""'


def test_reader_that_goes_away_ends_the_run_quietly(tmp_path):
    inputs = [make_blank(tmp_path / f"{n}.pdf") for n in range(3)]
    command = [*LANCI, "parse", *inputs, "-o", tmp_path / "out"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1
