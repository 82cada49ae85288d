"""The content of a made-up budget disclosure: tables that agree with each other, prose that agrees with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lanci_eval.factory.budget import Fund
from lanci_eval.factory.budget_make import Size, make_budget
from lanci_eval.factory.content_choose import choose_entries
from lanci_eval.factory.content_manner import ContentFeatures, draw_manner
from lanci_eval.factory.content_plant import plant
from lanci_eval.factory.content_prose import with_prose
from lanci_eval.factory.content_sheet import Sheet, sheet_to_form
from lanci_eval.factory.forms.common import Scene
from lanci_eval.factory.names import chance
from lanci_eval.factory.records import Content, Form

__all__ = ["ContentFeatures", "make_content"]


def make_content(seed: int, number: int, features: ContentFeatures) -> Content:
    """The content of document ``number`` of the production ``seed``.

    The same arguments give the same content. Every amount is added up from one budget, so that totals, tables and
    prose agree, except where ``features.inconsistencies`` asks for true errors: those are listed with their forms.
    """
    # Streams of their own: another choice of tables does not change the money, nor the money the wording.
    words, money, choice, drawing, errors, prose = np.random.default_rng([seed, number]).spawn(6)
    year = int(words.integers(2021, 2027))
    manner = draw_manner(words, features, year)
    budget = make_budget(money, _draw_size(money, features, year, manner.grain))
    sheets: list[Sheet] = []
    for place, make in enumerate(choose_entries(choice, features, budget), start=1):
        sheets += make(Scene(budget, manner, features, drawing, place))
    # One of several errors may be a figure of the prose instead of one in a table.
    wrong_figure = features.inconsistencies > 1 and chance(errors, 0.4)
    forms = plant(errors, _to_forms(sheets), features.inconsistencies - wrong_figure, manner)
    return Content(
        id=f"{'alike' if features.look_alikes else 'made'}-{seed}-{number:04d}",
        name=f"{budget.entity}{budget.year}年部门预算",
        province=budget.place.province,
        city=budget.place.city,
        county=budget.place.county,
        fiscal_year=budget.year,
        blocks=with_prose(Scene(budget, manner, features, prose, 0), forms, wrong_figure=wrong_figure),
    )


def _draw_size(rng: np.random.Generator, features: ContentFeatures, year: int, grain: int) -> Size:
    if features.look_alikes:
        units, projects = int(rng.integers(3, 7)), int(rng.integers(8, 20))
    elif features.long_tables:
        units, projects = int(rng.integers(5, 12)), int(rng.integers(25, 50))
    else:
        units, projects = int(rng.integers(1, 5)), int(rng.integers(4, 13))
    # Neighbours that must not be taken for one table should both have something to say.
    neighbours = features.two_same_width_neighbours or features.look_alikes
    sure = (Fund.GOVERNMENT, Fund.CAPITAL) if neighbours else ()
    return Size(units, projects, grain, year, with_funds=chance(rng, 0.6), sure_funds=sure)


def _to_forms(sheets: Sequence[Sheet]) -> list[Form]:
    """The forms with their ids; two stacked ones name each other."""
    forms = []
    for index, sheet in enumerate(sheets):
        partner = None
        if sheet.stacked:
            partner = index
        elif index + 1 < len(sheets) and sheets[index + 1].stacked:
            partner = index + 2
        forms.append(sheet_to_form(sheet, f"t{index + 1:03d}", f"t{partner:03d}" if partner else None))
    return forms
