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
        is_certain: whether its statement was read from a text layer.
        term: what stands for it in sums.
        within: what its paragraph first states, and what it is a part of by its sentence (其中).
    """

    figure: Figure
    subject: Subject
    is_certain: bool
    term: Term
    within: tuple[Subject, ...]


def read_stated(document: DocumentContext) -> Iterator[Stated]:
    """The amounts of this year in the prose of a document, in reading order."""
    captions = [context.table.caption for context in document.tables]
    names = {squash(caption.entity) for caption in captions if caption.entity}
    entities = tuple(sorted(names, key=lambda name: (-len(name), name)))
    year = max((caption.fiscal_year for caption in captions if caption.fiscal_year), default=None)
    for row, statement in enumerate(document.statements):
        heading = text_to_subject(statement.heading, entities)
        subjects: list[Subject] = []
        for col, figure in enumerate(read_figures(statement)):
            whole = None if figure.whole is None else subjects[figure.whole]
            subject = _figure_to_subject(figure, whole, heading, entities)
            subjects.append(subject)
            is_this_year = not figure.is_prior and (year is None or figure.year in (None, year))
            if figure.role is FigureRole.AMOUNT and is_this_year:
                within = [one for one in (subjects[0], whole) if one is not None and one is not subject]
                term = _to_term(figure, statement, CellRef(PROSE, row, col))
                yield Stated(figure, subject, statement.confidence == 1, term, tuple(within))


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
    """The figure as if it were printed in a cell."""
    place = statement.places[0]
    cell = Cell(
        row=ref.row,
        col=ref.col,
        row_span=1,
        col_span=1,
        text=figure.text,
        page=place.page,
        box=place.box,
        source=TextSource.TEXT if statement.confidence == 1 else TextSource.OCR,
        confidence=statement.confidence,
        role=HeaderRole.AMOUNT,
        value=figure.value,
    )
    return cell_to_term(ref, cell, figure.places, figure.factor)
