"""Types of option values."""

from __future__ import annotations

import re
from typing import Any

import click

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
