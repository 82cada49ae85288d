"""What interpretation adds to the printed cells of a table: records of rows and of tables within a table."""

from __future__ import annotations

from dataclasses import dataclass


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
