"""The budget of a made-up department, as facts from which every table is added up.

A fact is one amount with all that is true of it: unit, function, economic class, fund, purpose. A table prints sums
of facts, so the identities of real budgets (parts and totals, children and parents, table and table) hold by
construction. Amounts are whole numbers of the smallest unit that a document prints.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lanci_eval.factory.names import Place


class Fund(StrEnum):
    """Where the money comes from; the first three are 财政拨款, the last two 单位资金."""

    GENERAL = "general_public"
    GOVERNMENT = "government_fund"
    CAPITAL = "state_capital"
    ACCOUNT = "special_account"
    BUSINESS = "business"
    OTHER = "other"


FISCAL = (Fund.GENERAL, Fund.GOVERNMENT, Fund.CAPITAL)


class Purpose(StrEnum):
    """人员经费 and 公用经费 make up the 基本支出; the rest is 项目支出."""

    PERSONNEL = "personnel"
    PUBLIC = "public"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Fact:
    """One amount. ``unit`` and ``project`` are indices; ``carried`` is money left from the year before."""

    unit: int
    function: str
    economic: str
    government: str
    fund: Fund
    purpose: Purpose
    project: int | None
    carried: bool
    amount: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A budget unit; the first of a department is its own office."""

    code: str
    name: str
    is_office: bool
    posts: int
    staff: int
    retired: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a unit; its money is in the facts that name it."""

    index: int
    code: str
    name: str
    work: str
    unit: int
    function: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A line of the asset table."""

    name: str
    measure: str
    count: int
    value: int
    net: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """Something to be bought; ``amount`` is ``count`` times ``price``."""

    project: int
    category: str
    item: str
    code: str
    measure: str
    count: int
    price: int
    is_service: bool

    @property
    def amount(self) -> int:
        return self.count * self.price


@dataclass(frozen=True, slots=True)
class Budget:
    """All that a document can say. ``last_three_public`` are last year's amounts by economic code."""

    place: Place
    bureau: str
    entity: str
    year: int
    units: tuple[Unit, ...]
    projects: tuple[Project, ...]
    facts: tuple[Fact, ...]
    assets: tuple[Asset, ...]
    purchases: tuple[Purchase, ...]
    last_three_public: tuple[tuple[str, int], ...]

    def project_facts(self, project: Project) -> tuple[Fact, ...]:
        """The money of one project."""
        return tuple(fact for fact in self.facts if fact.project == project.index)


class Measure(StrEnum):
    """What a money column counts of the facts of its row."""

    TOTAL = "total"
    BASIC = "basic"
    PERSONNEL = "personnel"
    PUBLIC = "public"
    PROJECT = "project"
    FISCAL = "fiscal"
    GENERAL = "general"
    GOVERNMENT = "government"
    CAPITAL = "capital"
    ACCOUNT = "account"
    BUSINESS = "business"
    OTHER = "other"
    OWN = "own"
    CURRENT = "current"
    CURRENT_GENERAL = "current general"
    CURRENT_GOVERNMENT = "current government"
    CURRENT_CAPITAL = "current capital"
    CARRIED = "carried"
    CARRIED_GENERAL = "carried general"
    CARRIED_GOVERNMENT = "carried government"
    CARRIED_CAPITAL = "carried capital"
    NOTHING = "nothing"


def _of(*funds: Fund) -> Callable[[Fact], bool]:
    return lambda fact: fact.fund in funds


def _when(carried: bool, *funds: Fund) -> Callable[[Fact], bool]:
    return lambda fact: fact.carried is carried and (not funds or fact.fund in funds)


_COUNTED: dict[Measure, Callable[[Fact], bool]] = {
    Measure.TOTAL: lambda fact: True,
    Measure.BASIC: lambda fact: fact.purpose is not Purpose.PROJECT,
    Measure.PERSONNEL: lambda fact: fact.purpose is Purpose.PERSONNEL,
    Measure.PUBLIC: lambda fact: fact.purpose is Purpose.PUBLIC,
    Measure.PROJECT: lambda fact: fact.purpose is Purpose.PROJECT,
    Measure.FISCAL: _of(*FISCAL),
    Measure.GENERAL: _of(Fund.GENERAL),
    Measure.GOVERNMENT: _of(Fund.GOVERNMENT),
    Measure.CAPITAL: _of(Fund.CAPITAL),
    Measure.ACCOUNT: _of(Fund.ACCOUNT),
    # Columns of 单位资金 and of 财政专户 stand among this year's income; money of theirs is never carried over.
    Measure.BUSINESS: _of(Fund.BUSINESS),
    Measure.OTHER: _of(Fund.OTHER),
    Measure.OWN: _of(Fund.BUSINESS, Fund.OTHER),
    Measure.CURRENT: _when(False),
    Measure.CURRENT_GENERAL: _when(False, Fund.GENERAL),
    Measure.CURRENT_GOVERNMENT: _when(False, Fund.GOVERNMENT),
    Measure.CURRENT_CAPITAL: _when(False, Fund.CAPITAL),
    Measure.CARRIED: _when(True),
    Measure.CARRIED_GENERAL: _when(True, Fund.GENERAL),
    Measure.CARRIED_GOVERNMENT: _when(True, Fund.GOVERNMENT),
    Measure.CARRIED_CAPITAL: _when(True, Fund.CAPITAL),
    Measure.NOTHING: lambda fact: False,
}


def count(facts: Iterable[Fact], measure: Measure = Measure.TOTAL) -> int:
    """The sum of what a measure counts of some facts."""
    counts = _COUNTED[measure]
    return sum(fact.amount for fact in facts if counts(fact))


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A subject with all facts under it; ``level`` is 1 for 类, 2 for 款, 3 for 项."""

    code: str
    name: str
    level: int
    facts: tuple[Fact, ...]


def code_rows(facts: Sequence[Fact], code_of: Callable[[Fact], str]) -> tuple[CodeRow, ...]:
    """The subjects of some facts with their parents, in the order of the codes (parents before children)."""
    names = subject_names()
    codes = {code_of(fact)[:length] for fact in facts for length in (3, 5, 7) if length <= len(code_of(fact))}
    return tuple(
        CodeRow(
            code,
            names[code],
            len(code) // 2,
            tuple(fact for fact in facts if code_of(fact).startswith(code)),
        )
        for code in sorted(codes)
    )


@dataclass(frozen=True, slots=True)
class EconomicPair:
    """The government economic class that goes with a departmental one, for offices and for institutions."""

    office: str
    institution: str


def _read(name: str) -> list[dict[str, str]]:
    text = files("lanci_eval.factory").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def subject_names() -> dict[str, str]:
    """The names of the subject codes, functional (2xx) and economic (3xx of departments, 5xx of governments)."""
    return {row["code"]: row["name"] for row in _read("subjects.csv")}


@cache
def economic_pairs() -> dict[str, EconomicPair]:
    """The government classes of the departmental economic codes."""
    return {
        row["code"]: EconomicPair(row["office"], row["institution"]) for row in _read("subjects.csv") if row["office"]
    }


@dataclass(frozen=True, slots=True)
class Department:
    """A kind of department: its bureau, its 款, the institutions under it, what it does."""

    bureau: str
    code: str
    institutions: tuple[str, ...]
    works: tuple[str, ...]


@cache
def departments() -> tuple[Department, ...]:
    """The kinds of departments that documents are made of."""
    return tuple(
        Department(row["bureau"], row["code"], tuple(row["institutions"].split(";")), tuple(row["works"].split(";")))
        for row in _read("departments.csv")
    )
