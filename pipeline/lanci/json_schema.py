"""JSON values against the published schemas (JSON Schema, draft 2020-12)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema_rs import Draft202012Validator

_SHOWN_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Violation:
    """A place of a value that breaks its schema: ``path`` are the keys and positions that lead to it."""

    path: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        where = "/".join(str(step) for step in self.path) or "the top level"
        return f"{where}: {self.message[:_SHOWN_CHARACTERS]}"


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """A schema that is shipped in ``package`` as ``file``, a path in it."""

    package: str
    file: str

    def load(self) -> dict[str, Any]:
        """The schema itself."""
        schema: dict[str, Any] = json.loads(files(self.package).joinpath(self.file).read_text(encoding="utf-8"))
        return schema

    def find_violations(self, data: object) -> Iterator[Violation]:
        """Every place that breaks the schema. One alone, of no place, for data nested too deeply to be looked at."""
        try:
            for error in _validator(self).iter_errors(data):
                yield Violation(tuple(error.instance_path), error.message)
        except ValueError as error:  # of nesting, and of keys that are no Unicode
            yield Violation((), str(error))


@cache
def _validator(schema: JsonSchema) -> Draft202012Validator:
    return Draft202012Validator(schema.load())
