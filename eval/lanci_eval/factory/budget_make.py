"""Makes the budget of a department up: units, projects, money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lanci_eval.factory.budget import (
    Asset,
    Budget,
    Department,
    Fact,
    Fund,
    Project,
    Purchase,
    Purpose,
    Unit,
    departments,
    economic_pairs,
    subject_names,
)
from lanci_eval.factory.names import Place, chance, make_place, pick, sample

_WAGES_OFFICE = ("30101", "30102", "30103", "30199")
_WAGES_INSTITUTION = ("30101", "30102", "30107", "30199")
_PUBLIC = ("30201", "30202", "30205", "30206", "30207", "30209", "30211", "30213", "30214", "30226", "30228", "30229")
_PROJECT_ECONOMICS = ("30201", "30202", "30226", "30227", "30213", "30214", "31002", "31003", "31007", "30299", "31204")
_PROJECT_FORMS = ("{}经费", "{}专项", "{}项目", "{}", "{}补助资金", "{}工作经费")
_FUND_FUNCTIONS = {
    Fund.GOVERNMENT: ("2120803", "2120806", "2120899", "2121401", "2296002"),
    Fund.CAPITAL: ("2230202", "2239999"),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a budget to make.

    ``grain`` is what 100 元 are in the document's smallest unit. The first projects are paid from ``sure_funds``,
    the others, ``with_funds``, from any fund.
    """

    n_units: int
    n_projects: int
    grain: int
    year: int
    with_funds: bool
    sure_funds: tuple[Fund, ...] = ()


def make_budget(rng: np.random.Generator, size: Size) -> Budget:
    """A budget in which everything adds up."""
    place = make_place(rng)
    department = pick(rng, departments())
    entity = place.seat + department.bureau
    money = _Money(rng, size.grain)
    units = _make_units(rng, department, place, entity, size.n_units)
    projects = _make_projects(rng, department, units, size)
    facts: list[Fact] = []
    for index, unit in enumerate(units):
        facts += _basic_facts(money, index, unit, department)
    for project in projects:
        facts += _project_facts(money, project, units[project.unit], _draw_fund(rng, size, project))
    return Budget(
        place=place,
        bureau=department.bureau,
        entity=entity,
        year=size.year,
        units=units,
        projects=projects,
        facts=tuple(facts),
        assets=_make_assets(money),
        purchases=_make_purchases(money, projects, facts),
        last_three_public=tuple((code, money.round(0, 800)) for code in ("30212", "31013", "30231", "30217")),
    )


class _Money:
    """Draws amounts in the document's smallest unit from ranges in hundreds of 元."""

    def __init__(self, rng: np.random.Generator, grain: int) -> None:
        self.rng = rng
        self.grain = grain

    def round(self, low: int, high: int) -> int:
        """A whole number of hundreds of 元."""
        return int(self.rng.integers(low, high)) * self.grain

    def draw(self, low: int, high: int) -> int:
        """An amount to the last digit; some are round numbers, as in real budgets."""
        if chance(self.rng, 0.25):
            return max(1, int(self.rng.integers(low, high)) // 100) * 100 * self.grain
        return self.round(low, high) + int(self.rng.integers(0, self.grain))


def _make_units(
    rng: np.random.Generator, department: Department, place: Place, entity: str, count: int
) -> tuple[Unit, ...]:
    """The office and the institutions under it; where more are wanted than their names, areas number them."""
    base = str(int(rng.integers(101, 790)))
    names = sample(rng, department.institutions, count - 1)
    areas = ("城东", "城西", "南片", "北片", "开发区", "高新区", "河东", "山前")
    more = [area + name for name in department.institutions for area in areas]
    names += more[: max(0, count - 1 - len(names))]
    units = [Unit(base + "001", entity + pick(rng, ("本级", "（本级）", "机关")), True, *_make_staff(rng))]
    units += [
        Unit(f"{base}{number:03d}", place.seat + name, False, *_make_staff(rng))
        for number, name in enumerate(names, start=2)
    ]
    return tuple(units)


def _make_staff(rng: np.random.Generator) -> tuple[int, int, int]:
    posts = int(rng.integers(8, 120))
    return posts, posts - int(rng.integers(0, 7)), int(rng.integers(0, 60))


def _main_functions(department: Department) -> tuple[str, str, tuple[str, ...]]:
    """The 项 of the office's running costs, of an institution's, and of projects."""
    items = [code for code in subject_names() if len(code) == 7 and code.startswith(department.code)]
    office = department.code + "01"
    institution = next((c for c in (department.code + "50", "2130104") if c in items), items[-1])
    special = tuple(code for code in items if code not in (office, institution)) or (items[-1],)
    return office, institution, special


def _make_projects(
    rng: np.random.Generator, department: Department, units: Sequence[Unit], size: Size
) -> tuple[Project, ...]:
    _, _, special = _main_functions(department)
    # Every work with every form once before any name could come twice.
    names = [(form.format(work), work) for form in _PROJECT_FORMS for work in department.works]
    order = [names[int(index)] for index in rng.permutation(len(names))]
    projects = []
    for index in range(size.n_projects):
        name, work = order[index % len(order)]
        name = name if index < len(order) else f"{name}（第{index // len(order) + 1}批）"
        unit = int(rng.integers(len(units)))
        code = f"{units[unit].code}{int(rng.integers(20, 27))}T{int(rng.integers(10**6, 10**7))}"
        projects.append(Project(index, code, name, work, unit, pick(rng, special)))
    return tuple(projects)


def _fact(unit: int, office: bool, codes: tuple[str, str], purpose: Purpose, amount: int) -> Fact:
    """A fact of the general public budget; ``codes`` are function and economic class."""
    pair = economic_pairs()[codes[1]]
    government = pair.office if office else pair.institution
    return Fact(unit, codes[0], codes[1], government, Fund.GENERAL, purpose, None, False, amount)


def _basic_facts(money: _Money, index: int, unit: Unit, department: Department) -> list[Fact]:
    """基本支出 of a unit: wages and what hangs on them, pensions, running costs."""
    office, institution, _ = _main_functions(department)
    main = office if unit.is_office else institution
    rng, staff = money.rng, unit.staff
    wages = _WAGES_OFFICE if unit.is_office else _WAGES_INSTITUTION
    lines: list[tuple[str, str, Purpose, int]] = [
        (main, code, Purpose.PERSONNEL, money.draw(40 * staff, 500 * staff)) for code in wages[: 2 + len(wages) // 2]
    ]
    lines.append(("2080505", "30108", Purpose.PERSONNEL, money.draw(60 * staff, 180 * staff)))
    if chance(rng, 0.7):
        lines.append(("2080506", "30109", Purpose.PERSONNEL, money.draw(30 * staff, 90 * staff)))
    medical = "2101101" if unit.is_office else "2101102"
    lines.append((medical, "30110", Purpose.PERSONNEL, money.draw(30 * staff, 90 * staff)))
    if chance(rng, 0.4):
        lines.append(("2101103", "30111", Purpose.PERSONNEL, money.draw(10 * staff, 40 * staff)))
    lines.append(("2210201", "30113", Purpose.PERSONNEL, money.draw(60 * staff, 150 * staff)))
    if chance(rng, 0.35):
        lines.append(("2210203", "30102", Purpose.PERSONNEL, money.draw(20 * staff, 90 * staff)))
    if unit.retired and chance(rng, 0.7):
        retired = "2080501" if unit.is_office else "2080502"
        lines.append((retired, "30302", Purpose.PERSONNEL, money.draw(30 * unit.retired, 90 * unit.retired)))
    if chance(rng, 0.3):
        lines.append(("2080801", "30305", Purpose.PERSONNEL, money.draw(50, 900)))
    for code in sample(rng, _PUBLIC, int(rng.integers(4, len(_PUBLIC) + 1))):
        lines.append((main, code, Purpose.PUBLIC, money.draw(3 * staff, 60 * staff)))
    for code, most in (("30217", 300), ("30231", 900), ("30212", 500), ("30215", 200), ("30216", 400)):
        if chance(rng, 0.6 if code != "30212" else 0.25):
            function = "2050803" if code == "30216" and chance(rng, 0.5) else main
            lines.append((function, code, Purpose.PUBLIC, money.round(20, most)))
    if unit.is_office:
        lines.append((main, "30239", Purpose.PUBLIC, money.draw(20 * staff, 90 * staff)))
    lines.append((main, "30299", Purpose.PUBLIC, money.draw(50, 2000)))
    return [_fact(index, unit.is_office, line[:2], line[2], line[3]) for line in lines]


def _draw_fund(rng: np.random.Generator, size: Size, project: Project) -> Fund:
    if project.index < len(size.sure_funds):
        return size.sure_funds[project.index]
    return pick(rng, tuple(Fund)[1:]) if size.with_funds and chance(rng, 0.4) else Fund.GENERAL


def _project_facts(money: _Money, project: Project, unit: Unit, fund: Fund) -> list[Fact]:
    """A project's money: one fund, few economic classes, sometimes a part left from last year."""
    rng = money.rng
    function = pick(rng, _FUND_FUNCTIONS[fund]) if fund in _FUND_FUNCTIONS else project.function
    economics = sample(rng, _PROJECT_ECONOMICS, int(rng.integers(1, 5)))
    facts = []
    for code in economics:
        pair = economic_pairs()[code]
        government = pair.office if unit.is_office else pair.institution
        carried = fund in (Fund.GENERAL, Fund.GOVERNMENT, Fund.CAPITAL) and chance(rng, 0.12)
        amount = money.draw(100, 60000)
        facts.append(
            Fact(project.unit, function, code, government, fund, Purpose.PROJECT, project.index, carried, amount)
        )
    return facts


def _make_assets(money: _Money) -> tuple[Asset, ...]:
    rng = money.rng
    lines = (
        ("房屋及构筑物", "平方米", 200, 9000, 5000, 400000),
        ("通用设备", "台（套）", 40, 900, 2000, 90000),
        ("专用设备", "台（套）", 1, 200, 500, 90000),
        ("交通运输工具", "辆", 1, 30, 1000, 40000),
        ("图书和档案", "册", 10, 3000, 10, 900),
        ("家具和用具", "件", 30, 2000, 300, 9000),
    )
    assets = []
    for name, measure, low, high, cheap, dear in lines:
        value = money.draw(cheap, dear)
        net = value * int(rng.integers(5, 95)) // 100
        assets.append(Asset(name, measure, int(rng.integers(low, high)), value, net))
    return tuple(assets)


_GOODS = (
    ("台式计算机", "A02010105", "台"),
    ("便携式计算机", "A02010108", "台"),
    ("多功能一体机", "A02020400", "台"),
    ("空调机", "A02061804", "台"),
    ("办公椅", "A05010301", "把"),
    ("复印纸", "A07100300", "箱"),
    ("档案柜", "A05010500", "组"),
)
_SERVICES = (
    ("印刷服务", "C23090100", "项"),
    ("物业管理服务", "C21040000", "项"),
    ("信息系统集成实施服务", "C16020000", "项"),
    ("审计服务", "C23020000", "项"),
    ("车辆维修和保养服务", "C23120301", "辆"),
    ("会议服务", "C22010000", "次"),
)


def _make_purchases(money: _Money, projects: Sequence[Project], facts: Sequence[Fact]) -> tuple[Purchase, ...]:
    """What the projects buy: never more than a project has."""
    rng = money.rng
    purchases = []
    for project in projects:
        left = sum(fact.amount for fact in facts if fact.project == project.index)
        for _ in range(int(rng.integers(0, 4))):
            is_service = chance(rng, 0.5)
            item, code, measure = pick(rng, _SERVICES if is_service else _GOODS)
            number = 1 if measure == "项" else int(rng.integers(1, 40))
            price = money.round(5, 3000) if measure == "项" else money.round(3, 90)
            if number * price <= left:
                left -= number * price
                category = "服务" if is_service else "货物"
                purchases.append(Purchase(project.index, category, item, code, measure, number, price, is_service))
    return tuple(purchases)
