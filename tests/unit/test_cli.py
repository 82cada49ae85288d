"""The commands as a user meets them: help, usage errors, exit codes, what is printed where."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from lanci.cli import main
from lanci.cli.inputs import expand_inputs
from lanci.cli.outcome import Counts, Outcome
from lanci.cli.values import PAGES
from lanci.jobs.flags import ParseFlags
from lanci.jobs.logs import verbosity_to_level


def run_main(capsys, *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main(args)
    captured = capsys.readouterr()
    return exit_.value.code, captured.out, captured.err


def test_help_has_examples(capsys):
    for command in ([], ["parse"], ["run"], ["status"], ["show"], ["train"]):
        code, out, _ = run_main(capsys, *command, "--help")
        assert code == 0
        assert f"lanci {' '.join(command)}".strip() in out.split("Examples:")[1]


def test_help_is_quick_because_nothing_heavy_is_imported():
    program = (
        "import sys; sys.argv = ['lanci', '--help']\n"
        "import lanci.cli, atexit\n"
        "heavy = {'cv2', 'pymupdf', 'sklearn', 'scipy', 'skops', 'onnxruntime', 'pandas', 'rich', 'jsonschema_rs'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules))))\n"
        "lanci.cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_version(capsys):
    code, out, _ = run_main(capsys, "--version")
    assert code == 0 and out.startswith("lanci 0.")


@pytest.mark.parametrize(
    "args",
    [
        ["parse"],
        ["parse", "missing.pdf", "-o", "out"],
        ["parse", ".", "-o", "out", "--pages", "3-1"],
        ["parse", ".", "-o", "out", "--ocr", "magic"],
        ["parse", ".", "-o", "out", "--join", "3-4"],
        ["parse", ".", "-o", "out", "--overrides", "missing.toml"],
        ["parse", ".", "-o", "out", "--jobs", "0"],
        ["parse", "."],
        ["run", "."],
        ["run", ".", "--store", "out", "--attempts", "0"],
        ["run", ".", "--store", "out", "--join", "3"],
        ["status", "missing"],
        ["show", "missing", "-o", "out"],
        ["train", ".", "-o", "out", "--version", "../1"],
        ["frobnicate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2(capsys, args, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run_main(capsys, *args)
    assert (code, out) == (2, "")
    assert "Error" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "pages"), [("1", (1,)), ("1-3,7", (1, 2, 3, 7)), (" 7 , 2-3，3", (2, 3, 7)), ("5-5", (5,))]
)
def test_page_numbers(text, pages):
    assert PAGES.convert(text, None, None) == pages


@pytest.mark.parametrize("text", ["", "0", "3-1", "a", "1-", "1,,2", "-1", "1-999999999", "²"])
def test_no_page_numbers(text):
    with pytest.raises(click.BadParameter):
        PAGES.convert(text, None, None)


def touch(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return paths


def test_inputs_are_taken_once_and_never_from_the_output(tmp_path):
    a, b, other, _ = touch(tmp_path, "in/a.pdf", "in/子/b.PDF", "in/data.bin", "in/out/x/page.png")
    inputs = expand_inputs([b, tmp_path / "in", other], output=tmp_path / "in" / "out")
    assert inputs.files == (b, a, other)
    assert inputs.failures == ()


def test_folder_without_documents_says_what_is_there(tmp_path):
    touch(tmp_path, "in/readme.md", "in/more/readme.md", "in/Makefile")
    inputs = expand_inputs([tmp_path / "in"], output=tmp_path)
    [(_, error)] = inputs.failures
    assert error.category == "unsupported"
    assert "2 of .md" in str(error) and "1 of no ending" in str(error)
    (tmp_path / "empty").mkdir()
    [(_, error)] = expand_inputs([tmp_path / "empty"], output=tmp_path / "out").failures
    assert "it is empty" in str(error)


def test_summary_lines():
    counts = Counts(pages=31, tables=1, amounts=1812, findings=3)
    good = Outcome(name="甲.pdf", folder=Path("out/甲"), counts=counts, listing=("  t001",))
    assert list(good.to_lines()) == [
        "✓ 甲.pdf: 31 pages, 1 table, 1,812 amounts, 3 findings, 0 cells to review → out/甲",
        "  t001",
    ]
    bad = Outcome(name="乙.pdf", category="damaged", message="two\nlines")
    assert list(bad.to_lines()) == ["✗ 乙.pdf: damaged: two lines"]
    assert counts + counts == Counts(pages=62, tables=2, amounts=3624, findings=6)


def test_flags_reach_the_options_of_their_stages(tmp_path):
    defaults = ParseFlags().to_options()
    options = ParseFlags(
        pages=(2,),
        ocr="null",
        ocr_models=tmp_path,
        password="x",
        dpi=300.0,
        max_pages=5,
        max_page_points=10.0,
        max_pixels=10_000,
        max_file_bytes=7,
        max_stream_bytes=8,
        office_timeout=9.0,
        force_ocr=True,
    ).to_options()
    assert options.pages == (2,) and (options.ocr.engine, options.ocr.model_dir) == ("null", tmp_path)
    source = options.source
    assert (source.password, source.max_pages, source.max_page_points, source.max_pixels) == ("x", 5, 10, 10_000)
    assert (source.max_file_bytes, source.max_stream_bytes, source.office_timeout_s) == (7, 8, 9)
    assert (options.page.dpi, options.page.force_ocr) == (300, True)
    assert defaults.page.force_ocr is False and defaults.ocr.engine == "rapidocr"


def test_verbosity():
    levels = [verbosity_to_level(True, 2)] + [verbosity_to_level(False, n) for n in (0, 1, 2, 9)]
    assert levels == [40, 30, 20, 10, 10]
