"""Subject codes that are printed in parts: 类, 款 and 项 in columns of their own, a level only where it changes."""

from __future__ import annotations

from collections.abc import Sequence

_SHORT = (1, 2, 4)
"""Digits of a part that is printed alone: 款 and 项 have two each, a leading 0 may be missing."""


def join_code_parts(parts: Sequence[str], carried: Sequence[str] = ()) -> tuple[str, tuple[str, ...]]:
    """One code from what a row prints of it, with the levels that stand open for the row below.

    A part may be printed alone (``05``) or with what comes before it (``20805``); a blank one before the last part
    of the row is that of the rows above.

    Args:
        parts: the digits in each column of the code from left to right, "" for none.
        carried: the levels that the rows above leave open, as many as ``parts``; empty for none.

    Returns:
        The code, "" for a row without parts, with a part that is no level of it, or with a level missing; and what is
        open below the row, one for each part.
    """
    levels = list(carried) or [""] * len(parts)
    n_printed = 0
    for index, part in enumerate(parts):
        if part:
            if part != levels[index]:
                levels[index + 1 :] = [""] * (len(levels) - index - 1)
            levels[index] = part
            n_printed = index + 1
    return _join(levels[:n_printed]), tuple(levels)


def _join(levels: Sequence[str]) -> str:
    code = ""
    for index, level in enumerate(levels):
        if not index or (len(level) > 2 and level.startswith(code)):
            code = level
        elif level and levels[index - 1] and len(level) in _SHORT:
            code += level.zfill(2)
        elif level:
            return ""
    return code
