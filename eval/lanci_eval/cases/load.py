"""Cases from TOML files: ``files.toml`` names the files of a corpus, the others hold the cases."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from lanci_eval.cases.kinds import KINDS
from lanci_eval.cases.records import CaseError, CaseFile, Expectation, HardCase

FILES = "files.toml"

_Record = TypeVar("_Record")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAMES: dict[type, str] = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}


def own_cases() -> tuple[HardCase, ...]:
    """The cases that come with lanci."""
    return read_cases(files("lanci_eval.cases") / "hard_cases")


def read_cases(folder: Path | Traversable) -> tuple[HardCase, ...]:
    """All cases of a folder of TOML files, in the order of the files' names and of their entries.

    Raises:
        CaseError: a file cannot be read, or an entry is not as it has to be; two cases have one id.
    """
    known = {
        name: _convert(CaseFile, {"name": name, **_table(entry, f"{FILES}, {name!r}")}, f"{FILES}, {name!r}")
        for name, entry in _load(folder / FILES).items()
    }
    for file in known.values():
        if not _SHA256.fullmatch(file.sha256):
            raise CaseError(f"{FILES}, {file.name!r}: sha256 has to be 64 digits of lower-case hex")
    cases: dict[str, HardCase] = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".toml") or path.name == FILES:
            continue
        for number, entry in enumerate(_list(_load(path).get("case", []), f"{path.name}, case"), start=1):
            case = _read_case(entry, f"{path.name}, case {number}", known)
            if case.id in cases:
                raise CaseError(
                    f"{path.name}, case {number}: there is another case {case.id}; give it an id of its own"
                )
            cases[case.id] = case
    return tuple(cases.values())


def _load(path: Path | Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseError(f"{path.name} cannot be read ({error.strerror}); name a folder of cases") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaseError(f"{path.name} is no sound TOML: {error}") from error


def _read_case(entry: object, where: str, known: Mapping[str, CaseFile]) -> HardCase:
    values = dict(_table(entry, where))
    name = values.get("id")
    if isinstance(name, str):
        where = f"{where} ({name})"
    file = known.get(str(values.get("file")))
    if file is None:
        raise CaseError(f"{where}: file {values.get('file')!r} is not in {FILES}; name it there with its sha256")
    listed = _list(values.pop("expect", []), f"{where}, expect")
    if not listed:
        raise CaseError(f"{where}: nothing is expected; give at least one entry in expect")
    expectations = tuple(_read_expectation(item, f"{where}, expect {n}") for n, item in enumerate(listed, start=1))
    return _convert(HardCase, {**values, "file": file, "expectations": expectations}, where)


def _read_expectation(entry: object, where: str) -> Expectation:
    values = dict(_table(entry, where))
    kind = KINDS.get(str(values.pop("kind", None)))
    if kind is None:
        raise CaseError(f"{where}: kind has to be one of {', '.join(KINDS)}")
    return _convert(kind, values, where)


def _convert(record: type[_Record], values: Mapping[str, object], where: str) -> _Record:
    """A record of the values of a TOML table; CaseError when names or types are not those of its fields."""
    assert is_dataclass(record)
    hints = get_type_hints(record)
    known = fields(record)
    unknown = sorted(set(values) - {field.name for field in known})
    if unknown:
        raise CaseError(f"{where}: {unknown[0]!r} is unknown; known are {', '.join(field.name for field in known)}")
    converted = {}
    for field in known:
        if field.name in values:
            converted[field.name] = _value(values[field.name], hints[field.name], f"{where}, {field.name}")
        elif field.default is MISSING:
            raise CaseError(f"{where}: {field.name} is missing")
    made: _Record = record(**converted)
    return made


def _value(value: object, hint: Any, where: str) -> object:
    if get_origin(hint) in (Union, UnionType):
        hint = next(choice for choice in get_args(hint) if choice is not type(None))
    if get_origin(hint) is tuple:
        return _tuple(value, get_args(hint), where)
    if hint is Decimal:
        return _decimal(value, where)
    if hint is float and type(value) is int:
        return float(value)
    if hint in _NAMES and type(value) is not hint:  # bool is an int for isinstance
        raise CaseError(f"{where}: has to be {_NAMES[hint]}, not {value!r}")
    return value


def _tuple(value: object, hints: tuple[Any, ...], where: str) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return value  # made here, not read
    items = _list(value, where)
    if hints[-1] is Ellipsis:
        hints = (hints[0],) * len(items)
    if len(items) != len(hints):
        raise CaseError(f"{where}: has to have {len(hints)} entries, not {len(items)}")
    return tuple(_value(item, hint, f"{where} {n}") for n, (item, hint) in enumerate(zip(items, hints, strict=True), 1))


def _decimal(value: object, where: str) -> Decimal:
    if isinstance(value, str):  # a number of TOML is a binary one, which sums must not be
        with suppress(InvalidOperation):
            return Decimal(value)
    raise CaseError(f"{where}: has to be a number in quotes, not {value!r}")


def _table(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise CaseError(f"{where}: has to be a table, not {value!r}")
    return value


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise CaseError(f"{where}: has to be a list, not {value!r}")
    return value
