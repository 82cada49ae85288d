"""Titles put together from their parts, over grids of other funds and scopes.

What money a table counts is said by its title; the grids of all funds look alike. Annotated documents show few of the
combinations, always with the same grids, from which a model would learn that one goes with the other.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from lanci.classify.context import ALONE
from lanci.document import Caption
from lanci.facets import FacetValues, usual_classification
from lanci.training.examples import Example
from lanci.training.synthesis import TitledFacets

COMPOSED_WEIGHT = 0.4
_HOSTS = 2
"""Over how many grids each title is put."""

_BARE = 0.6
"""How often the usual classification is not named."""

_STARTS = ("", "部门", "单位", "年部门", "本年", "年预算单位")
_FUNDS = {
    "all": ("",),
    "fiscal_appropriation": ("财政拨款", "财政拨款预算"),
    "general_public": ("一般公共预算", "一般公共预算财政拨款", "一般公共预算拨款"),
    "government_fund": ("政府性基金预算", "政府性基金预算财政拨款", "政府性基金"),
    "state_capital": ("国有资本经营预算", "国有资本经营预算财政拨款"),
    "special_account": ("财政专户管理资金", "财政专户资金"),
}
_SCOPES = {"all": "", "basic": "基本", "project": "项目"}
_CLASSES = {
    "functional": ("（按功能分类科目）", "（功能科目）", "（按支出功能分类）"),
    "department_economic": ("（按部门经济分类）", "（经济科目）", "（部门预算支出经济分类）"),
    "government_economic": ("（按政府经济分类）", "（政府预算支出经济分类）", "（政府经济科目）"),
}
_ENDS = ("支出表", "支出预算表", "支出情况表", "支出预算明细表")
_WHOLE_ENDS = ("支出总表", "支出预算总表", "支出总体情况表")
_OTHER_ENDS = {
    ("summary", "none"): ("收支总表", "收支预算总表", "收支总体情况表", "收支表"),
    ("income", "functional"): ("收入总表", "收入预算总表", "收入总体情况表", "收入表"),
    ("income", "none"): ("收入总表", "收入预算总表", "收入总体情况表", "收入表"),
}


def compose_titles(seed: int, copies: int = 6) -> list[TitledFacets]:
    """Titles of tables of every fund: expenditure of every scope and classification, income, and both side by side.

    Args:
        seed: for the random choices; the same seed gives the same titles.
        copies: of each combination.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible variety, not secrecy
    made = []
    for _, fund, scope, classification in product(range(copies), _FUNDS, _SCOPES, _CLASSES):
        facets = FacetValues("expenditure", fund, scope, classification)
        made.append(TitledFacets(_compose_expenditure(facets, rng), facets))
    for _, fund, ((kind, classification), ends) in product(range(copies), _FUNDS, _OTHER_ENDS.items()):
        title = rng.choice(_STARTS) + rng.choice(_FUNDS[fund]) + rng.choice(ends)
        made.append(TitledFacets(title, FacetValues(kind, fund, "all", classification)))
    return made


def _compose_expenditure(facets: FacetValues, rng: random.Random) -> str:
    usual = facets.classification == usual_classification(facets.kind, facets.scope)
    whole = (facets.fund, facets.scope) == ("all", "all")
    # A list of projects has no other name than the table of their expenditure; there the subjects are named.
    bare = usual and (facets.fund, facets.scope) != ("all", "project") and rng.random() < _BARE
    parts = (
        rng.choice(_STARTS),
        rng.choice(_FUNDS[facets.fund]),
        _SCOPES[facets.scope],
        rng.choice(_WHOLE_ENDS if whole else _ENDS),
        "" if bare else rng.choice(_CLASSES[facets.classification]),
    )
    return "".join(parts)


def put_over_grids(titles: Sequence[TitledFacets], examples: Sequence[Example], seed: int) -> list[Example]:
    """Each title over grids of tables of its kind and classification, whatever their fund and scope."""
    rng = random.Random(seed)  # noqa: S311 - reproducible variety, not secrecy
    made = []
    for titled in titles:
        wanted = (titled.facets.kind, titled.facets.classification)
        hosts = [
            e
            for e in examples
            if (e.truth.facets.kind, e.truth.facets.classification) == wanted and e.truth.n_header_rows
        ]
        for host in rng.sample(hosts, min(_HOSTS, len(hosts))):
            caption = Caption(lines=(titled.title, "单位：万元"), title=titled.title, unit="万元")
            made.append(
                replace(
                    host,
                    fragment=replace(host.fragment, caption=caption, notes=()),
                    truth=replace(host.truth, facets=titled.facets),
                    group="",
                    table="",
                    weight=COMPOSED_WEIGHT,
                    variant="composed title",
                    around=ALONE,
                    continues=False,
                )
            )
    return made
