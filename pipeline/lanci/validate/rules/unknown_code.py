"""Rule ``unknown-code``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lanci.document import Finding, Severity
from lanci.reference import Suggestion, better_code, is_covered, is_customary, lookup_code, to_national
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description
from lanci.validate.structure.coded_rows import CodedRow, read_coded_rows, read_miscoded_rows

_MOST_NAMED = 8


class UnknownCode:
    """Every subject code is in the list of subjects.

    The list holds what documents of recent years print and places add codes of their own, so that all codes of a
    table that are not in it are one remark. Only where OCR read the code and one digit less or more leads to the
    only subject with the printed name, that reading is proposed.
    """

    name = "unknown-code"
    severity = Severity.WARNING
    describes = Description(
        "Subject codes are in the reference list for their year (a remark only: the list is not complete, and places "
        "add codes of their own); a code read by OCR that is not in it may be a misreading.",
        "科目编码应在当年参考目录之内（仅作提示：目录并不完整，地方可增设科目）；识别所得编码不在目录内的，可能是误识。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        year = context.table.caption.fiscal_year
        coded = read_coded_rows(context)
        unknown = [row for row in coded if _is_unknown(row, year)]
        unknown += read_miscoded_rows(context, coded)
        others = []
        for row in sorted(unknown, key=lambda row: (row.row, row.cells[0].col)):
            suggestion = _suggest(row, year)
            if suggestion is None:
                others.append(row)
            else:
                yield self._propose(context, row, *suggestion)
        if others:
            yield self._remark(context, others)

    def _remark(self, context: TableContext, rows: Sequence[CodedRow]) -> Finding:
        codes = list(dict.fromkeys(row.code for row in rows))
        listed = "、".join(codes[:_MOST_NAMED]) + (" …" if len(codes) > _MOST_NAMED else "")
        return Finding(
            rule=self.name,
            severity=Severity.INFO,
            message=f"科目编码不在参考目录中（目录并不完整，也可能为地方增设）：{listed}"
            " / not in the reference list of subject codes, which is not complete and knows no local ones: "
            + listed.replace("、", ", "),
            cells=tuple(context.ref(cell) for row in rows for cell in row.cells),
            found=codes[0] if len(codes) == 1 else None,
        )

    def _propose(self, context: TableContext, row: CodedRow, suggestion: Suggestion, text: str) -> Finding:
        subject = suggestion.subject
        cells = sorted(row.cells, key=lambda cell: row.reading_of(subject.code) != (cell, text))
        return Finding(
            rule=self.name,
            severity=self.severity,
            message=f"科目编码 {row.code} 不在参考目录中，“{row.name}”的编码为 {subject.code}（识别结果，需核对）"
            f" / code {row.code} is not in the reference list; {row.name} has {subject.code}",
            cells=tuple(context.ref(cell) for cell in cells),
            expected=subject.code,
            found=row.code,
            proposal=text,
        )


def _is_unknown(row: CodedRow, year: int | None) -> bool:
    if not is_covered(row.code, year) or lookup_code(to_national(row.code), year=year) is not None:
        return False
    return not is_customary(row.code, row.name)


def _suggest(row: CodedRow, year: int | None) -> tuple[Suggestion, str] | None:
    """The code that the row's name speaks for and how its cell would read, only for text read by OCR."""
    if not row.by_ocr or not row.name:
        return None
    alternatives = row.cells[0].alternatives if len(row.cells) == 1 else ()
    suggestion = better_code(row.code, row.name, alternatives, year)
    reading = row.reading_of(suggestion.subject.code) if suggestion is not None else None
    return (suggestion, reading[1]) if suggestion is not None and reading is not None else None
