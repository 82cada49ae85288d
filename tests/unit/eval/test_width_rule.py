"""The rule by which public tools join tables: what it joins, and that lanci does as it says."""

from __future__ import annotations

import pytest
from tests.made_fragments import AMOUNT, CODE, NAME, D, H, fragment

from lanci.document import LabelledFragment
from lanci.stitch import StitchOptions, stitch
from lanci_eval.systems.width_rule_system import rule_to_overrides

HEADER = ["编码", "名称", "合计"]
EDGES = [50.0, 110.0, 290.0, 350.0]


def part(page: int, header: list[str] | None = None, code: str = "301", **more: object) -> LabelledFragment:
    rows = [*([header] if header else []), [code, "工资", "1.00"], [code, "津贴", "2.00"]]
    roles = [*([H] if header else []), D, D]
    return fragment(page, rows, roles, (CODE, NAME, AMOUNT), **({"edges": EDGES} | more))  # type: ignore[arg-type]


def pages(*parts: LabelledFragment, heed_titles: bool = False) -> list[list[int]]:
    joins = rule_to_overrides(parts, 0.02, heed_titles=heed_titles)
    return [[f.page for f in table.fragments] for table in stitch(parts, StitchOptions(overrides=joins))]


FIRST = part(1, HEADER, title="支出表")


@pytest.mark.parametrize(
    "lower",
    [
        part(2, HEADER),
        part(2),
        part(2, edges=[40.0, 100.0, 280.0, 340.0]),
        part(2, edges=[50.0, 112.0, 292.0, 350.0]),
        part(2, HEADER, code="502", title="收入表"),
    ],
    ids=["same header", "no header", "shifted", "nearly as wide", "another table that looks alike"],
)
def test_what_the_rule_joins(lower: LabelledFragment) -> None:
    assert pages(FIRST, lower) == [[1, 2]]


@pytest.mark.parametrize(
    "lower",
    [
        part(2, ["编码", "名 称", "合计"]),
        part(2, ["合计", "名称", "编码"]),
        part(3),
        part(1, index=1),
        part(2, edges=[50.0, 130.0, 290.0, 350.0]),
        fragment(2, [["301", "1.00"]], [D], (CODE, AMOUNT), edges=[50.0, 110.0, 350.0]),
    ],
    ids=["drifted header", "other header", "a page between", "same page", "other widths", "a column lost"],
)
def test_what_the_rule_misses(lower: LabelledFragment) -> None:
    assert pages(FIRST, lower) == [[part.fragment.page] for part in (FIRST, lower)]


def test_the_header_is_that_of_the_table_and_only_neighbours_are_joined() -> None:
    assert pages(FIRST, part(2), part(3, HEADER)) == [[1, 2, 3]]
    assert pages(FIRST, part(2, ["甲", "乙", "丙"]), part(3, HEADER)) == [[1], [2], [3]]
    assert pages(FIRST, part(2), part(2, index=1), part(3)) == [[1, 2], [2, 3]]


def test_titles_can_be_heeded() -> None:
    titled = part(2, HEADER, title="收入表")
    assert pages(FIRST, titled, heed_titles=True) == [[1], [2]]
    assert pages(FIRST, part(2, HEADER), heed_titles=True) == [[1, 2]]


def test_a_document_without_tables() -> None:
    assert rule_to_overrides((), 0.02) == ()
