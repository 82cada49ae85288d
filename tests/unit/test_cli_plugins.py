"""Commands of other packages: listed, called, and no harm to the others when they are broken."""

import re
import sys
from pathlib import Path

import click
import pytest

from lanci.cli import main
from lanci.cli.plugins import PluginGroup

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1\n"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution with one command on the path: its entry point and its module."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(command: str, module: str, source: str | None, target: str = "command") -> None:
        folder = tmp_path / f"{module}-1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(METADATA.format(name=module))
        (folder / "entry_points.txt").write_text(f"[lanci.commands]\n{command} = {module}:{target}\n")
        if source is not None:
            (tmp_path / f"{module}.py").write_text(source)

    return install


def run_main(capsys, *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main(args)
    captured = capsys.readouterr()
    return exit_.value.code, captured.out, captured.err


GOOD = """
import click

@click.command(short_help="Greets.")
@click.argument("name")
def command(name):
    click.echo(f"hello {name}")
    return 7
"""


def test_a_plugin_is_listed_and_runs(capsys, install):
    install("greet", "lanci_good_plugin", GOOD)
    assert re.search(r"\n  greet +Greets\.", run_main(capsys, "--help")[1])
    assert run_main(capsys, "greet", "you") == (7, "hello you\n", "")
    assert run_main(capsys, "greet")[0] == 2


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "ModuleNotFoundError"),
        ("import a_module_that_is_not_there", "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        ("raise RuntimeError('on\\nimport')", "RuntimeError: on import"),
        ("other = 1", "AttributeError"),
        ("command = 1", "is no command"),
    ],
)
def test_a_broken_plugin_says_so_in_one_line_and_harms_no_other(capsys, install, source, reason, request):
    module = f"lanci_broken_plugin_{request.node.callspec.indices['source']}"
    install("greet", module, source)
    code, out, _ = run_main(capsys, "--help")
    assert code == 0
    assert re.search(r"\n  greet +Not available", out) and re.search(r"\n  parse +Parse documents", out)
    code, out, err = run_main(capsys, "greet", "you", "--loud")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1 and reason in err and "'greet'" in err
    assert run_main(capsys, "parse", "--help")[0] == 0
    assert run_main(capsys, "gret")[0] == 2


def test_own_commands_come_first(capsys, install):
    install("parse", "lanci_greedy_plugin", GOOD)
    assert "lanci parse" in run_main(capsys, "parse", "--help")[1].split("Examples:")[1]
    assert run_main(capsys, "--help")[1].count("\n  parse ") == 1


def test_eval_and_annotate_are_listed_although_nothing_of_them_is_imported_by_lanci():
    group = PluginGroup("root")
    assert {"annotate", "eval"} <= set(group.list_commands(click.Context(group)))
    sources = (Path(sys.modules["lanci"].__file__).parent).rglob("*.py")
    assert not any("import lanci_eval" in (text := path.read_text()) or "from lanci_eval" in text for path in sources)
