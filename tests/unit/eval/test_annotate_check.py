"""``lanci annotate check``: what is sound passes, what is not is named with file, table and cell."""

import json
from pathlib import Path
from typing import Any

import pytest

from lanci.annotation import load_annotation
from lanci.cli import main
from lanci_eval.cli.annotate import COMMANDS
from lanci_eval.truth.identities import find_broken_identities

ANNOTATIONS = Path(__file__).parents[3] / "annotations"
DOCUMENTS = ANNOTATIONS / "documents"
Json = dict[str, Any]


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[object, list[str], str]:
    with pytest.raises(SystemExit) as exit_:
        main(["annotate", "check", *map(str, args)])
    captured = capsys.readouterr()
    return exit_.value.code, captured.out.splitlines(), captured.err


def copy_of(name: str, folder: Path) -> tuple[Json, Path]:
    content: Json = json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))
    return content, folder / f"{name}.json"


def write(content: Json, path: Path) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def test_the_shipped_truth_passes(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, _ = run(capsys, ANNOTATIONS)
    assert code == 0, lines
    assert lines[-2].endswith(" of the sources, 0 annotation errors to settle")
    assert lines[-1] == "✓ no other problems"
    assert all("true inconsistency" in line for line in lines[:-4])
    assert run(capsys, DOCUMENTS, "--quiet")[1] == lines[-4:]


def test_the_true_errors_of_a_source_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    path = DOCUMENTS / "julu-2022.json"
    code, lines, _ = run(capsys, path)
    assert code == 0
    assert lines[0].startswith(f"{path}: julu-2022, table t002, cell (4, 3): true inconsistency: column-sum: ")
    assert "1385.53" in lines[0] and "1379.53" in lines[0]
    assert lines[-4] == "1 document, 39 tables, 47 fragments, 2,854 cells"
    assert lines[-2] == "arithmetic: 17 true inconsistencies of the sources, 0 annotation errors to settle"


def test_a_wrong_amount_is_an_annotation_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    content, path = copy_of("linxi-2021", tmp_path)
    cell = next(c for c in content["tables"][2]["cells"] if c["role"] == "amount" and c["text"][:1].isdigit())
    cell["text"] = "9" + cell["text"]
    write(content, path)
    code, lines, _ = run(capsys, tmp_path, "-q")
    assert code == 1
    wrong = [line for line in lines if "annotation error to settle" in line]
    assert any(line.startswith(f"{path}: linxi-2021, table t003, cell ({cell['row']}, ") for line in wrong)
    assert lines[-2].endswith(f"{len(wrong)} annotation errors to settle")
    content["tables"][2]["inconsistencies"] = ["said to be so in the source"]
    write(content, path)
    assert run(capsys, tmp_path)[0] == 0


def test_column_numbers_that_jump_are_known_or_wrong(tmp_path: Path) -> None:
    content, path = copy_of("linxi-2021", tmp_path)
    next(c for c in content["tables"][0]["cells"] if (c["row"], c["col"]) == (2, 4))["text"] = "5"
    content["tables"][0]["columns"][4]["column_number"] = 5
    write(content, path)
    (broken,) = find_broken_identities(load_annotation(path))
    assert (broken.finding.rule, broken.finding.expected, broken.known) == ("column-number-sequence", "4", False)
    assert str(broken.to_problem()).startswith("linxi-2021, table t001, cell (2, 4): annotation error to settle: ")


def test_every_problem_is_named_with_its_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    content, path = copy_of("gaoyi-2021", tmp_path)
    content["tables"][0]["cells"].pop()
    content["tables"][1]["verified"]["by_eye"] = 3
    write(content, path)
    broken, cut = tmp_path / "broken.json", tmp_path / "cut.json"
    write(content | {"n_pages": 0}, broken)
    cut.write_text("{", encoding="utf-8")
    again = tmp_path / "again.json"
    write(copy_of("gaoyi-2021", tmp_path)[0], again)
    code, lines, _ = run(capsys, tmp_path)
    assert code == 1
    said = [line.removeprefix(f"{tmp_path}/") for line in lines]
    assert said[0] == "again.json: gaoyi-2021: the file of a document is named after its id: gaoyi-2021.json"
    assert said[1] == "broken.json: n_pages: 0 is less than the minimum of 1"
    assert said[2].startswith("cut.json: not a JSON file in UTF-8")
    assert said[3].startswith("gaoyi-2021.json: gaoyi-2021, table t001, ")
    assert "no cell covers this position" in said[3]
    assert any(line.startswith("gaoyi-2021.json: gaoyi-2021, table t002: verified: ") for line in said)
    assert f"gaoyi-2021.json: gaoyi-2021: {again} describes this document too" in said
    assert said[-4].startswith("2 documents, ") and said[-4].endswith("; 2 files not read")
    assert said[-1] == f"✗ {len(said) - 4} other problems"


def test_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys)[0] == run(capsys, tmp_path / "nowhere")[0] == 2
    code, _, err = run(capsys, tmp_path)
    assert code == 2 and "no annotation files" in err
    code, lines, _ = run(capsys, "--help")
    assert code == 0 and any("lanci annotate check annotations/" in line for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_group_is_there_with_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["annotate", name, "--help"])
    assert exit_.value.code == 0
    assert f"\n    lanci annotate {name} " in capsys.readouterr().out


def test_the_group_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["annotate", "--help"])
    assert exit_.value.code == 0
    listed = capsys.readouterr().out.split("Commands:")[1]
    assert all(f"\n  {name} " in listed for name in COMMANDS)
    with pytest.raises(SystemExit) as exit_:
        main(["annotate", "guess"])
    assert exit_.value.code == 2
