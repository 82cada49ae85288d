"""Rule ``code-name``."""

from __future__ import annotations

from collections.abc import Iterable

from lanci.document import Cell, Finding, Severity, TextSource
from lanci.reference import (
    Match,
    MatchKind,
    Subject,
    better_code,
    better_name,
    find_named,
    is_covered,
    lookup_code,
    match_name,
)
from lanci.text import squash
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description
from lanci.validate.structure.coded_rows import CodedRow, read_coded_rows


class CodeName:
    """A subject code and the name beside it belong together.

    Names are worded in many ways, cut and wrapped, so that only a name that is exactly another subject's
    contradicts a code. A name read by OCR that is a character or two off the code's own is a remark.
    """

    name = "code-name"
    severity = Severity.WARNING
    describes = Description(
        "The name beside a subject code is not that of another subject; a name read by OCR that is a character "
        "or two off the code's own may be a misreading (a remark).",
        "科目编码与科目名称相符：名称不应为另一科目的名称；识别所得名称与编码对应名称相差一两个字的，"
        "可能是误识（仅作提示）。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        year = context.table.caption.fiscal_year
        odd: dict[tuple[str, str], list[CodedRow]] = {}
        for row in read_coded_rows(context):
            subject = lookup_code(row.code)
            if subject is None or row.name_cell is None or not is_covered(row.code, year):
                continue
            match = match_name(row.name, subject.forms)
            if match.is_compatible:
                continue
            if (subject.is_sure or row.by_ocr) and _find_bearers(row.name, subject, match):
                odd.setdefault((row.code, row.name), []).append(row)
            elif row.name_cell.source is TextSource.OCR:
                yield from self._misread(context, row, row.name_cell)
        for (code, _), rows in odd.items():
            subject = lookup_code(code)
            assert subject is not None
            yield self._contradiction(context, subject, rows)

    def _contradiction(self, context: TableContext, subject: Subject, rows: list[CodedRow]) -> Finding:
        first = rows[0]
        others = _find_bearers(first.name, subject, match_name(first.name, subject.forms))
        bearers = others[0].code if len(others) == 1 else f"{others[0].code} …"
        cells = [cell for row in rows for cell in (*row.cells, row.name_cell) if cell is not None]
        suggestion = better_code(first.code, first.name) if first.by_ocr and len(rows) == 1 else None
        reading = first.reading_of(suggestion.text) if suggestion is not None else None
        if reading is not None:
            cells = [reading[0], *(cell for cell in cells if cell is not reading[0])]
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"编码 {subject.code} 的科目名称为“{subject.name}”，列示为“{first.name}”（{bearers}）"
            f" / code {subject.code} is {subject.name}, printed is {first.name} ({bearers})",
            cells=tuple(dict.fromkeys(context.ref(cell) for cell in cells)),
            expected=subject.name,
            found=first.name,
            proposal=reading[1] if reading is not None else None,
        )

    def _misread(self, context: TableContext, row: CodedRow, cell: Cell) -> Iterable[Finding]:
        suggestion = better_name(row.code, row.name, cell.alternatives)
        if suggestion is None:
            return
        yield Finding(
            rule=self.name,
            severity=Severity.INFO,
            message=f"编码 {row.code} 的科目名称为“{suggestion.text}”，识别为“{row.name}”"
            f" / code {row.code} is {suggestion.text}, read was {row.name}",
            cells=tuple(dict.fromkeys(context.ref(other) for other in (cell, *row.cells))),
            expected=suggestion.text,
            found=row.name,
            proposal=squash(cell.text).replace(squash(row.name), suggestion.text, 1),
        )


def _find_bearers(name: str, subject: Subject, match: Match) -> tuple[Subject, ...]:
    """The other subjects that a name belongs to: of any classification where it is nothing like the subject's own.

    The economic classifications word the same thing a little differently.
    """
    return find_named(name, None if match.kind is MatchKind.OTHER else subject.classification)
