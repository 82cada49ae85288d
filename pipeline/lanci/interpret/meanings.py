"""What is to be known of the rows of a table beyond their own cells."""

from __future__ import annotations

from collections.abc import Sequence

from lanci.document import RowMeaning, SubjectCode, SubTable
from lanci.interpret.codes import read_subject_codes
from lanci.interpret.differences import read_differences
from lanci.interpret.view import TableView
from lanci.interpret.within import read_within


def read_meanings(view: TableView, sub_tables: Sequence[SubTable] = ()) -> tuple[RowMeaning, ...]:
    """An entry for each row with codes, carried texts or a difference, in row order; values must be set.

    In ``sub_tables`` the columns of the table are not those of the rows: no codes are read there.
    """
    inside = {row for part in sub_tables for row in range(part.first_row, part.last_row + 1)}
    codes: dict[int, list[SubjectCode]] = {}
    for row, code in read_subject_codes(view):
        if row not in inside:
            codes.setdefault(row, []).append(code)
    within = dict(read_within(view))
    differences = dict(read_differences(view))
    return tuple(
        RowMeaning(row, tuple(codes.get(row, ())), within.get(row, ()), differences.get(row))
        for row in sorted({*codes, *within, *differences})
    )
