"""The facets of a table type and the name derived from them (documented in docs/table-types.md)."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "summary",
    "income",
    "expenditure",
    "three_public_expenses",
    "operating_expenses",
    "government_procurement",
    "service_purchase",
    "performance_targets",
    "overall_performance",
    "project_profile",
    "project_list",
    "self_evaluation",
    "fixed_assets",
    "organization",
    "other",
)
"""What a table is about."""

FUNDS = (
    "all",
    "fiscal_appropriation",
    "general_public",
    "government_fund",
    "state_capital",
    "special_account",
)
"""Which money it counts."""

SCOPES = ("all", "basic", "project")
"""Which part of the expenditure it counts."""

CLASSIFICATIONS = ("functional", "department_economic", "government_economic", "none")
"""By which subject codes its rows are ordered."""

_MONEY_KINDS = ("summary", "income", "expenditure")
_WHOLE_BUDGET = {
    "summary": "budget_summary",
    "income": "income_summary",
    "expenditure": "expenditure_summary",
}


@dataclass(frozen=True, slots=True)
class FacetValues:
    """One value for each facet; raises ValueError for a value that no facet has."""

    kind: str
    fund: str = "all"
    scope: str = "all"
    classification: str = "none"

    def __post_init__(self) -> None:
        for name, value, known in (
            ("kind", self.kind, KINDS),
            ("fund", self.fund, FUNDS),
            ("scope", self.scope, SCOPES),
            ("classification", self.classification, CLASSIFICATIONS),
        ):
            if value not in known:
                raise ValueError(f"{name} {value!r} is none of {', '.join(known)}")

    @property
    def type(self) -> str:
        """The derived name."""
        return facets_to_type(self.kind, self.fund, self.scope, self.classification)


def usual_classification(kind: str, scope: str) -> str:
    """The classification that a table of this kind and scope normally has: its name need not say it."""
    if kind == "income":
        return "functional"
    if kind == "expenditure":
        return "department_economic" if scope == "basic" else "functional"
    return "none"


def facets_to_type(kind: str, fund: str, scope: str, classification: str) -> str:
    """The type name of a table.

    Summaries, income and expenditure tables are ``{fund}_{scope}_{kind}`` without the parts that are "all",
    and ``budget_summary``, ``income_summary``, ``expenditure_summary`` where both are. Every other kind keeps
    its name. ``_by_{classification}`` follows only where there is one and it is not the usual one.
    """
    if kind not in _MONEY_KINDS:
        name = kind
    elif fund == "all" and scope == "all":
        name = _WHOLE_BUDGET[kind]
    else:
        name = "_".join([part for part in (fund, scope) if part != "all"] + [kind])
    if classification not in ("none", usual_classification(kind, scope)):
        name += f"_by_{classification}"
    return name
