"""Deciding for a whole document: runs by themselves, blank pages, doubt, and what the user said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.made_fragments import AMOUNT, CODE, NAME, SERIAL, D, H, fragment
from tests.seeds import SEED_FILES
from tests.truth_fragments import labelled_fragments

from lanci.annotation import load_annotation
from lanci.document import Caption, LabelledFragment
from lanci.override import Override, OverrideAction
from lanci.stitch import StitchOptions, stitch
from lanci.stitch.decide import Chain, chain_fragments
from lanci.stitch.evidence import Sign
from lanci.stitch.model import LinkModel

OPTIONS = StitchOptions()
COLUMNS = (SERIAL, CODE, NAME, AMOUNT)


def listed(page: int, serials: Sequence[int], **more: object) -> LabelledFragment:
    rows = [[str(serial), f"201{serial:02d}", "支出", f"{serial}.00"] for serial in serials]
    return fragment(
        page, [["序号", "科目编码", "科目名称", "合计"], *rows], [H, *[D] * len(rows)], COLUMNS,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def pages(chains: Sequence[Chain]) -> list[list[int]]:
    return [[part.labelled.fragment.page for part in chain.parts] for chain in chains]


def test_a_table_goes_on_over_blank_pages() -> None:
    parts = [listed(1, [1, 2]), listed(3, [3, 4]), listed(5, [5])]
    assert pages(chain_fragments(parts, OPTIONS)) == [[1], [3], [5]]
    assert pages(chain_fragments(parts, OPTIONS, {2})) == [[1, 3], [5]]
    assert pages(chain_fragments(parts, OPTIONS, {2, 4})) == [[1, 3, 5]]
    (table,) = stitch(parts, OPTIONS, {2, 4})
    assert [one.page for one in table.fragments] == [1, 3, 5]


def test_reasons_stand_in_the_order_of_what_they_contribute() -> None:
    weights = dict.fromkeys(Sign, 0.0)
    model = LinkModel("m", "1", 0.0, {**weights, Sign.COLUMNS: 1.0, Sign.SERIAL: 2.0}, weights)
    (chain,) = chain_fragments([listed(1, [1, 2]), listed(2, [3])], OPTIONS, model=model)
    assert chain.links[1].reasons[:2] == ("序号 continues: 2 → 3", "the same 4 columns at the same places")
    assert chain.links[1].probability == pytest.approx(0.9526, abs=1e-3)


@pytest.mark.parametrize(("bias", "joined"), [(0.2, True), (-0.2, False)])
def test_doubt_is_marked_on_both_sides(bias: float, joined: bool) -> None:
    weights = dict.fromkeys(Sign, 0.0)
    chains = chain_fragments(
        [listed(1, [1]), listed(2, [2])], OPTIONS, model=LinkModel("m", "1", bias, weights, weights)
    )
    assert pages(chains) == ([[1, 2]] if joined else [[1], [2]])
    assert chains[-1].links[-1].reasons[0].startswith("doubtful: joined" if joined else "doubtful: not joined")
    assert chains[-1].links[-1].probability == (pytest.approx(0.5498, abs=1e-3) if joined else 1.0)


def test_another_title_settles_a_break_whatever_else_is_there() -> None:
    weights = dict.fromkeys(Sign, 0.0)
    eager = LinkModel("m", "1", 100.0, weights, weights)
    parts = [listed(1, [1], title="收入总表"), listed(2, [2], title="支出总表")]
    assert pages(chain_fragments(parts, OPTIONS, model=eager)) == [[1], [2]]


def test_the_user_joins_over_any_distance_and_splits() -> None:
    parts = [listed(1, [1], title="收入总表"), listed(2, [2], title="收入总表"), listed(9, [1], title="支出总表")]
    wishes = (Override(OverrideAction.JOIN, 9), Override(OverrideAction.SPLIT, 2))
    chains = chain_fragments(parts, StitchOptions(overrides=wishes))
    assert pages(chains) == [[1], [2, 9]]
    assert chains[1].links[0].reasons == ("split by the user",)
    assert chains[1].links[1] == replace(chains[1].links[1], probability=1.0, reasons=("joined by the user",))
    lone = chain_fragments(parts[2:], StitchOptions(overrides=wishes[1:]))
    assert pages(lone) == [[9]]


DOCUMENTS = [load_annotation(path) for path in SEED_FILES]


def run_of(parts: Sequence[LabelledFragment], at: int) -> tuple[int, int]:
    """The first and one-past-last place of the fragments on neighbouring pages around a place."""

    def breaks(place: int) -> bool:
        return parts[place].fragment.page != parts[place - 1].fragment.page + 1

    first = next(place for place in range(at, -1, -1) if place == 0 or breaks(place))
    end = next(place for place in range(at + 1, len(parts) + 1) if place == len(parts) or breaks(place))
    return first, end


@settings(max_examples=40, deadline=None, derandomize=True)
@given(document=st.sampled_from(DOCUMENTS), at=st.integers(0, 200), titles=st.booleans())
def test_a_run_is_decided_by_itself(document: object, at: int, titles: bool) -> None:
    """The joins within a run, and their probabilities, are the same with the rest of the document taken away."""
    parts = labelled_fragments(document.tables)  # type: ignore[attr-defined]
    if not titles:
        parts = [replace(one, fragment=replace(one.fragment, caption=Caption())) for one in parts]
    first, end = run_of(parts, at % len(parts))
    # A grid directly under another one takes the title of that one.
    assume(not titles or first == 0 or parts[first].fragment.page != parts[first - 1].fragment.page)
    whole = [link for chain in chain_fragments(parts, OPTIONS) for link in chain.links][first:end]
    alone = [link for chain in chain_fragments(parts[first:end], OPTIONS) for link in chain.links]
    assert [(one.probability, one.model_probability) for one in whole] == [
        (one.probability, one.model_probability) for one in alone
    ]
