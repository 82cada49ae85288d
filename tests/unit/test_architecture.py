"""Rules about the code itself: sizes, imports, layers, and what must never be used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = ("pipeline", "models", "eval")
SOURCES = sorted(path for root in SOURCE_ROOTS for path in (ROOT / root).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
FORBIDDEN_MODULES = {"pickle", "cPickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
SHELL_CALLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module_faults(tree: ast.Module) -> list[str]:
    """Every use of what is forbidden, with its line."""
    faults = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            faults += [(node.lineno, alias.name) for alias in node.names if is_forbidden(alias.name)]
        elif isinstance(node, ast.ImportFrom):
            name = "." * node.level + (node.module or "")
            faults += [(node.lineno, name)] if is_forbidden(name) else []
        elif isinstance(node, ast.Call):
            shell = [k for k in node.keywords if k.arg == "shell" and not is_false(k.value)]
            faults += [(node.lineno, "shell=True")] if shell else []
            name = ast.unparse(node.func)
            faults += [(node.lineno, name)] if name in SHELL_CALLS else []
    return [f"line {line}: {name}" for line, name in faults]


def is_forbidden(name: str) -> bool:
    first = name.split(".", maxsplit=1)[0]
    return first in FORBIDDEN_MODULES or first in SOURCE_ROOTS or name.startswith(".")


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def long_functions(tree: ast.Module) -> list[str]:
    """Functions that are too long, decorators and docstrings not counted."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            start = node.body[0].end_lineno + 1 if documented and len(node.body) > 1 else node.lineno
            length = node.end_lineno - start + 1
            if length > MAX_FUNCTION_LINES:
                found.append(f"{node.name}: {length} lines")
    return found


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib.pool",
        "from pipeline.lanci import document",
        "import eval.lanci_eval",
        "from . import document",
        "subprocess.run('ls', shell=True)",
        "subprocess.run('ls', shell=flag)",
        "os.system('ls')",
    ],
)
def test_the_rules_find_what_they_forbid(code):
    assert len(module_faults(ast.parse(code))) == 1


def test_the_rules_let_other_code_pass():
    code = "import lanci_eval\nfrom lanci.document import Box\nsubprocess.run(['ls'], shell=False)\nmodels = 1"
    assert module_faults(ast.parse(code)) == []
    body = "\n".join(["    x = 1"] * 70)
    assert long_functions(ast.parse(f"def f():\n{body}")) == ["f: 71 lines"]


def test_all_packages_are_checked():
    names = {path.relative_to(ROOT).as_posix() for path in SOURCES}
    packages = {"pipeline/lanci", "models/lanci_models", "eval/lanci_eval"}
    assert {f"{package}/__init__.py" for package in packages} <= names


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_keeps_the_rules(path):
    tree = parse(path)
    n_lines = path.read_text(encoding="utf-8").count("\n")
    assert module_faults(tree) == []
    assert n_lines <= MAX_FILE_LINES
    if path in SOURCES:
        assert long_functions(tree) == []


def test_no_loose_modules_beside_the_packages():
    loose = [path for root in SOURCE_ROOTS for path in (ROOT / root).glob("*.py")]
    assert loose == []


def test_stages_import_only_what_lies_left_of_them():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
