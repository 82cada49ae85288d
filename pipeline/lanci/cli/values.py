"""Types of option values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from lanci.errors import OverrideError
from lanci.override import Override, OverrideAction, text_to_override
from lanci.override_file import OverrideFile, read_override_file

MAX_PAGE_NUMBER = 100_000


class PageNumbers(click.ParamType):  # type: ignore[type-arg] # generic in newer versions of click only
    """``1-3,7`` as the tuple (1, 2, 3, 7): ascending, without repeats."""

    name = "pages"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Parse the text; fails with a usage error."""
        if isinstance(value, tuple):
            return value
        numbers: set[int] = set()
        for part in str(value).replace("，", ",").split(","):
            match = re.fullmatch(r"\s*([0-9]{1,9})\s*(?:-\s*([0-9]{1,9})\s*)?", part)
            if match is None:
                self.fail(f"{part.strip()!r} is no page or range of pages; write 1-3,7", param, ctx)
            first, last = int(match[1]), int(match[2] or match[1])
            if not 1 <= first <= last <= MAX_PAGE_NUMBER:
                self.fail(
                    f"{part.strip()!r}: pages count from 1, the smaller number comes first, "
                    f"none is over {MAX_PAGE_NUMBER}",
                    param,
                    ctx,
                )
            numbers.update(range(first, last + 1))
        return tuple(sorted(numbers))


PAGES = PageNumbers()


class StoreName(click.ParamType):  # type: ignore[type-arg] # as above
    """The folder of a store, or its address behind ``s3://``."""

    name = "store"

    def __init__(self, *, exists: bool) -> None:
        self._folder = click.Path(exists=exists, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check a folder; fails with a usage error. An address is checked when the store is opened."""
        text = str(value)
        return text if "://" in text else str(self._folder.convert(text, param, ctx))


STORE = StoreName(exists=True)
NEW_STORE = StoreName(exists=False)


class Version(click.ParamType):  # type: ignore[type-arg] # as above
    """A version of one to three numbers, which also names a folder."""

    name = "version"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the text; fails with a usage error."""
        text = str(value)
        if re.fullmatch(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){0,2}", text) is None:
            self.fail(f"{text!r} is no version; write 0.2.0", param, ctx)
        return text


VERSION = Version()


class TablePlace(click.ParamType):  # type: ignore[type-arg] # as above
    """``12:2``, or ``12`` for ``12:1``, as the override of the option's action."""

    name = "place"

    def __init__(self, action: OverrideAction) -> None:
        self._action = action

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Override:
        """Parse the text; fails with a usage error."""
        if isinstance(value, Override):
            return value
        try:
            return text_to_override(str(value), self._action, f"--{self._action.value} {str(value)[:40]}")
        except OverrideError as error:
            self.fail(str(error), param, ctx)


JOIN_PLACE = TablePlace(OverrideAction.JOIN)
SPLIT_PLACE = TablePlace(OverrideAction.SPLIT)


class OverrideFileName(click.ParamType):  # type: ignore[type-arg] # as above
    """The name of an overrides file as what the file says."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> OverrideFile:
        """Read and check the file; fails with a usage error."""
        if isinstance(value, OverrideFile):
            return value
        try:
            return read_override_file(Path(str(value)))
        except OverrideError as error:
            self.fail(str(error), param, ctx)


OVERRIDE_FILE = OverrideFileName()
