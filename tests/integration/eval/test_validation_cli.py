"""``lanci eval plant`` and ``lanci eval conflicts``, from the command line to the files."""

import csv
import re
from pathlib import Path

import pymupdf
import pytest

from lanci.cli import main
from lanci_eval.factory.produce import Order, plan

ROWS = (
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("", "合计", "19.00", "10.00", "9.00"),
    ("201", "一般公共服务支出", "11.00", "6.00", "5.00"),
    ("208", "社会保障和就业支出", "8.00", "4.00", "4.50"),
)
"""The last row adds up to 8.50, its last column to 9.50."""


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def draw(path: Path) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=400)
        page.insert_text((200, 40), "部门支出总表", fontname="china-s", fontsize=14)
        page.insert_text((480, 55), "单位：万元", fontname="china-s", fontsize=9)
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                box = pymupdf.Rect(30 + 107 * c, 60 + 24 * r, 137 + 107 * c, 84 + 24 * r)
                page.draw_rect(box, color=(0, 0, 0), width=0.5)
                page.insert_text((box.x0 + 5, box.y1 - 8), text, fontname="china-s", fontsize=9)
        document.save(path)


def test_conflicts_are_listed_with_pictures(tmp_path, capsys):
    folder = tmp_path / "files"
    folder.mkdir()
    draw(folder / "off.pdf")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert run("eval", "conflicts", folder, "-o", tmp_path / "out") == 1
    assert "left out: " in capsys.readouterr().err
    rows = list(csv.DictReader((tmp_path / "out" / "conflicts.csv").read_text("utf-8-sig").splitlines()))
    assert rows
    assert {(row["file"], row["pages"], row["verdict"]) for row in rows} == {("off.pdf", "1", "")}
    assert {"8.50", "9.50"} & {row["expected"] for row in rows}
    page = (tmp_path / "out" / "conflicts.html").read_text("utf-8")
    assert len(re.findall('<img src="data:image/jpeg', page)) == len(rows)
    assert "off.pdf, page 1" in page


def test_fewer_conflicts_are_drawn_than_there_are(tmp_path, capsys):
    draw(tmp_path / "off.pdf")
    assert run("eval", "conflicts", tmp_path / "off.pdf", "--count", "1", "-o", tmp_path / "out") == 0
    assert len((tmp_path / "out" / "conflicts.csv").read_text("utf-8-sig").splitlines()) == 2
    assert re.search(r"1 of \d+ conflicts in 1 files", capsys.readouterr().out)


def test_a_folder_without_documents_is_wrong_usage(tmp_path, capsys):
    assert run("eval", "conflicts", tmp_path, "-o", tmp_path / "out") == 2
    assert "no documents there" in capsys.readouterr().err


def test_plantings_in_made_up_truths_are_reported(tmp_path, capsys):
    made = tmp_path / "made"
    for _ in plan(Order(2, 5), made, ("grey-levels",)):
        pass
    plant = ("eval", "plant", f"truths:{made},families=grey-levels", "--per-document", 6, "--seed", 2, "-o")
    assert run(*plant, tmp_path / "out") == 0
    assert "flagged all" in capsys.readouterr().out
    trials = list(csv.DictReader((tmp_path / "out" / "trials.csv").read_text("utf-8").splitlines()))
    assert len({trial["document"] for trial in trials}) == 2
    assert "# Planted misreadings" in (tmp_path / "out" / "planting.md").read_text("utf-8")
    run(*plant, tmp_path / "again")
    again = list(csv.DictReader((tmp_path / "again" / "trials.csv").read_text("utf-8").splitlines()))
    assert [{**trial, "seconds": ""} for trial in trials] == [{**trial, "seconds": ""} for trial in again]


def test_plantings_in_parsed_documents_are_reported(tmp_path):
    draw(tmp_path / "off.pdf")
    assert run("parse", tmp_path / "off.pdf", "-o", tmp_path / "parsed") == 0
    assert run("eval", "plant", f"parsed:{tmp_path / 'parsed'}", "-o", tmp_path / "out") == 0
    assert len((tmp_path / "out" / "trials.csv").read_text("utf-8").splitlines()) > 10


@pytest.mark.parametrize(
    ("dataset", "told"),
    [
        ("scans:annotations", "there is no kind scans"),
        ("truths:nowhere", "nowhere is no folder"),
        ("parsed:.,side=train", "there is no option side"),
    ],
)
def test_a_dataset_that_is_not_there_is_wrong_usage(dataset, told, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("eval", "plant", dataset, "-o", tmp_path / "out") == 2
    assert told in " ".join(capsys.readouterr().err.split())
