"""The amounts of this year that a document states in prose, ready to be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lanci.document import Cell, CellRef, HeaderRole, Measure, Statement, TextSource
from lanci.interpret import Figure, FigureRole, Subject, read_figures, text_to_subject
from lanci.text import squash
from lanci.validate.constraints import PROSE, Term, cell_to_term
from lanci.validate.context import DocumentContext

_CLAUSE = re.compile("[,;。:!?]")
_COMPARISON = frozenset({Measure.CHANGE, Measure.CHANGE_RATE, Measure.SHARE, Measure.PRIOR_YEAR})
"""What a clause is about that sets an amount beside another one, and names none."""


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount of this year in prose.

    Attributes:
        figure: as printed.
        subject: what it counts, by its phrase and what stands around it.
        term: what stands for it in sums.
        within: what its paragraph first states, and what it is a part of by its sentence (其中).
    """

    figure: Figure
    subject: Subject
    term: Term
    within: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A statement with its figures in order, and what stands for each of them in sums.

    Attributes:
        statement: as read.
        figures: its figures.
        terms: one for each figure.
        year: the budget year of the document, None where its tables tell none.
    """

    statement: Statement
    figures: tuple[Figure, ...]
    terms: tuple[Term, ...]
    year: int | None

    def is_of_this_year(self, index: int) -> bool:
        """Whether there is a figure with this index that is an amount of the budget year."""
        if index >= len(self.figures):
            return False
        figure = self.figures[index]
        is_told = not figure.is_prior and (self.year is None or figure.year in (None, self.year))
        return figure.role is FigureRole.AMOUNT and is_told


def read_prose(document: DocumentContext) -> Iterator[Prose]:
    """The statements of a document with their figures, in reading order."""
    told = (context.table.caption.fiscal_year for context in document.tables)
    year = max((one for one in told if one), default=None)
    for row, statement in enumerate(document.statements):
        figures = read_figures(statement)
        terms = [_to_term(figure, statement, CellRef(PROSE, row, col)) for col, figure in enumerate(figures)]
        yield Prose(statement, figures, tuple(terms), year)


def read_stated(document: DocumentContext) -> Iterator[Stated]:
    """The amounts of this year in the prose of a document, in reading order."""
    names = {squash(context.table.caption.entity) for context in document.tables if context.table.caption.entity}
    entities = tuple(sorted(names, key=lambda name: (-len(name), name)))
    for prose in read_prose(document):
        heading = text_to_subject(prose.statement.heading, entities)
        subjects: list[Subject] = []
        for index, (figure, term) in enumerate(zip(prose.figures, prose.terms, strict=True)):
            whole = None if figure.whole is None else subjects[figure.whole]
            subject = _figure_to_subject(figure, whole, heading, entities)
            subjects.append(subject)
            if prose.is_of_this_year(index):
                within = [one for one in (subjects[0], whole) if one is not None and one is not subject]
                yield Stated(figure, subject, term, tuple(within))


def _figure_to_subject(figure: Figure, whole: Subject | None, heading: Subject, entities: tuple[str, ...]) -> Subject:
    """The subject of a figure: what its phrase leaves open, the clauses before it and the heading tell."""
    own = text_to_subject(figure.phrase, entities)
    clauses = [clause for clause in _CLAUSE.split(figure.topic) if clause]
    around = [*(text_to_subject(clause, entities) for clause in reversed(clauses)), heading]
    if own.is_open:
        own = next((one for one in around if not one.is_open and _COMPARISON.isdisjoint(one.things)), own)
    near: Sequence[Subject] = [own, *around[:-1], *([whole] if whole else []), heading]
    fund = next((one.fund for one in near if one.fund), None)
    return replace(own, fund=fund, side=next((one.side for one in near if one.side), ""))


def _to_term(figure: Figure, statement: Statement, ref: CellRef) -> Term:
    """The figure as if it were printed in a cell of a column with its unit."""
    place = statement.places[0]
    cell = Cell(
        row=ref.row,
        col=ref.col,
        row_span=1,
        col_span=1,
        text=figure.text.removesuffix(figure.unit),
        page=place.page,
        box=place.box,
        source=TextSource.TEXT if statement.confidence == 1 else TextSource.OCR,
        confidence=statement.confidence,
        role=HeaderRole.AMOUNT,
        value=figure.value,
    )
    return cell_to_term(ref, cell, figure.places, figure.factor)
