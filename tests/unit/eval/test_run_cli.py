"""``lanci eval`` as a user meets it: help, listing, usage errors, exit codes, what is printed where."""

import shlex
import subprocess
import sys
from pathlib import Path

import click
import pymupdf
import pytest

from lanci.cli import main
from lanci_eval.cli.requests import parse_datasets, parse_systems
from lanci_eval.systems.base import Limits

EMPTY = 'import sys; print(\'{"tables": [], "lines": []}\'); sys.exit(sys.argv[1] in sys.argv[2])'


def run_main(capsys, *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main(("eval", *args))
    captured = capsys.readouterr()
    return exit_.value.code, captured.out, captured.err


@pytest.fixture
def pdf(tmp_path) -> Path:
    path = tmp_path / "预算.pdf"
    with pymupdf.open() as document:
        document.new_page(width=300, height=200)
        document.save(path)
    return path


def empty_system(tmp_path: Path, *, failing_on: str = "nothing") -> str:
    """A system that finds nothing, and fails on documents with something in their names."""
    script = tmp_path / "empty.py"
    script.write_text(EMPTY)
    return f"command,run={shlex.join([sys.executable, str(script), failing_on])} {{input}},label=empty"


def test_help_has_examples(capsys):
    for command in ([], ["run"], ["report"], ["compare"], ["list"]):
        code, out, _ = run_main(capsys, *command, "--help")
        assert code == 0
        assert f"lanci eval {' '.join(command)}".strip() in out.split("Examples:")[1]


def test_help_is_quick_because_nothing_heavy_is_imported():
    program = (
        "import sys, atexit, lanci.cli\n"
        "heavy = {'cv2', 'pymupdf', 'sklearn', 'onnxruntime', 'pandas', 'rich', 'jinja2', 'scipy', 'psutil'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules))))\n"
        "lanci.cli.main(sys.argv[1:])"
    )
    for args in (["--help"], ["eval", "--help"], ["eval", "run", "--help"]):
        done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=True)
        assert done.stdout.endswith("[]\n")


def test_list_shows_systems_datasets_and_metrics_with_their_options(capsys):
    code, out, err = run_main(capsys, "list")
    assert (code, err) == (0, "")
    for word in (
        "  lanci ",
        "  camelot-lattice ",
        " force_ocr=",
        "  pdfs ",
        "  generated ",
        " form=",
        " amount_exact ",
    ):
        assert word in out


@pytest.mark.parametrize(
    "args",
    [
        ["run"],
        ["run", "--systems", "lanci", "-o", "out"],
        ["run", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--systems", "lanci", "--dataset", "pdfs:."],
        ["run", "--systems", "magic", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--systems", "lanci,lanci", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--system", "lanci,magic=1", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--system", "lanci,ocr=magic", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--system", "lanci,dpi", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--system", "lanci,label=", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--systems", "lanci", "--dataset", "magic:.", "-o", "out"],
        ["run", "--systems", "lanci", "--dataset", "pdfs:missing", "-o", "out"],
        ["run", "--systems", "lanci", "--dataset", "pdfs:.,magic=1", "-o", "out"],
        ["run", "--systems", "lanci", "--dataset", "generated:.,form=magic", "-o", "out"],
        ["run", "--systems", "lanci", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--systems", "lanci", "--dataset", "pdfs:.", "--dataset", "pdfs:.", "-o", "out"],
        ["run", "--systems", "lanci", "--dataset", "pdfs:.", "-o", "out", "--limit", "0"],
        ["run", "--systems", "lanci", "--dataset", "pdfs:.", "-o", "out", "--timeout", "0"],
        ["report", "missing"],
        ["compare", "."],
        ["compare", ".", ".", "--pair", "lanci"],
        ["frobnicate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2_and_leaves_nothing_behind(capsys, args, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run_main(capsys, *args)
    assert (code, out) == (2, "")
    assert "Error" in err
    assert list(tmp_path.iterdir()) == []


def test_systems_and_datasets_of_the_command_line(tmp_path):
    folder = tmp_path / "a,b=c"
    folder.mkdir()
    systems = parse_systems(
        "lanci, pdfplumber", ["command,run=tool --x=1\\,2 {input},label=my tool", "lanci,dpi=300,label=fine"], Limits()
    )
    assert [(system.name, system.label) for system in systems] == [
        ("lanci", "lanci"),
        ("pdfplumber", "pdfplumber"),
        ("command", "my tool"),
        ("lanci", "fine"),
    ]
    assert systems[2].options == (("run", "tool --x=1,2 {input}"),) and systems[3].options == (("dpi", "300"),)
    path = str(folder).replace(",", "\\,")
    one, two = parse_datasets(
        [f"pdfs:{path}", f"generated:{path},form=scan,label=scans"], systems=("lanci",), limit=3, seed=7
    )
    assert (one.label, one.request.path, one.request.limit, one.request.seed) == ("pdfs:a_b_c", folder, 3, 7)
    assert (two.label, two.request.options) == ("scans", (("form", "scan"),))
    for label in ("a/b", "a=b", "a|b", " ", "x" * 81):
        with pytest.raises(click.UsageError):
            parse_systems(None, [f"lanci,label={label}"], Limits())


def test_a_dataset_has_its_own_limit_and_its_own_systems(tmp_path):
    text = f"pdfs:{tmp_path},limit=2,systems=rapidocr+lanci"
    systems = ("lanci", "pdfplumber", "rapidocr")
    (dataset,) = parse_datasets([text], systems=systems, limit=20, seed=0)
    assert (dataset.request.limit, dataset.request.options, dataset.systems) == (2, (), ("lanci", "rapidocr"))
    assert dataset.takes("lanci") and not dataset.takes("pdfplumber")
    for wrong in ("limit=0", "limit=many", "systems=camelot-lattice", "systems="):
        with pytest.raises(click.UsageError):
            parse_datasets([f"pdfs:{tmp_path},{wrong}"], systems=systems, limit=None, seed=0)


def test_a_run_its_report_and_a_comparison(capsys, tmp_path, pdf):
    run = str(tmp_path / "run")
    args = ("run", "--system", empty_system(tmp_path), "--dataset", f"pdfs:{pdf}", "-o", run)
    code, out, err = run_main(capsys, *args)
    assert code == 0
    assert "✓ dataset pdfs:预算.pdf: 1 document\n✓ system empty: 1 of 1 document\n" in out
    assert "report.html" in out and "[1/1] pdfs:预算.pdf/预算, empty: 0 tables" in err
    code, out, err = run_main(capsys, *args, "-q")
    assert (code, err) == (0, "")
    code, out, err = run_main(capsys, "report", run, "--no-gallery", "-q")
    assert (code, err) == (0, "") and "✓ system empty" in out
    code, out, err = run_main(capsys, "compare", run, run)
    assert (code, err) == (0, "") and "pdfs:预算.pdf" in out
    file = tmp_path / "difference.md"
    assert run_main(capsys, "compare", run, f"{run}/results.json", "-o", str(file))[0] == 0
    assert file.read_text().strip() == out.strip()


def test_failures_exit_1(capsys, tmp_path, pdf):
    dataset = ("--dataset", f"pdfs:{pdf}")
    system = empty_system(tmp_path, failing_on="预算")
    code, out, err = run_main(capsys, "run", "-q", "--system", system, *dataset, "-o", str(tmp_path / "1"))
    assert code == 1 and "✗ system empty: 0 of 1 document (1 error)" in out and "exit code 1" in err
    missing = "command,run=no-such-program,label=missing"
    args = ("run", "-q", "--system", empty_system(tmp_path), "--system", missing, *dataset, "-o", str(tmp_path / "2"))
    code, out, err = run_main(capsys, *args)
    assert code == 1 and "✗ system missing: not available: " in out and "✓ system empty" in out
    assert run_main(capsys, "report", str(tmp_path / "2"), "-q")[0] == 1
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "thesis.docx").write_bytes(b"x")
    code, out, err = run_main(capsys, *args[:-1], str(tmp_path / "3"))
    assert (code, out) == (1, "") and "not empty" in err and err.count("\n") == 1
