"""``lanci eval cases`` on a PDF made here: what holds, what does not, what is not there."""

import hashlib
import json
from importlib import import_module

import pymupdf
import pytest

from lanci.cli import main

ROWS = (("Code", "Budget"), ("201", "1.50"), ("202", "2.25"))
FILES = '["some/budget.pdf"]\nsha256 = "{sha256}"\n["gone.pdf"]\nsha256 = "' + "0" * 64 + '"\n'
CASES = """
[[case]]
id = "X2"
file = "gone.pdf"
pages = [7, 8, 9, 12]
says = "It is not there."
expect = [{ kind = "tables", pages = [7], count = 1 }]

[[case]]
id = "X1"
file = "some/budget.pdf"
pages = [1]
says = "Plain as it is."
expect = [
    { kind = "page", pages = [1], read_as = "digital" },
    { kind = "table", page = 1, rows = 2, columns = 2 },
    { kind = "row", page = 1, texts = ["202", "2.25"], whole = true },
    { kind = "inside", pages = [1] },
]

[[case]]
id = "X3"
file = "some/budget.pdf"
pages = [1]
says = "It is expected wrongly."
expect = [{ kind = "row", page = 1, texts = ["202", "9.99"] }]
"""


@pytest.fixture
def corpus(tmp_path):
    """A folder with one PDF under another name than the cases know it by, and the cases beside it."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=300)
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                box = pymupdf.Rect(60 + 120 * c, 60 + 30 * r, 180 + 120 * c, 90 + 30 * r)
                page.draw_rect(box, color=(0, 0, 0), width=0.5)
                page.insert_text((box.x0 + 10, box.y1 - 10), text, fontsize=10)
        document.save(folder / "renamed.pdf")
    digest = hashlib.sha256((folder / "renamed.pdf").read_bytes()).hexdigest()
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "files.toml").write_text(FILES.format(sha256=digest), encoding="utf-8")
    (checks / "cases.toml").write_text(CASES, encoding="utf-8")
    return folder


def run(capsys, corpus, *args):
    with pytest.raises(SystemExit) as exit_:
        main(["eval", "cases", str(corpus), "--checks", str(corpus.parent / "checks"), *args])
    captured = capsys.readouterr()
    return exit_.value.code, captured.out, captured.err


def test_each_case_is_told_in_its_order(capsys, corpus):
    code, out, _ = run(capsys, corpus)
    assert code == 1
    assert out.splitlines() == [
        "– X2   gone.pdf, page 7-9, 12: no such file here",
        "✓ X1   some/budget.pdf, page 1",
        "✗ X3   some/budget.pdf, page 1",
        "       It is expected wrongly.",
        "       page 1: expected a row 202 | 9.99; found 202 | 2.25",
        "3 cases: 1 hold, 1 fail, 1 without their file",
    ]


def test_many_problems_are_cut_short(capsys, corpus):
    many = ", ".join(f'{{ kind = "tables", pages = [1], count = {number} }}' for number in range(2, 14))
    wrong = CASES.replace('{ kind = "row", page = 1, texts = ["202", "9.99"] }', many)
    (corpus.parent / "checks" / "cases.toml").write_text(wrong, encoding="utf-8")
    _, out, _ = run(capsys, corpus, "--case", "X3")
    assert out.count("expected") - out.count("It is expected") == 8
    assert "and 4 more; --json shows all" in out


def test_a_missing_file_is_no_failure(capsys, corpus):
    code, out, _ = run(capsys, corpus, "--case", "X1", "--case", "X2")
    assert code == 0
    assert "X3" not in out


def test_json_says_the_same(capsys, corpus):
    code, out, _ = run(capsys, corpus, "--json")
    told = json.loads(out)
    assert code == 1
    assert told["counts"] == {"holds": 1, "fails": 1, "no file": 1}
    assert [(case["id"], case["state"]) for case in told["cases"]] == [
        ("X2", "no file"),
        ("X1", "holds"),
        ("X3", "fails"),
    ]
    assert told["cases"][2]["problems"] == [{"page": 1, "expected": "a row 202 | 9.99", "found": "202 | 2.25"}]


@pytest.mark.parametrize(
    ("args", "told"),
    [(["--case", "X9"], "there is no case X9; there are X2, X1, X3"), (["--case", "X2"], "none of the 1 cases")],
)
def test_wrong_usage_is_told(capsys, corpus, args, told):
    code, _, err = run(capsys, corpus, *args)
    assert code == 2
    assert told in " ".join(err.split())


def test_a_damaged_file_fails_its_cases(capsys, corpus):
    (corpus / "renamed.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    digest = hashlib.sha256((corpus / "renamed.pdf").read_bytes()).hexdigest()
    (corpus.parent / "checks" / "files.toml").write_text(FILES.format(sha256=digest), encoding="utf-8")
    code, out, _ = run(capsys, corpus, "--case", "X1")
    assert code == 1
    assert "expected a parsed document; found renamed.pdf" in out


def test_faulty_cases_are_told(capsys, corpus):
    (corpus.parent / "checks" / "cases.toml").write_text(CASES.replace('"inside"', '"outside"'), encoding="utf-8")
    code, _, err = run(capsys, corpus)
    assert code == 1
    assert "cases.toml, case 2 (X1), expect 4: kind has to be one of" in " ".join(err.split())


def test_help_names_the_exit_codes(capsys):
    assert import_module("lanci_eval.cli").evaluate.commands["cases"].name == "cases"
    with pytest.raises(SystemExit):
        main(["eval", "cases", "--help"])
    assert "Exit codes: 0 all cases hold" in capsys.readouterr().out
