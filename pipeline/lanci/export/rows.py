"""The rows of an export's relations; each field is a column and is described where it is defined."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lanci.bulk import State
from lanci.document import ConflictVerdict, Severity
from lanci.entities import Basis
from lanci.export.relations import Relation
from lanci.records import TidyRecord, told


class Phase(StrEnum):
    """Where in the life of a budget an amount stands."""

    APPROVED = "approved"
    ADJUSTED = "adjusted"
    EXECUTED = "executed"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Whether money comes in or goes out."""

    REVENUE = "revenue"
    EXPENDITURE = "expenditure"
    UNKNOWN = "unknown"


class Clue(StrEnum):
    """What tells the year of a document."""

    TABLES = "tables"
    FILE_NAME = "file_name"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A name by which a content came, with what became of it."""

    path: str = field(metadata=told("name of the file, relative to the input that it was found in"))
    document: str = field(metadata=told("SHA-256 of its content; empty where it could not be read"))
    state: State = field(metadata=told("`done`; else nothing of it is in the other relations, or only an older result"))
    has_result: bool = field(metadata=told("whether its content is in `documents`"))
    outdated: bool = field(metadata=told("whether that result is of other options or software than the last run had"))
    category: str = field(metadata=told("of the last failure (see output.md), empty for none"))
    message: str = field(metadata=told("what the failure was and what to do"))
    page: int | None = field(metadata=told("page of the failure, from 1"))


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document; its texts are "" where nothing is known."""

    document: str = field(metadata=told("SHA-256 of the source"))
    file: str = field(metadata=told("name of the source"))
    media_type: str = field(metadata=told("by its content"))
    entity: str = field(metadata=told("whose tables they are, as printed above most of them"))
    department: str = field(metadata=told("the entity without the names of its place"))
    budget_year: int | None = field(metadata=told("the year that its tables are of, or else the one in its file name"))
    budget_year_from: Clue = field(metadata=told("what tells the year"))
    province: str = field(metadata=told("name of the province by 行政区划, `unknown` where that is open"))
    city: str = field(metadata=told("name of the city, where it is of one or of a county in one"))
    county: str = field(metadata=told("name of the county or district, where it is of one"))
    division_code: str = field(metadata=told("code of the place: 2 digits of a province, 4 of a city, 6 of a county"))
    place_score: float = field(metadata=told("how sure the place is, 0 to 1; a rank, no probability"))
    place_basis: Basis = field(metadata=told("the weakest that the place rests on; a file name is a hint, no evidence"))
    place_candidates: str = field(metadata=told("code and name of the places that may be meant, where that is open"))
    n_pages: int = field(metadata=told("pages"))
    n_scanned: int = field(metadata=told("pages read by OCR, whole or in part"))
    n_tables: int = field(metadata=told("tables"))
    n_proven: int = field(metadata=told("amounts that are proven by sums and comparisons"))
    n_unchecked: int = field(metadata=told("amounts that nothing confirms or contradicts"))
    n_conflict: int = field(metadata=told("amounts that others contradict"))
    n_to_review: int = field(metadata=told("cells at which a person should look"))
    n_findings: int = field(metadata=told("findings"))
    software: str = field(metadata=told("versions of code, models and engines that made it"))


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table."""

    document: str = field(metadata=told("SHA-256 of the source"))
    table: str = field(metadata=told("id of the table in `document.json`"))
    type: str = field(metadata=told("type of the table (see table-types.md)"))
    kind: str = field(metadata=told("facet of the type"))
    fund: str = field(metadata=told("facet of the type"))
    scope: str = field(metadata=told("facet of the type"))
    classification: str = field(metadata=told("facet of the type"))
    type_probability: float = field(metadata=told("the smallest probability of the facets"))
    title: str = field(metadata=told("as printed"))
    entity: str = field(metadata=told("whose table it is, as printed above it"))
    entity_code: str = field(metadata=told("its code as printed above the table"))
    fiscal_year: int | None = field(metadata=told("budget year as printed"))
    unit: str = field(metadata=told("unit as printed above the table"))
    first_page: int = field(metadata=told("page on which it begins"))
    last_page: int = field(metadata=told("page on which it ends"))
    n_rows: int = field(metadata=told("rows, header rows included"))
    n_cols: int = field(metadata=told("columns"))
    n_header_rows: int = field(metadata=told("header rows"))
    link_probability: float = field(metadata=told("the smallest probability of its joins over page breaks"))
    companion: str = field(metadata=told("id of the table stacked on or under it"))
    notes: str = field(metadata=told("notes under it, parted by line breaks"))
    n_proven: int = field(metadata=told("proven amounts"))
    n_unchecked: int = field(metadata=told("unchecked amounts"))
    n_conflict: int = field(metadata=told("amounts in conflict"))
    n_to_review: int = field(metadata=told("cells at which a person should look"))


@dataclass(frozen=True, slots=True)
class AmountRow(TidyRecord):
    """An amount: its tidy record, with what its document and table tell of it."""

    budget_year: int | None = field(metadata=told("`fiscal_year`, or else the `budget_year` of the document"))
    province: str = field(metadata=told("`province` of the document"))
    functional_code: str = field(metadata=told("`code` where it is of the functional classification"))
    economic_code: str = field(metadata=told("`code` where it is of an economic one (3… department, 5… government)"))
    direction: Direction = field(metadata=told("by the kind of the table, or the header's 收入 or 支出"))
    phase: Phase = field(
        metadata=told("by the measures and the title: `executed` for 决算 and 执行; `unknown` of years before")
    )


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something that a reader should know."""

    document: str = field(metadata=told("SHA-256 of the source"))
    finding: int = field(metadata=told("number in the document, from 1"))
    rule: str = field(metadata=told("the rule that found it (see rules.md)"))
    severity: Severity = field(metadata=told("how much it should worry the reader"))
    message: str = field(metadata=told("in words"))
    table: str = field(metadata=told("id of the table; empty where it concerns several, or the text between them"))
    page: int | None = field(metadata=told("page of the first place"))
    expected: str = field(metadata=told("printed decimal that the rule asks for"))
    found: str = field(metadata=told("printed decimal that stands there"))
    proposal: str = field(metadata=told("another reading of the first cell, for OCR only; never applied"))
    verdict: ConflictVerdict | None = field(metadata=told("where contradicting amounts more likely went wrong"))


@dataclass(frozen=True, slots=True)
class FindingPlaceRow:
    """A cell, or a line of the text, that a finding is about."""

    document: str = field(metadata=told("SHA-256 of the source"))
    finding: int = field(metadata=told("number of the finding in the document"))
    place: int = field(metadata=told("number in the finding, from 1"))
    table: str = field(metadata=told("id of the table; empty for text between the tables"))
    row: int | None = field(metadata=told("row in the table, from 0"))
    col: int | None = field(metadata=told("column in the table, from 0"))
    page: int = field(metadata=told("page, from 1"))
    x0: float = field(metadata=told("box on the page in points from the top left: left"))
    y0: float = field(metadata=told("top"))
    x1: float = field(metadata=told("right"))
    y1: float = field(metadata=told("bottom"))


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A paragraph outside the tables that states an amount of money."""

    document: str = field(metadata=told("SHA-256 of the source"))
    statement: int = field(metadata=told("number in the document, from 1"))
    page: int = field(metadata=told("page on which it begins"))
    heading: str = field(metadata=told("last heading above it"))
    text: str = field(metadata=told("as printed, its lines joined"))
    confidence: float = field(metadata=told("of text read by OCR, the least of its lines"))


DOCUMENTS = Relation("documents", "one row for every content that was parsed", DocumentRow, ("document",))
SOURCES = Relation(
    "sources",
    "one row for every name by which a content came, also for files that failed: what is missing in the data",
    SourceRow,
    (),  # two inputs may have files of one name
)
TABLES = Relation("tables", "one row for every table", TableRow, ("document", "table"), DOCUMENTS)
RECORDS = Relation(
    "records",
    "one row for every printed amount, as in records.csv of a document, with place, year and codes of the dataset",
    AmountRow,
    ("document", "table", "row", "col"),
    TABLES,
)
FINDINGS = Relation("findings", "one row for every finding", FindingRow, ("document", "finding"), DOCUMENTS)
FINDING_PLACES = Relation(
    "finding_places",
    "one row for every cell or line of text that a finding is about",
    FindingPlaceRow,
    ("document", "finding", "place"),
    FINDINGS,
)
STATEMENTS = Relation(
    "statements",
    "one row for every paragraph outside the tables that states an amount of money",
    StatementRow,
    ("document", "statement"),
    DOCUMENTS,
)
RELATIONS = (SOURCES, DOCUMENTS, TABLES, RECORDS, FINDINGS, FINDING_PLACES, STATEMENTS)
"""All of an export, each after the one that it refers to."""
