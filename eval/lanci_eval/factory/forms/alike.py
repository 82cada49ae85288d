"""Tables that look like their neighbours and are none of theirs: traps for whatever joins tables over page breaks.

One document shows the same table of several funds, of every unit, and one form for every project, each time in the
same wording. Neighbours then have equal columns and headers; only a title, the entity, or a name inside a form tells
them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from lanci_eval.factory.budget import Budget
from lanci_eval.factory.content_sheet import Sheet
from lanci_eval.factory.forms import economic, functional, performance, summary
from lanci_eval.factory.forms.common import Maker, Scene
from lanci_eval.factory.names import chance, sample

_OF_FUNDS: tuple[Maker, ...] = (
    functional.general_expenditure,
    functional.government_fund_expenditure,
    functional.state_capital_expenditure,
    functional.special_account_expenditure,
)
_OF_UNITS: tuple[Maker, ...] = (
    summary.fiscal_summary,
    functional.income,
    functional.expenditure,
    functional.fiscal_expenditure,
    economic.basic_by_department,
)
_FORMS = (4, 9)
"""Fewest and most forms of projects."""


def look_alikes(rng: np.random.Generator, budget: Budget) -> tuple[Maker, ...]:
    """The makers of a document's tables in order: a summary, then groups of tables that look alike."""
    groups = [list(_of_funds(rng)), list(_of_units(rng, budget)), list(_of_projects(rng, budget))]
    ordered = [groups[int(index)] for index in rng.permutation(len(groups))]
    return (summary.budget_summary, *(make for group in ordered for make in group))


@dataclass(frozen=True, slots=True)
class _Look:
    """What tables of one group share: ``seed`` of all their choices of words, ``number`` of the table if not its own.

    ``unit`` is the only one whose money is shown; None for all.
    """

    make: Maker
    seed: int
    number: int | None = None
    unit: int | None = None

    def __call__(self, scene: Scene) -> tuple[Sheet, ...]:
        budget = scene.budget if self.unit is None else _budget_of_unit(scene.budget, self.unit)
        number = scene.number if self.number is None else self.number
        return self.make(replace(scene, budget=budget, number=number, rng=np.random.default_rng(self.seed)))


def _of_funds(rng: np.random.Generator) -> Iterator[Maker]:
    seed = _draw_seed(rng)
    return (_Look(make, seed) for make in _OF_FUNDS)


def _of_units(rng: np.random.Generator, budget: Budget) -> Iterator[Maker]:
    """Some tables of every unit: the tables of one unit after the other, or each table unit by unit."""
    kinds = [(_draw_seed(rng), number, make) for number, make in enumerate(sample(rng, _OF_UNITS, 2), start=1)]
    units = range(len(budget.units))
    if chance(rng, 0.5):
        return (_Look(make, seed, number, unit) for unit in units for seed, number, make in kinds)
    return (_Look(make, seed, number, unit) for seed, number, make in kinds for unit in units)


def _of_projects(rng: np.random.Generator, budget: Budget) -> Iterator[Maker]:
    seed = _draw_seed(rng)
    count = min(int(rng.integers(*_FORMS)), len(budget.projects))
    chosen = sorted(sample(rng, range(len(budget.projects)), count))
    return (partial(performance.targets, project=project, look=seed) for project in chosen)


def _draw_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))


def _budget_of_unit(budget: Budget, unit: int) -> Budget:
    """The budget that the unit alone would publish."""
    facts = tuple(fact for fact in budget.facts if fact.unit == unit)
    return replace(budget, entity=budget.units[unit].name, units=(budget.units[unit],), facts=facts)
