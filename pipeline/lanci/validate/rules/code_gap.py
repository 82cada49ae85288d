"""Rule ``code-gap``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lanci.document import Cell, Finding, Severity
from lanci.interpret import CodeTree, RowCode
from lanci.validate.context import TableContext
from lanci.validate.rules.base import Description
from lanci.validate.structure.coded_rows import read_coded_rows

_CLASS_DIGITS = 3
_LEVEL_DIGITS = 2
_ITEM_DIGITS = 7
_ENOUGH = 2
"""Subjects of a level that have to be broken down before another one must be."""


class CodeGap:
    """A list of codes prints the subjects above its codes, and breaks all subjects of a level down, or none.

    No sum tells of a row that is lost when it was the only one under its subject, or when those under it add up to
    what stands above it.
    """

    name = "code-gap"
    severity = Severity.WARNING
    describes = Description(
        "Where a table prints subjects above others (类, 款), it prints them above all; where it breaks subjects of a "
        "level down, it does so with all but a few: else a row may be lost.",
        "列示上级科目（类、款）的表，各科目的上级科目均应列示；同级科目绝大多数列有下级科目的，其余也应列示；否则可能漏行。",
    )

    def check(self, context: TableContext) -> Iterable[Finding]:
        if not context.reach.whole:
            return
        cells = {row.row: row.cells for row in read_coded_rows(context)}
        for tree in context.trees:
            printed = {code.code for code in tree.codes}
            for code in _without_parent(tree.codes, printed):
                above = code.code[:-_LEVEL_DIGITS]
                zh = f"{_words(code)} 的上级科目 {above} 未列示，可能漏行"
                en = f"{_words(code)}: its subject {above} is not printed; a row may be lost"
                yield self._report(context, cells.get(code.row, ()), f"{zh} / {en}")
            for code in _without_children(tree):
                zh = f"{_words(code)} 下未列示下级科目，而同级其他科目均有，可能漏行"
                en = f"{_words(code)}: nothing is printed under it, unlike its like; a row may be lost"
                yield self._report(context, cells.get(code.row, ()), f"{zh} / {en}")

    def _report(self, context: TableContext, cells: Sequence[Cell], message: str) -> Finding:
        return Finding(self.name, self.severity, message, tuple(context.ref(cell) for cell in cells))


def _without_parent(codes: Iterable[RowCode], printed: set[str]) -> Iterator[RowCode]:
    """The first code of each subject that is not printed, where others of its level are."""
    first: dict[str, RowCode] = {}
    for code in codes:
        if len(code.code) > _CLASS_DIGITS:
            first.setdefault(code.code[:-_LEVEL_DIGITS], code)
    used = {len(above) for above in first if above in printed}
    return (code for above, code in first.items() if above not in printed and len(above) in used)


def _without_children(tree: CodeTree) -> Iterator[RowCode]:
    """The subjects with nothing under them, where most of their level have something."""
    heads = {head.row for head, _ in tree.families()}
    for digits in range(_CLASS_DIGITS, _ITEM_DIGITS, _LEVEL_DIGITS):
        level = [code for code in tree.codes if len(code.code) == digits]
        bare = [code for code in level if code.row not in heads]
        if len(level) - len(bare) >= max(_ENOUGH, _ENOUGH * len(bare)):
            yield from bare


def _words(code: RowCode) -> str:
    return f"{code.code} {code.name}".strip()
