"""Subject codes printed in parts, level by level."""

from __future__ import annotations

import pytest

from lanci.code_parts import join_code_parts

OPEN = ("208", "05", "01")


@pytest.mark.parametrize(
    ("parts", "carried", "code", "below"),
    [
        (("208", "05", "01"), (), "2080501", ("208", "05", "01")),
        (("208", "5", "1"), (), "2080501", ("208", "5", "1")),
        (("208", "20805", "2080501"), (), "2080501", ("208", "20805", "2080501")),
        (("208", "0501"), (), "2080501", ("208", "0501")),
        (("208", "", ""), (), "208", ("208", "", "")),
        (("", "", "02"), OPEN, "2080502", ("208", "05", "02")),
        (("", "06", ""), OPEN, "20806", ("208", "06", "")),
        (("", "20806", ""), OPEN, "20806", ("208", "20806", "")),
        (("210", "", ""), OPEN, "210", ("210", "", "")),
        (("", "", ""), OPEN, "", OPEN),
        (("208", "", "01"), OPEN, "2080501", OPEN),
        (("210", "", "01"), OPEN, "", ("210", "", "01")),
        (("", "05", ""), (), "", ("", "05", "")),
        (("208", "30101"), (), "", ("208", "30101")),
        ((), (), "", ()),
    ],
)
def test_a_code_is_put_together(
    parts: tuple[str, ...], carried: tuple[str, ...], code: str, below: tuple[str, ...]
) -> None:
    assert join_code_parts(parts, carried) == (code, below)
