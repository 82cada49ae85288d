"""Which tables a document has, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from lanci_eval.factory.budget import Budget
from lanci_eval.factory.content_manner import ContentFeatures
from lanci_eval.factory.forms import (
    economic,
    functional,
    other,
    performance,
    projects,
    purchases,
    summary,
    three_public,
)
from lanci_eval.factory.forms.alike import look_alikes
from lanci_eval.factory.forms.common import Maker
from lanci_eval.factory.names import chance, pick, sample


@dataclass(frozen=True, slots=True)
class _Entry:
    """A form that a document may have: its place in the order, how many tables it makes."""

    place: float
    make: Maker
    n_tables: int = 1


def choose_entries(rng: np.random.Generator, features: ContentFeatures, budget: Budget) -> tuple[Maker, ...]:
    """The makers of a document's forms in order; together they make as many tables as the features allow."""
    if features.look_alikes:
        return look_alikes(rng, budget)
    low, high = features.n_tables
    wanted = int(rng.integers(low, high + 1))
    chosen = list(_always(rng, features))
    pool = [entry for entry in _candidates(rng, features, budget, wanted) if entry.make not in _makers(chosen)]
    for index in rng.permutation(len(pool)):
        entry = pool[int(index)]
        if sum(one.n_tables for one in chosen) + entry.n_tables <= wanted:
            chosen.append(entry)
    return tuple(entry.make for entry in sorted(chosen, key=lambda entry: entry.place))


def _makers(entries: list[_Entry]) -> list[Maker]:
    return [entry.make for entry in entries]


def _always(rng: np.random.Generator, features: ContentFeatures) -> Iterator[_Entry]:
    yield _Entry(1, summary.budget_summary)
    if features.two_same_width_neighbours:
        yield _Entry(11, functional.government_fund_expenditure)
        yield _Entry(12, functional.state_capital_expenditure)
    else:
        yield _Entry(2, pick(rng, (functional.income, functional.income, functional.income_by_unit)))
    by_unit = 0.7 if features.long_tables else 0.2
    yield _Entry(3, functional.expenditure_by_unit if chance(rng, by_unit) else functional.expenditure)


def _candidates(rng: np.random.Generator, features: ContentFeatures, budget: Budget, wanted: int) -> Iterator[_Entry]:
    if features.two_same_width_neighbours:
        yield _Entry(2, functional.income)
    yield _Entry(4, summary.fiscal_summary)
    yield _Entry(5, functional.fiscal_expenditure)
    yield _Entry(6, functional.general_expenditure)
    yield _Entry(7, economic.basic_by_both if chance(rng, 0.3) else economic.basic_by_department)
    yield _Entry(8, economic.basic_by_government)
    yield _Entry(9, economic.crossed)
    yield _Entry(10, functional.project_expenditure)
    yield _Entry(11, functional.government_fund_expenditure)
    yield _Entry(12, functional.state_capital_expenditure)
    yield _Entry(13, functional.special_account_expenditure)
    yield _Entry(14, three_public.three_public)
    yield _Entry(15, economic.operating_expenses)
    yield _Entry(16, purchases.procurement)
    yield _Entry(17, purchases.service_purchase)
    yield _Entry(26, other.assets)
    yield _Entry(27, other.organization)
    yield _Entry(28, pick(rng, (other.staff, other.tasks, other.contacts)))
    if features.with_projects:
        yield _Entry(18, projects.project_list)
    if features.with_performance:
        yield _Entry(23, performance.all_targets)
        yield _Entry(24, performance.overall)
        yield _Entry(25, performance.self_evaluation)
        # Long documents are long because every project has its own form.
        own = sample(rng, range(len(budget.projects)), max(2, wanted - 16))
        for turn, project in enumerate(own):
            if features.with_projects and turn % 2 == 0:
                yield _Entry(20 + project / 1000, partial(projects.profile, project=project), 2)
            else:
                yield _Entry(20 + project / 1000, partial(performance.targets, project=project))
