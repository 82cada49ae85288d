"""What interpretation adds to the printed cells of a table: records of columns, rows and tables within a table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What an amount counts of the thing that its row names: the published vocabulary (docs/records.md)."""

    TOTAL = "total"
    PRIOR_YEAR = "prior_year"
    CURRENT = "current_year"
    ADJUSTED = "adjusted_budget"
    EXECUTED = "executed"
    FINAL = "final_account"
    CARRY_OVER = "carry_over"
    CARRY_FORWARD = "carry_forward"
    OF_WHICH = "of_which"
    FISCAL_APPROPRIATION = "fiscal_appropriation"
    GENERAL_PUBLIC = "general_public_budget"
    GOVERNMENT_FUND = "government_fund"
    STATE_CAPITAL = "state_capital"
    FISCAL_ACCOUNT = "fiscal_account"
    OWN_FUNDS = "own_funds"
    BUSINESS_INCOME = "business_income"
    OPERATING_INCOME = "operating_income"
    SUPERIOR_SUBSIDY = "superior_subsidy"
    SUBORDINATE_PAYMENT = "subordinate_payment"
    OTHER_FUNDS = "other_funds"
    BASIC = "basic_expenditure"
    PROJECT = "project_expenditure"
    PERSONNEL = "personnel"
    PUBLIC = "public_funds"
    OPERATING_EXPENDITURE = "operating_expenditure"
    PAYMENT_TO_SUPERIOR = "payment_to_superior"
    SUBORDINATE_SUBSIDY = "subordinate_subsidy"
    TRANSFER = "transfers"
    THREE_PUBLIC = "three_public"
    ABROAD = "trips_abroad"
    VEHICLES = "official_vehicles"
    VEHICLE_PURCHASE = "vehicle_purchase"
    VEHICLE_OPERATION = "vehicle_operation"
    RECEPTION = "official_reception"
    MEETINGS = "meetings"
    TRAINING = "training"
    AGENCY_OPERATION = "agency_operation"
    PROCUREMENT = "procurement"
    SERVICE_PURCHASE = "service_purchase"
    ASSET_VALUE = "asset_value"
    CHANGE = "change"
    CHANGE_RATE = "change_rate"
    SHARE = "share"
    UNIT_PRICE = "unit_price"
    QUANTITY = "quantity"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a column of amounts or quantities holds.

    Attributes:
        measures: from the widest group of columns to the column's own measure, which is the last; empty for columns
            of texts. A total inside a group has the group's measure only.
        year: of the amounts, where the header tells one; None where it is the table's own.
        unit: of the amounts as printed (``万元``, ``辆``), in the header or above the table; "" where none is.
    """

    measures: tuple[Measure, ...] = ()
    year: int | None = None
    unit: str = ""


NO_MEANING = ColumnMeaning()
"""Of a column of which nothing is known, or that holds texts."""


@dataclass(frozen=True, slots=True)
class SubjectCode:
    """The code of one classification in a row, whole, from however many columns it is printed in.

    Attributes:
        code: 3, 5 or 7 digits.
        level: 1 for 类, 2 for 款, 3 for 项: how much of the code is filled.
        name: of the subject, "" where none is printed.
        classification: ``functional``, ``department_economic`` or ``government_economic``.
        cols: the columns of the code.
    """

    code: str
    level: int
    name: str
    classification: str
    cols: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowMeaning:
    """What is to be known of a row beyond its own cells.

    Attributes:
        row: the row.
        codes: its subject codes, from left to right.
        within: the cells, by row and column, whose text is carried to the row because it is printed once for all
            rows below it: from the outermost (a class) to the innermost (a unit).
        difference_of: the rows (later, earlier) whose difference the row is; None for a row of its own.
    """

    row: int
    codes: tuple[SubjectCode, ...] = ()
    within: tuple[tuple[int, int], ...] = ()
    difference_of: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SubColumn:
    """A column of a sub-table: the columns of the table that it takes, both ends included, and its header texts."""

    first_col: int
    last_col: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubTable:
    """Rows inside a form that are a table of their own, with a header: both ends included, header rows first."""

    first_row: int
    last_row: int
    n_header_rows: int
    columns: tuple[SubColumn, ...]


@dataclass(frozen=True, slots=True)
class FormAmount:
    """An amount of a form, which stands beside its label or in a sub-table and in no column of the table.

    Attributes:
        row, col: its cell.
        label: row and column of the cell that names it: the label before it, in a sub-table that of its row.
        path: header texts of its sub-table column, from top to bottom; empty beside a label.
        measures: as of a column, from the header texts or from the label.
        unit: as printed in header, label or above the table; "" where none is.
    """

    row: int
    col: int
    label: tuple[int, int]
    path: tuple[str, ...]
    measures: tuple[Measure, ...]
    unit: str = ""
