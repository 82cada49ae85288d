"""Families in other manners."""

from __future__ import annotations

from lanci_eval.factory.families import DESIGNS
from lanci_eval.factory.records import Rules
from lanci_eval.factory.vary import vary_family


def test_rules_are_drawn_anew_where_the_engine_can_and_the_cells_keep_their_places() -> None:
    drawn = {name: {vary_family(DESIGNS[name].family, seed).rules for seed in range(60)} for name in DESIGNS}
    assert drawn["grey-levels"] == set(Rules) - {Rules.FILLS}
    assert drawn["three-line"] == {Rules.HORIZONTAL, Rules.THREE_LINE, Rules.NONE}
    assert drawn["filled-cells"] == {Rules.FILLS}
    assert drawn["dotted-form"] == {Rules.DOTTED}  # printed by way of a word processor


def test_one_seed_gives_one_family() -> None:
    family = DESIGNS["pale-web"].family
    assert vary_family(family, 7) == vary_family(family, 7)
