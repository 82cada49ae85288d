"""The programs in eval/benchmarks run on a small PDF and print their tables."""

import subprocess
import sys
from pathlib import Path

import pymupdf
import pytest

from lanci.parsing import parse

BENCHMARKS = Path(__file__).parents[3] / "eval" / "benchmarks"


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    """Two pages with a ruled table each, and a blank one."""
    path = tmp_path_factory.mktemp("pdf") / "two.pdf"
    with pymupdf.open() as document:
        for _ in range(2):
            page = document.new_page(width=400, height=300)
            page.insert_text((150, 40), "Budget of the year")
            for row in range(5):
                for col in range(3):
                    box = pymupdf.Rect(40 + 100 * col, 60 + 30 * row, 140 + 100 * col, 90 + 30 * row)
                    page.draw_rect(box, color=(0, 0, 0), width=0.5)
                    page.insert_text((box.x0 + 8, box.y1 - 10), f"{100 * row + col}.50", fontsize=10)
        document.new_page(width=400, height=300)
        document.save(path)
    return path


def run(program: str, *args: object) -> str:
    command = [sys.executable, "-W", "error::ResourceWarning", str(BENCHMARKS / program), *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_table(text: str) -> dict[str, list[str]]:
    """The rows of a Markdown table below its header by their first cells."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {row[0]: row[1:] for row in rows[2:]}


def test_speed_times_all_systems_on_the_same_pages(pdf):
    out = run("speed.py", pdf, "--repeat", 1)
    table = read_table(out)
    assert out.startswith("1 documents, 2 pages, best of 1, one thread")
    assert list(table) == ["lanci", "MuPDF floor", "pdfplumber", "camelot lattice"]
    assert table["lanci"][2:] == ["1.00", "1.00"]
    times = {name: float(row[0]) for name, row in table.items()}
    assert 0 < times["MuPDF floor"] < times["lanci"]


def test_stage_times_add_up(pdf):
    table = read_table(run("stage_times.py", pdf, "--repeat", 10))
    stages = {name: float(row[0]) for name, row in table.items() if not name.startswith("lanci.") and name != "all"}
    assert {"page", "classify"} <= set(stages)
    assert sum(stages.values()) == pytest.approx(float(table["all"][0]), abs=0.1)
    assert float(table["all"][1].rstrip("%")) == pytest.approx(100, abs=5)


def test_memory_repeats_pages(pdf):
    table = read_table(run("memory.py", pdf, "--pages", 2, "--pages", 5))
    assert {name: row[0] for name, row in table.items()} == {"2": "30", "5": "60"}
    assert all(float(row[1]) > 10 for row in table.values())


def test_memory_makes_pages_of_its_own(tmp_path):
    program = "import memory, sys, pathlib; memory.make_pages(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "made.pdf")], cwd=BENCHMARKS, check=True)
    (table,) = parse(tmp_path / "made.pdf").tables
    assert (table.n_rows, table.n_cols, table.title) == (25, 5, "2026年支出总表")


def test_scans_measures_both_systems_on_the_same_pages(pdf):
    out = run("scans.py", pdf, "--pages", 1, "--repeat", 1, "--threads", 1)
    assert out.startswith("1 pages of 1 documents, as office scans, best of 1\n")
    speed, parts, accuracy, memory = (read_table(block) for block in out.split("\n\n")[1:])
    assert list(speed) == ["rapidocr, 1", "lanci, 1"]
    seconds = {name: float(row[0]) for name, row in speed.items()}
    assert float(speed["lanci, 1"][4]) == pytest.approx(seconds["lanci, 1"] / seconds["rapidocr, 1"], rel=0.05)
    shares = {name: float(row[1].rstrip("%")) for name, row in parts.items()}
    assert shares.pop("all") == pytest.approx(sum(shares.values()), abs=1)
    assert {"render and prepare", "rules", "recognition", "outside tables"} <= {
        n for n, share in shares.items() if share
    }
    assert accuracy["lanci"][0] == accuracy["rapidocr"][0] == "15", "the amounts of one page"
    assert accuracy["rapidocr"][2:] == ["", ""], "it claims no cells"
    assert list(memory) == ["office", "fine"]
    assert all(float(peak) > 100 for row in memory.values() for peak in row)


def test_scans_as_they_are_have_no_known_amounts(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page(width=300, height=200)
        for row in range(3):
            page.draw_rect(pymupdf.Rect(30, 30 + 40 * row, 270, 70 + 40 * row), color=(0, 0, 0), width=1)
            page.insert_text((60, 55 + 40 * row), f"12.{row}0")
        picture = page.get_pixmap(dpi=150)
        document.new_page(width=300, height=200).insert_image((0, 0, 300, 200), pixmap=picture)
        document.save(tmp_path / "mixed.pdf")
    out = run("scans.py", tmp_path, "--as-they-are", "--repeat", 1, "--threads", 1)
    assert out.startswith("1 pages of 1 documents, as they are")
    assert "amounts printed" not in out and list(read_table(out.split("\n\n")[-1])) == ["the pages"]


def test_no_digital_pages_is_told(tmp_path):
    with pymupdf.open() as document:
        document.new_page()
        document.save(tmp_path / "blank.pdf")
    command = [sys.executable, str(BENCHMARKS / "speed.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "no digital pages there\n")
